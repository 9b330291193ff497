"""Paragraphs: lines put together again where a page, a column or a wrapping cut them."""

from __future__ import annotations

from dataclasses import dataclass

from rag.text import headings
from rag.text.continuity import (
    REPORTS,
    Words,
    cuts_number,
    cuts_word,
    is_cut,
    open_marks,
    starts_anew,
)
from rag.text.lines import Kind, Line, lines_of

_GOES_ON = frozenset({Kind.TEXT, Kind.DATELINE, Kind.QUESTION, Kind.ANSWER, Kind.LIST, Kind.CLAUSE})
_WIDEST = 130
_FEWEST = 4


@dataclass(frozen=True, slots=True)
class Layout:
    """The lines of a text and which of them go on: ``joined[i]``: with the next real one."""

    lines: list[Line]
    joined: list[bool]


def layout(text: str, start: int = 0, end: int | None = None) -> Layout:
    """Classify the lines of ``text[start:end]`` and join those that a break cut."""
    end = len(text) if end is None else end
    lines = lines_of(text, start, end)
    if not lines or (len(lines) == 1 and lines[0].kind is Kind.TEXT):
        return Layout(lines, [False] * len(lines))
    words = Words(text, start, end)
    wrapped = wrapping(text, lines)
    headings.resolve(text, lines, words, wrapped=wrapped)
    return Layout(lines, _joins(text, lines, words, wrapped))


def wrapping(text: str, lines: list[Line]) -> int:
    """The width in columns at which the text is hard-wrapped; 0 where it is not.

    It is wrapped where a good part of the lines break off, without a sentence's end, at nearly
    the width that the widest have.
    """
    open_ended = [line for line in lines if not line.terminated and line.kind is Kind.TEXT]
    if len(lines) < _FEWEST or len(open_ended) < 3 or len(open_ended) * 4 < len(lines):
        return 0
    widths = sorted(headings.width(text, line) if len(line) <= _WIDEST else 999 for line in lines)
    widest = widths[min(len(widths) - 1, int(len(widths) * 0.9))]
    if not 20 <= widest <= _WIDEST:
        return 0
    full = sum(
        len(line) <= _WIDEST and widest * 0.85 <= headings.width(text, line) <= widest * 1.15
        for line in open_ended
    )
    return widest if full >= 3 and full * 4 >= len(lines) else 0


def _joins(text: str, lines: list[Line], words: Words, wrapped: int) -> list[bool]:
    joined = [False] * len(lines)
    following = _next_lines(lines)
    ends = _ends_ahead(lines, following)
    untidy = not wrapped and _untidy(lines)
    stack = ""
    for index, line in enumerate(lines):
        successor = following[index]
        if successor < 0 or line.kind is Kind.PAGE:
            if line.kind is not Kind.PAGE:
                stack = ""
            continue
        second = lines[successor]
        loose = (
            index > 0
            and lines[index - 1].kind is Kind.TEXT
            and not lines[index - 1].terminated
            and not joined[index - 1]
        )
        if cuts_number(text, line, second):
            joined[index] = True
        elif not line.terminated and not starts_anew(text, second):
            joined[index] = ends[successor] and (
                is_cut(text, line, second, stack)
                or (bool(wrapped) and _fills(text, line, wrapped))
                or (not untidy and not loose and _breaks_off(text, line, second, words))
            )
        if joined[index]:
            begin = max(line.start, line.end - 600)
            stack = open_marks(text, begin, line.end, stack)
        else:
            stack = ""
    return joined


def _next_lines(lines: list[Line]) -> list[int]:
    """For each line that could go on, the line it could go on in; -1 where there is none."""
    following = [-1] * len(lines)
    last = -1  # the nearest line below that is no page number
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index]
        if line.kind in _GOES_ON and last >= 0 and lines[last].kind is Kind.TEXT:
            following[index] = last
        if line.kind is not Kind.PAGE:
            last = index
    return following


def _ends_ahead(lines: list[Line], following: list[int]) -> list[bool]:
    """Whether a line, or one it could go on in without a gap, holds the end of a sentence."""
    ends = [False] * len(lines)
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index]
        ends[index] = line.prose or (following[index] >= 0 and ends[following[index]])
        if not line.prose and following[index] < 0 and index == len(lines) - 1 and len(line) > 60:
            ends[index] = True  # the document itself breaks off here
    return ends


def _untidy(lines: list[Line]) -> bool:
    """Whether paragraphs commonly end without a full stop, so that its lack says nothing."""
    prose = [line for line in lines if line.kind in _GOES_ON and line.prose]
    return len(prose) >= 6 and sum(line.terminated for line in prose) * 3 < len(prose)


def _fills(text: str, line: Line, wrapped: int) -> bool:
    return len(line) <= _WIDEST and headings.width(text, line) >= wrapped * 0.85


def _breaks_off(text: str, line: Line, second: Line, words: Words) -> bool:
    """Whether running prose stops in mid-sentence: it has sentences or clauses and no end."""
    if line.prose or len(line) >= 40:
        return True
    if line.kind is Kind.LIST:
        return False
    commas = any(text.find(comma, line.start, line.end) >= 0 for comma in "，,")
    if commas and (len(line) >= 20 or REPORTS.search(text, line.start, line.end)):
        return True
    return len(line) >= 8 and cuts_word(text, line, second, words, lax=commas)
