"""What an amount is the amount of, by its own stretch of text and by the amount before it.

"51人死亡、4人失踪" for "4人死亡、51人失踪": the words beside an amount of the claim stand, in the
evidence, beside another. "新注册905752辆，同比增长36.7%" where the evidence's rate behind 905752 is
another: a rate belongs to the sum before it.
"""

from __future__ import annotations

import re
from itertools import pairwise

from rag.verify.amounts import Amount
from rag.verify.items import Laid
from rag.verify.kinds import DATES, comparable
from rag.verify.names import NO_DOUBT, Doubt
from rag.verify.rivals import rivalling
from rag.verify.roles import role
from rag.verify.words import View

_CUT = re.compile(r"[，,;:。!?、()（）]")
_JOINED = re.compile(r"[、，]?(?:和|与|及|以及|或|至|到|-|~)?")
_AFTER = 44
"""Characters behind a sum in which its rate stands."""
_RUN = 8
_WIDE = 16
_PEOPLE = frozenset("名位人")
_LOOSE = frozenset("个家项种件所处次例起只类")
"""Counters that stand for many others."""
_FIRM = frozenset("户人辆艘架亩层岁")
"""Counters that stand for no other."""


def stretch(view: View, amount: Amount) -> tuple[int, int]:
    """The span from the mark or amount before an amount to the one behind it."""
    start, end = amount.start, amount.end
    while start and not _CUT.match(view.text[start - 1]) and amount.start - start < _WIDE:
        start -= 1
    while end < len(view.text) and not _CUT.match(view.text[end]) and end - amount.end < _WIDE:
        end += 1
    for other in view.amounts:
        if other is amount or not comparable(other, amount):
            continue
        if start <= other.start < amount.start:
            start = other.end
        elif amount.end <= other.start < end:
            end = other.start
    return start, end


def mislabelled(laid: Laid, dates: bool = False) -> Doubt:
    """The amount, or the date, whose own words stand beside a rival in the evidence."""
    best = NO_DOUBT
    for amount, held in zip(laid.claim.amounts, laid.held, strict=True):
        if not held.exact or (amount.unit in DATES) != dates:
            continue
        start, end = stretch(laid.claim, amount)
        mine = [
            (word, match)
            for word, match in zip(laid.claim.words, laid.matches, strict=True)
            if start <= word.start < end and match.share >= 0.5 and match.places
        ]
        total = sum(word.weight for word, _ in mine)
        if total < 3.0:
            continue
        own = [stretch(laid.evidence, laid.evidence.amounts[i]) for i in held.exact]
        if dates and not all(_worded(laid.evidence, span) for span in own):
            continue  # a date that stands by itself is of all that follows
        first = laid.evidence.amounts[held.exact[0]]
        for i, other in enumerate(laid.evidence.amounts):
            if i in held.exact or not rivalling(laid.claim, amount, laid.evidence, first, other):
                continue
            if any(joined(laid.evidence, laid.evidence.amounts[j], other) for j in held.exact):
                continue  # 分别为27.01%和5.91%: the words before both are of both
            theirs = stretch(laid.evidence, other)
            gain, named, heaviest = 0.0, "", 0.0
            for word, match in mine:
                here = any(a <= p < b for p in match.places for a, b in own)
                there = any(theirs[0] <= p < theirs[1] for p in match.places)
                if there and not here:
                    gain += word.weight * match.share
                    if word.weight > heaviest:
                        named, heaviest = word.text, word.weight
                elif here and not there:
                    gain -= word.weight * match.share
            if gain / (total + 2.0) > best.strength:
                best = Doubt(gain / (total + 2.0), named, f"{other.text}，不是{amount.text}")
    return best


def _worded(view: View, span: tuple[int, int]) -> bool:
    return any(span[0] <= word.start < span[1] for word in view.words)


def joined(view: View, one: Amount, other: Amount) -> bool:
    """Whether nothing but 和, 、 or 至 stands between two amounts of one text."""
    first, second = sorted((one, other), key=lambda amount: amount.start)
    if view.part[first.start] != view.part[second.start]:
        return False
    run = [first, *(a for a in view.amounts if first.end <= a.start < second.start), second]
    return len(run) <= _RUN and all(
        _JOINED.fullmatch(view.text[low.end : high.start]) for low, high in pairwise(run)
    )


def chained(laid: Laid) -> Doubt:
    """A rate that follows a sum in the claim, where another follows that sum in the evidence."""
    for (one, held), (two, then) in zip(
        zip(laid.claim.amounts, laid.held, strict=True),
        list(zip(laid.claim.amounts, laid.held, strict=True))[1:],
        strict=False,
    ):
        if not held.exact or not then.exact or one.unit == two.unit:
            continue
        if one.unit in DATES or two.unit not in {"percent", "point", "times"}:
            continue
        if laid.claim.clause[two.start] - laid.claim.clause[one.start] > 1:
            continue
        every = [_followers(laid.evidence, i, two.unit) for i in held.exact]
        if any(not some or any(abs(f.value - two.value) < 1e-9 for f in some) for some in every):
            continue
        follower = every[0][0]
        if role(laid.evidence, follower) == role(laid.claim, two):
            return Doubt(1.0, two.text, f"{one.text}之后是{follower.text}")
    return NO_DOUBT


def _followers(view: View, index: int, unit: str) -> list[Amount]:
    """The amounts of ``unit`` behind an amount, in its text, before another sum."""
    first = view.amounts[index]
    found: list[Amount] = []
    for other in view.amounts[index + 1 :]:
        if view.part[other.start] != view.part[first.start] or other.start - first.end > _AFTER:
            break
        if other.unit == unit:
            found.append(other)
        elif other.unit == first.unit and role(view, other) != "from":
            break
    return found


def miscounted(laid: Laid) -> Doubt:
    """An amount that the evidence counts in another thing, and has another of the claimed thing."""
    for amount, held in zip(laid.claim.amounts, laid.held, strict=True):
        if amount.unit != "counter" or not held.exact:
            continue
        mine = _counted(amount)
        theirs = {_counted(laid.evidence.amounts[i]) for i in held.exact}
        if mine in theirs or not theirs - {""} or not mine:
            continue
        ends = [laid.evidence.amounts[i].end for i in held.exact]
        noun = re.compile(rf"[^\d，、。]{{0,3}}{mine}")
        if any(noun.match(laid.evidence.text, end) for end in ends):
            continue  # 近万名农户 are 一万户
        for other in laid.evidence.amounts:
            if other.unit == "counter" and _counted(other) == mine and other.value != amount.value:
                loose = mine in _LOOSE or theirs & _LOOSE
                own = amount.han and amount.value <= 3  # 两队: counted by the writer
                strength = (
                    0.3 if (mine == "个" and theirs <= _LOOSE) or own else 0.7 if loose else 1.0
                )
                return Doubt(strength, amount.text, other.text)
        first = laid.evidence.amounts[held.exact[0]]
        if mine in _FIRM and theirs <= _FIRM and amount.value > 2:
            return Doubt(1.0, amount.text, first.text)
    return NO_DOUBT


def _counted(amount: Amount) -> str:
    last = amount.text.rstrip("多余来几")[-1:]
    if last.isdigit():
        return ""
    return "人" if last in _PEOPLE else last
