"""What stands behind a figure: the number of each case that it is made of."""

from __future__ import annotations

from collections.abc import Sequence

from rag.evaluate.measures import measure
from rag.evaluate.types import Measure, Record

BEHIND = {
    "right_answerable": "right",
    "false_refusals": "refused",
    "refusal_recall": "refused",
    "length_median": "length",
}
"""Figures that are made of the scores of another name."""

UNSCORED = {"verbatim": 1.0}
"""What a case without the score counts as, where that is no secret: who quotes nothing misquotes
nothing."""


def score_of(name: str) -> str:
    """The score that the figure ``name`` is made of."""
    return BEHIND.get(name, name)


def counts(record: Record, of: Measure) -> bool:
    """Whether a measure is taken over this case."""
    if of.over == "answerable":
        return record.answerable
    if of.over == "unanswerable":
        return not record.answerable
    if of.over == "answered":
        return record.answerable and not record.refused
    return True


def case_scores(name: str, records: Sequence[Record]) -> dict[str, float]:
    """The score of each case behind the figure ``name``, by its id, in order.

    Empty for a figure of the whole set, such as an AUC. Raises EvaluationError where there is no
    such measure.
    """
    of, score = measure(name), score_of(name)
    return {r.id: r.scores[score] for r in records if score in r.scores and counts(r, of)}


def by_id(records: Sequence[Record]) -> dict[str, Record]:
    """The records by the id of their case."""
    return {record.id: record for record in records}
