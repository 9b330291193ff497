"""A direction told against two printed numbers: no rise where 52% became 10%.

- a change from x to y, printed in the claim, by a word that does not fit x and y;
- a word of change in the claim, where the evidence prints what was and what is;
- A above B, where the evidence prints A's amount and B's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.verify.amounts import Amount
from rag.verify.comparisons import (
    LOSS,
    MORE,
    SIGNED,
    UNCOUNTED,
    clause_of,
    compared,
    inside,
    other_gap,
)
from rag.verify.fields import field, items_between
from rag.verify.items import Laid
from rag.verify.lists import Span
from rag.verify.names import NO_DOUBT, Doubt
from rag.verify.roles import role
from rag.verify.words import View

_UP = (
    "增长|增加|增至|增到|增|上升|升至|升到|升高|升|上涨|涨至|涨到|涨|提高|提升|上调|调高|攀升|扩大|扩至|扩充|扩|走高|回升"
    "|加快|延长|走强|加大|抬高|变多|变大|变高|变强|更强|更高|更多|更大|好转|走阔|增强|增多|翻倍"
)
_DOWN = (
    "减少|减至|减到|减|下降|降至|降到|降低|降|下跌|跌至|跌到|跌|下滑|下调|调低|回落|缩小|缩减|缩至|收窄|压缩|压低|走低|萎缩"
    "|放缓|缩短|走弱|变少|变小|变低|变弱|更弱|更低|更少|更小|转弱|走窄|减弱|削减|滑落|滑至|减轻"
)
_LONE = r"(?=了?(?:不少|很多|许多|一些|一点|一截|得多|出)|了[，。;]|[，。;])"
_WORD = re.compile(
    rf"(?P<up>{_UP}|(?<=[更变])(?:高|多|大|强|快|重|长|贵)|[高多大强快贵]{_LONE})"
    rf"|(?P<down>{_DOWN}|(?<=[更变])(?:低|少|小|弱|慢|轻|短)|[低少小弱慢]{_LONE})"
)
_NOT = re.compile(
    r"(?:不|未|没有?|无法|难以|防止|避免|免|缓|阻止|否认|并非|停止)(?:会|能|再|被|有|明显|持续|继续|进一步)?$"
)
_THEN = re.compile(
    r"(?:上年同期|去年同期|同期|上年|去年|上月|上季度|上一季度|此前|之前|前一年|上一年|上一财年|年前|月前|原来|原先|原本|\d{4}年)"
    r"[^，。;\d]{0,10}$"
)
_PAST = re.compile(
    r"^(?:\d+[年月天]|[一两三四五六七八九十半几数]+[年月天]|个?月"
    r"|去年|上年|上月|此前|以前|之前|往年|同期|前一|上一)[前同年月]?"
)
_AFTER = re.compile(rf"(?:大幅|逐步|小幅|进一步|左右|，)?(?:{_UP}|{_DOWN}|变)(?<=[至到为])")
_WIDE = 24
_SURE = 1.25
"""By how much the nearer of two printed changes must be nearer."""


@dataclass(frozen=True, slots=True)
class _Change:
    """What was (``old``) and what is (``new``), by index; ``side`` is 1 where it rose."""

    old: int
    new: int
    side: int
    moved: bool
    """Whether the text says that it moved from the one to the other."""
    loss: bool
    """Whether it is a loss that became greater or smaller."""


def other_trend(laid: Laid) -> Doubt:
    """The word of the claim and the two amounts that it does not fit."""
    own = _own(laid.claim)
    if own.strength:
        return own
    return max((_told(laid), other_gap(laid), compared(laid)), key=lambda doubt: doubt.strength)


def _own(view: View) -> Doubt:
    """从x升至y in one text, where y is below x."""
    for change in _changes(view):
        old, new = view.amounts[change.old], view.amounts[change.new]
        if not change.moved:
            continue
        between = view.text[old.end : new.start]
        words = [word for word in _words(view, old.end, new.start)]
        sides = {side for _, side, _ in words}
        if len(between) <= 24 and sides == {-change.side}:
            return Doubt(1.0, words[0][2], f"{old.text}到{new.text}")
    return NO_DOUBT


def _words(view: View, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """(offset, side, text) of the words of change; a denied one is left out."""
    for match in _WORD.finditer(view.text, start, min(len(view.text), end + 1)):
        if match.start() >= end or _NOT.search(
            view.text[max(0, match.start() - 6) : match.start()]
        ):
            continue
        yield match.start(), 1 if match["up"] else -1, match[0]
    for match in MORE.finditer(view.text, start, end):
        if _PAST.match(view.text[match.end() : match.end() + 6]):
            yield match.start(), -1 if match["below"] else 1, match[0]


def _changes(view: View) -> list[_Change]:
    """The pairs of amounts of one kind that are an old and a new value."""
    found = []
    for i, one in enumerate(view.amounts):
        if one.unit in UNCOUNTED or SIGNED.search(view.text[max(0, one.start - 4) : one.start]):
            continue
        for j in (*range(i + 1, min(len(view.amounts), i + 7)), i - 1):
            other = view.amounts[max(0, j)]
            if j < 0 or other.unit != one.unit or not _beside(view, one, other):
                continue
            # ``one`` is the old, ``other`` the new.
            moved = i < j and role(view, one) == "from" and role(view, other) == "to"
            moved = moved or (i < j and _onward(view, one, other))
            then = j == i - 1 and role(view, other) in {"", "to"}
            then = then and _THEN.search(view.text[max(0, one.start - 20) : one.start]) is not None
            if moved or then:
                lost = [LOSS.search(view.text[max(0, a.start - 6) : a.start]) for a in (one, other)]
                if one.value != other.value and (moved or bool(lost[0]) == bool(lost[1])):
                    side = 1 if other.value > one.value else -1
                    found.append(_Change(i, j, side, moved, any(lost)))
                break
    return found


def _onward(view: View, one: Amount, other: Amount) -> bool:
    """Whether the change is told right behind the old value: 这一周的17.5%增至…"""
    same = view.clause[one.start] == view.clause[other.start]
    return (
        same
        and other.start - one.end < _WIDE
        and _AFTER.match(view.text[one.end : one.end + 8]) is not None
    )


def _beside(view: View, one: Amount, other: Amount) -> bool:
    return (
        view.part[one.start] == view.part[other.start]
        and abs(view.clause[one.start] - view.clause[other.start]) <= 1
        and not SIGNED.search(view.text[max(0, other.start - 4) : other.start])
        and view.text[other.end : other.end + 1] not in set("名位")
    )


def _told(laid: Laid) -> Doubt:
    """A word of change that the nearest printed change contradicts."""
    changes = _changes(laid.evidence)
    if not changes:
        return NO_DOUBT
    best = NO_DOUBT
    for at, side, text in _words(laid.claim, 0, len(laid.claim.text)):
        start, end = clause_of(laid.claim.text, at)
        items = list(items_between(laid, start, end))
        loss = LOSS.search(laid.claim.text[start:at]) is not None
        ties = [
            (inside(items, _span(laid.evidence, change)), change)
            for change in changes
            if change.loss == loss
        ]
        if not ties:
            continue
        tie, change = max(ties, key=lambda one: one[0])
        agreed = max((other for other, one in ties if one.side == side), default=0.0)
        if change.side == side or tie < _SURE * agreed or _agrees(laid, at, side, change):
            continue
        if tie > best.strength:
            old, new = laid.evidence.amounts[change.old], laid.evidence.amounts[change.new]
            best = Doubt(min(1.0, tie), text, f"由{old.text}到{new.text}")
    return best


def _span(view: View, change: _Change) -> Span:
    """From the beginning of what the change is said of to the end of its clause."""
    spans = [field(view, at) for at in (change.old, change.new)]
    return min(start for start, _ in spans), max(end for _, end in spans)


def _agrees(laid: Laid, at: int, side: int, change: _Change) -> bool:
    """Whether the evidence says the same by a word as near to the claim's neighbours as the change,
    and not of another change."""
    places = [laid.evidence.amounts[i].start for i in (change.old, change.new)]
    tie = max(laid.cohesion(at, place) for place in places)
    return any(
        there == side and laid.cohesion(at, place) > 0.9 * tie and not _moves(laid.evidence, place)
        for place, there, _ in _words(laid.evidence, 0, len(laid.evidence.text))
    )


def _moves(view: View, place: int) -> bool:
    """Whether a word of change stands right before the amount that a change leads to."""
    return any(
        0 < amount.start - place < 6 and role(view, amount) == "to" for amount in view.amounts
    )
