"""Which facts belong together: an amount or a name of the claim and the words around it.

A claim may take every word and every number from its evidence and still join them wrongly: the
profit of the other company, last year's rate, the second of two lengths. So each amount is looked
up in the evidence and its neighbours are asked which amount they stand near: another of the same
kind that stands nearer is a rival.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.verify.kinds import DATES, comparable
from rag.verify.lists import listed
from rag.verify.nearness import ahead, near
from rag.verify.reckon import Held
from rag.verify.rivals import rivalling
from rag.verify.words import Match, View

_GOVERNS = 0.97
"""What a clause mark leaves of a date's hold on the amounts behind it."""
_COMPARE = re.compile(
    r"比|较|增至|增加到|提升至|提高至|提高到|升至|降至|上涨到|增长至|减少到|下降到"
)
_OWNED = 0.4
"""What is left to an amount of a word that another of its kind stands nearer to."""
_SMOOTH = 2.0
_SHARED = 0.6
"""What stands before both amounts may hold for both: the second often leaves it out."""
_COMPARED = 0.4
_AMOUNT = 3.0
"""What another amount beside it weighs, as a word's idf."""


@dataclass(frozen=True, slots=True)
class Bound:
    """``margin``: how much nearer the claim's neighbours stand to a rival amount (positive) than
    to the claimed one (negative), as a share of all that was weighed. ``amount`` and ``rival``
    are their wordings, ``word`` is the neighbour that speaks most for the rival. ``swapped``: the
    claim has the rival too, and the margin is that of the two exchanged."""

    margin: float
    amount: str
    rival: str
    word: str
    swapped: bool
    date: bool


def bound_amounts(
    claim: View, held: Sequence[Held], matches: Sequence[Match], evidence: View
) -> list[Bound]:
    """One for each amount of the claim that stands in the evidence and has a rival there."""
    order, claim_order = listed(evidence), listed(claim)
    known: dict[tuple[int, int], float] = {}
    ties = {
        a: _ties(claim, a, held, matches, evidence, order, claim_order, known)
        for a in range(len(claim.amounts))
        if held[a].places
    }
    found = []
    for a, scores in ties.items():
        mine = claim.amounts[a]
        own = max(held[a].places, key=lambda e: sum(scores[e].values()))
        same = set(held[a].places)
        best: Bound | None = None
        for e, other in enumerate(evidence.amounts):
            if e in same or not rivalling(claim, mine, evidence, evidence.amounts[own], other):
                continue
            gain, weighed = _gain(scores, e, own, _compared(evidence, own, e))
            for b, others in ties.items():
                if b != a and e in held[b].places and mine.unit == claim.amounts[b].unit:
                    more = _gain(others, own, e, _compared(evidence, own, e))
                    gain, weighed = gain + more[0], weighed + more[1]
                    break
            margin = gain / (weighed + _SMOOTH)
            swapped = any(e in held[b].places for b in ties if b != a)
            if best is None or margin > best.margin:
                keys = set(scores[e]) | set(scores[own])
                word = max(
                    keys,
                    key=lambda k: scores[e].get(k, 0.0) - scores[own].get(k, 0.0),
                    default=-1,
                )
                named = claim.words[word].text if word >= 0 else ""
                best = Bound(margin, mine.text, other.text, named, swapped, mine.unit in DATES)
        if best is not None:
            found.append(best)
    return found


def _gain(
    scores: Mapping[int, Mapping[int, float]], to: int, own: int, compared: bool
) -> tuple[float, float]:
    """What the neighbours give the one amount more than the other, and the sum without signs."""
    total = size = 0.0
    for key in set(scores[to]) | set(scores[own]):
        step = scores[to].get(key, 0.0) - scores[own].get(key, 0.0)
        if compared and key >= 0:
            step *= _COMPARED
        elif own < to and step < 0:
            step *= _SHARED
        total += step
        size += abs(step)
    return total, size


def _compared(evidence: View, one: int, other: int) -> bool:
    """Whether the two are of one kind by wording: 从8个增至12个, 达到4750亿，比2021年的3520亿."""
    first, second = sorted((evidence.amounts[one], evidence.amounts[other]), key=lambda a: a.start)
    if evidence.part[first.start] != evidence.part[second.start] or second.start - first.end > 24:
        return False
    return bool(_COMPARE.search(evidence.text[first.end : second.start]))


def _ties(
    claim: View,
    at: int,
    held: Sequence[Held],
    matches: Sequence[Match],
    evidence: View,
    order: Mapping[tuple[int, int], float],
    claim_order: Mapping[tuple[int, int], float],
    known: dict[tuple[int, int], float],
) -> dict[int, dict[int, float]]:
    """Evidence amount -> neighbour -> how near it stands to it.

    Neighbours are the claim's words by index, and its other amounts as ~index (negative). ``known``
    keeps how near a place and an amount of the evidence are.
    """
    scores: dict[int, dict[int, float]] = {i: {} for i in range(len(evidence.amounts))}
    for w, (word, match) in enumerate(zip(claim.words, matches, strict=True)):
        if not match.places or match.share < 0.4:
            continue
        weight = word.weight * match.share * _beside(claim, word.start, word.end, at, claim_order)
        if weight < 0.05:
            continue
        for i in scores:
            best = 0.0
            for p in match.places:
                close = known.get((p, i))
                if close is None:
                    close = known[p, i] = _by(evidence, p, i, order)
                best = max(best, close)
            scores[i][w] = weight * best
    for j, other in enumerate(claim.amounts):
        if j == at or not held[j].places or len(held[j].places) > 4:
            continue
        weight = (
            _AMOUNT * _between(claim, at, j, claim_order) * (2.0 if other.unit == "year" else 1.0)
        )
        for i in scores:
            ties = [_between(evidence, p, i, order) for p in held[j].places if p != i]
            scores[i][~j] = weight * max(ties, default=0.0)
    # 突破13亿、达到13.22亿 are one amount said twice.
    for i in held[at].places:
        for j, other in enumerate(evidence.amounts):
            own = evidence.amounts[i]
            if (
                j != i
                and other.mode
                and own.unit == other.unit
                and own.unit not in DATES
                and abs(own.value - other.value) <= 0.03 * own.value
            ):
                for key, value in scores[j].items():
                    scores[i][key] = max(value, scores[i].get(key, 0.0))
    return scores


def _between(view: View, one: int, other: int, order: Mapping[tuple[int, int], float]) -> float:
    """How near two amounts stand; a date holds for all behind it until the next of its kind."""
    for place, at in ((one, other), (other, one)):
        given = order.get((view.amounts[place].start, at))
        if given is not None:
            return given
    first, second = sorted((view.amounts[one], view.amounts[other]), key=lambda a: a.start)
    close = near(view, first.start, second.start)
    if view.part[first.start] != view.part[second.start]:
        return close
    if second.unit in DATES and first.unit not in DATES:
        return 0.3 * close  # the date begins what follows it
    if first.unit not in DATES or second.unit in DATES:
        # A sum and then its rate: 净利润13.30亿元，同比下降57%.
        between = [a for a in view.amounts if first.start < a.start < second.start]
        if first.unit == second.unit or any(a.unit == first.unit for a in between):
            return close
        return max(close, ahead(view, first.start, second.start))
    if any(first.start < a.start < second.start and a.unit == first.unit for a in view.amounts):
        return 0.3 * close
    marks = abs(view.clause[first.start] - view.clause[second.start])
    return 0.9 * float(_GOVERNS ** min(marks, 5))


def _beside(
    claim: View, start: int, end: int, at: int, order: Mapping[tuple[int, int], float]
) -> float:
    amount = claim.amounts[at]
    given = _listed_weight(start, at, order)
    if given is not None:
        return given
    owner = _owner(claim, start, at)
    if owner == 1.0 and start < amount.start:
        return ahead(claim, end - 1, amount.start)
    return near(claim, start if start > amount.start else end - 1, amount.start) * owner


def _by(evidence: View, place: int, at: int, order: Mapping[tuple[int, int], float]) -> float:
    given = _listed_weight(place, at, order)
    if given is not None:
        return given
    amount = evidence.amounts[at]
    owner = _owner(evidence, place, at)
    if owner == 1.0 and place < amount.start:
        return ahead(evidence, place, amount.start)
    return near(evidence, place, amount.start) * owner


def _owner(view: View, place: int, at: int) -> float:
    """Less where another amount of the same kind stands between the word and the amount."""
    amount = view.amounts[at]
    low, high = sorted((place, amount.start))
    for other in view.amounts:
        if low <= other.start < high and other is not amount and comparable(other, amount):
            return _OWNED
    return 1.0


def _listed_weight(place: int, at: int, order: Mapping[tuple[int, int], float]) -> float | None:
    return order.get((place, at))
