"""What a sentence states by each of its amounts: of what, for when, and in which of the senses that
make two amounts two things (planned, new, a part, a mean, at most …).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.conflicts.wordings import wordings
from rag.verify.amounts import Amount, amounts, plain
from rag.verify.kinds import DATES

_MARK = re.compile(r"[，,;:。!?、()\[\]“”\"《》]")
_CLAUSE = re.compile(r"[，,;:。!?]")
_SENTENCE_END = re.compile(r"[。!?;]")
_DATELINE = re.compile(
    r"[^，。]{0,14}?\d{1,2}月\d{1,2}日[^，。]{0,12}(?:消息|电|讯|报道|获悉)[,，]?"
    r"|^据[^，。]{0,20}[,，]"
    r"|[^，。]{0,24}(?:介绍|表示|透露|获悉|了解到|通报|公布|显示|指出|[^名简]称|宣布|测定)(?:说)?[，,:]"
)
"""Who says it, and where from: no part of what is said."""
_RELATIVE = {"今年": 0, "本年": 0, "去年": -1, "上年": -1, "前年": -2, "明年": 1}
_YEARS = re.compile(r"(?<!\d)((?:19|20)\d\d)年?(?!\d)|(今年|本年|去年|上年(?!同期)|前年|明年)")
_RANGE = re.compile(r"^(?:至|到|-|~|—|–|～)+$")
_DAY = re.compile(
    r"(?:(?<![\d\-至到~—])\d{1,2}月)?\d{1,2}[日号](?!线|楼)|(?<![\d\-至到~—])\d{1,2}月(?!\d)"
)
_CONTENT = re.compile(r"[a-z\u3400-\u9fff]")
_GOVERN = frozenset({"this", "plan"})
"""Markers that hold for the rest of their sentence."""
_SHARED = re.compile("分别|各有|依次")
"""Amounts that are dealt out to several things: which is whose takes more than their neighbours."""
_TEN = 12
"""Characters behind an amount that may still say of what it is."""


@dataclass(frozen=True, slots=True)
class Statement:
    """An amount and what is said of it.

    ``about`` is the stretch around it that names what it is of, ``lead`` the sentence up to its
    end; ``markers`` are the senses, ``years`` the governing year (or none), ``times`` other
    wordings of when. All in the plain text.
    """

    amount: Amount
    unit: str
    about: str
    lead: str
    markers: frozenset[str]
    years: frozenset[str]
    times: frozenset[str]
    at: int
    """Where the amount stands within ``about``."""


@dataclass(frozen=True, slots=True)
class Figures:
    """A text in its plain form with its amounts, and the kind of unit of each."""

    said: str
    amounts: tuple[Amount, ...]
    units: tuple[str, ...]

    def of(self, unit: str) -> list[Amount]:
        """The amounts of a unit."""
        return [a for a, kind in zip(self.amounts, self.units, strict=True) if kind == unit]


def read_figures(text: str) -> Figures:
    """The amounts of a text."""
    said = plain(text) + "。"
    found = tuple(amounts(said))
    return Figures(said, found, tuple(unit_of(amount, said) for amount in found))


def statements(figures: Figures, wanted: Sequence[Amount], year: str = "") -> list[Statement]:
    """One for each of the ``wanted`` amounts that says how much, and of what; ``year`` is that of
    the source, for 今年."""
    return [
        made
        for i, amount in enumerate(figures.amounts)
        if amount in wanted
        and figures.units[i] not in DATES | {"", "ordinal"}
        and (made := _stated(figures, i, year))
    ]


_WRITTEN = {"percent": "%％成分半", "yuan": "元块币毛角", "dollar": "元", "人": "人名位"}
"""Characters one of which a text must have to hold an amount of the unit."""


def may_hold(text: str, unit: str) -> bool:
    """Whether a text could hold an amount of the unit: a cheap no for most."""
    letters = _WRITTEN.get(unit, unit[0] if unit and not unit[0].isascii() else "")
    return not letters or any(letter in text for letter in letters)


def years_in(text: str, year: str = "") -> list[tuple[int, str]]:
    """(offset, year) of every year named; 今年 by the source's ``year``, as it stands without."""
    found = []
    for match in _YEARS.finditer(text):
        name = match[1] or match[2]
        if match[2] and year.isdigit():
            name = str(int(year) + _RELATIVE[match[2]])
        found.append((match.start(), name))
    return found


def _stated(figures: Figures, i: int, year: str) -> Statement | None:
    said, found = figures.said, figures.amounts
    amount = found[i]
    opening = _last(_SENTENCE_END, said, amount.start)
    start, end = _reach(said, found, i)
    if _ranged(said, found, i) or _SHARED.search(said[opening:end]):
        return None
    while not _names(said[start : amount.start], said[amount.end : end]):
        # 营收再创新高，同比增长11%: a clause before names it.
        if start <= opening:
            return None
        start = max(opening, _last(_CLAUSE, said, start - 1))
    clause = min(start, _last(_CLAUSE, said, amount.start))
    window = said[clause : amount.start] + said[amount.end : end][:6]
    near = said[max(start, amount.start - 14) : amount.start]
    markers = wordings().markers.items()
    years = [name for at, name in years_in(said[:end], year) if at >= opening]
    return Statement(
        amount=amount,
        unit=figures.units[i],
        about=said[start:end],
        lead=_DATELINE.sub("", said[opening:end]),
        markers=frozenset(
            n
            for n, p in markers
            if p.search(near if n == "delta" else said[opening:end] if n in _GOVERN else window)
        ),
        years=frozenset(years[-1:]),
        times=times_in(_DATELINE.sub("", said[opening : amount.start])),
        at=amount.start - start,
    )


def _names(before: str, after: str) -> bool:
    """Whether a stretch says of what its amount is: it is no mere comparison, and more than
    verbs and adverbs is left of it."""
    if wordings().dependent.match(before):
        return False
    rest = wordings().generic.sub("", re.sub(r"\d+[^，。]?", "", before + after))
    return len(_CONTENT.findall(rest)) >= 2


def times_in(text: str) -> frozenset[str]:
    """The wordings of when but for years."""
    return frozenset([*wordings().periods.findall(text), *_DAY.findall(text)])


def issues_in(text: str) -> frozenset[str]:
    """Which one of a series a text is of: 第八届, 第23196期."""
    return frozenset(wordings().issues.findall(text))


def unit_of(amount: Amount, said: str) -> str:
    """The kind of unit; what is counted belongs to it: 人 for 名 and 位, 个 with the noun behind."""
    if amount.unit != "counter":
        return amount.unit
    last = amount.text.strip().rstrip("多余来几")[-1:]
    if last in "名位人":
        return "人"
    if last in "个":
        noun = re.match(r"[\u3400-\u9fff]{2}", said[amount.end : amount.end + 2])
        return last + (noun[0] if noun else "")
    return last


def _ranged(said: str, found: Sequence[Amount], i: int) -> bool:
    """Whether it is an end of a range, or one of several that are one amount (8个月零3天)."""
    for j in (i - 1, i + 1):
        if 0 <= j < len(found):
            low, high = sorted((found[i], found[j]), key=lambda a: a.start)
            if _RANGE.fullmatch(said[low.end : high.start]):
                return True
    return False


def _reach(said: str, found: Sequence[Amount], i: int) -> tuple[int, int]:
    """The stretch between the marks and the amounts on both sides."""
    amount = found[i]
    start = _last(_MARK, said, amount.start)
    end = _MARK.search(said, amount.end)
    stop = min(end.start() if end else len(said), amount.end + _TEN)
    for other in found:
        if other.unit in DATES or other is amount:
            continue
        if other.end <= amount.start:
            start = max(start, other.end)
        elif other.start >= amount.end:
            stop = min(stop, other.start)
    return start, stop


def _last(pattern: re.Pattern[str], text: str, before: int) -> int:
    end = 0
    for match in pattern.finditer(text, 0, before):
        end = match.end()
    return end


def subject_of(statement: Statement) -> str:
    """What the amount is of, in the sentence's words; "" where they do not say."""
    before = statement.about[: statement.at]
    return wordings().rounding.sub("", before).strip(" 的")[-28:]
