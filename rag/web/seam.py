"""The seams to the pipeline, the evaluation and the check of drafts: all that the page needs of them.

The page imports none of them; whoever starts the page hands in objects of these shapes, and the tests
hand in fakes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.drafts.checked import Checked
from rag.evaluate.types import Run
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


Step = Callable[[str, int, int | None], None]
"""(stage, done, total or None) of a run; the stage of the questions is ``ask``. May raise, to end
the run."""


class EvaluationService(Protocol):
    """Question sets and saved runs. Called from several threads; each method may raise YinjuError."""

    def sets(self) -> Sequence[str]:
        """The names of the question sets that can be run, the usual one first."""
        ...

    def newest(self) -> str:
        """The name of the last saved run, "" where there is none. Quick."""
        ...

    def saved(self, name: str) -> Run:
        """A saved run."""
        ...

    def run(self, question_set: str, step: Step) -> None:
        """Run a set and save the run. What was done before ``step`` raised is taken up next time."""
        ...

    def report(self, name: str) -> str:
        """A saved run as one HTML file that asks for nothing from outside."""
        ...


@dataclass(frozen=True, slots=True)
class DraftProgress:
    """The sentences of a draft that are checked so far, in order, of ``total``."""

    total: int
    checked: tuple[Checked, ...] = ()


class DraftService(Protocol):
    """Checks a text that somebody else wrote. Called from several threads at once."""

    def check(self, text: str) -> Iterator[DraftProgress]:
        """What is checked so far, growing by one sentence; at the end all of it.

        The first comes before any sentence is checked. Closing the generator ends the check.
        Raises YinjuError.
        """
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """All that a page stands on; without ``evaluation`` it has no 评测 tab, without ``drafts`` no
    核对 tab."""

    answers: AnswerService
    evaluation: EvaluationService | None = None
    drafts: DraftService | None = None
