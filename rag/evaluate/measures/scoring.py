"""Answers against their cases: every measure of a question by its name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rag.evaluate.measures.catalogue import MEASURES
from rag.evaluate.measures.citations import citation_scores
from rag.evaluate.measures.retrieval import ranking_of, retrieval_scores
from rag.evaluate.measures.text import text_scores
from rag.evaluate.types import Question
from rag.types import Answer, Document

_ORDER = tuple(one.name for one in MEASURES)


def score(
    question: Question, answer: Answer, documents: Mapping[str, Document]
) -> dict[str, float]:
    """The measures of one case; those that do not apply are absent, ``right`` never is.

    ``documents`` holds the canonical texts by id; the passages of a question that brings its own
    need not be among them.
    """
    return score_all([(question, answer)], documents)[0]


def score_all(
    cases: Iterable[tuple[Question, Answer]], documents: Mapping[str, Document]
) -> list[dict[str, float]]:
    """:func:`score` of many cases, in their order, at about half the cost."""
    cases = list(cases)
    found = retrieval_scores([ranking_of(question, answer) for question, answer in cases])
    return [
        _one(question, answer, documents, ranks)
        for (question, answer), ranks in zip(cases, found, strict=True)
    ]


def failed_scores(question: Question) -> dict[str, float]:
    """The scores of a question that could not be answered for a fault: wrong, and nothing else."""
    return {"right": 0.0}


def _one(
    question: Question,
    answer: Answer,
    documents: Mapping[str, Document],
    ranks: Mapping[str, float],
) -> dict[str, float]:
    texts = {
        f"passage#{i}": Document(f"passage#{i}", t, "") for i, t in enumerate(question.passages)
    }
    scores = {
        **text_scores(question, answer),
        **citation_scores(question, answer, texts or documents),
        **ranks,
        "refused": float(answer.refused),
        "ms": answer.timings_ms.get("total", 0.0),
    }
    scores["right"] = float(_right(question, answer, scores))
    return {name: scores[name] for name in _ORDER if name in scores}


def _right(question: Question, answer: Answer, scores: Mapping[str, float]) -> bool:
    """Answerable: said and cited, as far as either is asked for; unanswerable: refused."""
    if answer.refused or not question.answerable:
        return answer.refused and not question.answerable
    return scores.get("said", 1.0) == 1.0 and scores.get("cited", 1.0) == 1.0
