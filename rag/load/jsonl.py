"""JSON lines, plain or gzipped: a record a document; a bad line is a row and the rest goes on."""

from __future__ import annotations

import codecs
import gzip
import io
import json
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from rag.errors import EmptyInput, LoadError, TooLarge, UnsupportedInput
from rag.load.document import make_document, one_for_one
from rag.load.files import RawFile, megabytes, row_for
from rag.text.decode import decode
from rag.types import Document, InputRow

MAX_LINE = 64 << 20
MAX_EXPANDED = 4 << 30
MAX_RATIO = 200
MAX_WIDE = 256 << 20  # UTF-16 and UTF-32 are not streamed
SMALL = 16 << 20  # what a gzip may always expand to, whatever the ratio
GIVE_UP = 100  # bad lines at the start, with no good one, after which it is no .jsonl

_WIDE = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def parse(raw: RawFile) -> Iterator[Document | InputRow]:
    """Each record as a document FILE#ID, or a row FILE:LINE that says why not.

    A record without an id gets its line number. Raises EmptyInput, UnsupportedInput,
    TooLarge or LoadError for the file as a whole.
    """
    if raw.id.lower().endswith(".gz"):
        _check_expansion(raw.data)
    good, bad = 0, 0
    seen: dict[str, int] = {}
    for number, line in _lines(raw):
        row = f"{raw.id}:{number}"
        try:
            document = _document(raw.id, number, line, seen)
        except LoadError as error:
            bad += 1
            yield row_for(row, error)
        else:
            good += 1
            yield document
        if bad >= GIVE_UP and not good:
            raise UnsupportedInput(f"its first {bad} lines are no records; the rest was not read")
    if not good and not bad:
        raise EmptyInput("it holds no records")


def _document(file: str, number: int, line: bytes, seen: dict[str, int]) -> Document:
    """The document of one line; notes its id in ``seen``. Raises LoadError."""
    if len(line) > MAX_LINE:
        raise TooLarge(f"the line is over {megabytes(MAX_LINE)}")
    text, encoding = _decode_line(line)
    record = _record(text)
    body = record.get("text")
    if body is None:
        raise LoadError("the record has no text")
    if not isinstance(body, str):
        raise LoadError("the record's text is not a string")
    id = _scalar(record, "id") or str(number)
    if id in seen:
        raise LoadError(f"duplicate id {id[:80]!r}, first on line {seen[id]}")
    document = make_document(
        f"{file}#{id}",
        body,
        format="jsonl",
        title=_scalar(record, "title"),
        date=_scalar(record, "date"),
        encoding=encoding,
    )
    seen[id] = number
    return document


def _decode_line(line: bytes) -> tuple[str, str]:
    try:
        return line.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        decoded = decode(line)
        if decoded.damaged:
            raise UnsupportedInput("the line's encoding is not known") from None
        return decoded.text, decoded.encoding


def _record(text: str) -> dict[str, Any]:
    try:
        record = json.loads(text)
    except json.JSONDecodeError as error:
        raise LoadError(f"not JSON: {error.msg} at column {error.colno}") from None
    except RecursionError:
        raise LoadError("not a record: nested too deep") from None
    except ValueError as error:  # an integer of too many digits
        raise LoadError(f"not a record: {str(error)[:80]}") from None
    if not isinstance(record, dict):
        raise LoadError("not a record: a JSON object is needed")
    return record


def _scalar(record: dict[str, Any], name: str) -> str:
    """A string field; a number counts as its digits, and absence or null as ""."""
    value = record.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise LoadError(f"the record's {name} is not a string")
    return one_for_one(str(value))


def _lines(raw: RawFile) -> Iterator[tuple[int, bytes]]:
    """(line number from 1, line) without blank lines; a longer line than the cap is cut off."""
    stream: BinaryIO = io.BytesIO(raw.data)
    if raw.id.lower().endswith(".gz"):
        stream = cast(BinaryIO, gzip.GzipFile(fileobj=stream))
    with stream:
        start = stream.read(4)
        stream.seek(0)
        if start.startswith(_WIDE):
            whole = stream.read(MAX_WIDE + 1)
            if len(whole) > MAX_WIDE:
                raise TooLarge(f"it has over {megabytes(MAX_WIDE)} of UTF-16", "save it as UTF-8")
            stream = io.BytesIO(decode(whole).text.encode())
        elif start.startswith(codecs.BOM_UTF8):
            stream.read(3)
        number = 0
        while line := stream.readline(MAX_LINE + 1):
            number += 1
            rest = line
            while len(rest) > MAX_LINE and not rest.endswith(b"\n"):
                rest = stream.readline(MAX_LINE + 1)
            if number == 1 and b"\0" in line:
                raise UnsupportedInput("its content is binary, not text")
            if line.strip():
                yield number, line


def _check_expansion(data: bytes) -> None:
    """Reads a gzip through once: whole, undamaged and no bomb, before any record is used."""
    limit = min(MAX_EXPANDED, max(SMALL, MAX_RATIO * len(data)))
    expanded = 0
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            while block := stream.read(1 << 20):
                expanded += len(block)
                if expanded > limit:
                    raise TooLarge(
                        f"it expands to more than {megabytes(limit)}, which looks like a gzip bomb"
                    )
    except EOFError:
        raise LoadError("the gzip file is cut off") from None
    except (OSError, zlib.error):
        raise LoadError("the gzip file is damaged") from None
