"""A sentence that might answer, and what it was found to be worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rag.types import Section, Sentence


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that might answer. ``text`` is its reading text, ``context`` what stands around
    it (titles, speaker, neighbours), ``passage`` its passage's score in [0, 1]."""

    doc: str
    index: int
    sentence: Sentence
    section: Section
    text: str
    context: str
    passage: float
    years: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with its score (higher is better) and features in the order of ``NAMES``."""

    candidate: Candidate
    score: float
    features: npt.NDArray[np.float32]
    matches: npt.NDArray[np.float32]
    """(words,) how well the sentence itself holds each word of the question."""
    answer: tuple[int, int] = (0, 0)
    """The reader's answer as a span of ``candidate.text``; empty where it sees none."""
