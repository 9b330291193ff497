"""Picked spans to sentences with citations."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answer.picks import Pick
from rag.citing import citation
from rag.seams import Corpus
from rag.text.reading import reading_map
from rag.types import AnswerSentence, Citation


def assemble(
    picks: Sequence[Pick], corpus: Corpus
) -> tuple[tuple[AnswerSentence, ...], tuple[Citation, ...]]:
    """One sentence and one citation a pick; the same span is cited by one number."""
    sentences: list[AnswerSentence] = []
    citations: dict[tuple[str, int, int], Citation] = {}
    for pick in picks:
        document = corpus.document(pick.doc)
        text, keys, numbers = "", [], []
        for start, end, index in ((pick.start, pick.end, pick.index), *pick.rest):
            part, offsets = reading_map(document.text[start:end])
            keys += [
                _within_reading(a - start, b - start, offsets, len(text))
                for a, b in pick.key
                if start <= a and b <= end
            ]
            text += part
            place = (pick.doc, start, end)
            if place not in citations:
                citations[place] = _cite(len(citations) + 1, place, index, corpus)
            numbers.append(citations[place].n)
        sentences.append(
            AnswerSentence(text, tuple(numbers), verdict="supported", why="原文", key=tuple(keys))
        )
    return tuple(sentences), tuple(citations.values())


def written(sentences: Sequence[AnswerSentence]) -> str:
    """The answer as one text with its marks: ``……46.4% [1]``."""
    lines = []
    for sentence in sentences:
        marks = "".join(f"[{n}]" for n in sentence.citations)
        lines.append(f"{sentence.text} {marks}" if marks else sentence.text)
    return "\n".join(lines) if len(lines) > 2 else " ".join(lines)


def _cite(n: int, place: tuple[str, int, int], index: int, corpus: Corpus) -> Citation:
    doc, start, end = place
    sentence = corpus.sentences(doc, index, index)[0]
    also = [
        p
        for p in corpus.repeats(doc, index)
        if not (p.doc == doc and p.start < end and start < p.end)
    ]
    section = corpus.section(doc, sentence.section)
    return citation(n, corpus.document(doc), start, end, section, also=also)


def _within_reading(start: int, end: int, offsets: Sequence[int], shift: int) -> tuple[int, int]:
    """A span of the original as a span of its reading text, which begins at ``shift``."""
    inside = [i for i, at in enumerate(offsets[:-1] or offsets) if start <= at < end]
    return (shift + inside[0], shift + inside[-1] + 1) if inside else (0, 0)
