"""Evidence and a cross-encoder's scores in one order, by hand-computed values."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieve.crossing import DEPTH, cross, standard
from rag.retrieve.scored import Candidate, Scored
from rag.types import FloatArray, Section, Sentence

FINITE = st.floats(-20, 20, allow_nan=False, width=32)


class Given:
    """Scores given in advance, by text."""

    identity = "given"

    def __init__(self, *scores: float) -> None:
        self.scores = scores
        self.texts: list[str] = []

    def score(self, question: str, texts: Sequence[str]) -> FloatArray:
        self.texts = list(texts)
        return np.asarray(self.scores[: len(texts)], dtype=np.float32)


def scored(*scores: float, context: str = "") -> list[Scored]:
    """Candidates 0, 1, … with these scores."""
    nothing = np.zeros(0, dtype=np.float32)
    return [
        Scored(
            Candidate("d", i, Sentence(0, 1, 0), Section(0, 1), f"句{i}", context, 0.5),
            score, nothing, nothing,
        )
        for i, score in enumerate(scores)
    ]  # fmt: skip


def order(found: Sequence[Scored]) -> list[int]:
    return [s.candidate.index for s in found]


def test_both_scores_count_the_same() -> None:
    # Standard scores 1.225, 0, -1.225 and -0.707, 1.414, -0.707: sums 0.518, 1.414, -1.932.
    found = cross("q", scored(3, 2, 1), Given(0, 9, 0))
    assert order(found) == [1, 0, 2]
    # Those over their spread (1.4142), times that of the evidence (0.8165), about its mean.
    assert [s.score for s in found] == pytest.approx([2.816, 2.299, 0.885], abs=1e-3)


def test_the_scale_of_the_cross_encoder_does_not_matter() -> None:
    one = cross("q", scored(3, 2, 1), Given(0.1, 0.3, 0.0))
    other = cross("q", scored(3, 2, 1), Given(-90, 110, -190))
    assert order(one) == order(other)
    assert [s.score for s in one] == pytest.approx([s.score for s in other], abs=1e-4)


def test_equal_scores_of_the_cross_encoder_change_nothing() -> None:
    before = scored(3, 2, 1)
    after = cross("q", before, Given(5, 5, 5))
    assert order(after) == [0, 1, 2]
    assert [s.score for s in after] == pytest.approx([3, 2, 1])


def test_two_that_are_judged_the_other_way_round_stay_as_they_were() -> None:
    assert order(cross("q", scored(3, 1), Given(0, 1))) == [0, 1]


def test_none_and_one_are_not_read() -> None:
    reranker = Given(1)
    assert cross("q", [], reranker) == []
    alone = scored(2.5)
    assert cross("q", alone, reranker) == alone
    assert reranker.texts == []


def test_a_sentence_is_read_below_its_titles() -> None:
    reranker = Given(1, 2)
    cross("q", scored(2, 1, context="大桥 通车\n前一句"), reranker)
    assert reranker.texts == ["大桥 通车\n句0", "大桥 通车\n句1"]
    cross("q", scored(2, 1, context="\n前一句"), reranker)
    assert reranker.texts == ["句0", "句1"]


def test_only_the_best_forty_are_read_and_they_stay_ahead_of_the_rest() -> None:
    before = scored(*range(60, 0, -1))
    reranker = Given(*range(DEPTH))  # the worst of them is read as the best
    after = cross("q", before, reranker)
    assert len(reranker.texts) == DEPTH == 40
    assert sorted(order(after)[:DEPTH]) == list(range(DEPTH))
    assert after[DEPTH:] == before[DEPTH:]


@given(st.lists(st.tuples(FINITE, FINITE), max_size=60))
def test_whatever_the_scores_all_are_there_once_and_best_first(
    pairs: list[tuple[float, float]],
) -> None:
    before = scored(*sorted((first for first, _ in pairs), reverse=True))
    after = cross("q", before, Given(*(second for _, second in pairs)))
    assert sorted(order(after)) == list(range(len(pairs)))
    scores = [s.score for s in after]
    assert all(a >= b - 1e-9 for a, b in pairwise(scores))
    if 2 <= len(pairs) <= DEPTH:
        assert np.mean(scores) == pytest.approx(np.mean([s.score for s in before]), abs=1e-6)


@given(st.lists(FINITE, min_size=1, max_size=50))
def test_standard_scores_have_mean_0_and_spread_1_or_are_0(values: list[float]) -> None:
    found = standard(values)
    assert found.mean() == pytest.approx(0, abs=1e-6)
    assert found.std() == pytest.approx(1, abs=1e-6) or not found.any()
