"""`rag search`: the passages found for a question."""

from __future__ import annotations

import argparse
from typing import Any

from rag.cli.output import emit, emit_json, line, warn
from rag.cli.questions import Asked, question_of, run_batch
from rag.config import Settings
from rag.pipeline import Pipeline


def run(args: argparse.Namespace, settings: Settings) -> int:
    """One question, or a batch; raises YinjuError."""
    pipeline = Pipeline(settings)
    warn(pipeline.judge.faults())

    def hits(asked: Asked) -> dict[str, Any]:
        return search(pipeline, asked.id, asked.turns[-1], args.k)

    if args.batch is not None:
        return run_batch(args.batch, hits)
    found = search(pipeline, None, question_of(args), args.k)
    if args.json:
        emit_json(found)
        return 0
    for hit in found["hits"]:
        emit(f"{hit['rank']}. {line(hit['doc'])}（第 {hit['start']}–{hit['end']} 字）"
             f"  {hit['score']:.4f}")  # fmt: skip
        emit(f"   {line(hit['text'])}")
    if not found["hits"]:
        emit("没有找到相关段落。")
    return 0


def search(pipeline: Pipeline, id: object, question: str, k: int) -> dict[str, Any]:
    """The ``k`` best passages; ``text`` is the document's own between ``start`` and ``end``."""
    found, corpus = pipeline.search(question, k)
    return {
        "id": id,
        "question": question,
        "hits": [
            {
                "rank": rank,
                "doc": hit.doc,
                "start": hit.chunk.start,
                "end": hit.chunk.end,
                "score": round(float(hit.score), 6),
                "text": corpus.document(hit.doc).text[hit.chunk.start : hit.chunk.end],
            }
            for rank, hit in enumerate(found, start=1)
        ],
    }
