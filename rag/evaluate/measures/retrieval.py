"""What was found, in rank order. The adapter of ir-measures, and the only module that imports it.

ir-measures takes most of its time per call and little per question: many questions go together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.evaluate.measures.citations import covers
from rag.evaluate.measures.text import normalised
from rag.evaluate.types import Gold, Question
from rag.types import Answer, Passage

FIRST = 5
"""The passages over which recall is taken."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """What a question should find and what it found, best first.

    ``grades`` are the qrels: grade by item, 0 is irrelevant. ``wanted`` and ``found`` are what
    recall counts: gold groups (or relevant documents), and those among the first five.
    """

    items: tuple[str, ...]
    grades: Mapping[str, int]
    wanted: frozenset[str]
    found: frozenset[str]


def ranking_of(question: Question, answer: Answer) -> Ranking | None:
    """None where retrieval is not asked about: unanswerable, no gold, or passages of its own.

    With ``relevance`` the items are documents, in the order of their first passage. Else they are
    passages, relevant where they hold a gold quote; a gold group counts once, at the first passage
    that holds it, and a passage that is the first for two groups has grade 2.
    """
    if not question.answerable or question.passages:
        return None
    if question.relevance:
        documents = tuple(dict.fromkeys(passage.doc for passage in answer.passages))
        wanted = frozenset(doc for doc, grade in question.relevance.items() if grade > 0)
        if not wanted:
            return None
        return Ranking(documents, question.relevance, wanted, wanted & set(documents[:FIRST]))
    return _by_gold(question.gold, answer.passages) if question.gold else None


def _by_gold(gold: Sequence[Sequence[Gold]], passages: Sequence[Passage]) -> Ranking:
    first: dict[str, int] = {}
    for rank, passage in enumerate(passages):
        for number, group in enumerate(gold):
            name = f"group {number}"
            if name not in first and any(holds(passage, one) for one in group):
                first[name] = rank
    wanted = frozenset(f"group {number}" for number in range(len(gold)))
    grades = {name: 1 for name in wanted - first.keys()}  # what was not found stays to be found
    for rank in first.values():
        grades[str(rank)] = grades.get(str(rank), 0) + 1
    found = frozenset(name for name, rank in first.items() if rank < FIRST)
    return Ranking(tuple(map(str, range(len(passages)))), grades, wanted, found)


def holds(passage: Passage, gold: Gold) -> bool:
    """Whether a passage holds a gold quote: by span where gold has one, else by its text."""
    if passage.doc != gold.doc:
        return False
    if gold.start is not None:
        return covers(passage.doc, passage.start, passage.end, gold)
    return normalised(gold.quote) in normalised(passage.text)


def retrieval_scores(rankings: Sequence[Ranking | None]) -> list[dict[str, float]]:
    """hit@1, hit@5, recall@5, mrr@10 and ndcg@10 of each question, all in [0, 1]; {} for None."""
    scores: list[dict[str, float]] = [{} for _ in rankings]
    asked = {str(number): one for number, one in enumerate(rankings) if one is not None}
    if not asked:
        return scores
    import ir_measures
    from ir_measures import RR, SetR, Success, nDCG

    names = {Success @ 1: "hit@1", Success @ 5: "hit@5", RR @ 10: "mrr@10", nDCG @ 10: "ndcg@10"}
    ranked = ir_measures.iter_calc(
        list(names),
        {key: dict(one.grades) for key, one in asked.items()},
        {key: _run(one.items) for key, one in asked.items()},
    )
    recalled = ir_measures.iter_calc(
        [SetR],
        {key: dict.fromkeys(one.wanted, 1) for key, one in asked.items()},
        {key: dict.fromkeys(one.found, 1.0) for key, one in asked.items()},
    )
    for metric in (*ranked, *recalled):
        name = names.get(metric.measure, "recall@5")
        scores[int(metric.query_id)][name] = float(metric.value)
    return scores


def _run(items: Sequence[str]) -> dict[str, float]:
    """Items with falling scores, as no two of a run may be alike."""
    return {item: float(-rank) for rank, item in enumerate(items)}
