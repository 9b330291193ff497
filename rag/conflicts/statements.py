"""What a sentence states by each of its amounts: of what, for when, and in which of the senses that
make two amounts two things (planned, new, a part, a mean, at most …).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.conflicts.sought import Sought
from rag.conflicts.told import Told
from rag.conflicts.values import Value
from rag.conflicts.wordings import kinds_in, twofold, within, wordings
from rag.verify.amounts import Amount, amounts, plain
from rag.verify.kinds import DATES

_MARK = re.compile(r"[，,;:。!?、()\[\]“”\"《》]")
_CLAUSE = re.compile(r"[，,;:。!?]")
_SENTENCE_END = re.compile(r"[。!?;]")
DATELINE = re.compile(
    r"[^，。]{0,14}?\d{1,2}月\d{1,2}日[^，。]{0,12}(?:消息|电|讯|报道|获悉)[,，]?"
    r"|^据[^，。]{0,20}[,，]"
    r"|[^，。]{0,24}(?:介绍|表示|透露|获悉|了解到|通报|公布|显示|指出|[^名简]称|宣布|测定)(?:说)?[，,:]"
)
"""Who says it, and where from: no part of what is said."""
_RATE = re.compile(r"率|比|占|幅|速|成|指数|份额|[a-z%]|[增涨升降跌减]|提高|百分")
_CHANGE = re.compile(r"[增涨升降跌减调差变]|提高|下滑|扩大|缩|多出|高出|便宜|优惠|幅|速|[a-z]")
"""What asks for a percentage, and for a change."""
_UNTIL = re.compile(r"截[至止到][^，。;]{2,16}?(?:[日月年][底末初]?|[，。;])")
_RELATIVE = {"今年": 0, "本年": 0, "去年": -1, "上年": -1, "前年": -2, "明年": 1}
_YEARS = re.compile(r"(?<!\d)((?:19|20)\d\d)年?(?!\d)|(今年|本年|去年|上年(?!同期)|前年|明年)")
_RANGE = re.compile(r"^(?:至|到|-|~|—|–|～)+$")
_DAY = re.compile(
    r"(?:(?<![\d\-至到~—])\d{1,2}月)?\d{1,2}[日号](?!线|楼)|(?<![\d\-至到~—])\d{1,2}月(?!\d)"
)
_CONTENT = re.compile(r"[a-z\u3400-\u9fff]")
_GOVERN = frozenset({"plan"})
"""Markers that hold for the rest of their sentence."""
_LEADS = frozenset({"delta", "from"})
"""Markers that stand right before their amount."""
_SHARED = re.compile("分别|各有|依次")
"""Amounts that are dealt out to several things: which is whose takes more than their neighbours."""
_MEASURE = re.compile(r" ?(公吨|海里|英尺|英亩|加仑|盎司|桶|笔|宗|单|[a-z]{4,})")
_TEN = 12
"""Characters behind an amount that may still say of what it is."""


@dataclass(frozen=True, slots=True)
class Figures:
    """A text in its plain form with its amounts, and the kind of unit of each."""

    said: str
    amounts: tuple[Amount, ...]
    units: tuple[str, ...]


def read_figures(text: str) -> Figures:
    """The amounts of a text."""
    said = plain(text) + "。"
    found = tuple(amounts(said))
    return Figures(said, found, tuple(unit_of(amount, said) for amount in found))


def amounts_of(told: Told, sought: Sought) -> list[Value]:
    """The amounts by which a sentence may answer, each with what is said of it."""
    figures = read_figures(told.text)
    units = [u for u in figures.units if u in sought.units]
    made = []
    for i in range(len(figures.amounts)):
        unit = figures.units[i]
        if not unit and not re.search("[万亿]", figures.amounts[i].text):
            continue
        if unit in DATES | {"ordinal"} or (sought.units and not _allowed(unit, sought.units)):
            continue
        if value := _stated(figures, i, told.year):
            kinds = _nearest(value)
            fit = _fit(value, kinds, sought, alone=len(units) == 1)
            if fit:
                made.append(replace(value, kinds=kinds, fit=fit))
    return made


def _allowed(unit: str, units: frozenset[str]) -> bool:
    """Whether a unit is of those asked for; 万 without one may be any."""
    return unit in units or not unit or any(unit[0] == asked == "个" for asked in units)


def _nearest(value: Value) -> frozenset[str]:
    """The measure that stands at an amount: the first behind it, else the last before it."""
    behind, before = kinds_in(value.behind, "measures"), kinds_in(value.before, "measures")
    return frozenset(kind.name for kind in (behind[:1] or before[-1:]))


def _fit(value: Value, kinds: frozenset[str], sought: Sought, *, alone: bool) -> float:
    """How surely an amount is what is asked for, in [0, 2]; 0 where it is of another measure."""
    if value.unit == "percent" and not _RATE.search(sought.asked):
        return 0.0
    if ("onmonth" in value.markers) != ("onmonth" in sought.senses):
        return 0.0
    if "delta" in value.markers and not _CHANGE.search(sought.asked):
        return 0.0
    if "plan" in sought.senses - value.markers:
        return 0.0
    if sought.measures and kinds:
        return 2.0 if kinds & sought.measures else 0.0
    about = twofold(value.about)
    if any(within(name, about) for names in sought.focus for name in names):
        return 1.5
    if kinds:
        return 0.0
    if any(within(word, about) for word, _, _ in sought.things):
        return 1.0
    return 0.5 if alone else 0.0


def years_in(text: str, year: str = "") -> list[tuple[int, str]]:
    """(offset, year) of every year named; 今年 by the source's ``year``, as it stands without."""
    found = []
    for match in _YEARS.finditer(text):
        name = match[1] or match[2]
        if match[2] and year.isdigit():
            name = str(int(year) + _RELATIVE[match[2]])
        found.append((match.start(), name))
    return found


def _stated(figures: Figures, i: int, year: str) -> Value | None:
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
    return Value(
        what=amount,
        text=amount.text,
        unit=figures.units[i],
        before=said[start : amount.start],
        behind=said[amount.end : end],
        lead=DATELINE.sub("", said[opening:end]),
        fit=0.0,
        markers=frozenset(
            n
            for n, p in markers
            if p.search(near if n in _LEADS else said[opening:end] if n in _GOVERN else window)
        ),
        years=frozenset(years[-1:]),
        times=times_in(_UNTIL.sub("", DATELINE.sub("", said[opening : amount.start]))),
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


def unit_of(amount: Amount, said: str) -> str:
    """The kind of unit; what is counted belongs to it: 人 for 名 and 位, 个 with the noun behind, and
    a measure or an English noun that is no unit of the list."""
    if not amount.unit:
        measure = _MEASURE.match(said, amount.end)
        return measure[1] if measure else ""
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
