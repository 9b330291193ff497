"""Passages in the order of their best sentence: by hand."""

from __future__ import annotations

import numpy as np
import pytest

from rag.retrieve.rerank import WEIGHT, rerank
from rag.retrieve.scored import Candidate, Scored
from rag.types import Chunk, ScoredChunk, Section, Sentence

NONE = np.zeros(0, dtype=np.float32)


def hit(doc: str, first: int, last: int, score: float) -> ScoredChunk:
    return ScoredChunk(doc, first, Chunk(0, 9, 0, first, last), score)


def weighed(doc: str, index: int, score: float) -> Scored:
    candidate = Candidate(doc, index, Sentence(0, 9, 0), Section(0, 9), "句", "", 0.5)
    return Scored(candidate, score, NONE, NONE)


def test_a_passage_is_worth_its_score_and_its_best_sentence() -> None:
    hits = [hit("a", 0, 1, 0.5), hit("b", 0, 0, 0.4)]
    ranked = [weighed("b", 0, 4.0), weighed("a", 1, 2.0), weighed("a", 0, -3.0)]
    got = rerank(hits, ranked)
    assert [h.doc for h in got] == ["b", "a"]
    assert [h.score for h in got] == pytest.approx([0.4 + 4 * WEIGHT, 0.5 + 2 * WEIGHT])


def test_a_passage_whose_sentences_were_not_weighed_counts_as_the_worst() -> None:
    hits = [hit("none", 0, 3, 0.5), hit("a", 0, 0, 0.5), hit("a", 1, 1, 0.5)]
    ranked = [weighed("a", 0, 1.0), weighed("a", 1, -2.0)]
    assert [(h.doc, h.chunk_id) for h in rerank(hits, ranked)] == [("a", 0), ("none", 0), ("a", 1)]


def test_without_any_sentence_the_order_stays() -> None:
    hits = [hit("a", 0, 0, 0.9), hit("b", 0, 0, 0.9), hit("c", 0, 0, 0.1)]
    assert rerank(hits, []) == hits
