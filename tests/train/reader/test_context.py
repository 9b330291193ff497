"""Vectors of tokens from what stands beside them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from rag.train.reader.context import (
    LENGTH,
    ContextVectors,
    context_vectors,
    load_context,
)
from tests.read.tiny import model
from tests.train.reader.made import article

Vectors = npt.NDArray[np.float32]


def token(text: str) -> int:
    (found,) = model().tokenizer.encode(text, add_special_tokens=False).ids
    return int(found)


@pytest.fixture(scope="module")
def made() -> ContextVectors:
    """Cities stand between the same words, and so do verbs."""
    cities, verbs = ("北京", "上海", "广州", "深圳"), ("位于", "来自", "毕业于")
    rng = np.random.default_rng(1)
    texts = [
        "，".join(
            f"公司{verbs[int(rng.integers(3))]}{cities[int(rng.integers(4))]}的大学"
            for _ in range(6)
        )
        for _ in range(40)
    ]
    return context_vectors([*texts, *(article(i) for i in range(30))], model(), 16, 1)


def near(vectors: Vectors, one: str, other: str) -> float:
    a, b = vectors[token(one)], vectors[token(other)]
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))


def test_what_stands_between_the_same_tokens_is_near_whatever_it_means(
    made: ContextVectors,
) -> None:
    vectors = made.vectors()
    assert near(vectors, "北京", "广州") > 0.9 and near(vectors, "位于", "毕业于") > 0.9
    assert near(vectors, "北京", "位于") < 0.6 > near(vectors, "毕业于", "大学")


def test_a_frequent_token_s_vector_is_long_and_one_never_seen_is_nought(
    made: ContextVectors,
) -> None:
    lengths = np.linalg.norm(made.vectors(), axis=1)
    assert made.numbers.shape == (len(model().idf), 16) and made.numbers.dtype == np.int8
    assert lengths[token("公司")] == pytest.approx(LENGTH * 240 / 250, rel=0.05)
    assert lengths[token("习近平")] == 0.0
    assert np.abs(made.numbers.astype(int)).max() == 127


def test_articles_are_no_neighbours_of_each_other() -> None:
    # Of tokens that stand alone nothing is known.
    alone = context_vectors(["北京", "上海"] * 30, model(), 4, 1)
    assert not alone.numbers.any()
    assert context_vectors(["北京上海广州"] * 30, model(), 4, 1).numbers.any()


def test_the_same_corpus_gives_the_same_and_a_file_keeps_it(
    made: ContextVectors, tmp_path: Path
) -> None:
    texts = [article(i) for i in range(20)]
    one, again = (context_vectors(texts, model(), 8, 5) for _ in range(2))
    assert np.array_equal(one.numbers, again.numbers) and one.step == again.step
    made.save(tmp_path / "context.npz")
    kept = load_context(tmp_path / "context.npz")
    assert np.array_equal(kept.numbers, made.numbers) and kept.step == made.step
    assert [path.name for path in tmp_path.iterdir()] == ["context.npz"]


def test_a_corpus_of_a_few_tokens_gives_as_many_numbers(tmp_path: Path) -> None:
    assert context_vectors(["大桥"], model(), 16, 1).numbers.shape[1] == 16
