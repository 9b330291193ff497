"""Passages in the order of what their sentences are worth: by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from rag.retrieve.aliases import Aliases
from rag.retrieve.features import NAMES
from rag.retrieve.passages import PASSAGE
from rag.retrieve.question import take_apart
from rag.retrieve.rerank import WEIGHT, rerank
from rag.retrieve.scored import Candidate, Scored
from rag.retrieve.trees import Trees
from rag.retrieve.weights import Weights
from rag.types import Chunk, ScoredChunk, Section, Sentence
from tests.fakes.ranking import ranker

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


# ---- by trees ------------------------------------------------------------------------------
DENSE = PASSAGE.index("dense")
VIEW = ranker().view_question(take_apart("青江大桥投资多少"), Aliases())


def by_dense(passages: bool = True) -> Weights:
    """Weights whose trees hold a passage for likelier the nearer it is in meaning."""
    order = Trees(
        feature=np.array([[DENSE], [DENSE]]),
        threshold=np.array([[0.2], [0.6]], np.float32),
        leaf=np.array([[-1.0, 1.0], [-1.0, 1.0]], np.float32),
        bias=0.5,
    )
    return replace(Weights.read(), passages=order if passages else None)


def near(doc: str, score: float, dense: float) -> ScoredChunk:
    return replace(hit(doc, 0, 0, score), dense=dense)


def full(doc: str, score: float) -> Scored:
    return replace(weighed(doc, 0, score), features=np.zeros(len(NAMES), np.float32))


def test_trees_order_the_passages_by_the_probability_that_they_answer() -> None:
    hits = [near("a", 0.9, 0.1), near("b", 0.5, 0.4), near("c", 0.1, 0.8)]
    got = rerank(hits, [full(doc, 1.0) for doc in "abc"], VIEW, by_dense())
    assert [h.doc for h in got] == ["c", "b", "a"]
    expected = [1 / (1 + math.exp(-logit)) for logit in (2.5, 0.5, -1.5)]
    assert [h.score for h in got] == pytest.approx(expected, abs=1e-6)


def test_weights_without_trees_for_passages_leave_the_formula() -> None:
    hits = [near("a", 0.9, 0.1), near("c", 0.1, 0.8)]
    ranked = [full("a", 1.0), full("c", 1.0)]
    for question, weights in ((VIEW, by_dense(False)), (VIEW, None), (None, by_dense())):
        assert rerank(hits, ranked, question, weights) == rerank(hits, ranked)
    assert [h.doc for h in rerank(hits, ranked)] == ["a", "c"]


def test_without_any_sentence_trees_are_not_asked() -> None:
    hits = [near("a", 0.9, 0.1), near("c", 0.1, 0.8)]
    assert rerank(hits, [], VIEW, by_dense()) == hits
