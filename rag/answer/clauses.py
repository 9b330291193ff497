"""A sentence cut down to the part that answers, the span still exact."""

from __future__ import annotations

import re
from itertools import pairwise

from rag.text.reading import reading

_HARD = re.compile(r"[；;](?![^“]*”)")
_SOFT = re.compile(r"[，,](?!\d)(?![^“]*”)")
KEEP_WHOLE = 90
"""Sentences up to this many characters are cut at semicolons only."""


def parts(text: str, start: int, end: int, pattern: re.Pattern[str]) -> list[tuple[int, int]]:
    """Spans between the marks of ``pattern``, each with its closing mark."""
    cuts = [start]
    cuts += [m.end() for m in pattern.finditer(text, start, end) if m.end() < end]
    cuts.append(end)
    return [(a, b) for a, b in pairwise(cuts) if text[a:b].strip()]


def trim(
    text: str, start: int, end: int, needed: list[tuple[int, int]], limit: int
) -> tuple[int, int]:
    """The shortest run of whole clauses of ``text[start:end]`` that covers the spans ``needed``.

    Cut at semicolons always; at commas only where what remains is longer than ``limit``, and then
    never the first clause (it names the subject) unless that alone would keep it too long.
    """
    if not needed:
        return start, end
    low, high = min(a for a, _ in needed), max(b for _, b in needed)
    pieces = [(a, b) for a, b in parts(text, start, end, _HARD) if b > low and a < high]
    if pieces:
        start, end = pieces[0][0], pieces[-1][1]
    if limit and len(reading(text[start:end])) > limit:
        soft = parts(text, start, end, _SOFT)
        last = max((i for i, (a, _) in enumerate(soft) if a < high), default=len(soft) - 1)
        end = soft[last][1]
        first = min((i for i, (_, b) in enumerate(soft) if b > low), default=0)
        if len(reading(text[start:end])) > limit and first:
            start = soft[first][0]
    while start < end and text[start].isspace():
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in "，,；;"):
        end -= 1
    return start, end
