"""Citations out of a model's text: sentences without marks, each with the numbers it cites.

A mark is a number of the prompt's evidence in brackets: [1] 【1】 ［1］ 〔1〕 [^1] [[1]] \\[1\\] [1,2]
[1，2] [1、2] [1和2] [1-3] [citation:1] [资料1、资料2]; never (1). A year in brackets, as in
国办发〔2026〕12号, is text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

_SEPARATOR = r"(?:[,，、;；&和与及]|\band\b)"
_DASH = r"[-–—‑~～〜至到]"
_LABEL = r"(?:(?:citations?|sources?|来源|资料|引用|证据|参考|编号)\s*[:：]?\s*)?"
_ITEM = rf"{_LABEL}\^?\s*\d{{1,6}}(?:\s*{_DASH}\s*{_LABEL}\d{{1,6}})?\^?"
_OPEN, _SHUT = r"\\?[\[【［〔]", r"\\?[\]】］〕]"
MARK = re.compile(
    rf"(?P<twice>\[\s*(?=\[))?{_OPEN}\s*"
    rf"(?P<inside>{_ITEM}(?:\s*{_SEPARATOR}\s*{_ITEM})*)\s*{_SHUT}(?(twice)\s*\])",
    re.IGNORECASE,
)
"""A whole mark; ``inside`` holds its numbers."""
_BEGUN = r"[\s\^\d,，、;；&和与及–—‑~～〜至到:：a-z来源资料引用证据参考编号-]{0,80}"
_MARK_BEGIN = re.compile(
    rf"(?:\[\s*(?:{_OPEN}{_BEGUN}(?:{_SHUT}\s*)?)?|{_OPEN}{_BEGUN}\\?|\\)$", re.IGNORECASE
)
_RANGE = re.compile(rf"(\d+)(?:\s*{_DASH}\s*{_LABEL}(\d+))?", re.IGNORECASE)
_YEARS = range(1900, 2100)
_OPENERS = "[【［〔\\"

_END = "。！？!?"
_AFTER_END = _END + "”’」』）)》\"'…"
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|vs|etc|No|Inc|Ltd|Co|Corp|approx|e\.g|i\.e)|(?<![A-Za-z])[A-Z]"
    r"|\.[A-Za-z])\.$"
)
_HEADING = re.compile(r"^\s*(?:#{1,6}\s+.*|\*\*[^*]+\*\*[:：]?\s*)$")
_EMPTIED = (
    re.compile(r"[（(]\s*(?:(?:资料)?来源|参?见|参考|引用|sources?|see)\s*[:：]?\s*[)）]", re.I),
    re.compile(r"^(?:根?据|依据|按照|参照)[和与及、\s]*[，,]\s*"),
    re.compile(r"^according to(?:\s|,|and\b)*,\s*", re.I),
)
"""What a mark leaves behind where it stood as a word: （来源：[1]）, 根据[1]，…"""
_BULLET = re.compile(r"^\s*(?:#{1,6}\s+|[-*•·]\s+|\d{1,2}[.)]\s+|\d{1,2}、(?!\d))")
_LIST_NUMBER = re.compile(r"^\s*\d{1,2}\.$")
_SOURCE_LINE = re.compile(
    r"^(?:来源|资料来源|参考资料|参考|引用|sources?|references?)\s*[:：]?$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """A sentence without its marks; ``numbers`` count the distinct marks from 1 by first use.
    ``heading``: a line in a heading's or in bold writing, without a mark."""

    text: str
    numbers: tuple[int, ...]
    heading: bool = False


@dataclass(frozen=True, slots=True)
class CitedText:
    """A parsed reply. ``evidence[n - 1]`` is the prompt's number behind citation number ``n``.

    ``dropped`` counts marks whose number the prompt did not hold; ``ended`` tells whether the last
    sentence has its end mark.
    """

    sentences: tuple[CitedSentence, ...]
    evidence: tuple[int, ...]
    dropped: int
    ended: bool


class CitationParser:
    """Reads a reply piece by piece; ``limit`` is the highest number of the prompt."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held = ""
        self._text: list[str] = []
        self._numbers: list[int] = []
        self._pending: list[int] = []
        """Marks at the head of a line: of the sentence after them, or of the one before where
        nothing follows on the line."""
        self._fresh = True
        self._ended = False
        self._last_ended = False
        self._sentences: list[CitedSentence] = []
        self._order: dict[int, int] = {}
        self._dropped = 0

    def feed(self, piece: str) -> None:
        """Takes the next piece; a mark that may go on in the next one is held back."""
        text = self._held + piece
        begun = _MARK_BEGIN.search(text)
        # A range or label can only be judged whole, and so can "." before the next character.
        cut = begun.start() if begun else len(text)
        if cut and text[cut - 1] == "." and cut == len(text):
            cut -= 1
        self._held = text[cut:]
        self._take(text[:cut], following=self._held[:1])

    def finish(self) -> CitedText:
        """The whole parse; nothing may be fed after it."""
        rest, self._held = self._held, ""
        self._take(rest, following="")
        self._close()
        self._settle()
        return CitedText(
            tuple(self._sentences), tuple(self._order), self._dropped, self._last_ended
        )

    def draft(self) -> str:
        """What can be shown so far, with the marks renumbered."""
        current = _clean("".join(self._text))
        shown = list(self._sentences)
        if current:
            shown.append(CitedSentence(current, tuple(dict.fromkeys(self._numbers))))
        return render(shown)

    def _take(self, text: str, following: str) -> None:
        at = 0
        for mark in MARK.finditer(text):
            numbers = self._read(mark["inside"])
            if numbers is None:
                continue
            self._run(text[at : mark.start()], "[")
            self._cite(numbers)
            at = mark.end()
        self._run(text[at:], following)

    def _read(self, inside: str) -> list[int] | None:
        """The existing numbers of a mark; None where the brackets hold a year of the text."""
        pairs = [(int(a), int(b or a)) for a, b in _RANGE.findall(inside)]
        if len(pairs) == 1 and pairs[0][0] in _YEARS and pairs[0][0] > self._limit:
            return None
        numbers: list[int] = []
        for first, last in pairs:
            low, high = min(first, last), max(first, last)
            inside_limit = range(max(low, 1), min(high, self._limit) + 1)
            numbers += inside_limit
            self._dropped += len(inside_limit) < high - low + 1
        return numbers

    def _cite(self, numbers: list[int]) -> None:
        while self._text and self._text[-1].isspace():
            self._text.pop()
        if self._text and self._text[-1] == "." and not self._abbreviated():
            self._ended = True
        new = [self._order.setdefault(number, len(self._order) + 1) for number in numbers]
        if self._text or not self._sentences:
            self._numbers += new
        elif self._fresh:
            self._pending += new
        else:
            self._add_to_last(new)

    def _add_to_last(self, numbers: Sequence[int]) -> None:
        last = self._sentences[-1]
        self._sentences[-1] = replace(last, numbers=tuple(dict.fromkeys([*last.numbers, *numbers])))

    def _settle(self) -> None:
        """Marks alone on their line belong to the sentence before."""
        if self._pending:
            self._add_to_last(self._pending)
            self._pending = []

    def _run(self, text: str, following: str) -> None:
        """Appends text without marks, closing sentences on the way."""
        for at, char in enumerate(text):
            if char in "\r\n":
                self._close()
                self._settle()
                self._fresh = True
                continue
            if self._ended and char not in _AFTER_END and not char.isspace():
                self._close()
            if not self._text and char.isspace():
                continue
            self._numbers += self._pending
            self._pending = []
            self._fresh = False
            self._text.append(char)
            if char in _END:
                self._ended = True
            elif char == ".":
                after = text[at + 1 : at + 2] or following
                listed = _LIST_NUMBER.match("".join(self._text))
                self._ended = (
                    (not after or after.isspace() or after in _OPENERS)
                    and not listed
                    and not self._abbreviated()
                )

    def _abbreviated(self) -> bool:
        """Whether the point just read is that of "Dr." or an initial, and ends nothing."""
        return _ABBREVIATION.search("".join(self._text[-8:])) is not None

    def _close(self) -> None:
        written = "".join(self._text)
        text = _clean(written)
        numbers, ended = tuple(dict.fromkeys(self._numbers)), self._ended
        self._text, self._numbers, self._ended = [], [], False
        if not any(char.isalnum() for char in text) or _SOURCE_LINE.match(text):
            if numbers and self._sentences:
                self._add_to_last(numbers)
            return
        heading = not numbers and not ended and _HEADING.match(written) is not None
        self._sentences.append(CitedSentence(text, numbers, heading))
        self._last_ended = ended


def parse(text: str, limit: int) -> CitedText:
    """Parses a whole reply whose evidence is numbered 1 to ``limit``."""
    parser = CitationParser(limit)
    parser.feed(text)
    return parser.finish()


def render(sentences: Sequence[CitedSentence]) -> str:
    """One text with its marks, laid out as the extractive answer is: ``……46.4% [1]``."""
    lines = [
        " ".join(filter(None, [sentence.text, "".join(f"[{n}]" for n in sentence.numbers)]))
        for sentence in sentences
    ]
    return "\n".join(lines) if len(lines) > 2 else " ".join(lines)


def _clean(text: str) -> str:
    """Without list marks and bold: the page shows plain sentences."""
    text = _BULLET.sub("", text).replace("**", "").strip()
    for emptied in _EMPTIED:
        text = emptied.sub("", text)
    return text
