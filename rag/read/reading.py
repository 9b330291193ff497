"""What the reader finds in a sentence, and the sentences that it is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Reading:
    """Of one sentence, all three as logits (higher is better).

    ``span``: the best answer inside it against no answer in the window; ``evidence``: that the
    sentence is the one that answers; ``window``: that its window answers at all.
    ``start`` and ``end`` bound the best answer in the sentence's own text.
    """

    span: float
    evidence: float
    window: float
    start: int
    end: int


Window = Sequence[str]
"""Neighbouring sentences of one section, as they are read, in order."""


class Reader(Protocol):
    """Reads windows for a question. One object serves all threads."""

    @property
    def identity(self) -> str:
        """Changes whenever its readings may."""
        ...

    def read(self, question: str, windows: Sequence[Window]) -> list[list[Reading]]:
        """A reading for every sentence of every window, in order."""
        ...
