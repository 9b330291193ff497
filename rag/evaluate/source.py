"""The bytes of a set's files: read once, checksummed, taken apart line by line."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import json
import os
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import EvaluationError
from rag.text.decode import mend_surrogates

_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Source:
    """A file's content, unpacked where it was gzipped, without a byte order mark."""

    path: Path
    data: bytes

    def text(self) -> str:
        """Raises EvaluationError where it is not UTF-8."""
        try:
            return self.data.decode("utf-8")
        except UnicodeDecodeError as error:
            line = self.data[: error.start].count(b"\n") + 1
            raise EvaluationError(f"{self.at(line)}: {reason(error)}", "save it as UTF-8") from None

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """(number from 1, line) without the blank ones. Only \\n ends a line: JSON text may hold
        U+2028 and other characters at which ``str.splitlines`` would cut."""
        for number, line in enumerate(io.BytesIO(self.data), start=1):
            if line.strip():
                yield number, line

    def objects(self, noun: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """(line number, object) of a JSON-lines file.

        Raises EvaluationError "PATH, line N: not a ``noun`` (why)".
        """
        for number, line in self.lines():
            try:
                value = loads(line)
                if not isinstance(value, dict):
                    raise ValueError("it is no JSON object")
            except (ValueError, RecursionError) as error:
                raise EvaluationError(
                    f"{self.at(number)}: not a {noun} ({reason(error)})"
                ) from None
            yield number, value

    def at(self, line: int) -> str:
        """How a line is named to people."""
        return f"{self.path}, line {line}"


def reason(error: Exception) -> str:
    """Why a value is not in its form, for people: never the bytes that a decoder was given."""
    if isinstance(error, UnicodeDecodeError):
        return f"not UTF-8: {error.reason} 0x{error.object[error.start]:02x}"
    if isinstance(error, json.JSONDecodeError):
        return f"not JSON: {error.msg.removesuffix(' at')}, column {error.colno}"
    if isinstance(error, KeyError):
        return f"it has no {error.args[0]}"
    return str(error) or type(error).__name__


def loads(text: bytes) -> Any:
    """The JSON value, every text in it encodable as UTF-8. Raises ValueError, RecursionError."""
    value = json.loads(text)
    if b"\\ud" in text.lower():  # an escaped surrogate, maybe a lone one
        value = json.loads(mend_surrogates(json.dumps(value, ensure_ascii=False)))
    return value


def read(path: Path) -> Source:
    """The whole file. Raises EvaluationError where it cannot be read."""
    try:
        data = path.read_bytes()
        if data.startswith(_GZIP):
            data = gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        why = getattr(error, "strerror", None) or error
        raise EvaluationError(f"the question set {path} cannot be read ({why})") from None
    return Source(path, data.removeprefix(codecs.BOM_UTF8))


def checksum(*sources: Source) -> str:
    """SHA-256 (hex) over the contents, in the order of the paths.

    Over what was unpacked: the same set has one checksum whichever zlib packed it.
    """
    digest = hashlib.sha256()
    for source in sorted(sources, key=lambda s: s.path):
        digest.update(source.data)
    return digest.hexdigest()


def write(path: Path, data: bytes) -> None:
    """Writes aside, then puts it in place: a reader sees the old file or the new one."""
    handle, aside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(aside, 0o644)
        os.replace(aside, path)
    except BaseException:
        os.unlink(aside)
        raise
