"""A language model's parsed reply as an Answer; imported only where a model is asked."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from dataclasses import replace

from rag.answer.engine import Weighed, as_evidence, refuse
from rag.answer.llm import Draft, answer_with_model
from rag.types import Answer, ChatModel, Corpus, Query


def model_answers(
    query: Query, weighed: Weighed, corpus: Corpus, chat: ChatModel, budget: int
) -> Generator[Answer, None, None]:
    """Growing answers, the last one checked sentence by sentence; ``budget`` is the evidence in the
    prompt, in characters. Raises a ModelError where the reply gives no whole sentence; closing the
    iterator stops the model."""
    base = Answer(query.question, query.standalone, "", mode="llm", refused=False)
    evidence = as_evidence(weighed, corpus)
    parts = answer_with_model(
        query.question, query.standalone, evidence, chat, corpus.document, budget
    )
    with closing(parts):
        for part in parts:
            if isinstance(part, Draft):
                yield replace(base, answer=part.text)
            elif part.refused:
                yield replace(
                    refuse(query, weighed), mode="llm", reason="模型在这些段落里没有找到答案"
                )
            else:
                yield replace(
                    base,
                    answer=part.text,
                    citations=part.citations,
                    sentences=part.sentences,
                    reason=part.reason,
                    confidence=weighed.probability,
                )
