"""A sentence as a source tells it: with what stands around it and what its article is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from rag.conflicts.wordings import twofold, wordings
from rag.verify.amounts import plain
from rag.verify.gazetteer import HARD, absent, named
from rag.verify.words import view

_TELLERS = frozenset({"media"})
"""Kinds of names that tell of a thing and are not what it is about."""
_TELLER = re.compile(r"^[^，。:]{1,16}:")
_ALIKE = 0.55
"""The share of what two articles begin with that they must have in common to be of one topic."""


@dataclass(frozen=True)
class Told:
    """A sentence with what stands around it: titles, speaker, neighbours. ``date`` is the source's,
    "" where it has none; ``doc`` the source; ``topic`` is how its article begins, which says what
    its sentences leave out."""

    text: str
    context: str = ""
    date: str = ""
    doc: str = ""
    topic: str = ""

    @cached_property
    def said(self) -> str:
        """The sentence, plain."""
        return plain(self.text)

    @cached_property
    def begun(self) -> str:
        """The beginning of the article, plain."""
        return plain(self.topic)

    @cached_property
    def all_told(self) -> str:
        """All of it and how the article begins, twofold."""
        return twofold(plain(f"{self.topic}\n{self.text}\n{self.context}"))

    @cached_property
    def names(self) -> frozenset[str]:
        """The places, companies and bodies that the article begins with."""
        begun = f"{self.begun}\n{self.said}"
        return frozenset(n.text for n in named(begun) if n.kind in HARD and n.kind not in _TELLERS)

    @cached_property
    def issues(self) -> frozenset[str]:
        """Which of a series the sentence is of, else its article: 第九届."""
        pattern = wordings().issues
        return frozenset(pattern.findall(self.said) or pattern.findall(self.begun))

    @property
    def year(self) -> str:
        """The year of the source's date, or ""."""
        return found[0] if (found := re.match(r"(?:19|20)\d\d", self.date)) else ""


def one_kind(told: Told, other: Told, beside: frozenset[str] = frozenset()) -> bool:
    """Whether two articles name no other place, company, body or issue than each other; the names
    ``beside`` do not count."""
    names, others = told.names - beside, other.names - beside
    return not (
        (names and others and not names & others)
        or (told.issues and other.issues and not told.issues & other.issues)
    )


def elsewhere(lead: str, other: Told) -> bool:
    """Whether a plain text names a place, company or body that another source does not."""
    said = _TELLER.sub("", lead)
    missing = absent(said, other.said, other.all_told)
    words = {word.text for word in view((said,)).words} if missing else set()
    return any(
        name.name.kind in HARD
        and not name.around
        and (len(name.name.text) > 2 or name.name.text in words)
        for name in missing
    )


def one_topic(told: Told, other: Told) -> bool:
    """Whether two articles begin much alike."""
    return min(_held(told.begun, other.begun), _held(other.begun, told.begun)) >= _ALIKE


def _held(mine: str, theirs: str) -> float:
    """The share of the weight of the words of one plain text that another holds."""
    words = view((mine,)).words
    total = sum(word.weight for word in words)
    return sum(word.weight for word in words if word.text in theirs) / total if total else 0.0


def near_in_time(told: Told, other: Told, most: int) -> bool:
    """Whether the sources are at ``most`` so many days apart, as far as their dates are known."""
    days = [day for source in (told, other) if (day := _day(source.date))]
    return len(days) < 2 or abs((days[0] - days[1]).days) <= most


def _day(printed: str) -> date | None:
    match = re.match(r"((?:19|20)\d\d)\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})", printed)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None
