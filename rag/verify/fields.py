"""What of a text belongs to an amount: its field, and what leads the sentence.

The field is what stands between the amount of its kind before it and the end of its own clause.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.verify.amounts import Amount
from rag.verify.items import Laid
from rag.verify.kinds import DATES, comparable
from rag.verify.lists import Span
from rag.verify.rivals import counted
from rag.verify.roles import role
from rag.verify.words import View

CUTS = set("，。;:!?、()（）")
_ENDS = set("。!?")
_STOPS = set("。;!?")
_BARE = re.compile(
    r"(?:同比|环比|[较比](?:上年|去年|上月|同期|上季|前一|年初|上年同期|去年同期).{0,4})"
    r"(?:则|又|大幅|小幅|略)?[增减升降涨跌长加少提高回落下上滑扩大缩小有所了约超近为逾]*"
)
_PAST = set("前近首头去")
_PEOPLE = set("人例")
_LATIN = set("abcdefghijklmnopqrstuvwxyz")
_WIDE = 60
_AMOUNT = 6.0
"""What an amount beside it weighs, as a word's idf; a date as much."""
_FAR = 0.5
"""What is left of an item's weight for each clause mark between it and the amount."""
_HELD = 0.6


@dataclass(frozen=True, slots=True)
class Item:
    """A word or amount of the claim with its weight and its places in the evidence; ``beside``
    where it stands in the amount's own clause."""

    text: str
    weight: float
    places: Sequence[int]
    beside: bool = True


def field(view: View, at: int) -> Span:
    """From the end of the clause of the amount of its kind before it, or the beginning of the
    sentence, to the end of its own clause."""
    amount = view.amounts[at]
    start = amount.start
    while start and view.text[start - 1] not in _STOPS and amount.start - start < _WIDE:
        start -= 1
    end = _clause_ends(view.text, amount.end)
    for other in view.amounts:
        if other is amount or not _parts(view, other, amount):
            continue
        if start <= other.start < amount.start:
            start = min(_clause_ends(view.text, other.end), amount.start)
        elif amount.end <= other.start < end:
            end = other.start
    return start, end


def _parts(view: View, other: Amount, amount: Amount) -> bool:
    """Whether what stands before ``other`` is no longer said of ``amount``: one of its kind, and
    neither the start of its change (从x升至y) nor the same said roundly (突破13亿, 达13.22亿)."""
    if not comparable(other, amount) or view.text[other.start - 1 : other.start] in _LATIN:
        return False
    kinds = {counted(view, one)[:1] for one in (other, amount)}
    if amount.unit == "counter" and len(kinds) > 1 and not kinds <= _PEOPLE:
        return False
    if other.mode and abs(other.value - amount.value) <= 0.03 * amount.value:
        return False
    if amount.unit in {"percent", "point"} and _BARE.fullmatch(_clause_before(view, amount)):
        return False  # a second rate of the same sum: 环比下跌x，同比下跌y
    near = abs(view.clause[other.start] - view.clause[amount.start]) <= 1
    return not (near and role(view, other) == "from")


def _clause_before(view: View, amount: Amount) -> str:
    start = amount.start
    while start and view.text[start - 1] not in CUTS:
        start -= 1
    return view.text[start : amount.start]


def _clause_ends(text: str, at: int) -> int:
    while at < len(text) and text[at] not in CUTS:
        at += 1
    return at


def items_between(laid: Laid, start: int, end: int) -> Iterator[Item]:
    """The held words of a span of the claim."""
    for word, match in zip(laid.claim.words, laid.matches, strict=True):
        if start <= word.start < end and match.share >= _HELD and match.places:
            yield Item(word.text, word.weight * match.share, match.places)


def items_of(laid: Laid, at: int) -> Iterator[Item]:
    """What stands in the field of an amount, less the farther from it."""
    start, end = field(laid.claim, at)
    clause = laid.claim.clause[laid.claim.amounts[at].start]
    for word, match in zip(laid.claim.words, laid.matches, strict=True):
        if start <= word.start < end and match.share >= _HELD and match.places:
            away = abs(laid.claim.clause[word.start] - clause)
            weight = word.weight * match.share * _FAR**away
            yield Item(word.text, weight, match.places, not away)
    for i, (amount, held) in enumerate(zip(laid.claim.amounts, laid.held, strict=True)):
        if i == at or not start <= amount.start < end or not held.places:
            continue
        if comparable(amount, laid.claim.amounts[at]):
            continue
        away = abs(laid.claim.clause[amount.start] - clause)
        places = [laid.evidence.amounts[j].start for j in held.places]
        yield Item(amount.text, _AMOUNT * _FAR**away, places, not away)


@dataclass(frozen=True, slots=True)
class Head:
    """What holds for an amount from before: ``part`` leads its part of the sentence (between
    semicolons) up to the first amount there, ``opening`` are the clauses that lead the sentence."""

    part: Span
    opening: Span
    lead: Span
    """Of the whole sentence up to its first amount: what tells it from another sentence."""


def head(view: View, amount: Amount) -> Head:
    start = part = amount.start
    while start and view.text[start - 1] not in _ENDS:
        start -= 1
        if view.text[start] == ";" and part == amount.start:
            part = start + 1
    part = start if part == amount.start else part
    counts = [one.start for one in view.amounts if not _when(view, one)]
    firsts = [
        min((at for at in counts if begin <= at <= amount.start), default=amount.start)
        for begin in (part, start)
    ]
    cut = firsts[1]
    while cut > start and view.text[cut - 1] not in CUTS:
        cut -= 1
    return Head((part, firsts[0]), (start, cut), (start, firsts[1]))


def _when(view: View, amount: Amount) -> bool:
    """Whether it says when: a date, or 前7个月."""
    spent = amount.unit in {"months", "years", "days"}
    return amount.unit in DATES or (spent and view.text[amount.start - 1 : amount.start] in _PAST)
