"""Headings, headlines and marks that only their neighbours give away."""

from __future__ import annotations

import re

from rag.text import patterns
from rag.text.continuity import REPORTS, Words, cuts_word, is_cut, open_marks
from rag.text.lines import Kind, Line
from rag.text.patterns import HAN

_MAX_TITLE = 40
_NO_TITLE = re.compile(r"[。；;|\t]|[！？!?](?!$|[”」』])|[，、,：:—-]$|^[，、,。：:）)”」』》%]")
_DATE_LIKE = re.compile(r"[0-9年月日时分秒/\-:：. 星期一二三四五六日第期版]+$")
_LETTER = re.compile(rf"[{HAN}A-Za-z]")
_SUBTITLE = re.compile(r"(?:——|──|--)\s*\S")
_FOLLOWED = frozenset(
    {Kind.TEXT, Kind.DATELINE, Kind.BYLINE, Kind.QUESTION, Kind.CLAUSE, Kind.RESUME}
)


def resolve(text: str, lines: list[Line], words: Words, *, wrapped: int) -> None:
    """Settle in place the kinds that depend on neighbours: headings, headlines, bare bylines.

    ``wrapped`` is the width at which the text is hard-wrapped, 0 where it is not.
    """
    _numbered(lines)
    _titles(text, lines, words, wrapped)
    _answers(text, lines)


def _numbered(lines: list[Line]) -> None:
    """A numbered line right above or below another of its kind is a list's item, no heading."""
    for index, line in enumerate(lines):
        if line.kind is not Kind.HEADING or line.level <= 6:
            continue
        following = lines[index + 1] if index + 1 < len(lines) else None
        before = lines[index - 1] if index else None
        if following is None:
            item = before is not None and before.level == line.level
        else:
            item = following.level == line.level and following.kind in (Kind.HEADING, Kind.LIST)
        item = item or (
            before is not None and before.kind is Kind.LIST and before.level == line.level
        )
        if item:
            line.kind = Kind.LIST


def _titles(text: str, lines: list[Line], words: Words, wrapped: int) -> None:
    index = 0
    while index < len(lines):
        last = index
        while last < len(lines) and last - index < 60 and _could_be_title(text, lines[last]):
            last += 1
        if last == index:
            index += 1
            continue
        _settle_run(text, lines, index, last, words, wrapped)
        index = last


def _settle_run(
    text: str, lines: list[Line], first: int, last: int, words: Words, wrapped: int
) -> None:
    """Mark which of the title-like lines ``first..last-1`` are a headline.

    A headline is what stands right above a byline, a dateline, a subtitle or prose.
    """
    begins = first == 0 or lines[first - 1].kind in (Kind.END, Kind.RESUME, Kind.PAGE)
    names = last - first >= 2 and patterns.is_names(
        text[lines[last - 1].start : lines[last - 1].end]
    )
    if names and last < len(lines) and lines[last].kind is Kind.TEXT and lines[last].prose:
        lines[last - 1].kind = Kind.BYLINE
        last -= 1
    following = lines[last] if last < len(lines) else None
    if following is None:
        return
    has_subtitle = _is_subtitle(text, following)
    article = has_subtitle or following.kind in (Kind.BYLINE, Kind.DATELINE)
    if not article:
        if following.kind is Kind.HEADING:
            if not begins or first:
                return
        elif following.kind not in _FOLLOWED or not following.prose:
            return
    title = lines[last - 1]
    if following.kind is Kind.TEXT and not has_subtitle:
        if is_cut(text, title, following):
            return
        if not _weak_title(text, lines, last - 1, words, wrapped, begins=begins):
            return
    # A headline may have two lines; in a run of loose lines only the last belongs to it.
    count = last - first
    loose = first > 0 and lines[first - 1].kind is Kind.TEXT and not lines[first - 1].terminated
    take = 1
    if count <= 3 and (begins or article) and not loose:
        take = min(count, 3 if first == 0 else 2)
    for line in lines[last - take : last]:
        line.kind = Kind.TITLE
        line.level = 0 if begins or article else 30
    if has_subtitle and following.kind is Kind.TEXT:
        following.kind, following.level = Kind.TITLE, 0


def _could_be_title(text: str, line: Line) -> bool:
    if line.kind is not Kind.TEXT or len(line) > _MAX_TITLE or len(line) < 2 or line.indented:
        return False
    core = text[line.start : line.end].strip("*_ ")
    if _NO_TITLE.search(core) or _DATE_LIKE.match(core) or len(_LETTER.findall(core)) < 2:
        return False
    if line.terminated and core[-1:] not in "？！?!":
        return False
    return not open_marks(text, line.start, line.end)


def _weak_title(
    text: str, lines: list[Line], index: int, words: Words, wrapped: int, *, begins: bool
) -> bool:
    """Whether a title-like line over plain prose, without byline or dateline, is a heading.

    ``begins``: it stands where an article begins, so that a headline is likely.
    """
    line, following = lines[index], lines[index + 1]
    core = text[line.start : line.end].strip("*_ ")
    before = lines[index - 1] if index else None
    if line.terminated or (wrapped and wrapped * 0.85 <= width(text, line)):
        return False
    if cuts_word(text, line, following, words, lax="，" in core or "," in core):
        return False
    halves = [len(part) for part in re.split("[，,]", core)]
    if _parallel(core) or len(halves) == 1:
        pass
    elif (
        len(halves) > 2
        or REPORTS.search(core)
        or (not begins and halves[0] > 5 and abs(halves[0] - halves[1]) > 2)
    ):
        return False
    if begins:
        return True
    if before is not None and before.kind is Kind.TEXT and not before.terminated:
        return False
    return len(following) >= len(line) and (line.stands_apart or len(core) <= 25)


def _parallel(core: str) -> bool:
    """Whether the parts between commas and spaces have one length, as couplets in headings do."""
    parts = [part for part in re.split(r"[，,\s]+", core) if part]
    return len(parts) > 1 and len({len(part) for part in parts}) == 1


def _is_subtitle(text: str, line: Line) -> bool:
    return (
        line.kind is Kind.TEXT
        and len(line) <= SUBTITLE_LENGTH
        and not line.terminated
        and not line.prose
        and _SUBTITLE.match(text, line.start, line.end) is not None
    )


SUBTITLE_LENGTH = 60


def _answers(text: str, lines: list[Line]) -> None:
    """An answer needs a question before it: 答：, A： and 张三： stand in other texts as well."""
    asked = False
    for line in lines:
        if line.kind is Kind.QUESTION:
            asked = True
        elif line.kind is Kind.END:
            asked = False
        elif line.kind is Kind.ANSWER:
            line.kind = Kind.ANSWER if asked else Kind.TEXT
        elif asked and line.kind is Kind.TEXT:
            label = patterns.LABEL.match(text[line.start : line.start + 40].lstrip("*_ "))
            if label is not None and (
                patterns.is_person(label.group(1)) or patterns.is_names(label.group(1))
            ):
                line.kind = Kind.ANSWER


def width(text: str, line: Line) -> int:
    """The width of a line in columns: two for a Chinese character."""
    part = text[line.start : line.end]
    return (len(part.encode("utf-8", "surrogatepass")) + len(part)) // 2
