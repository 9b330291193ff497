"""Passages in the order of what their best sentence is worth as evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.retrieve.scored import Scored
from rag.types import ScoredChunk

WEIGHT = 0.1
"""What a point of a sentence's score adds to its passage's: the lead in BM25 still counts most."""


def rerank(hits: Sequence[ScoredChunk], ranked: Sequence[Scored]) -> list[ScoredChunk]:
    """The passages, best first, ties in the order found. ``ranked`` are their sentences, weighed;
    a passage without any keeps the lowest score of all."""
    best: dict[tuple[str, int], float] = {}
    for scored in ranked:
        place = scored.candidate.doc, scored.candidate.index
        best[place] = max(best.get(place, scored.score), scored.score)
    lowest = min(best.values(), default=0.0)

    def worth(hit: ScoredChunk) -> float:
        sentences = range(hit.chunk.first, hit.chunk.last + 1)
        top = max((best[hit.doc, i] for i in sentences if (hit.doc, i) in best), default=lowest)
        return hit.score + WEIGHT * top

    return sorted((replace(hit, score=worth(hit)) for hit in hits), key=lambda hit: -hit.score)
