"""PDF: the text layer, page by page, read in a process of its own with limits on time and memory.

A crafted PDF can keep a parser busy for ever or fill the memory; a child process can be ended.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.errors import EmptyInput, LoadError, TooLarge
from rag.load.document import make_document, newlines, one_for_one, one_line
from rag.load.files import RawFile
from rag.types import Document


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one PDF may take."""

    pages: int = 5000
    seconds: int = 600
    page_seconds: int = 30
    memory_mb: int = 3072
    characters: int = 50_000_000


LIMITS = Limits()

_WORKER = Path(__file__).with_name("pdf_worker.py")
_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint|excel)\b.*|untitled.*|无标题.*|未命名.*|文档\d*|document\d*"
    r"|(?:.*\.(?:docx?|wps|pdf|indd|qxd|tmp|pptx?|xlsx?|html?|tex|dvi|ps|cdr|ai)))",
    re.IGNORECASE,
)


def parse(raw: RawFile, limits: Limits = LIMITS) -> Iterator[Document]:
    """The one document of a PDF: its pages joined by a blank line, with ``page_starts``.

    Raises EmptyInput where no page has a text layer, TooLarge or LoadError.
    """
    title, pages = _read(raw.data, limits)
    text, starts = _join(pages)
    if not text.strip():
        raise EmptyInput("no text layer (scanned?)", "run it through OCR first")
    yield make_document(
        raw.id, text, format="pdf", title=_sensible(title), page_starts=tuple(starts)
    )


def _join(pages: list[str]) -> tuple[str, list[int]]:
    """The pages' text with a blank line between, and where each page starts."""
    starts: list[int] = []
    kept: list[str] = []
    at = 0
    for page in pages:
        text = one_for_one(newlines(page)).strip()
        starts.append(at)
        kept.append(text)
        at += len(text) + 2
    return "\n\n".join(kept), starts


def _read(data: bytes, limits: Limits) -> tuple[str, list[str]]:
    """(title, text of each page), from the child process."""
    # -P keeps this folder's html.py and docx.py from standing in for the modules of those names.
    command = [sys.executable, "-P", str(_WORKER), str(limits.pages), str(limits.page_seconds)]
    command += [str(limits.memory_mb), str(limits.characters)]
    try:
        done = subprocess.run(
            command,
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=limits.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise TooLarge(f"reading it takes more than {limits.seconds} seconds") from None
    except OSError as error:
        raise LoadError(f"no process could be started to read it: {error.strerror}") from None
    try:
        result = json.loads(done.stdout)
    except ValueError:
        raise TooLarge("reading it takes more memory than is allowed") from None
    if "reason" in result:
        kind = TooLarge if result["kind"] == "large" else LoadError
        raise kind(result["reason"], result.get("do", ""))
    return str(result["title"]), [str(page) for page in result["pages"]]


def _sensible(title: str) -> str:
    """The metadata's title if a person may have written it, else ""."""
    title = one_line(title)
    beyond = [character for character in title if character > "\x7f"]
    mojibake = sum("\x80" <= character <= "\xff" for character in beyond) * 2 > len(title)
    broken = any(c == "\ufffd" or "\ue000" <= c <= "\uf8ff" or not c.isprintable() for c in title)
    if len(title) > 200 or mojibake or broken or _NO_TITLE.fullmatch(title):
        return ""
    return title
