"""`rag ask`: an answer with citations, or a refusal."""

from __future__ import annotations

import argparse
from typing import Any

from rag.cli.answers import answer_json, answer_text
from rag.cli.output import emit, emit_json, warn
from rag.cli.questions import Asked, question_of, run_batch
from rag.config import Settings
from rag.pipeline import Pipeline


def run(args: argparse.Namespace, settings: Settings) -> int:
    """One question, or a batch; raises YinjuError."""
    if args.batch is not None:
        pipeline = Pipeline(settings)
        warn(pipeline.judge.faults())

        def answer(asked: Asked) -> dict[str, Any]:
            if asked.passages is not None:
                return answer_json(asked.id, pipeline.ask_passages(asked.turns, asked.passages))
            return answer_json(asked.id, pipeline.ask(asked.turns))

        return run_batch(args.batch, answer)
    question = question_of(args)
    pipeline = Pipeline(settings)
    warn(pipeline.judge.faults())
    found = pipeline.ask([question])
    if args.json:
        emit_json(answer_json(None, found))
    else:
        for text in answer_text(found):
            emit(text)
    return 0
