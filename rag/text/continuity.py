"""Whether a line goes on in the next: what a break that cuts a sentence leaves behind."""

from __future__ import annotations

import re

from rag.text.lines import Line
from rag.text.patterns import CLOSERS, COMMAS, HAN
from rag.text.words import COMMON

_OPENERS = {
    "“": "”",
    "「": "」",
    "『": "』",
    "《": "》",
    "（": "）",
    "(": ")",
    "【": "】",
    "‘": "’",
}
_CLOSING = {close: opening for opening, close in _OPENERS.items()}
_QUOTE = re.compile("[" + re.escape("".join(_OPENERS) + "".join(_CLOSING)) + "]")

_DANGLING = re.compile(
    rf"(?:[{COMMAS}—“‘「『《（(]"
    r"|[的把被]|(?<!而)已|(?<![共总温饱缓调])和|(?<![参给])与|(?<![普埃涉])及|(?<![存所实潜内现])在"
    r"|(?<![自理缘])由|(?<![可得加予足])以|(?<![合])并|(?<![服随顺听])从|(?<![大名])将|(?<![反])而|(?<![平高初中同均何特优头])等"
    r"|[增升降减涨跌回延提调放扩]至|截至|达到|超过|突破|分别为|作为|成为|转化为|正在|通过|根据|按照|随着"
    r"|关于|对于|由于|以及|不断[\u4e00-\u9fff]?|进一步|尤其是|特别是|就是|不是|也是|都是|的是)$"
)
_STARTS_INSIDE = re.compile(
    rf"[{COMMAS}。；;：:）)%％…]|[{CLOSERS}]"
    r"|(?:的|了|着|们)(?![确士是解然])|也(?:不|能|将|要|都)|并且|以及|[和及](?=\S{2})(?!谐|平)"
    rf"|(?![第好是对哦唉啊不来看瞧喂嗯而但且则故因如若今一二三四五六七八九十])[{HAN}][、，。；,;]"
    r"|[0-9]+\.[0-9]+(?:万|亿|千|百|%|％|个百分点|元|倍)"
)
_NEW_PARAGRAPH = re.compile(
    r"[一二三四五六七八九十]{1,2}是|第[一二三四五六七八九十]{1,2}[，,]|首先[，,]|其[次三中][，,]|最后[，,]|此外[，,]"
    r"|另外[，,]|同时[，,]|据(?:了解|悉|介绍)|——|图为|[（(][一二三四五六七八九十0-9]{1,2}[)）]|[①-⑳]"
)
REPORTS = re.compile(r"(?:表示|介绍|指出|认为|强调|说|称|日|时|年|来|中|上|下|期间)[，,]")
"""What a comma follows in a sentence and hardly ever in a headline."""
_LATIN_END = re.compile(r"[A-Za-z,-]$")
_LATIN_GOES_ON = re.compile(r"[a-z]")


class Words:
    """Which strings stand unbroken in a text: evidence that a break cut a word.

    Each question scans the text once, so their number is bounded to keep the whole linear; past
    the bound nothing is known of any string.
    """

    def __init__(self, text: str, start: int = 0, end: int | None = None) -> None:
        self._text = text
        self._start = start
        self._end = len(text) if end is None else end
        self._left = 200

    def known(self, word: str) -> bool:
        """Whether ``word`` occurs in the text."""
        if self._left <= 0 or len(word) < 2:
            return False
        self._left -= 1
        return self._text.find(word, self._start, self._end) >= 0


def open_marks(text: str, start: int, end: int, stack: str = "") -> str:
    """The opening marks not closed in ``text[start:end]``, after those of ``stack``."""
    for match in _QUOTE.finditer(text, start, end):
        mark = match.group()
        if mark in _OPENERS:
            stack = (stack + mark)[-8:]
        elif stack and stack[-1] == _CLOSING[mark]:
            stack = stack[:-1]
    return stack


def is_cut(text: str, first: Line, second: Line, stack: str = "") -> bool:
    """Whether the end of ``first`` or the start of ``second`` can only stand inside a sentence.

    ``stack`` holds the marks that are open where ``first`` begins.
    """
    if cuts_number(text, first, second):
        return True
    if first.terminated or starts_anew(text, second):
        return False
    tail = text[max(first.start, first.end - 8) : first.end]
    head = text[second.start : second.start + 12]
    if _DANGLING.search(tail):
        return True
    if _LATIN_END.search(tail) and _LATIN_GOES_ON.match(head):
        return True
    still_open = open_marks(text, max(first.start, first.end - 600), first.end, stack)
    if head[:1] in _CLOSING:
        return _CLOSING[head[0]] in still_open
    if _STARTS_INSIDE.match(head):
        return True
    return bool(still_open) and _closes(text, second, still_open[-1])


def cuts_word(text: str, first: Line, second: Line, words: Words, *, lax: bool) -> bool:
    """Whether the characters on both sides of the break are a common word, or stand together
    elsewhere in the text.

    With ``lax`` two characters before it and one after count as well.
    """
    left, right = text[first.end - 1 : first.end], text[second.start : second.start + 2]
    if not left.isalpha() or not right.isalpha():
        return words.known(left + right) if left.isalnum() and right[1:] in "，、" else False
    if left + right[0] in COMMON or words.known(left + right):
        return True
    return lax and words.known(text[first.end - 2 : first.end] + right[0])


def cuts_number(text: str, first: Line, second: Line) -> bool:
    """Whether a decimal number stands on both sides of the break: 3. and 5万亿元."""
    tail, head = text[first.end - 2 : first.end], text[second.start : second.start + 2]
    return tail[:1].isdigit() and tail[1:] in (".", ",") and head[:1].isdigit() and head[1:] != "."


def starts_anew(text: str, line: Line) -> bool:
    """Whether a line begins as a new paragraph or item does."""
    if line.indented:
        return True
    return _NEW_PARAGRAPH.match(text, line.start, line.end) is not None


def _closes(text: str, line: Line, opening: str) -> bool:
    """Whether ``line`` closes ``opening`` before it opens the same mark again."""
    close = text.find(_OPENERS[opening], line.start, min(line.end, line.start + 600))
    if close < 0:
        return False
    again = text.find(opening, line.start, close)
    return again < 0
