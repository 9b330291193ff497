"""What a build says of itself."""

from __future__ import annotations

from dataclasses import dataclass

from rag.errors import IndexMissing
from rag.index.intake import Intake
from rag.types import InputRow


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did, in documents. ``rows`` has one line an input.

    ``generation`` is the one that is current now: a new one unless nothing had changed.
    ``rebuilt`` says why nothing of the generation before was reused ("" if it was).
    """

    documents: int
    chunks: int
    added: int
    updated: int
    removed: int
    rows: tuple[InputRow, ...]
    generation: str
    embedder: str
    seconds: float
    rebuilt: str = ""


def nothing(intake: Intake) -> IndexMissing:
    """The error of a first build that found no document."""
    faults = [f"{row.path}: {row.reason}" for row in intake.rows if row.reason]
    seen = f"{len(intake.rows)} inputs, none usable ({faults[0]})" if faults else "it is empty"
    return IndexMissing(
        f"there is no document to index in the docs folder: {seen}",
        "put documents into it (.txt, .md, .pdf, .docx, .html, .jsonl) and run `rag index`",
    )
