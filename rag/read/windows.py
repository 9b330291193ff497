"""Which stretches of text are read for a question: the best sentences with their neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from rag.retrieve.scored import Scored
from rag.seams import Corpus
from rag.text.reading import reading
from rag.types import Sentence

WINDOWS = 4
"""Stretches that are read at most: eight give the same answers at twice the time."""
SENTENCES = 10
"""Best sentences that are to be read."""
CHARACTERS = 230
"""Length that a stretch aims at, as in training."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring sentences ``first`` and following of a document, as they are read."""

    doc: str
    first: int
    texts: tuple[str, ...]


def stretches(
    ranked: Sequence[Scored], corpus: Corpus, windows: int = WINDOWS, best: int = SENTENCES
) -> list[Stretch]:
    """Stretches around the best sentences that no earlier stretch holds, best first."""
    found: list[Stretch] = []
    held: set[tuple[str, int]] = set()
    plain = (scored.candidate for scored in ranked if not scored.candidate.sentence.heading)
    for candidate in islice(plain, best):
        if (candidate.doc, candidate.index) in held:
            continue
        stretch = _around(corpus, candidate.doc, candidate.index, candidate.sentence)
        held.update((stretch.doc, stretch.first + i) for i in range(len(stretch.texts)))
        found.append(stretch)
        if len(found) == windows:
            break
    return found


def _around(corpus: Corpus, doc: str, index: int, sentence: Sentence) -> Stretch:
    """Sentences of the same section, the nearest first, up to ``CHARACTERS``; the sentence itself
    may be longer."""
    reach = 6
    low = max(0, index - reach)
    near = corpus.sentences(doc, low, index + reach)
    text = corpus.document(doc).text
    said = [reading(text[s.start : s.end]) for s in near]
    fits = [s.section == sentence.section and not s.heading for s in near]
    first = last = index - low
    length = len(said[first])
    while True:
        options = [i for i in (first - 1, last + 1) if 0 <= i < len(near) and fits[i]]
        options = [i for i in options if length + len(said[i]) <= CHARACTERS]
        if not options:
            break
        nearest = min(options, key=lambda i: abs(i - (index - low)))
        first, last = min(first, nearest), max(last, nearest)
        length += len(said[nearest])
    return Stretch(doc, low + first, tuple(said[first : last + 1]))
