"""Whether two sentences state the same thing and differ: the same attribute of the same subject for
the same time in the same unit, with values that cannot both be right.

Strict on purpose: a false alarm costs more trust than a missed one. Whatever one sentence says near
its amount must stand in the other or around it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from rag.conflicts.leeway import meet
from rag.conflicts.statements import Statement, may_hold, times_in, years_in
from rag.conflicts.told import Told
from rag.conflicts.wordings import told_plainly, wordings
from rag.verify.amounts import Amount, plain
from rag.verify.gazetteer import HARD, absent
from rag.verify.words import view

_LOCAL, _WHOLE, _BESIDE = 0.65, 0.7, 0.9
"""Shares of the weight of what is said near the one amount that must stand near the other,
anywhere in its sentence or around, and, within one article, in the whole of its sentence."""
_TOUCH = 0.25
"""The least share of pairs of characters that two statements of one thing have in common."""
_SAID = 3
"""Words from which on a sentence says by itself of what its amount is."""
_ONE_TOPIC = 0.4
"""The share of what two articles begin with that they must have in common."""
_DATED = frozenset({"delta", "this", "onmonth", "past"})
"""Senses that hold for the time of the report only: 本月下降 is another month's in the next report."""
_ONE_REPORT = 10
"""Days within which two sources report of one such time."""
_LATIN = re.compile(r"[a-z][a-z0-9]*|\d+[a-z][a-z0-9]*")
_TELLING = 6.5
"""Words from this idf on name who or what it is about: none of them may be missing."""


def disagreeing(
    one: Statement, told: Told, other: Told, asked: Sequence[str] = ()
) -> Statement | None:
    """What ``other`` states against ``one``, which stands in ``told``; None where it does not.
    ``asked`` are the question's words, the most telling first: ``other`` must speak of all that
    ``told`` speaks of."""
    if not (may_hold(other.text, one.unit) and _touches(one, other)):
        return None
    printed = other.figures.of(one.unit)
    if not printed or any(meet(amount, one.amount) for amount in printed):
        return None  # nothing of the kind, or it knows the value, whatever else it says
    if not all(_speaks(word, told, other) for word in asked):
        return None
    own = told.figures.of(one.unit)
    best: tuple[float, Statement] | None = None
    for rival in other.states(printed):
        if rival.markers != one.markers or any(meet(mine, rival.amount) for mine in own):
            continue
        if _reckoned(one, rival, [*own, *printed]):
            continue
        if not _when(one, rival, told, other):
            continue
        same = _same_thing(one, told, rival, other)
        if same and (best is None or same > best[0]):
            best = (same, rival)
    if best is None or not _one_topic(told, other, asked[0] if asked else ""):
        return None
    return best[1]


def _touches(one: Statement, other: Told) -> bool:
    """Whether the other shares any of the writing near the amount: a cheap no for most."""
    near = one.about[: one.at] or one.about
    pairs = {near[i : i + 2] for i in range(len(near) - 1)}
    return sum(pair in other.text for pair in pairs) >= _TOUCH * len(pairs)


def _one_topic(told: Told, other: Told, subject: str) -> bool:
    """Whether two articles may be about one thing: neither of another place, company or issue, and
    much alike in how they begin unless both sentences name the ``subject`` themselves."""
    if told.key == other.key or not (told.topic and other.topic):
        return True
    mine, theirs = told.subject, other.subject
    if (mine.named and theirs.named and not mine.named & theirs.named) or (
        mine.issues and theirs.issues and not mine.issues & theirs.issues
    ):
        return False
    if subject and all(stands(subject, plain(source.text)) for source in (told, other)):
        return True
    begun, begins = (told_plainly(plain(source.topic)) for source in (told, other))
    return min(_held(begun, begins), _held(begins, begun)) >= _ONE_TOPIC


def _speaks(word: str, told: Told, other: Told) -> bool:
    """Whether the other speaks of a word of the question, or need not."""
    plainly = told_plainly(word).strip()
    if not plainly or stands(word, other.whole) or stands(plainly, other.plainly):
        return True
    return not (stands(word, told.whole) or stands(plainly, told.plainly))


def _reckoned(one: Statement, rival: Statement, amounts: Sequence[Amount]) -> bool:
    """Whether the difference is another amount of the two sentences: a part, a sum, a step."""
    step = abs(one.amount.value - rival.amount.value)
    return any(
        amount.value not in (one.amount.value, rival.amount.value)
        and abs(amount.value - step) <= 1e-6 * max(1.0, step)
        for amount in amounts
    )


def _when(one: Statement, rival: Statement, told: Told, other: Told) -> bool:
    """Whether both may speak of one time: the years the same, or that of the source where only one
    is named; days and quarters of the one in the other or around it."""
    if one.years and rival.years:
        if one.years != rival.years:
            return False
    elif not (one.years <= _years_of(other) and rival.years <= _years_of(told)):
        return False
    theirs, mine = rival.times, one.times
    if one.markers & _DATED and not _near_in_time(told, other):
        return False
    if mine and theirs and not mine & theirs:
        return False
    return mine <= theirs | times_in(other.whole) and theirs <= mine | times_in(told.whole)


def _near_in_time(told: Told, other: Told) -> bool:
    """Whether the sources are of about one day, as far as their dates are known."""
    try:
        days = [date.fromisoformat(source.date[:10]) for source in (told, other) if source.date]
    except ValueError:
        return True
    return len(days) < 2 or abs((days[0] - days[1]).days) <= _ONE_REPORT


def _years_of(told: Told) -> set[str]:
    """The years that a sentence without one may speak of: its source's, else the one around it."""
    if told.year:
        return {told.year}
    years = {name for _, name in years_in(told.whole)}
    return years if len(years) == 1 else set()


def _elsewhere(one: Statement, other: Told) -> bool:
    """Whether ``one`` names a place, company or body that the other does not speak of."""
    return any(
        name.name.kind in HARD and (not name.around or name.rival)
        for name in absent(one.lead, plain(other.text), plain(other.context))
    )


def _same_thing(one: Statement, told: Told, rival: Statement, other: Told) -> float:
    """How much of what is said near the amounts is the same, in [0, 1]; 0 where too little."""
    if not (_of_one_kind(one, rival) and _of_one_kind(rival, one)):
        return 0.0
    mine, theirs = told_plainly(one.lead), told_plainly(rival.lead)
    if not (_models(mine) <= _models(other.plainly) and _models(theirs) <= _models(told.plainly)):
        return 0.0
    if not (_contrasts(one) <= set(rival.lead) and _contrasts(rival) <= set(one.lead)):
        return 0.0
    local = min(_held(told_plainly(one.about), theirs), _held(told_plainly(rival.about), mine))
    if local < _LOCAL or _elsewhere(one, other) or _elsewhere(rival, told):
        return 0.0
    if told.key == other.key and not _in_full(mine, theirs):
        return 0.0
    return local if _known(mine, other.plainly) and _known(theirs, told.plainly) else 0.0


def _in_full(mine: str, theirs: str) -> bool:
    """Whether two sentences of one article say in full, and alike, of what their amounts are: it
    seldom contradicts itself, and often goes on to the next of a kind."""
    said = min(len(view((text,)).words) for text in (mine, theirs))
    return said >= _SAID and min(_held(mine, theirs), _held(theirs, mine)) >= _BESIDE


def _of_one_kind(one: Statement, rival: Statement) -> bool:
    """Whether what stands at the one amount, behind it or last before it, stands near the other:
    62人死亡 is not what 118人受伤 is."""
    near = told_plainly(rival.about)
    behind = view((told_plainly(one.about[one.at + len(one.amount.text) :]),)).words
    if behind:
        return all(stands(word.text, near) for word in behind[:1])
    before = view((told_plainly(one.about[: one.at]),)).words
    return not before or stands(before[-1].text, near)


def _contrasts(one: Statement) -> frozenset[str]:
    """The characters near the amount that tell one of several: 甲标段, 第一产业, 男队."""
    near = one.about[: one.at] + one.about[one.at + len(one.amount.text) :]
    return wordings().contrasts & frozenset(told_plainly(near))


def _models(text: str) -> set[str]:
    """Latin names and model numbers: an X5 is no X5 Pro."""
    return set(_LATIN.findall(text))


def _held(mine: str, theirs: str) -> float:
    words = view((mine,)).words
    total = sum(word.weight for word in words)
    held = sum(word.weight for word in words if stands(word.text, theirs))
    return held / total if total else 0.0


def _known(mine: str, there: str) -> bool:
    """Whether the words of one stand in the other text: most of all, and each that names."""
    words = view((mine,)).words
    lacking = [word.weight for word in words if not stands(word.text, there)]
    if any(weight >= _TELLING for weight in lacking):
        return False
    return sum(lacking) <= (1 - _WHOLE) * sum(word.weight for word in words)


def stands(word: str, text: str) -> bool:
    """Whether a text holds a word, or most of its pairs of characters."""
    if word in text:
        return True
    if word.isascii() or len(word) < 3:
        return False
    if len(word) > 4 and (word[2:] in text or word[:-2] in text):
        return True  # the tokens of 项目总投资 and 总投资 begin elsewhere
    pairs = [word[i : i + 2] for i in range(len(word) - 1)]
    return sum(pair in text for pair in pairs) >= 0.6 * len(pairs)
