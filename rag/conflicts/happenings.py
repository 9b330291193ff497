"""When something came about, as a sentence tells it: 成立于1958年, 1962年创立."""

from __future__ import annotations

import re

from rag.conflicts.moments import Moment, moments
from rag.conflicts.sought import Sought
from rag.conflicts.statements import DATELINE
from rag.conflicts.told import Told
from rag.conflicts.values import Value
from rag.conflicts.wordings import kinds_in

_MARK = re.compile(r"[，,;。!?、()\"“”《》\n]|(?<!\d):|:(?!\d)")
_PLAN = re.compile(r"拟(?!于)|预计|预定|计划|有望|力争|争取|可能")
_MOVED = re.compile(
    r"推迟|延误|延期|提前|改期|改为|改至|改在|调整|顺延|取消|重新|再次|曾|原定|一说|又说"
)
_LIVED = re.compile(
    r"(?P<who>[\u3400-\u9fff·]{2,8})\((?P<born>1\d{3}|20\d\d)年?[^)\d]{0,4}(?:\d{1,2}月(?:\d{1,2}日)?)?"
    r"(?:-|—|–|~|至)+(?P<died>1\d{3}|20\d\d)年?"
)
_FAR = 24
"""Characters between a moment and the word of what happened."""
_END = re.compile(r"结束|截止|为止|闭幕|停止|关门|打烊|到几|至几")
_HOURS = re.compile(r"时间(?:为|是|:)?$")
_TO = re.compile(r"^(?:至|到|，到|，至|-|—|–|~)+$")
_ASKS_ONLY = re.compile(r"(?:是|在|到)?(?:哪一?[天日]|几[号日]|什么时候|何时|什么时间)[?？]?$")
_GENERAL = "举行"
"""The kind of what has no word of its own."""


def moments_of(told: Told, sought: Sought) -> list[Value]:
    """What a sentence says came about when, of the kind that is asked for."""
    said = told.said
    if _MOVED.search(said):
        return []
    general = frozenset({_GENERAL} if _ASKS_ONLY.search(sought.asked) else ())
    wanted = sought.events or general
    found = [value for value in _lived(said) if value.kinds & wanted]
    whens = moments(said, told.year)
    late = _END.search(sought.asked) is not None
    for i, when in enumerate(whens):
        if _ranged(said, whens, i, late=late):
            continue
        start, end = _clause(said, whens, i)
        first = whens[i - 1].start if late and i and _between(said, whens, i) else when.start
        start = min(start, max((m.end() for m in _MARK.finditer(said, 0, first)), default=0))
        before, behind = said[start:first], said[when.end : end]
        held = _happened(before, behind)
        if when.hour >= 0 and _HOURS.search(before):
            held = wanted  # 开放时间为9:00至17:00 says when it begins and when it ends
        if not held & wanted:
            continue
        opening = max((said.rfind(mark, 0, when.start) for mark in "。!?\n"), default=-1) + 1
        plan = _PLAN.search(said[opening:end])
        found.append(
            Value(
                what=when,
                text=when.text,
                unit="when",
                before=before,
                behind=behind,
                lead=DATELINE.sub("", said[opening:end]),
                fit=2.0,
                kinds=held & wanted,
                markers=frozenset({"plan"} if plan else ()),
            )
        )
    return found


def _happened(before: str, behind: str) -> frozenset[str]:
    """The kind of what happened at a moment: by the word nearest behind it, else before."""
    after = [kind for kind in kinds_in(behind, "events") if kind.start <= _FAR]
    ahead = [kind for kind in kinds_in(before, "events") if len(before) - kind.end <= _FAR]
    return frozenset(kind.name for kind in (after[:1] or ahead[-1:]))


def _clause(said: str, whens: list[Moment], i: int) -> tuple[int, int]:
    """The stretch around a moment between marks and other moments; with the clause behind where
    the moment stands alone."""
    when = whens[i]
    start = max((m.end() for m in _MARK.finditer(said, 0, when.start)), default=0)
    if i and whens[i - 1].end > start and not _TO.match(said[whens[i - 1].end : when.start]):
        start = whens[i - 1].end
    ends = [m.start() for m in _MARK.finditer(said, when.end)]
    end = ends[0] if ends else len(said)
    if not kinds_in(said[start : when.start] + said[when.end : end], "events"):
        end = ends[1] if len(ends) > 1 and said[ends[0]] == "，" else end
    if i + 1 < len(whens) and whens[i + 1].start < end:
        end = whens[i + 1].start
    return start, end


def _ranged(said: str, whens: list[Moment], i: int, *, late: bool) -> bool:
    """Whether it is the end of a range that is not asked for."""
    if late:
        return i + 1 < len(whens) and _between(said, whens, i + 1)
    return i > 0 and _between(said, whens, i)


def _between(said: str, whens: list[Moment], i: int) -> bool:
    """Whether a moment ends a range that begins with the one before it."""
    return _TO.match(said[whens[i - 1].end : whens[i].start]) is not None


def _lived(said: str) -> list[Value]:
    """陈望亭(1893-1961): born and died."""
    return [
        Value(when, match[name], "when", match["who"], "", match["who"], 2.0, frozenset({kind}))
        for match in _LIVED.finditer(said)
        for name, kind in (("born", "出生"), ("died", "去世"))
        for when in moments(match[name] + "年")
    ]
