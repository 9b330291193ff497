"""`rag train-ranker`: the weights that pick evidence and refuse, fitted on questions."""

from __future__ import annotations

import argparse
import sys

from rag.cli.output import emit, emit_json
from rag.config import Settings


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Fits and writes the weights; raises YinjuError."""
    from rag.train.ranker import Sources, train_ranker

    def say(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    sources = Sources(
        tuple(args.questions), tuple(args.squad), tuple(args.passages), tuple(args.sets)
    )
    weights = train_ranker(settings, sources, args.out, say, args.reader, args.jobs)
    if args.json:
        emit_json({"weights": str(args.out), "thresholds": dict(weights.thresholds)})
    else:
        emit(f"已写入 {args.out}")
    return 0
