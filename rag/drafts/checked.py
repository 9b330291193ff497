"""What checking a text gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.types import Citation, ScoredChunk, Verdict

Find = Callable[[str], Sequence[ScoredChunk]]
"""The best passages for a text, best first."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence of a text with its verdict, ``[start, end)`` in the text; ``citations`` bear it
    or come nearest, numbered from 1."""

    text: str
    verdict: Verdict
    why: str
    citations: tuple[Citation, ...]
    start: int = 0
    end: int = 0
