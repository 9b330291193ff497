"""What a generation says of itself, and the pointer that says which generation is current.

Both are small JSON files in one canonical form with a checksum over the rest, so that any changed
byte of either is noticed without a second file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

FORMAT = 1
"""Version of the layout on disk; another one is rebuilt, not read."""


class Unreadable(ValueError):
    """The bytes are not what this module wrote. Its users turn it into IndexDamaged."""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """Size in bytes and SHA-256 (hex) of one file."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of a generation. ``chunks`` is also the number of vectors and of lexical entries."""

    documents: int
    sections: int
    sentences: int
    chunks: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """A generation's description.

    ``recipe`` names the version of the functions that segmented and tokenised; ``drift`` counts
    the entries deleted from or added to the lexical index since it was last built whole (its
    term statistics still know the deleted ones); ``created`` is ISO 8601 in UTC; ``files`` is
    keyed by the path below the generation's folder.
    """

    generation: str
    embedder: str
    dimension: int
    chunk_size: int
    recipe: str
    counts: Counts
    created: str
    drift: int = 0
    files: Mapping[str, FileEntry] = field(default_factory=dict)
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class Pointer:
    """The current generation's name and that of the one before ("" if there is none)."""

    current: str
    previous: str = ""


def encode(record: Manifest | Pointer) -> bytes:
    """The canonical bytes of ``record``, its checksum included."""
    return _encode(asdict(record))


def decode_manifest(data: bytes) -> Manifest:
    """The manifest in ``data``. Raises Unreadable."""
    values = _decode(data)
    if values.get("format") != FORMAT:
        raise Unreadable(f"format {values.get('format')!r} is not {FORMAT}")
    try:
        counts = Counts(**values.pop("counts"))
        files = {name: FileEntry(**entry) for name, entry in values.pop("files").items()}
        return Manifest(counts=counts, files=files, **values)
    except (KeyError, TypeError, AttributeError) as error:
        raise Unreadable(str(error)) from None


def decode_pointer(data: bytes) -> Pointer:
    """The pointer in ``data``. Raises Unreadable."""
    try:
        return Pointer(**_decode(data))
    except TypeError as error:
        raise Unreadable(str(error)) from None


def _encode(values: dict[str, Any]) -> bytes:
    digest = hashlib.sha256(_canonical(values)).hexdigest()
    return _canonical({**values, "checksum": digest})


def _decode(data: bytes) -> dict[str, Any]:
    try:
        values = json.loads(data)
    except ValueError as error:
        raise Unreadable(f"it is not JSON: {error}") from None
    if not isinstance(values, dict) or "checksum" not in values:
        raise Unreadable("it has no checksum")
    del values["checksum"]
    if _encode(values) != data:
        raise Unreadable("its checksum differs")
    return values


def _canonical(values: dict[str, Any]) -> bytes:
    return (json.dumps(values, sort_keys=True, indent=1, ensure_ascii=True) + "\n").encode()
