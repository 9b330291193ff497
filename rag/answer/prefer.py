"""A sentence that gives what was asked for, before one that only speaks of it.

The weights rank by how well a sentence matches; of two that match about alike the one is meant in
which the value stands as that of what was asked (:mod:`rag.answer.value`), or the list has as many
items as were asked for. Order only: whether anything is answered is decided before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.answer.value import own_value
from rag.retrieve.answer_type import AnswerType
from rag.retrieve.features import NAMES
from rag.retrieve.scored import Scored
from rag.retrieve.views import QuestionView
from rag.text.normalise import fold_text

GAP = 2.0
"""How far behind the best sentence another may be and still be preferred."""
_LOOKED_AT = 8
_LESS = 0.2
"""Share of the question's words that it may hold less."""
_F = {name: i for i, name in enumerate(NAMES)}
_CONTRARY = ("year_bad", "place_bad", "ordinal_bad", "relative_bad", "latin_bad", "number_bad")


def preferred(question: QuestionView, ranked: Sequence[Scored]) -> tuple[Scored, ...]:
    """``ranked``, best first, with the nearest sentence that gives what was asked for at its head
    where the best one does not."""
    if len(ranked) < 2 or _gives(question, ranked[0]):
        return tuple(ranked)
    top = ranked[0]
    for at, scored in enumerate(ranked[1:_LOOKED_AT], start=1):
        if top.score - scored.score > GAP:
            break
        if _as_good(top, scored) and _gives(question, scored):
            ahead = replace(scored, score=top.score)  # what is a share of the best score stays so
            return (ahead, *ranked[:at], *ranked[at + 1 :])
    return tuple(ranked)


def _gives(question: QuestionView, scored: Scored) -> bool:
    want = question.asked.want
    if want.type == AnswerType.LIST:
        return want.count > 2 and _items(scored.candidate.text) == want.count
    return own_value(question, fold_text(scored.candidate.text)) is not None


def _as_good(top: Scored, other: Scored) -> bool:
    """Whether a sentence holds about as much of the question, and contradicts no more of it."""
    if other.candidate.sentence.heading or other.candidate.section.kind == "question":
        return False
    if other.features[_F["word"]] < top.features[_F["word"]] - _LESS:
        return False
    return all(other.features[_F[name]] <= top.features[_F[name]] for name in _CONTRARY)


def _items(text: str) -> int:
    """Items of the longest list in one sentence."""
    return max(len(part.split("、")) for part in re.split(r"[。；;，,]", text))
