"""The child process that reads one PDF: bytes on standard input, one JSON object on output.

pypdf itself limits what a stream may expand to, how long content may be and how deep trees go.

Run as a file, never imported: it lowers its own limits. Arguments: pages, seconds a page (and for
opening), megabytes of memory, characters of text. Output: {title, pages} or {kind, reason, do}.
"""

from __future__ import annotations

import io
import json
import logging
import signal
import sys
from typing import Any


class OutOfTime(BaseException):
    """Not an Exception, so that no handler of the library swallows it."""


class OverLimit(BaseException):
    """A limit of pypdf that it would log and go on without the text."""


class Watch(logging.Handler):
    """Sees what pypdf logs; text left out because of a limit is not passed over."""

    def emit(self, record: logging.LogRecord) -> None:
        """Raises OverLimit where the record tells of a limit."""
        values = record.args.values() if isinstance(record.args, dict) else record.args or ()
        reached = any(type(value).__name__ == "LimitReachedError" for value in values)
        if reached or record.getMessage().startswith("Exceeded"):
            raise OverLimit


class Refused(Exception):
    """The file is not read; ``kind`` is ``large`` or ``bad``."""

    def __init__(self, kind: str, reason: str, do: str = "") -> None:
        super().__init__(reason)
        self.answer = {"kind": kind, "reason": reason, "do": do}


def limit_memory(megabytes: int) -> None:
    """Makes an allocation beyond the limit a MemoryError, where the system can."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    except (ImportError, OSError, ValueError):
        pass


def start_clock(seconds: int) -> None:
    """Raises OutOfTime after so many seconds; starting again resets it; 0 stops it."""
    if hasattr(signal, "SIGALRM"):
        signal.alarm(seconds)


def on_alarm(*_: Any) -> None:
    """The signal's handler."""
    raise OutOfTime


def open_pdf(data: bytes) -> Any:
    """pypdf's reader, unlocked. Raises Refused."""
    from pypdf import PdfReader, overwrite_configuration
    from pypdf.errors import DependencyError

    logger = logging.getLogger("pypdf")
    logger.addHandler(Watch())
    logger.propagate = False
    overwrite_configuration(jbig2dec_binary=None)  # no program of the system is called
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted:
        try:
            unlocked = reader.decrypt("")
        except DependencyError:
            raise Refused(
                "bad",
                "password needed, or support for AES",
                "save it without a password, or pip install cryptography",
            ) from None
        if not unlocked:
            raise Refused("bad", "password needed", "save it without a password")
    return reader


def title_of(reader: Any) -> str:
    """The title in the metadata, "" where it is missing or broken."""
    try:
        return str((reader.metadata and reader.metadata.title) or "")
    except Exception:  # broken metadata does not make the pages unreadable
        return ""


def read(data: bytes, max_pages: int, seconds: int, characters: int) -> dict[str, Any]:
    """The answer for one PDF."""
    start_clock(seconds)
    reader = open_pdf(data)
    count = len(reader.pages)
    if count > max_pages:
        raise Refused("large", f"it has {count:,} pages, over the limit of {max_pages:,}")
    title = title_of(reader)
    pages: list[str] = []
    total = 0
    for page in reader.pages:
        start_clock(seconds)
        text = page.extract_text()
        pages.append(text)
        total += len(text)
        if total > characters:
            raise Refused("large", f"it has over {characters:,} characters of text")
    start_clock(0)
    return {"title": title, "pages": pages}


def main(arguments: list[str]) -> None:
    """Reads, answers and never raises."""
    max_pages, seconds, megabytes, characters = map(int, arguments)
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, on_alarm)
    data = sys.stdin.buffer.read()
    limit_memory(megabytes)
    answer: dict[str, Any]
    try:
        answer = read(data, max_pages, seconds, characters)
    except Refused as refused:
        answer = refused.answer
    except OutOfTime:
        reason = f"a page takes more than {seconds} seconds to read"
        answer = {"kind": "large", "reason": reason}
    except OverLimit:
        answer = {"kind": "large", "reason": "a part of it expands beyond the limit"}
    except (MemoryError, RecursionError):
        answer = {"kind": "large", "reason": "reading it takes more memory than is allowed"}
    except ImportError:
        answer = {"kind": "bad", "reason": "pypdf is not installed", "do": "pip install pypdf"}
    except Exception as error:  # pypdf raises far more than its own errors on damaged files
        name = type(error).__name__
        large = name == "LimitReachedError"
        reason = (
            "a part of it expands beyond the limit"
            if large
            else (f"the PDF is damaged or cut off ({name})")
        )
        answer = {"kind": "large" if large else "bad", "reason": reason}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(sys.argv[1:])
