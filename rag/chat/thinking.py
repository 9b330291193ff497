"""Takes a model's thinking out of its streamed reply."""

from __future__ import annotations

import re

_OPEN = re.compile(r"<(think|thinking)>", re.IGNORECASE)
_TAGS = ("<think>", "<thinking>")
_CLOSING = ("</think>", "</thinking>")
CLOSE = re.compile(r"</think(?:ing)?>", re.IGNORECASE)
"""A closing tag. One without its opening is passed on: some chat templates put the opening tag
into the prompt, so all that came before it was thinking, which only a later reader can take back.
"""


class ThinkFilter:
    """``feed`` pieces in order, then ``finish``; an unclosed ``<think>`` hides all that follows."""

    def __init__(self) -> None:
        self._held = ""
        self._inside = False

    def feed(self, piece: str) -> str:
        """The visible text that is certain after this piece."""
        text = self._held + piece
        out: list[str] = []
        while True:
            match = (CLOSE if self._inside else _OPEN).search(text)
            if match is None:
                break
            if not self._inside:
                out.append(text[: match.start()])
            text = text[match.end() :]
            self._inside = not self._inside
        keep = _partial(text, _CLOSING if self._inside else _TAGS + _CLOSING)
        self._held = text[len(text) - keep :]
        if not self._inside:
            out.append(text[: len(text) - keep])
        return "".join(out)

    def finish(self) -> str:
        """The rest, at the end of the stream."""
        rest = "" if self._inside else self._held
        self._held = ""
        return rest


def _partial(text: str, tags: tuple[str, ...]) -> int:
    """How many characters at the end of ``text`` may be the beginning of a tag."""
    at = text.rfind("<")
    tail = text[at:].lower() if at >= 0 else ""
    return len(tail) if tail and any(tag.startswith(tail) for tag in tags) else 0
