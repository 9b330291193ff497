"""Chunks: whole sentences of one section, of about one size."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.text.repeats import repeated
from rag.types import Chunk, Section, Sentence

_LETTER = re.compile(r"[^\W_]")
_LEAD_IN = ("：", ":")
_MOST = 1.5


def split_chunks(
    text: str, sections: Sequence[Section], sentences: Sequence[Sentence], size: int
) -> tuple[Chunk, ...]:
    """Chunks of about ``size`` characters, in order.

    None is longer than 1.5 × ``size`` but for a single sentence that is. A lead-in (…：) or a
    heading stays with what follows where that fits, and chunks end with paragraphs where that
    costs little. A second print of a passage and text without a letter get no chunk.
    """
    again = repeated(text, sentences)
    chunks: list[Chunk] = []
    contexts: dict[int, str] = {}
    first = 0
    while first < len(sentences):
        if again[first]:
            first += 1
            continue
        section = sentences[first].section
        last = first
        while (
            last + 1 < len(sentences)
            and sentences[last + 1].section == section
            and not again[last + 1]
        ):
            last += 1
        if section not in contexts:
            contexts[section] = context_of(sections[section])
        for low, high in _pack(text, sentences, first, last, size):
            start, end = sentences[low].start, sentences[high].end
            if _LETTER.search(text, start, end):
                chunks.append(Chunk(start, end, section, low, high, contexts[section]))
        first = last + 1
    return tuple(chunks)


def context_of(section: Section) -> str:
    """What is searched with a section's text: its titles and who speaks, joined by `` › ``."""
    parts = list(section.titles)
    if section.speaker and not any(section.speaker in title for title in parts):
        parts.append(section.speaker)
    return " › ".join(parts)


def _pack(
    text: str, sentences: Sequence[Sentence], first: int, last: int, size: int
) -> Iterator[tuple[int, int]]:
    """Sentences ``first..last`` in runs of about equal length near ``size``."""
    most = int(size * _MOST)
    end = sentences[last].end
    while first <= last:
        start = sentences[first].start
        rest = end - start
        pieces = max(1, round(rest / size))
        if pieces == 1 and rest <= most:
            yield first, last
            return
        target = rest / max(pieces, 2)
        best, least = first, float("inf")
        for high in range(first, last + 1):
            length = sentences[high].end - start
            if high > first and length > most:
                break
            cost = abs(length - target) + _cost(text, sentences, high, last, size)
            if cost <= least:
                best, least = high, cost
        yield first, best
        first = best + 1


def _cost(text: str, sentences: Sequence[Sentence], high: int, last: int, size: int) -> float:
    """What speaks for (below zero) and against ending a chunk after sentence ``high``."""
    if high == last:
        return 0.0
    sentence = sentences[high]
    if sentence.heading or text[sentence.end - 1] in _LEAD_IN:
        return float(size)
    gap = text[sentence.end : min(sentences[high + 1].start, sentence.end + 20)]
    return -0.2 * size if "\n" in gap or "\r" in gap else 0.0
