"""What every Embedder does, run over each of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from rag.embed import StaticEmbedder
from rag.embed.sentence import SentenceTransformersEmbedder
from rag.seams import Embedder
from tests.embed.tiny import save_tiny_model
from tests.fakes.embedder import HashEmbedder

TEXTS = ["北京天气", "上海经济", "数字经济", "北京天气"]


@pytest.fixture(scope="module", params=["static", "sentence-transformers", "hash"])
def make(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], Embedder]:
    if request.param == "static":
        return StaticEmbedder
    if request.param == "hash":
        return HashEmbedder
    folder: Path = save_tiny_model(tmp_path_factory.mktemp("models") / "tiny")
    return lambda: SentenceTransformersEmbedder(str(folder))


@pytest.fixture(scope="module")
def embedder(make: Callable[[], Embedder]) -> Embedder:
    return make()


def test_rows_are_unit_float32_of_the_stated_dimension(embedder: Embedder) -> None:
    for rows in (embedder.encode_documents(TEXTS), embedder.encode_queries(TEXTS)):
        assert rows.shape == (4, embedder.dimension)
        assert rows.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)


def test_same_text_has_the_same_vector_alone_and_in_a_batch(embedder: Embedder) -> None:
    together = embedder.encode_documents(TEXTS)
    alone = np.concatenate([embedder.encode_documents([text]) for text in TEXTS])
    np.testing.assert_allclose(together, alone, atol=1e-6)
    np.testing.assert_allclose(together[0], together[3], atol=1e-6)


def test_nearest_to_a_text_is_itself(embedder: Embedder) -> None:
    similarity = embedder.encode_documents(TEXTS[:3]) @ embedder.encode_queries(TEXTS[:3]).T
    assert similarity.argmax(axis=0).tolist() == [0, 1, 2]


def test_no_text_gives_no_row(embedder: Embedder) -> None:
    assert embedder.encode_documents([]).shape == (0, embedder.dimension)
    assert embedder.encode_queries([]).shape == (0, embedder.dimension)


def test_text_without_anything_known_is_a_zero_row(embedder: Embedder) -> None:
    rows = embedder.encode_queries(["", "北京"])
    assert rows[0].tolist() == [0.0] * embedder.dimension
    assert np.linalg.norm(rows[1]) == pytest.approx(1.0, abs=1e-5)


def test_identity_is_the_same_when_loaded_again(
    make: Callable[[], Embedder], embedder: Embedder
) -> None:
    assert make().identity == embedder.identity
    np.testing.assert_array_equal(make().encode_queries(TEXTS), embedder.encode_queries(TEXTS))
