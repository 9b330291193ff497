"""`rag train-reader`: a reader of one's own corpus."""

from __future__ import annotations

import argparse

from rag.cli.output import emit, emit_json, progress, say
from rag.config import Settings
from rag.errors import UsageError


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Trains and writes the reader's folder; raises YinjuError."""
    from rag.train.reader.job import Recipe, Sources, train_reader

    if not args.passages and not args.asked:
        raise UsageError(
            "the reader needs questions with passages",
            "make some with `rag eval-set build --passages`",
        )
    sources = Sources(args.corpus, tuple(args.passages), tuple(args.squad), tuple(args.asked))
    given = {"steps": args.steps, "tune_steps": args.tune_steps, "seed": args.seed}
    recipe = Recipe(**{name: value for name, value in given.items() if value is not None})
    with progress() as show:
        figures = train_reader(sources, args.out, recipe, show, say)
    if args.json:
        emit_json({"reader": str(args.out), "figures": figures})
        return 0
    said = "，".join(f"{name} {value:.3f}" for name, value in figures.items())
    emit(f"已写入 {args.out}：{said or '问题太少，没有留出可测的'}")
    emit(
        f'下一步：rag train-ranker --reader {args.out} --out {args.out}/evidence.json …，再设 reader = "{args.out}"'
    )
    return 0
