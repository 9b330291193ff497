"""Embedders that do not fit or give nonsense, from the settings to the answer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from rag.config import Settings
from rag.embed.static import StaticEmbedder
from rag.errors import EmbedderError, IndexMismatch
from rag.index.build import build
from rag.indexing import build_index, inputs, text_functions
from rag.pipeline import Pipeline
from rag.seams import Embedder
from rag.types import FloatMatrix
from tests.embed.test_static import tiny
from tests.fakes.embedder import HashEmbedder
from tests.fakes.ranking import ranker

TEXT = "白石水库扩建\n\n白石水库位于青江上游，库容为2.4亿立方米。\n"
QUESTION = "白石水库的库容是多少？"


class Fixed(HashEmbedder):
    """Every vector holds this value alone."""

    def __init__(self, value: float, dimension: int = 32) -> None:
        super().__init__(dimension)
        self.value = value

    def encode_documents(self, texts: Sequence[str]) -> FloatMatrix:
        return np.full((len(texts), self.dimension), self.value, dtype=np.float32)


class FixedQuestions(Fixed):
    """Sound vectors for documents; it is the questions' that are not."""

    def encode_documents(self, texts: Sequence[str]) -> FloatMatrix:
        return HashEmbedder(self.dimension).encode_documents(texts)

    def encode_queries(self, texts: Sequence[str]) -> FloatMatrix:
        return Fixed(self.value, self.dimension).encode_documents(texts)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.txt").write_text(TEXT, encoding="utf-8")
    return Settings(docs=docs, index=tmp_path / "index")


def index(settings: Settings, embedder: Embedder) -> None:
    load, text = inputs(settings.docs, 1 << 20), text_functions(settings)
    build(settings.index, settings.chunk_size, load=load, text=text, embedder=embedder)


def pipeline(settings: Settings, embedder: Embedder) -> Pipeline:
    return Pipeline(settings, ranker=ranker(), embedder=embedder)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_vectors_that_are_not_finite_are_not_indexed(settings: Settings, value: float) -> None:
    with pytest.raises(EmbedderError, match=r"not finite.*check the setting `embedder`"):
        index(settings, Fixed(value))
    assert not list((settings.index / "generations").iterdir())


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_question_whose_vector_is_not_finite_is_one_clear_error(
    settings: Settings, value: float
) -> None:
    index(settings, HashEmbedder())
    with pytest.raises(EmbedderError, match=r"not finite.*check the setting `embedder`"):
        pipeline(settings, FixedQuestions(value)).ask([QUESTION])


def test_vectors_of_another_dimension_than_was_said_are_not_indexed(settings: Settings) -> None:
    class Other(HashEmbedder):
        @property
        def dimension(self) -> int:
            return 8

    with pytest.raises(EmbedderError, match=r"shape \(1, 32\) for 1 texts of dimension 8"):
        index(settings, Other())


def test_index_of_an_embedder_of_another_dimension_is_refused(settings: Settings) -> None:
    index(settings, HashEmbedder(16))
    with pytest.raises(
        IndexMismatch, match=r"embedder hash:16, the setting is hash:32; run `rag index`"
    ):
        pipeline(settings, HashEmbedder(32)).ask([QUESTION])


def test_vectors_of_zeros_leave_the_lexical_side(settings: Settings) -> None:
    index(settings, Fixed(0))
    answer = pipeline(settings, Fixed(0)).ask([QUESTION])
    assert answer.answer == "白石水库位于青江上游，库容为2.4亿立方米。 [1]"
    hits, _ = pipeline(settings, Fixed(0)).search(QUESTION, 5)
    assert hits[0].lexical > 0 and [hit.dense for hit in hits] == [0.0] * len(hits)


def test_vectors_of_zeros_find_nothing_alone(settings: Settings) -> None:
    alone = settings.model_copy(update={"retrieval": "dense"})
    index(alone, Fixed(0))
    answer = pipeline(alone, Fixed(0)).ask([QUESTION])
    assert (answer.refused, answer.passages) == (True, ())


def test_model_that_knows_none_of_the_words_leaves_the_lexical_side(
    settings: Settings, tmp_path: Path
) -> None:
    folder = tiny(tmp_path / "m")  # it knows 北 and 京
    own = settings.model_copy(update={"embedder": str(folder)})
    assert not StaticEmbedder(folder).encode_documents([TEXT]).any()
    build_index(own)
    answer = Pipeline(own, ranker=ranker()).ask([QUESTION])
    assert answer.answer == "白石水库位于青江上游，库容为2.4亿立方米。 [1]"
