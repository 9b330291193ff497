"""Question to passages: lexical and dense search, fused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.retrieve.question import take_apart
from rag.seams import Corpus, Embedder, LexicalIndex, VectorIndex
from rag.text.tokens import tokens
from rag.types import Query, ScoredChunk

DENSE = 0.4
"""What a cosine of 1 counts beside the best BM25 score."""
EXPANDED = 0.9
"""What the best BM25 score counts where other names of the words were searched for."""


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


def dense_text(question: str, embedder: Embedder) -> str:
    """What is embedded of a question. A mean of token vectors cannot tell what is asked from that
    it is asked: the content words count twice. A contextual model gets the question as it is."""
    if not embedder.identity.startswith("static:"):
        return question
    return " ".join([question, *take_apart(question).runs])


Ranking = Sequence[tuple[int, float]]
"""(chunk id, score) pairs, best first."""


def fuse(lexical: Ranking, expanded: Ranking, dense: Ranking) -> list[tuple[int, float]]:
    """Convex combination of scores (Bruch et al. 2023, TOIS 42: it keeps what ranks lose, by how
    much the first is ahead): BM25 as a share of its best, cosines as they are. In [0, 1], best
    first, ties by id."""
    total: dict[int, float] = {}
    for ranking, weight in ((lexical, 1.0), (expanded, EXPANDED)):
        for item, score in ranking:
            total[item] = max(total.get(item, 0.0), weight * score / ranking[0][1])
    for item, score in dense:
        total[item] = total.get(item, 0.0) + DENSE * max(0.0, score)
    fused = ((item, score / (1.0 + DENSE)) for item, score in total.items())
    return sorted(fused, key=lambda pair: (-pair[1], pair[0]))


def search(
    query: Query,
    index: Searchable,
    embedder: Embedder,
    k: int,
    expansion: str = "",
    depth: int = 3,
    mode: str = "hybrid",
) -> list[ScoredChunk]:
    """The ``k`` best passages, best first.

    ``expansion`` is the question with other names of its words, a ranking of its own at the
    lexical side. ``depth * k`` of each ranking are fused. ``mode`` leaves out one side:
    ``lexical`` or ``dense``.
    """
    lexical: list[tuple[int, float]] = []
    expanded: list[tuple[int, float]] = []
    dense: list[tuple[int, float]] = []
    if mode != "dense":
        lexical = index.lexical.search(lexical_tokens(query.standalone), depth * k)
    if mode != "lexical":
        vector = embedder.encode_queries([dense_text(query.standalone, embedder)])
        dense = index.vectors.search(vector[0], depth * k) if vector.any() else []
    if mode != "dense" and expansion:
        expanded = index.lexical.search(lexical_tokens(expansion), depth * k)
    if dense:
        # What only words found has a cosine as well: without it all of these would count as far.
        known = dict(dense)
        others = sorted({item for item, _ in (*lexical, *expanded)} - known.keys())
        cosines = index.vectors.vectors(others) @ vector[0]
        dense = [*dense, *zip(others, cosines.tolist(), strict=True)]
    by_lexical, by_dense = dict(lexical), dict(dense)
    hits: list[ScoredChunk] = []
    for chunk_id, score in fuse(lexical, expanded, dense)[:k]:
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
