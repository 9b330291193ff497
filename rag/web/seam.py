"""The seam to the pipeline: all that the page needs of it.

The page never imports the pipeline; whoever starts the page hands in an object of this shape, and
the tests hand in a fake.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from rag.types import Answer, Place

CONTEXT_WIDTH = 160
"""Characters of the document read on each side of a quote."""


class AnswerService(Protocol):
    """Answers questions and reads the text around a quote. Called from several threads at once."""

    def stream(self, turns: Sequence[str]) -> Iterator[Answer]:
        """Partial answers that grow; the last one is final.

        ``turns`` are the user's questions so far, the last is the question now. The page closes
        the generator when the user stops; that must stop the model.
        """
        ...

    def context(self, place: Place, width: int = 240) -> tuple[str, str, str]:
        """Text before, the quote, text after: plain text, at most ``width`` characters a side."""
        ...

    def status(self) -> str:
        """One line for the head of the page: documents, passages, embedder, kind of answers."""
        ...
