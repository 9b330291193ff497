"""One file to bytes: what is read is what is hashed."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from rag.errors import EmptyInput, LoadError, TooLarge
from rag.types import InputRow

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class RawFile:
    """A file's bytes and their SHA-256 (hex); ``note`` says if the file changed meanwhile."""

    id: str
    path: Path
    data: bytes = field(repr=False)
    sha256: str
    note: str = ""


def read(path: Path, id: str, *, max_bytes: int) -> RawFile:
    """The whole file, read once.

    Raises TooLarge before anything is read where the file is over ``max_bytes``, and LoadError
    where it is gone, not a regular file or not readable.
    """
    try:
        descriptor = os.open(path, _FLAGS)  # not blocking: a pipe put in its place cannot hang us
        with os.fdopen(descriptor, "rb") as file:
            before = os.fstat(file.fileno())
            if not stat.S_ISREG(before.st_mode):
                raise LoadError("it is not a regular file")
            if before.st_size > max_bytes:
                raise _too_large(before.st_size, max_bytes)
            data = file.read(max_bytes + 1)
            if len(data) > max_bytes:
                raise _too_large(len(data), max_bytes)
            after = os.fstat(file.fileno())
    except FileNotFoundError:
        raise LoadError("it was deleted before it could be read") from None
    except OSError as error:
        raise LoadError(f"it cannot be read: {error.strerror or error}") from None
    except MemoryError:
        raise TooLarge("there is not enough memory to read it") from None
    changed = (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size)
    changed = changed or len(data) != after.st_size
    note = "changed while it was read; what was read is what is indexed" if changed else ""
    return RawFile(id, path, data, hashlib.sha256(data).hexdigest(), note)


def row_for(path: str, error: LoadError) -> InputRow:
    """The report's row for an input that could not be read: skipped if empty, else failed."""
    return InputRow(path, "skipped" if isinstance(error, EmptyInput) else "failed", str(error))


def megabytes(size: int) -> str:
    """A size for a reader: 1,048,576 bytes are ``1 MB``."""
    return f"{size / (1 << 20):,.1f} MB".replace(".0 MB", " MB")


def _too_large(size: int, limit: int) -> TooLarge:
    return TooLarge(
        f"it has {megabytes(size)}, over the limit of {megabytes(limit)}",
        "raise max_file_mb or split the file",
    )
