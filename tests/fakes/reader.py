"""Readers without weights: one that goes by shared characters, one that says what it is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.read.overlap import codes, shared
from rag.read.reading import Reading, Window

NOTHING = Reading(-20.0, -20.0, -20.0, 0, 0)


class OverlapReader:
    """The answer is the whole sentence; its logit is how many characters the question shares."""

    identity = "fake-overlap"

    def read(self, question: str, windows: Sequence[Window]) -> list[list[Reading]]:
        asked = codes(question)
        return [[self._one(asked, text) for text in window] for window in windows]

    def _one(self, asked: object, text: str) -> Reading:
        import numpy as np

        if not text.strip() or not len(np.asarray(asked)):
            return NOTHING
        score = float(shared(codes(text), np.asarray(asked)).sum())
        return Reading(score, score, score, 0, len(text))


class ToldReader:
    """Says of each sentence what it is told, of any other that it holds nothing; keeps what it was
    asked, window by window."""

    identity = "fake-told"

    def __init__(self, told: Mapping[str, Reading]) -> None:
        self.told = dict(told)
        self.windows: list[list[str]] = []
        self.asked: list[str] = []

    def read(self, question: str, windows: Sequence[Window]) -> list[list[Reading]]:
        self.windows += [list(window) for window in windows]
        self.asked += [question] * len(windows)
        return [[self.told.get(text, NOTHING) for text in window] for window in windows]
