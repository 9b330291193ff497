"""Evidence as numbered sentences under the titles of their passages, within a budget.

The text is data: nothing in it can end the block, hide, or pose as a citation or as the sentinel.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

from rag.answer.cite import MARK
from rag.types import Document, Evidence

REFUSAL = "NO_ANSWER"
"""What a model says, alone, where the evidence holds no answer: one word for prompt, code, tests.
In Latin letters, so that no Chinese document says it by chance."""

_NUMBERS = re.compile(r"[\[【［〔](\s*\^?\d[\d\s,，、;；–—~～-]*)[\]】］〕]")
_ANGLES = str.maketrans("<>", "＜＞")
# Carriers of text that a reader does not see: format characters (zero-width, bidi, tags), controls,
# private use, and variation selectors.
_HIDDEN = {"Cf", "Cc", "Co", "Cn"}

_ONE = re.compile(r"[\n\x20-\x7e\u2010-\u2026\u3000-\u303f\u4e00-\u9fff\uff00-\uff5e]+")
_ASTRAL = re.compile(r"[\U00010000-\U0010ffff]")
_TITLE = 60
"""Characters of a title that are given: some headings are whole paragraphs."""


def size(text: str) -> int:
    """What a text takes of the budget: no fewer than a model's tokens for it.

    1 for a Chinese character or a Latin letter (a tokenizer needs at most about one), 2 for other
    scripts and symbols and 4 for emoji and rare characters, which may be told byte by byte.
    """
    astral = len(_ASTRAL.findall(text))
    single = sum(len(run) for run in _ONE.findall(text))
    return single + 4 * astral + 2 * (len(text) - single - astral)


def visible(text: str) -> str:
    """One line of what a reader sees, unable to end the evidence block or pose as a citation."""
    kept = []
    for char in text:
        category = unicodedata.category(char)
        if category == "Cs":
            kept.append("\ufffd")
        elif char.isspace():
            kept.append(" ")
        elif category not in _HIDDEN and not _selector(char):
            kept.append(char)
    line = " ".join("".join(kept).translate(_ANGLES).split())
    line = _NUMBERS.sub(r"（\1）", MARK.sub(r"（\g<inside>）", line))
    while REFUSAL in line:  # what is left of one can be another
        line = line.replace(REFUSAL, "")
    return line


def block(
    evidence: Sequence[Evidence],
    around: Sequence[Evidence],
    document: Callable[[str], Document],
    budget: int,
) -> tuple[str, tuple[Evidence, ...], int]:
    """The text, the evidence in the order of its numbers, and what the text takes of the budget.

    The best evidence that fits, at least one, then of ``around`` what still fits, in its order.
    """
    kept = _within(evidence, around, document, budget)
    lines: list[str] = []
    numbered: list[Evidence] = []
    for passage in dict.fromkeys(_passage(item) for item in kept):
        items = [item for item in kept if _passage(item) == passage]
        header = _header(items[0], document)
        if header and (len(kept) > 1 or size(header) + size(items[0].text) <= budget):
            lines.append(f"（{header}）")
        for item in sorted(items, key=lambda item: item.place.start):
            numbered.append(item)
            lines.append(f"[{len(numbered)}] {_cut(visible(item.text), budget)}")
    text = "\n".join(lines)
    return text, tuple(numbered), size(text)


def frame(item: Evidence, document: Callable[[str], Document]) -> tuple[str, ...]:
    """What stands around a sentence: titles, speaker, byline, date. For checking what cites it."""
    source = document(item.place.doc)
    titles = item.titles or item.section.titles
    every = (source.title, *titles, item.section.speaker, item.section.byline, source.date)
    return tuple(dict.fromkeys(part for part in every if part))


def _within(
    evidence: Sequence[Evidence],
    around: Sequence[Evidence],
    document: Callable[[str], Document],
    budget: int,
) -> list[Evidence]:
    kept: list[Evidence] = []
    passages: set[tuple[str, int]] = set()
    used = 0
    mark = len(f"[{len(evidence) + len(around)}] \n")
    for item in [*sorted(evidence, key=lambda item: -item.score), *around]:
        cost = size(visible(item.text)) + mark
        if _passage(item) not in passages and (header := _header(item, document)):
            cost += size(header) + len("（）\n")
        if kept and used + cost > budget:
            break
        passages.add(_passage(item))
        kept.append(item)
        used += cost
    return kept


def _passage(item: Evidence) -> tuple[str, int]:
    return item.place.doc, item.section.start


def _header(item: Evidence, document: Callable[[str], Document]) -> str:
    """Whose words a passage holds: titles, speaker, byline, date."""
    source = document(item.place.doc)
    titles = dict.fromkeys((source.title, *(item.titles or item.section.titles)))
    parts = [" / ".join(visible(title)[:_TITLE] for title in titles if title)]
    for label, text in (
        ("说话人", item.section.speaker),
        ("作者", item.section.byline),
        ("日期", source.date),
    ):
        parts += [f"{label}：{visible(text)[:_TITLE]}"] if text else []
    return "；".join(part for part in parts if part)


def _cut(text: str, budget: int) -> str:
    """What of the first sentence fits where it alone is over the budget."""
    if size(text) <= budget:
        return text
    end = budget
    while size(text[:end]) > budget:
        end = end * budget // size(text[:end])
    return f"{text[:end]}…"


def _selector(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"
