"""A sentence as a source tells it: with what stands around it and what its article is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from rag.conflicts.statements import Figures, Statement, issues_in, read_figures, statements
from rag.conflicts.wordings import told_plainly
from rag.verify.amounts import Amount, plain
from rag.verify.gazetteer import HARD, named

_TELLERS = frozenset({"media"})
"""Kinds of names that tell of a thing and are not what it is about."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Places, companies and bodies that an article begins with, and which of a series it is of."""

    named: frozenset[str]
    issues: frozenset[str]


@dataclass(frozen=True)
class Told:
    """A sentence with what stands around it: titles, speaker, neighbours. ``date`` is the source's,
    "" where it has none; ``key`` tells texts of one article (same key) from others; ``topic`` is how
    the article begins, which says what its sentences leave out."""

    text: str
    context: str = ""
    date: str = ""
    key: str = ""
    topic: str = ""

    @cached_property
    def whole(self) -> str:
        """All of it, folded for matching."""
        return plain(f"{self.text}\n{self.context}")

    @cached_property
    def subject(self) -> Subject:
        """What the article names as its subject."""
        begun = plain(f"{self.topic}\n{self.text}")
        names = {n.text for n in named(begun) if n.kind in HARD and n.kind not in _TELLERS}
        return Subject(frozenset(names), issues_in(begun))

    @cached_property
    def plainly(self) -> str:
        """All of it as words are compared."""
        return told_plainly(self.whole)

    @cached_property
    def figures(self) -> Figures:
        """The sentence's amounts."""
        return read_figures(self.text)

    def states(self, wanted: Sequence[Amount]) -> list[Statement]:
        """What the sentence states by these of its amounts."""
        return statements(self.figures, wanted, self.year)

    @property
    def year(self) -> str:
        return found[0] if (found := re.match(r"(?:19|20)\d\d", self.date)) else ""
