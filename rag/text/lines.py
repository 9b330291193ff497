"""Physical lines and what each looks like by itself; its neighbours are judged in headings.py."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from rag.text import patterns

SHORT = 60
"""Characters beyond which a line is no heading, byline or mark of an article's end."""


class Kind(Enum):
    """What a line is."""

    TEXT = auto()
    HEADING = auto()  # by Markdown or by number; ``level`` says how deep
    TITLE = auto()  # a newspaper's headline: known by its neighbours
    BYLINE = auto()
    DATELINE = auto()  # text that begins with 本报讯 or 新华社…电
    END = auto()  # the mark that closes an article
    RESUME = auto()  # 上接01版
    CAPTION = auto()
    LIST = auto()
    TABLE = auto()
    PAGE = auto()  # a page number
    QUESTION = auto()
    ANSWER = auto()
    CLAUSE = auto()  # 第三条 of a law: text with its own number


@dataclass(slots=True)
class Line:
    """A non-blank line. ``[start, end)`` is without white space and markers at its edges."""

    begin: int
    """Where the line begins, its indentation and markers included."""
    start: int
    end: int
    kind: Kind = Kind.TEXT
    level: int = 0
    stands_apart: bool = False
    """A blank line is above it."""
    indented: bool = False
    """It begins with two ideographic spaces: a new paragraph."""
    terminated: bool = False
    """It ends as a sentence or a lead-in does."""
    prose: bool = False
    """It holds the end of a sentence somewhere."""

    def __len__(self) -> int:
        return self.end - self.start


def lines_of(text: str, start: int = 0, end: int | None = None) -> list[Line]:
    """The non-blank lines of ``text[start:end]``, in order, each classified by itself."""
    return list(_lines(text, start, len(text) if end is None else end))


def _lines(text: str, start: int, end: int) -> Iterator[Line]:
    last = -1
    for match in patterns.LINE.finditer(text, start, end):
        raw = match.group()
        core = raw.strip(patterns.BLANK)
        if not core:
            continue
        begin = match.start()
        first = begin + len(raw) - len(raw.lstrip(patterns.BLANK))
        line = Line(begin, first, first + len(core))
        line.stands_apart = last < 0 or _breaks(text, last, begin) > 1
        line.indented = "\u3000\u3000" in raw[: first - begin]
        last = match.end()
        if len(core) <= SHORT and patterns.PAGE.match(core):
            line.kind = Kind.PAGE
        else:
            _classify(line, text)
        yield line


def _breaks(text: str, start: int, end: int) -> int:
    """How many line breaks stand in a stretch of white space, two at most; \\r\\n is one."""
    gap = text[start : min(end, start + 400)]
    if gap in ("\n", "\r\n"):
        return 1
    return len(patterns.NEWLINE.findall(gap))


def _classify(line: Line, text: str) -> None:
    marker = patterns.MARKER.match(text, line.start, line.end)
    mark = ""
    if marker is not None and marker.end() < line.end:
        mark = marker.group().strip()
        line.start = marker.end()
    tail = text[max(line.start, line.end - 12) : line.end]
    line.terminated = patterns.TERMINATED.search(tail) is not None
    line.prose = (
        line.terminated or patterns.SENTENCE_END.search(text, line.start, line.end) is not None
    )
    if mark.startswith("#"):
        line.kind, line.level = Kind.HEADING, len(mark)
        return
    _classify_core(line, text[line.start : min(line.end, line.start + 300)].strip("*_ "), mark)


def _classify_core(line: Line, core: str, mark: str) -> None:
    """Set the kind; ``core`` is the line's beginning, without emphasis."""
    short = len(line) <= SHORT
    if patterns.TABLE.search(core):
        line.kind = Kind.TABLE
    elif short and patterns.RESUME.match(core):
        line.kind = Kind.RESUME
    elif short and patterns.is_article_end(core):
        line.kind = Kind.END
    elif short and patterns.is_byline(core, mark):
        line.kind = Kind.BYLINE
    elif len(line) <= 200 and patterns.CAPTION.search(core):
        line.kind = Kind.CAPTION
    elif mark and mark in patterns.LIST_MARKS:
        line.kind = Kind.LIST
    elif patterns.DATELINE.match(core):
        line.kind = Kind.DATELINE
    elif patterns.QUESTION.match(core):
        line.kind = Kind.QUESTION
    elif patterns.ANSWER.match(core):
        line.kind = Kind.ANSWER
    elif patterns.CLAUSE.match(core):
        line.kind, line.level = Kind.CLAUSE, patterns.CLAUSE_LEVEL
    else:
        line.level = patterns.numbered_level(core)
        if line.level:
            heading = len(line) <= 50 and not patterns.SENTENCE_END.search(core)
            line.kind = Kind.HEADING if heading else Kind.LIST
