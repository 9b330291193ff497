"""Text from outside becomes inert HTML: the one door through which data enters the page.

Documents, file names, questions and models may hold markup, Markdown, LaTeX and control
characters. The chat shows HTML that first passes a Markdown renderer, so every ASCII punctuation
mark is written as a character reference: no renderer finds anything in it to act on.
"""

from __future__ import annotations

import re

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that reorder their neighbours; shown by name, so a disguised file name is seen."""

_INVISIBLE = re.compile("[\u00ad\u180e\u200b\u2060-\u2064\u206a-\u206f\ufeff\U000e0000-\U000e007f]")
"""Zero-width and tag characters that no script needs; joiners stay, emoji are made of them."""

_REPLACED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufff9-\ufffb]")
"""Controls and lone surrogates; the latter could not even be sent."""

_LINE_END = re.compile("\r\n|[\r\u2028\u2029]")


def clean(text: str) -> str:
    """``text`` without invisible characters, controls as U+FFFD, bidi controls by name. Not HTML."""
    text = _REPLACED.sub("\ufffd", _INVISIBLE.sub("", text))
    return "".join(f"⟨U+{ord(c):04X}⟩" if c in _BIDI else c for c in text)


def escape(text: str, newline: str = "<br>") -> str:
    """``text`` as HTML that shows it, whatever renderer it passes; safe in quoted attributes too.

    Line ends become ``newline``. The result holds no ASCII punctuation of ``text`` itself and no
    line end, so it stays inside the HTML block in which it stands.
    """
    text = _LINE_END.sub("\n", clean(text))
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
