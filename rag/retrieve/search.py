"""Question to passages: lexical and dense search, fused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.retrieve.question import take_apart
from rag.text.tokens import tokens
from rag.types import Corpus, Embedder, LexicalIndex, Query, ScoredChunk, VectorIndex

RRF = 20.0
"""Reciprocal rank fusion's constant (Cormack et al. 2009, SIGIR). The paper's 60 suits lists of
thousands; with tens of passages a smaller one keeps the first ranks apart."""


@dataclass(frozen=True, slots=True)
class Searchable:
    """What a search needs of one open generation."""

    corpus: Corpus
    vectors: VectorIndex
    lexical: LexicalIndex


def lexical_tokens(question: str) -> list[str]:
    """The tokens of a question's content, in order, without repeats; of all of it if none is left."""
    asked = take_apart(question)
    found = [token for run in asked.runs for token in tokens(run)]
    return list(dict.fromkeys(found or tokens(asked.text)))


def fuse(rankings: Sequence[Sequence[tuple[int, float]]]) -> list[tuple[int, float]]:
    """Reciprocal rank fusion, scaled so that first everywhere is 1; best first, ties by id."""
    total: dict[int, float] = {}
    for ranking in rankings:
        for rank, (item, _) in enumerate(ranking):
            total[item] = total.get(item, 0.0) + RRF / (RRF + rank) / len(rankings)
    return sorted(total.items(), key=lambda pair: (-pair[1], pair[0]))


def search(
    query: Query,
    index: Searchable,
    embedder: Embedder,
    k: int,
    expansions: Sequence[str] = (),
    depth: int = 3,
) -> list[ScoredChunk]:
    """The ``k`` best passages, best first.

    ``expansions`` are further texts to search for (aliases, the context of a follow-up), each
    a ranking of its own at the lexical side. ``depth * k`` of each ranking are fused.
    """
    lexical = index.lexical.search(lexical_tokens(query.standalone), depth * k)
    vector = embedder.encode_queries([query.standalone])
    dense = index.vectors.search(vector[0], depth * k) if vector.any() else []
    rankings = [ranking for ranking in (lexical, dense) if ranking]
    for text in expansions:
        more = index.lexical.search(lexical_tokens(text), depth * k)
        if more:
            rankings.append(more)
    by_lexical, by_dense = dict(lexical), dict(dense)
    hits: list[ScoredChunk] = []
    for chunk_id, score in fuse(rankings)[:k] if rankings else []:
        doc, chunk = index.corpus.chunk(chunk_id)
        hits.append(
            ScoredChunk(
                doc=doc,
                chunk_id=chunk_id,
                chunk=chunk,
                score=score,
                dense=by_dense.get(chunk_id, 0.0),
                lexical=by_lexical.get(chunk_id, 0.0),
            )
        )
    return hits
