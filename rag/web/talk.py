"""A conversation as a value: one per browser session, replaced and never changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rag.citing import shown_citations
from rag.types import Answer, Citation, Passage, Place

State = Literal["queued", "running", "done", "stopped", "failed"]
KEPT_TURNS = 30
"""Older turns leave the page and the history; a page must not grow without end."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A quote with the text on both sides; all plain text."""

    before: str
    quote: str
    after: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what has come of it. ``number`` is unique within the conversation.

    ``excerpts`` holds the text around each place that the answer shows.
    """

    number: int
    question: str
    state: State = "running"
    answer: Answer | None = None
    note: str = ""
    excerpts: tuple[tuple[Place, Excerpt], ...] = ()

    def excerpt(self, place: Place) -> Excerpt | None:
        """The text around ``place``; None where it was not read."""
        return next((excerpt for known, excerpt in self.excerpts if known == place), None)


@dataclass(frozen=True, slots=True)
class Talk:
    """The turns so far, oldest first."""

    turns: tuple[Turn, ...] = ()

    @property
    def questions(self) -> tuple[str, ...]:
        """The user's questions, the last is the newest."""
        return tuple(turn.question for turn in self.turns)

    def asked(self, question: str, state: State) -> Talk:
        """With one more question, not yet answered."""
        number = self.turns[-1].number + 1 if self.turns else 0
        return Talk((*self.turns, Turn(number, question, state))[-KEPT_TURNS:])

    def with_last(self, turn: Turn) -> Talk:
        """With the newest turn replaced."""
        return Talk((*self.turns[:-1], turn))

    def without_last(self) -> Talk:
        """Without the newest turn."""
        return Talk(self.turns[:-1])


def place_of(item: Citation | Passage) -> Place:
    """Where a citation or passage stands."""
    return Place(item.doc, item.start, item.end)


def shown_places(answer: Answer) -> tuple[Place, ...]:
    """The places that the sources panel shows for an answer, in its order."""
    items: tuple[Citation | Passage, ...] = (
        answer.passages if answer.refused else shown_citations(answer)
    )
    return tuple(place_of(item) for item in items)
