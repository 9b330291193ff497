"""What every Reranker does, run over each of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from rag.embed.cross_encoder import CrossEncoderReranker
from rag.seams import Reranker
from tests.embed.tiny import save_tiny_cross_encoder
from tests.fakes.reranker import OverlapReranker

TEXTS = ["上海经济", "北京天气", "数字", "上海经济"]


@pytest.fixture(scope="module", params=["cross-encoder", "overlap"])
def make(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], Reranker]:
    if request.param == "overlap":
        return OverlapReranker
    folder: Path = save_tiny_cross_encoder(tmp_path_factory.mktemp("models") / "tiny")
    return lambda: CrossEncoderReranker(str(folder))


@pytest.fixture(scope="module")
def reranker(make: Callable[[], Reranker]) -> Reranker:
    return make()


def test_scores_are_finite_float32_one_a_text(reranker: Reranker) -> None:
    scores = reranker.score("北京天气", TEXTS)
    assert scores.shape == (4,) and scores.dtype == np.float32
    assert np.isfinite(scores).all()


@pytest.mark.parametrize(("question", "best"), [("北京天气", 1), ("上海经济", 0)])
def test_the_text_that_answers_has_the_highest_score(
    question: str, best: int, reranker: Reranker
) -> None:
    scores = reranker.score(question, TEXTS[:2])
    assert scores[best] > scores[1 - best] + 1


def test_same_pair_has_the_same_score_alone_and_in_a_batch(reranker: Reranker) -> None:
    together = reranker.score("北京天气", TEXTS)
    alone = np.concatenate([reranker.score("北京天气", [text]) for text in TEXTS])
    np.testing.assert_allclose(together, alone, atol=1e-4)
    assert together[0] == pytest.approx(together[3], abs=1e-4)


def test_no_text_gives_no_score(reranker: Reranker) -> None:
    assert reranker.score("北京天气", []).shape == (0,)


def test_text_beyond_the_model_s_length_is_scored(reranker: Reranker) -> None:
    assert np.isfinite(reranker.score("北京" * 300, ["上海经济" * 300])).all()


def test_identity_is_the_same_when_loaded_again(
    make: Callable[[], Reranker], reranker: Reranker
) -> None:
    assert make().identity == reranker.identity
    np.testing.assert_array_equal(
        make().score("北京天气", TEXTS), reranker.score("北京天气", TEXTS)
    )
