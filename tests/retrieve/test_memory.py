"""Documents in memory answer like an index."""

from __future__ import annotations

import pytest

from rag.errors import UsageError
from rag.types import Place, Sentence
from tests.fakes.ranking import memory

TEXTS = {"a": "青江大桥通车。大桥长3公里。", "b": "大桥长3公里。它很美。"}


def test_it_gives_the_document_and_clamps_the_sentences() -> None:
    corpus = memory(TEXTS)
    assert corpus.document("a").text == TEXTS["a"]
    assert corpus.sentences("a", -3, 99) == [Sentence(0, 7, 0), Sentence(7, 14, 0)]
    assert corpus.sentences("a", 1, 1) == [Sentence(7, 14, 0)]
    assert corpus.sentences("a", 5, 9) == []
    assert corpus.section("a", 0).end == 14


def test_an_unknown_document_is_named() -> None:
    with pytest.raises(UsageError, match="there is no document 'x'"):
        memory(TEXTS).document("x")


def test_every_chunk_is_a_hit_of_the_same_score() -> None:
    corpus = memory(TEXTS)
    hits = corpus.hits()
    assert [(h.doc, h.chunk_id, h.score) for h in hits] == [("a", 0, 0.5), ("b", 1, 0.5)]
    assert [corpus.chunk(h.chunk_id) for h in hits] == [(h.doc, h.chunk) for h in hits]


def test_the_same_sentence_elsewhere_is_a_repeat() -> None:
    corpus = memory(TEXTS)
    assert corpus.repeats("a", 1) == [Place("b", 0, 7)]
    assert corpus.repeats("b", 0) == [Place("a", 7, 14)]
    assert corpus.repeats("a", 0) == []


@pytest.mark.parametrize(
    ("token", "held"), [("大桥", True), ("3", True), ("桥长", True), ("铁路", False)]
)
def test_it_knows_which_tokens_it_holds(token: str, held: bool) -> None:
    assert memory(TEXTS).contains(token) is held


def test_no_documents_hold_nothing() -> None:
    corpus = memory({})
    assert (corpus.hits(), corpus.contains("大桥")) == ([], False)
