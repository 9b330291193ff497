"""Stretches of a plain text: sentences, clauses, and whether two are worded alike."""

from __future__ import annotations

import re

from rag.verify.words import View

SENTENCE_END = re.compile(r"[;。!?]")
_SAYS = 3
"""Chinese characters from which on a stretch says something."""


def clause_start(view: View, at: int) -> int:
    """Where the clause begins that holds the character ``at``."""
    while at and view.clause[at - 1] == view.clause[at]:
        at -= 1
    return at


def clause_end(view: View, at: int) -> int:
    """Where the clause ends that holds the character ``at``, exclusive."""
    here = view.clause[at]
    while at < len(view.clause) and view.clause[at] == here:
        at += 1
    return at


def says(text: str, start: int, end: int) -> bool:
    """Whether something is said in ``text[start:end]``."""
    return sum("\u3400" <= char <= "\u9fff" for char in text[start:end]) >= _SAYS


def alike(one: str, other: str) -> float:
    """The share of the bigrams of the shorter that the longer has."""
    short, long = sorted((one, other), key=len)
    grams = [short[i : i + 2] for i in range(len(short) - 1)]
    return sum(gram in long for gram in grams) / len(grams) if grams else 0.0
