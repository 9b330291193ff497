"""Which reader a file gets: by its suffix, and only if its content agrees."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from rag.errors import EmptyInput, LoadError, TooLarge, UnsupportedInput
from rag.load import docx, html, jsonl, pdf, text
from rag.load.files import RawFile, row_for
from rag.types import Document, InputRow

Loaded = Document | InputRow
Reader = Callable[[RawFile], Iterator[Loaded]]

READERS: Mapping[str, Reader] = {
    ".txt": text.parse,
    ".md": text.parse,
    ".markdown": text.parse,
    ".html": html.parse,
    ".htm": html.parse,
    ".xhtml": html.parse,
    ".pdf": pdf.parse,
    ".docx": docx.parse,
    ".jsonl": jsonl.parse,
    ".jsonl.gz": jsonl.parse,
}
"""Suffix (lower case) to reader."""

_ZIP, _GZIP, _OLE = "a zip archive", "a gzip file", "an old Office file"
_MAGIC = (
    (b"PK\x03\x04", _ZIP),
    (b"PK\x05\x06", _ZIP),
    (b"\x1f\x8b", _GZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _OLE),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"Rar!\x1a", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\0", "a database"),
)
_EXPECTED = {".pdf": "a PDF", ".docx": _ZIP, ".jsonl.gz": _GZIP}
_OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def suffix_of(name: str) -> str | None:
    """The suffix that picks the reader of a file called ``name``; None where there is none."""
    lowered = name.lower()
    return max((suffix for suffix in READERS if lowered.endswith(suffix)), key=len, default=None)


def parse(raw: RawFile) -> Iterator[Loaded]:
    """The documents in a file, in order, and a row for each part that could not be read.

    A reader that fails ends with a row for the file. Never raises: one bad file does not fail a
    build.
    """
    try:
        yield from _reader(raw)(raw)
    except LoadError as error:
        yield row_for(raw.id, error)
    except (MemoryError, RecursionError):
        yield row_for(raw.id, TooLarge("reading it takes more memory than there is"))


def _reader(raw: RawFile) -> Reader:
    """The file's reader. Raises UnsupportedInput where content and suffix disagree."""
    suffix = suffix_of(raw.id)
    if suffix is None:
        raise UnsupportedInput("no reader for files of this kind")
    if not raw.data:
        raise EmptyInput("the file is empty")
    expected, found = _EXPECTED.get(suffix, "text"), _content(raw.data)
    if expected == found:
        return READERS[suffix]
    if suffix == ".docx" and found == _OLE and _OLE_ENCRYPTED in raw.data:
        raise LoadError("password needed", "save it without a password")
    raise UnsupportedInput(
        f"it is named {suffix} but its content is {found}, not {expected}",
        "give it the suffix of what it is" if found in {"a PDF", _GZIP, "text"} else "",
    )


def _content(data: bytes) -> str:
    """What the first bytes say a file is; ``text`` where they say nothing."""
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    return "a PDF" if data[:1024].lstrip().startswith(b"%PDF-") else "text"
