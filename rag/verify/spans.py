"""Entries of a lexicon in a text, the longest at each place first."""

from __future__ import annotations

from collections.abc import Collection, Iterator


def longest(text: str, known: Collection[str], size: int) -> Iterator[tuple[int, int]]:
    """(start, end) of each entry of ``known`` (none longer than ``size``), without overlap; an entry
    in Latin letters stands alone."""
    at = 0
    while at < len(text):
        for end in range(min(len(text), at + size), at, -1):
            if text[at:end] in known and not _cut(text, at, end):
                yield at, end
                at = end
                break
        else:
            at += 1


def _cut(text: str, start: int, end: int) -> bool:
    """Whether a Latin entry is a part of a longer word."""
    before, first, last, after = (
        text[start - 1 : start],
        text[start],
        text[end - 1],
        text[end : end + 1],
    )
    return (first.isascii() and before.isascii() and before.isalpha()) or (
        last.isascii() and after.isascii() and after.isalpha()
    )
