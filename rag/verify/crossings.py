"""Words of two clauses of a claim that stand crosswise in two clauses of the evidence.

甲 … 一, 乙 … 二 told as 甲 … 二, 乙 … 一: by words that the evidence has in one clause alone, whatever
they name. Amounts have rules of their own (:mod:`rag.verify.binding`).
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

from rag.verify.items import Laid
from rag.verify.names import NO_DOUBT, Doubt

_RARE, _LIKE = 3.5, 0.8
"""The idf from which on a word counts, and how well the evidence must hold it."""
_FULL = 6.0
"""What the lightest of the four corners must weigh to count whole."""


def crossed(laid: Laid) -> Doubt:
    """The first word of the claim that stands crosswise, and the one that it should stand with."""
    table: dict[tuple[int, int], list[tuple[str, float]]] = defaultdict(list)
    there = laid.evidence.clause
    for word, match in zip(laid.claim.words, laid.matches, strict=True):
        homes = {there[place] for place in match.places}
        if match.share >= _LIKE and word.weight >= _RARE and len(homes) == 1:
            table[laid.claim.clause[word.start], homes.pop()].append((word.text, word.weight))
    best = NO_DOUBT
    for one, other in combinations(sorted({mine for mine, _ in table}), 2):
        homes = {home for mine, home in table if mine == one}
        shared = sorted(home for home in homes if (other, home) in table)
        for first, second in combinations(shared, 2):
            corners = [table[mine, home] for mine in (one, other) for home in (first, second)]
            least = min(sum(weight for _, weight in corner) for corner in corners)
            if least / _FULL > best.strength:
                best = Doubt(min(1.0, least / _FULL), corners[0][0][0], corners[2][0][0])
    return best
