"""Where a claim stands in its evidence: the clause or the text there that holds most of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rag.verify.items import Laid
from rag.verify.words import View

_AMOUNT = 4.0
"""What an amount weighs, as a word's idf."""


@dataclass(frozen=True, slots=True)
class Home:
    """A clause of the evidence; ``weight`` of the claim's words stands in it, ``share`` in [0, 1] of
    all their weight; ``rest`` is the most that another clause holds."""

    clause: int
    weight: float
    share: float
    rest: float


def span(view: View, clause: int) -> tuple[int, int]:
    """[start, end) of a clause."""
    start = view.clause.index(clause)
    end = start
    while end < len(view.clause) and view.clause[end] == clause:
        end += 1
    return start, end


def holder(laid: Laid, words: Iterable[int]) -> int:
    """The text of the evidence that holds most of these words of the claim, by index."""
    weight: dict[int, float] = {}
    for i in words:
        for part in {laid.evidence.part[place] for place in laid.matches[i].places}:
            share = laid.claim.words[i].weight * laid.matches[i].share
            weight[part] = weight.get(part, 0.0) + share
    return max(weight, key=lambda part: weight[part], default=0)


def home(laid: Laid, clause: int, skip: tuple[int, int] = (0, 0)) -> Home | None:
    """The home of a clause of the claim, what it has in ``skip`` left out; None where nothing of it
    is held."""
    found: dict[int, float] = {}
    total = 0.0
    places = laid.evidence.clause
    for word, match in zip(laid.claim.words, laid.matches, strict=True):
        inside = laid.claim.clause[word.start] == clause
        if not inside or (word.start < skip[1] and skip[0] < word.end):
            continue
        total += word.weight
        for there in {places[place] for place in match.places}:
            found[there] = found.get(there, 0.0) + word.weight * match.share
    for amount, held in zip(laid.claim.amounts, laid.held, strict=True):
        if laid.claim.clause[amount.start] != clause:
            continue
        total += _AMOUNT
        for there in {places[laid.evidence.amounts[i].start] for i in held.places}:
            found[there] = found.get(there, 0.0) + _AMOUNT
    if not found:
        return None
    best = max(sorted(found), key=lambda there: found[there])
    rest = max((weight for there, weight in found.items() if there != best), default=0.0)
    return Home(best, found[best], min(1.0, found[best] / total), rest)
