"""The sentences of the documents that come nearest to a claim, and citations of places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.citing import citation
from rag.seams import Corpus
from rag.text.reading import reading
from rag.text.tokens import tokens
from rag.types import Citation, Place, ScoredChunk, Section, Sentence

MOST = 6
"""Sentences weighed for a claim."""

Located = tuple[str, Sentence, Section]
"""A sentence with its document and section."""


@dataclass(frozen=True, slots=True)
class Near:
    """A sentence of the documents; ``share`` of the claim's tokens that it holds, in [0, 1]."""

    place: Place
    quote: str
    context: tuple[str, ...]
    share: float


@lru_cache(20_000)
def token_set(text: str) -> frozenset[str]:
    """The tokens of ``text``; kept, for the claims of a draft come near the same sentences."""
    return frozenset(tokens(text))


def sentences_of(corpus: Corpus, hits: Sequence[ScoredChunk]) -> Iterator[Located]:
    """The sentences of passages, each once."""
    seen: set[tuple[str, int]] = set()
    for hit in hits:
        for sentence in corpus.sentences(hit.doc, hit.chunk.first, hit.chunk.last):
            if (hit.doc, sentence.start) not in seen:
                seen.add((hit.doc, sentence.start))
                yield hit.doc, sentence, corpus.section(hit.doc, sentence.section)


def all_of(corpus: Corpus, doc: str) -> list[Sentence]:
    """The sentences of a document."""
    return corpus.sentences(doc, 0, len(corpus.document(doc).text))


def preceding(corpus: Corpus, place: Place) -> Place | None:
    """The sentence before the one that begins at ``place``, in the same section."""
    last: Sentence | None = None
    for sentence in all_of(corpus, place.doc):
        if sentence.start >= place.start:
            same = last is not None and last.section == sentence.section and not last.heading
            return Place(place.doc, last.start, last.end) if last is not None and same else None
        last = sentence
    return None


def all_sentences(corpus: Corpus, doc: str) -> Iterator[Located]:
    """The sentences of a document with their sections."""
    sections: dict[int, Section] = {}
    for sentence in all_of(corpus, doc):
        if sentence.section not in sections:
            sections[sentence.section] = corpus.section(doc, sentence.section)
        yield doc, sentence, sections[sentence.section]


def nearest(said: str, corpus: Corpus, sentences: Iterable[Located]) -> list[Near]:
    """The sentences that hold most of the claim's tokens, most first; those that hold none go."""
    wanted = token_set(said)
    found: list[Near] = []
    for doc, sentence, section in sentences:
        document = corpus.document(doc)
        quote = reading(document.text[sentence.start : sentence.end])
        share = len(wanted & token_set(quote)) / len(wanted) if wanted else 0.0
        if share > 0:
            around = (document.title, document.date, *section.titles, section.byline)
            context = tuple(part for part in (*around, section.speaker) if part)
            place = Place(doc, sentence.start, sentence.end)
            found.append(Near(place, quote, context, share))
    found.sort(key=lambda one: (-one.share, len(one.quote), one.place.doc, one.place.start))
    return found[:MOST]


def citations(corpus: Corpus, places: Sequence[Place]) -> tuple[Citation, ...]:
    """Citations of ``places``, numbered from 1."""
    return tuple(
        citation(n, corpus.document(p.doc), p.start, p.end, section_at(corpus, p))
        for n, p in enumerate(places, start=1)
    )


def section_at(corpus: Corpus, place: Place) -> Section:
    """The section in which ``place`` begins."""
    index = 0
    for sentence in all_of(corpus, place.doc):
        if sentence.start > place.start:
            break
        index = sentence.section
    return corpus.section(place.doc, index)
