"""The reading text of a span: as one would read it aloud, without the page's breaks and markers."""

from __future__ import annotations

import re
from functools import lru_cache

from rag.text.normalise import CJK

_WIDE = CJK + "\u2010-\u2027\u2030-\u205e\u3000-\u3004\u3008-\u3020\u302a-\u303f\uff00-\uffef"
_INVISIBLE = (
    "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ufe00-\ufe0f\U000e0000-\U000e0fff"
)
_BREAK = "\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029"
_PAGE_NUMBER = (
    rf"(?:[ \t\u3000]*[-—–]?[ \t\u3000]*[0-9]{{1,3}}[ \t\u3000]*[-—–]?[ \t\u3000]*[{_BREAK}])?"
)
_CUT = re.compile(
    rf"[{_INVISIBLE}]+"
    rf"|(?<=\S)(?:[^\S{_BREAK}]*[{_BREAK}])+{_PAGE_NUMBER}\s*"
    r"|[^\S\n]{2,}|[\t\u3000\u00a0]"
)
_NEEDS_WORK = re.compile(rf"[{_INVISIBLE}{_BREAK}\t\u3000\u00a0]|[^\S\n]{{2}}|\*\*")
_EDGE_START = re.compile(
    rf"(?:[\s{_INVISIBLE}]+|\#{{1,6}}(?=[\s\w])|[-*+•▪◦‣>](?=\s)|[■►▶●◆□◇○◎▲△★☆※➤➢]|\*\*)+"
)
_EDGE_END = "*# \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028\u2029\u3000\u00a0\u200b\ufeff"
_IS_WIDE = re.compile(f"[{_WIDE}]")
_KEPT = 500
"""Characters up to which a reading text is kept."""


def reading(text: str) -> str:
    """The reading text of a span.

    A line break with the white space around it (and a page number alone on its line) is nothing
    between Chinese characters and a space between Latin words; Markdown markers at the edges,
    emphasis marks and invisible characters are dropped.
    """
    if not _work_needed(text):
        return text
    return _read_before(text) if len(text) <= _KEPT else reading_map(text)[0]


@lru_cache(maxsize=4096)
def _read_before(text: str) -> str:
    """The same sentences are found for many questions."""
    return reading_map(text)[0]


def _work_needed(text: str) -> bool:
    if not text:
        return False
    return (
        _NEEDS_WORK.search(text) is not None
        or _EDGE_START.match(text) is not None
        or text[-1] in _EDGE_END
    )


def _cut_number(left: str, right: str) -> bool:
    """Whether a break stands inside a number: 3. | 5, 46 | %."""
    if right in "%％‰" or (right.isdigit() and left[-1:].isdigit()):
        return left[-1:].isdigit()
    return right.isdigit() and left[-1:] in ".," and left[:1].isdigit()


def reading_map(text: str) -> tuple[str, tuple[int, ...]]:
    """The reading text and where its characters stand.

    ``offsets[i]`` is the offset in ``text`` of character ``i`` (a space that stands for a break:
    the break's start); one more entry, the end of the last character, closes the tuple.
    """
    first = 0
    match = _EDGE_START.match(text)
    if match is not None:
        first = match.end()
    last = len(text)
    while last > first and text[last - 1] in _EDGE_END:
        last -= 1
    if text[last : last + 1] == "#":
        last += 1  # C#: closing Markdown marks stand apart
    if last <= first:
        return "", (first,)
    pieces: list[str] = []
    offsets: list[int] = []

    def keep(start: int, end: int) -> None:
        for position in range(start, end):
            if text[position] == "*" and "**" in text[max(position - 1, 0) : position + 2]:
                continue
            pieces.append(text[position])
            offsets.append(position)

    position = first
    for cut in _CUT.finditer(text, first, last):
        keep(position, cut.start())
        position = cut.end()
        blank = any(character.isspace() for character in cut.group())
        if not blank or not pieces or position >= last:
            continue
        is_break = re.search(f"[{_BREAK}]", cut.group()) is not None
        left, right = pieces[-1], text[position]
        if is_break and (_IS_WIDE.match(left) or _IS_WIDE.match(right)):
            continue
        if left == " " or (is_break and _cut_number("".join(pieces[-2:]), right)):
            continue
        if is_break and left == "-" and right.islower():
            continue
        pieces.append(" ")
        offsets.append(cut.start())
    keep(position, last)
    offsets.append(offsets[-1] + 1 if offsets else last)
    return "".join(pieces), tuple(offsets)
