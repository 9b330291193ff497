"""Where gold quotes stand in a passage. Pure.

A quote is sought as it is, then without white space, punctuation and the differences that folding
takes away; where a passage holds only a part of it (it was cut there), that part counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal

from rag.text.normalise import fold

Extent = Literal["whole", "part", "none"]

PART = 0.5
"""The share of a quote that a passage must hold in one run for it to be marked at all."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a text; ``marked`` where a gold quote stands."""

    text: str
    marked: bool


@lru_cache(maxsize=4096)
def _bare(text: str) -> tuple[str, tuple[int, ...]]:
    """The letters and digits of the folded text, and the offset of each in ``text``."""
    folded = fold(text)
    kept = [i for i, character in enumerate(folded.text) if character.isalnum()]
    return "".join(folded.text[i] for i in kept), tuple(folded.offsets[i] for i in kept)


def span(text: str, quote: str) -> tuple[Extent, int, int]:
    """How much of a quote stands in a text, and where: ``text[start:end]``."""
    at = text.find(quote) if quote else -1
    if at >= 0:
        return "whole", at, at + len(quote)
    bare, offsets = _bare(text)
    wanted, _ = _bare(quote)
    if not wanted or not bare:
        return "none", 0, 0
    at = bare.find(wanted)
    if at >= 0:
        return "whole", offsets[at], offsets[at + len(wanted) - 1] + 1
    run = SequenceMatcher(None, wanted, bare, autojunk=False).find_longest_match()
    if run.size < PART * len(wanted):
        return "none", 0, 0
    return "part", offsets[run.b], offsets[run.b + run.size - 1] + 1


def pieces(text: str, quotes: Sequence[str]) -> tuple[list[Piece], Extent]:
    """The text in runs, gold marked; the pieces put together are the text.

    With them how much of a quote it holds: of the one that it holds most of.
    """
    found = [span(text, quote) for quote in quotes]
    extents = {extent for extent, _, _ in found}
    best: Extent = next((e for e in ("whole", "part") if e in extents), "none")
    result: list[Piece] = []
    at = 0
    for start, end in _merged([(start, end) for extent, start, end in found if extent != "none"]):
        if start > at:
            result.append(Piece(text[at:start], False))
        result.append(Piece(text[start:end], True))
        at = end
    if at < len(text):
        result.append(Piece(text[at:], False))
    return result, best


def _merged(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sorted spans that neither overlap nor touch."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
