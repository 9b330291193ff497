"""Text from outside becomes inert HTML: the one door through which data enters the page.

Documents, file names, questions and models may hold markup, Markdown, LaTeX and control
characters. The chat shows HTML that first passes a Markdown renderer, so every ASCII punctuation
mark is written as a character reference: no renderer finds anything in it to act on.
"""

from __future__ import annotations

import re

from rag.text.visible import visible

_LINE_END = re.compile("\r\n|[\r\u2028\u2029]")


def escape(text: str, newline: str = "<br>") -> str:
    """``text`` as HTML that shows it, whatever renderer it passes; safe in quoted attributes too.

    Line ends become ``newline``. The result holds no ASCII punctuation of ``text`` itself and no
    line end, so it stays inside the HTML block in which it stands.
    """
    text = _LINE_END.sub("\n", visible(text))
    return "".join(newline if c == "\n" else _reference(c) for c in text)


def attribute(text: str) -> str:
    """``text`` for a quoted HTML attribute, on one line."""
    return escape(" ".join(text.split()), newline=" ")


def isolated(text: str) -> str:
    """``text`` escaped and isolated: right-to-left letters in it move nothing outside it."""
    return f"<bdi>{escape(text)}</bdi>"


def _reference(char: str) -> str:
    """Letters, digits, spaces and all that is not ASCII as they are, the rest as a reference."""
    if char == "\t":
        return " "
    return char if char == " " or char.isalnum() or not char.isascii() else f"&#{ord(char)};"
