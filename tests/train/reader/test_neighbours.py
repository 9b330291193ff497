"""The nearest other articles."""

from __future__ import annotations

import numpy as np
import pytest

from rag.train.reader.neighbours import neighbours
from tests.read.tiny import model
from tests.train.reader.made import article

TEXTS = [
    "北京今天天气晴朗。",
    "上海经济保持增长。",
    "北京明天多云有雨。",
    "国内生产总值稳步上升。",
    "足球比赛昨晚结束。",
]


@pytest.mark.parametrize("count", [0, 1])
def test_without_another_article_there_is_no_neighbour(count: int) -> None:
    assert neighbours(TEXTS[:count], model()).shape == (count, 0)


def test_two_are_each_other_s() -> None:
    assert neighbours(TEXTS[:2], model()).tolist() == [[1], [0]]


def test_of_few_all_others_come_nearest_first() -> None:
    found = neighbours(TEXTS, model())
    vectors = model().encode_documents(TEXTS)
    scores = vectors @ vectors.T
    for i, row in enumerate(found.tolist()):
        assert sorted(row) == [j for j in range(5) if j != i]
        near = scores[i, row]
        assert (np.diff(near) <= 1e-6).all()
    assert found[0, 0] == 2 and found[1, 0] == 3


def test_as_many_as_are_asked_for_and_the_nearest() -> None:
    texts = [article(i) for i in range(30)]
    found = neighbours(texts, model(), count=3)
    vectors = model().encode_documents([text[:400] for text in texts])
    scores = vectors @ vectors.T
    np.fill_diagonal(scores, -2)
    scores = np.where(scores > 0.985, -1, scores)
    assert found.shape == (30, 3)
    for i, row in enumerate(found):
        assert i not in row
        np.testing.assert_allclose(scores[i, row], np.sort(scores[i])[::-1][:3], atol=1e-6)


def test_the_same_article_again_comes_last() -> None:
    found = neighbours([TEXTS[0], TEXTS[0], *TEXTS[1:]], model())
    assert found[0].tolist()[-1] == 1 and found[1].tolist()[-1] == 0


def test_more_articles_than_a_block_are_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = neighbours(TEXTS, model())
    monkeypatch.setattr("rag.train.reader.neighbours._BLOCK", 2)
    assert neighbours(TEXTS, model()).tolist() == whole.tolist()
