"""`rag train-embedder`: a static embedder like the one that ships, on a corpus of one's own."""

from __future__ import annotations

import argparse

from rag.cli.output import emit, emit_json, progress
from rag.config import Settings
from rag.errors import UsageError


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Trains and writes the model folder; raises YinjuError."""
    if not args.corpus.is_dir():
        raise UsageError(f"there is no folder {args.corpus}", "give --corpus a folder of .jsonl")
    from rag.train.corpus import read_tokenizer
    from rag.train.embedder import Recipe, train

    names = ("steps", "vocab", "dimension", "seed")
    recipe = Recipe(**{n: getattr(args, n) for n in names if getattr(args, n) is not None})
    tokenizer = read_tokenizer(args.tokenizer) if args.tokenizer else None
    with progress() as show:
        figures = train(args.corpus, args.out, recipe, show, tokenizer)
    if args.json:
        emit_json({"model": str(args.out), **figures})
    else:
        emit(f"已写入 {args.out}：" + "，".join(f"{k} {v:,.4g}" for k, v in figures.items()))
        emit(f'用它：在 rag.toml 写 embedder = "{args.out}"，再运行 rag index')
    return 0
