"""Plain text and Markdown: the decoded file less its mark is the canonical text, to the letter."""

from __future__ import annotations

from collections.abc import Iterator

from rag.load.document import make_document
from rag.load.files import RawFile
from rag.text.decode import Decoded, decode
from rag.types import Document


def parse(raw: RawFile) -> Iterator[Document]:
    """The one document of a .txt or .md file. Raises EmptyInput or UnsupportedInput."""
    decoded = decode(raw.data)
    yield make_document(
        raw.id,
        decoded.text,
        format="txt" if raw.id.lower().endswith(".txt") else "md",
        encoding=describe(decoded),
    )


def describe(decoded: Decoded) -> str:
    """The encoding for a report, with the damage if there is any."""
    if not decoded.damaged:
        return decoded.encoding
    return f"{decoded.encoding}, {decoded.damaged} damaged"
