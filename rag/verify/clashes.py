"""A word whose opposite stands in the very clause of the evidence that says the rest of its clause.

:mod:`rag.verify.polarity` weighs every opposite of a text by nearness; this asks for one clause that
holds most of the claim's, and has the other side alone.
"""

from __future__ import annotations

from rag.verify.homes import home
from rag.verify.items import Laid
from rag.verify.names import NO_DOUBT, Doubt, versus
from rag.verify.opposites import between_two
from rag.verify.polarity import signs

_LEAST, _MOST, _ALONE = 6.0, 0.55, 0.85
"""What the claim's words in that clause must weigh, their share of the claim's clause, and how much of
it another clause may hold."""


def clashing(laid: Laid) -> Doubt:
    """The claim's word, and its opposite in the clause that says the same."""
    best = NO_DOUBT
    mine = signs(laid.claim)
    theirs = signs(laid.evidence) if mine else []
    same = bool(mine) and versus(laid)[0] > 0
    for sign in mine:
        clause = laid.claim.clause[sign.start]
        there = [other for other in theirs if other.pair == sign.pair]
        if all(other.side == sign.side for other in there):
            continue
        if same and sign.pair in between_two():
            continue  # 乙不敌甲 says what 甲击败乙 says
        if any(
            other.pair == sign.pair
            and other.side != sign.side
            and laid.claim.clause[other.start] == clause
            for other in mine
        ):
            continue
        found = home(laid, clause, (sign.start, sign.start + len(sign.text)))
        if found is None or found.weight < _LEAST or found.share < _MOST:
            continue
        if found.rest > _ALONE * found.weight or found.share <= best.strength:
            continue
        inside = [o for o in there if laid.evidence.clause[o.start] == found.clause]
        beside = [o for o in there if abs(laid.evidence.clause[o.start] - found.clause) <= 1]
        if inside and all(o.side != sign.side for o in beside):
            best = Doubt(found.share, sign.text, inside[0].text)
    return best
