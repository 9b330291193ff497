"""Entries of a lexicon in a text, the longest at each place first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

Sizes = Mapping[str, tuple[int, ...]]


def sizes(known: Iterable[str]) -> Sizes:
    """By first character, the lengths of the entries that begin with it, the greatest first."""
    found: dict[str, set[int]] = {}
    for entry in known:
        found.setdefault(entry[:1], set()).add(len(entry))
    return {first: tuple(sorted(some, reverse=True)) for first, some in found.items()}


def longest(
    text: str, known: Collection[str], size: int, index: Sizes | None = None
) -> Iterator[tuple[int, int]]:
    """(start, end) of each entry of ``known`` (none longer than ``size``), without overlap; an entry
    in Latin letters stands alone. ``index`` is ``sizes(known)``, where it is at hand."""
    index = sizes(known) if index is None else index
    at, end = 0, 0
    while at < len(text):
        for length in index.get(text[at], ()):
            end = at + length
            fits = length <= size and end <= len(text) and text[at:end] in known
            if fits and not _cut(text, at, end):
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
