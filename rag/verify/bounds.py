"""At least for at most, all for a part: how far a claim goes with what its evidence says of a part.

A bound is read from the words around an amount; a quantifier from the clause in which the claim's
words stand.
"""

from __future__ import annotations

import re

from rag.verify.homes import home, span
from rag.verify.items import Laid
from rag.verify.names import NO_DOUBT, Doubt
from rag.verify.words import View

_LEAST = r"至少|最少|起码|不得?少于|不得?低于|不下|最低|最小|超过?(?![导级市声])|逾|突破|高于|大于|多于|长于"
_MOST = (
    r"至多|最多|最高|最大|最长|不得?超过|不得?高于|不得?多于|不大于|不长于|不到|不足|未到|接近|逼近|将?近"
    r"|仅|只(?=有|剩|需|开)|低于|少于|小于"
)
_BOUND = re.compile(rf"(?P<most>{_MOST})|(?P<least>{_LEAST})")
_BEHIND = re.compile(
    r"^[\u3400-\u9fff]{0,3}?(?:(?P<most>以内|以下|封顶|之内)|(?P<least>以上|起步|多|余))"
)
_NEAR = 7
"""Characters before an amount in which a bound may stand."""
_ALL = re.compile(
    r"全部|所有|全都|全体|悉数|统统|一律|无一(?!例外)|任何|凡是|(?<![成首由])都(?![市城江柏乐匀灵督])|每一?[个起位名家件次场](?!月|季)|全面(?!战争|开花)|完全(?!不)|彻底"
)
_SOME = re.compile(
    r"(?<!大)部分(?!时间)|大部分|大多数?|多数|个别|少数|有的|有些|一些|局地|局部|半数|有限|[一二三四五六七八九]成(?![为立功员])"
)
_WHOLE = re.compile(
    r"全部|所有|全都|全体|悉数|统统|一律|无一|任何|凡|都|均|每|全|各|皆|一致|完全|彻底"
)
_PART = re.compile(
    r"部分|大多|多数|个别|少数|有的|有些|一些|局地|局部|半数|有限|成|几|某|不少|很多|许多|若干"
)
_HOME = 6.0
"""What the claim's words in a clause of the evidence must weigh."""


def misbounded(laid: Laid) -> Doubt:
    """The claim's bound of an amount, where the evidence bounds the same amount on the other side."""
    for amount, held in zip(laid.claim.amounts, laid.held, strict=True):
        mine = _bounds(laid.claim, amount.start, amount.end)
        if len(mine) != 1 or not held.places:
            continue
        ((side, said),) = mine.items()
        theirs: dict[str, str] = {}
        for i in held.places:
            other = laid.evidence.amounts[i]
            if other.value == amount.value:
                theirs |= _bounds(laid.evidence, other.start, other.end)
            else:
                theirs[side] = ""
        if len(theirs) == 1 and side not in theirs:
            return Doubt(1.0, said + amount.text, next(iter(theirs.values())) + amount.text)
    return NO_DOUBT


def _bounds(view: View, start: int, end: int) -> dict[str, str]:
    """The sides ("least", "most") on which the words around ``[start, end)`` bound it."""
    left = start
    while left and view.clause[left - 1] == view.clause[start] and start - left < _NEAR:
        left -= 1
    inner = view.text[start:end]
    found: dict[str, str] = {}
    last = None
    for match in _BOUND.finditer(view.text[left:start] + inner):
        if match.start() < start - left + 2:
            last = match
    if last is not None:
        found[str(last.lastgroup)] = last[0]
    behind = _BEHIND.search(view.text[end : end + 5])
    if behind:  # 最大动力在1200匹以上 is no upper bound
        found.clear()
        found[str(behind.lastgroup)] = str(behind[str(behind.lastgroup)])
    return found


def misquantified(laid: Laid) -> Doubt:
    """All of what the evidence says of some, or some of what it says of all."""
    best = NO_DOUBT
    for mine, theirs, alike in ((_ALL, _SOME, _WHOLE), (_SOME, _ALL, _PART)):
        for match in mine.finditer(laid.claim.text):
            clause = laid.claim.clause[match.start()]
            if theirs.search(laid.claim.text, *span(laid.claim, clause)):
                continue
            found = home(laid, clause)
            if found is None or found.weight < _HOME or found.share <= best.strength:
                continue
            first, last = span(laid.evidence, found.clause)
            against = theirs.search(laid.evidence.text, first, last)
            if against and not alike.search(laid.evidence.text[first:last].replace(against[0], "")):
                best = Doubt(found.share, match[0], against[0])
    return best
