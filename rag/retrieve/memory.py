"""Documents held in memory with the face of an index: for passages that come with the question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from rag.errors import UsageError
from rag.text.repeats import sentence_key
from rag.text.tokens import tokens
from rag.types import Chunk, Document, Parsed, Place, ScoredChunk, Section, Sentence


class MemoryCorpus:
    """Implements ``Corpus`` over parsed documents. Chunk ids are running numbers."""

    def __init__(self, parsed: Sequence[Parsed]) -> None:
        self._parsed = {p.document.id: p for p in parsed}
        self._chunks = [(p.document.id, chunk) for p in parsed for chunk in p.chunks]
        self._places: dict[int, list[Place]] = defaultdict(list)
        for p in parsed:
            for s in p.sentences:
                place = Place(p.document.id, s.start, s.end)
                self._places[sentence_key(p.document.text[s.start : s.end])].append(place)
        self._tokens = [
            frozenset(tokens(f"{c.context}\n{self._parsed[d].document.text[c.start : c.end]}"))
            for d, c in self._chunks
        ]

    def hits(self) -> list[ScoredChunk]:
        """Every chunk, as if all had been found alike."""
        return [
            ScoredChunk(doc=doc, chunk_id=i, chunk=chunk, score=0.5)
            for i, (doc, chunk) in enumerate(self._chunks)
        ]

    def document(self, doc: str) -> Document:
        try:
            return self._parsed[doc].document
        except KeyError:
            raise UsageError(f"there is no document {doc!r}", "see `rag doctor`") from None

    def section(self, doc: str, index: int) -> Section:
        return self._parsed[doc].sections[index]

    def sentences(self, doc: str, first: int, last: int) -> list[Sentence]:
        return list(self._parsed[doc].sentences[max(0, first) : last + 1])

    def chunk(self, chunk_id: int) -> tuple[str, Chunk]:
        return self._chunks[chunk_id]

    def repeats(self, doc: str, sentence: int) -> list[Place]:
        parsed = self._parsed[doc]
        s = parsed.sentences[sentence]
        key = sentence_key(parsed.document.text[s.start : s.end])
        return [p for p in self._places[key] if p != Place(doc, s.start, s.end)]

    def contains(self, token: str) -> bool:
        return any(token in held for held in self._tokens)
