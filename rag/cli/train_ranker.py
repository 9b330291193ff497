"""`rag train-ranker`: the weights that pick evidence and refuse, fitted on questions."""

from __future__ import annotations

import argparse

from rag.cli.output import emit, emit_json, say
from rag.config import Settings


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Fits and writes the weights; raises YinjuError."""
    from rag.train.ranker import Sources, train_ranker

    sources = Sources(
        tuple(args.questions), tuple(args.squad), tuple(args.passages), tuple(args.sets),
        tuple(args.asked), args.corpus,
    )  # fmt: skip
    weights = train_ranker(settings, sources, args.out, say, args.reader, args.jobs)
    if args.json:
        emit_json({"weights": str(args.out), "thresholds": dict(weights.thresholds)})
    else:
        emit(f"已写入 {args.out}")
    return 0
