"""Whether two sources state values of one thing: nothing that they say makes them two.

What one says and the other leaves out is no difference; what both say otherwise is, and so is what
makes one of the two narrower (a part, a plan, a mean, a kind of what is asked for).
"""

from __future__ import annotations

import re
from functools import lru_cache

from rag.conflicts.moments import Moment, apart, moments
from rag.conflicts.reckoned import reckoned
from rag.conflicts.sought import Sought, share
from rag.conflicts.told import Told, elsewhere, near_in_time, one_kind, one_topic
from rag.conflicts.values import Value
from rag.conflicts.wordings import kinds_in, twofold, unified, within, wordings
from rag.verify.words import Word, view

_PASSING = re.compile(
    r"[昨今][天日晚晨早]|前天|当[天日晚]|凌晨|午后|(?:\d{1,2}月)?\d{1,2}[日号]|\d{1,2}点|目前"
)
"""When it came about or was told, not for what time it holds."""
_UNTIL = re.compile(r"截[至止到]([^，。;]{2,16})")
_LAST = frozenset({"去年", "上年", "前年"})
_LAST_YEAR = re.compile("|".join(sorted(_LAST)))
_END = re.compile(r"[底末初]")
_DAYS = {"office": 370, "dated": 45, "run": 60, "delta": 10}
"""Days within which two reports may be of one time, where they name none: of who holds an office,
of what changes, of what happens again, of a change."""
_FOREIGN = 4.0
"""The idf from which on a word right before what is measured makes it another."""
_EITHER = frozenset({"mean", "day", "max", "min", "whole", "share", "onmonth"})
"""Senses that the other source may leave out where the question says them."""
_GROWING = frozenset({"死亡", "受伤", "失踪", "被困", "转移", "获救"})
"""Measures that are counted on while a thing goes on."""
_LATIN = re.compile(r"[a-z][a-z0-9\-]+|\d+[a-z][a-z0-9\-]*")
_PROPER = re.compile(
    r"((?:(?![这该本我其们全各此去在到从于了])[\u3400-\u9fff]){2})(?:省|市|县|镇|村|大学|公司|集团|银行|医院)(?![场民值委长面政内]|现)"
)
"""Models and what has a name of its own."""
_NOW = re.compile(r"现有|目前|如今|现在|现已")
_POINTS = re.compile(r"[a-z0-9这该此本各其那全]")
"""How a word begins that says which, or is no word of its own."""


def one_thing(one: Value, told: Told, rival: Value, other: Told, sought: Sought) -> bool:
    """Whether two comparable values of two sources may be of one thing, the one asked for."""
    senses = (one.markers ^ rival.markers) - (sought.senses & _EITHER)
    if one.kinds & rival.kinds & wordings().fixed:
        senses -= {"will"}
    if told.doc == other.doc or senses:
        return False
    specific = sought.specific(told.said, other.said)
    if not _of_one_measure(one, rival, sought) or not (specific or one_topic(told, other)):
        return False
    named = all(share(sought.things, s.all_told) == 1.0 for s in (told, other))
    lasting = isinstance(one.what, str) or "去世" in one.kinds or "出生" in one.kinds
    if not (named and lasting) and not one_kind(told, other, one.beside | rival.beside):
        return False
    if not _one_time(one, told, rival, other, sought) or reckoned(one, told, rival, other):
        return False
    return not any(
        _narrower(value, twofold(against.about), there, sought) or elsewhere(_lead(value), there)
        for value, against, there in ((one, rival, other), (rival, one, told))
    )


def _lead(value: Value) -> str:
    """What may name another place: of what came about once, what stands before the moment."""
    once = isinstance(value.what, Moment) and value.kinds & wordings().once
    return value.before if once else value.lead


def _of_one_measure(one: Value, rival: Value, sought: Sought) -> bool:
    """Whether both are of one measure, event or role, or, where none is known, of what is asked."""
    if one.kinds and rival.kinds:
        return bool(one.kinds & rival.kinds)
    if sought.units and min(one.fit, rival.fit) >= 1.0:
        return True
    things = [{word} | others for word, others, _ in sought.things]
    return any(
        all(any(name in value.about for name in names) for value in (one, rival))
        for names in (*sought.focus, *things)
    )


def _one_time(one: Value, told: Told, rival: Value, other: Told, sought: Sought) -> bool:
    """Whether both may hold for one time."""
    if told.issues and other.issues and told.issues != other.issues:
        return False
    kinds = one.kinds & rival.kinds
    if isinstance(one.what, Moment):
        if kinds & wordings().once:
            return True
        years = _years(one, told), _years(rival, other)
        return (not all(years) or years[0] == years[1]) and near_in_time(told, other, _DAYS["run"])
    if kinds & wordings().fixed:
        return True
    if not _one_year(one, told, rival, other, sought):
        return False
    for value, source in ((one, other), (rival, told)):
        known = f"{sought.text} {source.all_told}"
        if any(not _PASSING.fullmatch(t) and t not in known for t in value.times):
            return False
    growing = bool(kinds & _GROWING)
    if _days_apart(_days(one, told, growing), _days(rival, other, growing)):
        return False
    if _until_apart(told, other):
        return False
    if isinstance(one.what, str):
        office = one.kinds & wordings().offices
        return near_in_time(told, other, _DAYS["office"]) if office or not one.years else True
    if one.years and rival.years and "delta" not in one.markers:
        return True
    return near_in_time(told, other, _DAYS["delta" if "delta" in one.markers else "dated"])


def _years(value: Value, source: Told) -> int:
    """The year of a moment, else of its source; 0 where neither is known."""
    return (isinstance(value.what, Moment) and value.what.year) or int(source.year or 0)


def _one_year(one: Value, told: Told, rival: Value, other: Told, sought: Sought) -> bool:
    """Whether no two years are said; the source's is that of what names none."""
    years = [
        {year for year in value.years if year.isdigit()} or ({source.year} - {""})
        for value, source in ((one, told), (rival, other))
    ]
    if all(years) and not years[0] & years[1]:
        return False
    if any(
        mine and not theirs and _NOW.search(value.lead)
        for mine, theirs, value in ((years[0], years[1], rival), (years[1], years[0], one))
    ):
        return False
    named = [{year for year in value.years if not year.isdigit()} for value in (one, rival)]
    if all(named) and named[0] != named[1]:
        return False
    for mine, theirs, dated in ((named[0], named[1], years[1]), (named[1], named[0], years[0])):
        if mine & _LAST and not (theirs or dated or mine & set(_LAST_YEAR.findall(sought.asked))):
            return False
    return all(not (said and sought.years) or bool(said & sought.years) for said in years)


def _days(value: Value, source: Told, growing: bool) -> list[Moment]:
    """The days of which a value is; for what grows from report to report all that are named."""
    texts = (source.all_told,) if growing else value.times
    return [when for text in texts for when in moments(text) if when.day]


def _days_apart(mine: list[Moment], theirs: list[Moment]) -> bool:
    """Whether both are of a day, and of another."""
    return bool(mine and theirs) and all(apart(one, other) for one in mine for other in theirs)


def _until_apart(told: Told, other: Told) -> bool:
    """Whether both say up to when they count, and say otherwise."""
    found = [
        [when for text in _UNTIL.findall(source.said) for when in moments(_END.sub("", text))]
        for source in (told, other)
    ]
    return any(apart(mine, theirs) for mine in found[0] for theirs in found[1])


def _narrower(value: Value, against: str, other: Told, sought: Sought) -> bool:
    """Whether a value is of another thing or a kind of what is asked for: 家庭市场收入 is not 收入,
    an X5 Pro no X5, and the men's is not the race."""
    known = f"{sought.text} {against} {twofold(other.said)}"
    around = f"{known} {other.all_told}"
    names = [*_LATIN.findall(value.before), *_PROPER.findall(value.before)]
    names += wordings().contrasts.findall(value.about)
    if not sought.asked.isascii() and any(unified(name) not in around for name in names):
        return True
    return any(
        word.weight >= _FOREIGN
        and len(word.text) > 1
        and not _POINTS.match(word.text)
        and not wordings().idle.fullmatch(word.text)
        and not within(word.text, known)
        for word in _modifiers(value, sought)
    )


def _modifiers(value: Value, sought: Sought) -> list[Word]:
    """The words right before the word of what is measured; those beside what came about: before it
    where it stands before its moment, else behind it."""
    table = "events" if isinstance(value.what, Moment) else "measures"
    found: list[Word] = []
    for text in (value.before, value.behind):
        held = [k for k in kinds_in(text, table) if k.name in value.kinds]
        words = _words(text)
        if table == "events" and text is value.behind:
            found += [w for w in words if any(w.start == k.end for k in held)]
            continue
        starts = {kind.start for kind in held}
        if not value.kinds and value.unit == "percent":
            names = {n for names in sought.focus for n in names} | {w for w, _, _ in sought.things}
            starts = {text.find(name) for name in names}
        found += [_whole(w, text) for w in words if w.start + len(w.text) in starts]
    return found


def _whole(word: Word, text: str) -> Word:
    """A word with the character before it, where it has but one: what the dictionary does not know
    is cut into characters."""
    start = max(0, word.start - 1)
    if len(word.text) > 1 or wordings().idle.fullmatch(word.text) or start == word.start:
        return word
    return Word(text[start : word.start] + word.text, start, word.end, word.weight, -1)


@lru_cache(maxsize=512)
def _words(text: str) -> tuple[Word, ...]:
    return view((text,)).words
