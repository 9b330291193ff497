"""`rag train-ranker`: the weights that pick evidence and refuse, fitted on questions."""

from __future__ import annotations

import argparse
import sys

from rag.cli.output import emit, emit_json
from rag.config import Settings


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Fits and writes the weights; raises YinjuError."""
    from rag.train.ranker import train_ranker

    def say(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    weights = train_ranker(settings, args.questions, args.squad, args.passages, args.out, say)
    if args.json:
        emit_json({"weights": str(args.out), "thresholds": dict(weights.thresholds)})
    else:
        emit(f"已写入 {args.out}")
    return 0
