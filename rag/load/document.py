"""Making a Document of what an adapter extracted."""

from __future__ import annotations

import hashlib
import re

from rag.errors import EmptyInput
from rag.text.decode import mend_surrogates
from rag.types import Document

# White space and the characters that show nothing: zero-width, direction marks, tags, fillers.
_VISIBLE = re.compile(
    "[^\\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)


def make_document(
    id: str,
    text: str,
    *,
    format: str,
    title: str = "",
    date: str = "",
    encoding: str = "",
    page_starts: tuple[int, ...] = (),
) -> Document:
    """The Document of an extracted text, its hash over title, date and text.

    Lone surrogates and NULs become U+FFFD, one for one, so offsets stay; a title and a date are
    one line. Raises EmptyInput where nothing visible is in ``text``.
    """
    text = one_for_one(text)
    if _VISIBLE.search(text) is None:
        raise EmptyInput("there is no text in it")
    title = one_line(title)
    date = one_line(date)
    return Document(
        id=id,
        text=text,
        content_hash=content_hash(text, title, date),
        title=title,
        date=date,
        format=format,
        encoding=encoding,
        page_starts=page_starts,
    )


def content_hash(text: str, title: str = "", date: str = "") -> str:
    """SHA-256 (hex) over title, date and text; lengths keep the three apart."""
    digest = hashlib.sha256(f"{len(title)}:{len(date)}:{title}{date}".encode())
    digest.update(text.encode())
    return digest.hexdigest()


def one_for_one(text: str) -> str:
    """``text`` that can be stored and hashed: lone surrogates and NULs as U+FFFD."""
    return mend_surrogates(text).replace("\0", "\ufffd")


def one_line(text: str) -> str:
    """``text`` with every run of white space as one space, none at the ends."""
    return " ".join(one_for_one(text).split())


def newlines(text: str) -> str:
    """``text`` with \\r\\n and \\r as \\n, for formats whose text is extracted anyway."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
