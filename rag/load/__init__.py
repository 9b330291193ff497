"""Path to documents: one module a format, each library imported in its adapter when needed.

    for item in scan(folder, max_bytes=200 << 20):     # RawFile, hashed but not parsed, or a row
        if isinstance(item, RawFile) and is_new(item.sha256):
            for part in parse(item): ...               # Document, or a row for what was not read

A row (InputRow) tells of what is not a document; the index adds a row for each document.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rag.load.files import RawFile, read, row_for
from rag.load.folder import FoundFile, scan, walk
from rag.load.registry import READERS, Loaded, parse, suffix_of

__all__ = [
    "READERS",
    "FoundFile",
    "Loaded",
    "RawFile",
    "load_folder",
    "parse",
    "read",
    "row_for",
    "scan",
    "suffix_of",
    "walk",
]


def load_folder(root: Path, *, max_bytes: int) -> Iterator[Loaded]:
    """Every document below ``root``, by id, and a row for every input that is none.

    Raises LoadError where ``root`` is not a folder that can be listed.
    """
    for item in scan(root, max_bytes=max_bytes):
        if isinstance(item, RawFile):
            yield from parse(item)
            del item  # not held while the next file is read
        else:
            yield item
