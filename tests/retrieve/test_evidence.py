"""Weights that fit or are refused, thresholds, a stable order."""

from __future__ import annotations

import numpy as np
import pytest

from rag.embed import StaticEmbedder
from rag.errors import EmbedderError
from rag.retrieve.aliases import Aliases
from rag.retrieve.answerable import ANSWERABLE, TELLING, answer_features
from rag.retrieve.candidates import candidates
from rag.retrieve.evidence import NGRAMS, Ranker
from rag.retrieve.features import NAMES
from rag.retrieve.question import take_apart
from rag.retrieve.scored import Candidate
from rag.retrieve.trees import Trees
from rag.retrieve.weights import Weights
from rag.text.frequency import BackgroundIdf
from tests.fakes.ranking import memory

THRESHOLDS = {"0.02": 0.1, "0.05": 0.2, "0.1": 0.3, "0.2": 0.4}


COV = ANSWERABLE.index("cov")
TREES = {"bias": -0.5, "feature": [[COV]], "threshold": [[0.5]], "leaf": [[-1.5, 2.5]]}
"""One split: log odds of -2 up to a ``cov`` of 0.5, of 2 above."""


def weights(embedder: str = "", **rank: float) -> Weights:
    """Weights over these features only; the second model looks at ``cov`` alone."""
    return Weights(
        rank=np.array([rank.get(name, 0.0) for name in NAMES], np.float32),
        answer=Trees.of_json(TREES, len(ANSWERABLE)),
        thresholds=THRESHOLDS,
        embedder=embedder or StaticEmbedder().identity,
    )


@pytest.fixture(scope="module")
def ranker() -> Ranker:
    return Ranker(StaticEmbedder(), BackgroundIdf.read(NGRAMS), weights(cov=1.0))


def sentences(texts: dict[str, str]) -> list[Candidate]:
    corpus = memory(texts)
    return candidates(corpus, corpus.hits())


def test_weights_of_another_model_are_refused() -> None:
    with pytest.raises(
        EmbedderError, match="the ranking weights belong to static:x:1, not static:"
    ):
        Ranker(StaticEmbedder(), BackgroundIdf.read(NGRAMS), weights("static:x:1"))


def test_candidates_are_ranked_best_first_by_their_weights(ranker: Ranker) -> None:
    view = ranker.view_question(take_apart("青江大桥投资多少"), Aliases())
    ranked = ranker.rank(view, sentences({"a": "水库很深。大桥很长。青江大桥投资48亿元。"}))
    assert [s.candidate.index for s in ranked] == [2, 1, 0]
    assert ranked[-1].score == 0.0
    for scored in ranked:
        assert scored.score == pytest.approx(float(scored.features[NAMES.index("cov")]))
        assert scored.matches.shape == (len(view.words),)


def test_ties_are_ordered_by_document_and_position(ranker: Ranker) -> None:
    view = ranker.view_question(take_apart("青江大桥投资多少"), Aliases())
    found = sentences({"b": "水库很深。河水很清。", "a": "山很高。路很远。"})
    expected = [("a", 0), ("a", 1), ("b", 0), ("b", 1)]
    for order in (found, found[::-1]):
        ranked = ranker.rank(view, order)
        assert [(s.candidate.doc, s.candidate.index) for s in ranked] == expected
        assert {s.score for s in ranked} == {0.0}


def test_the_probability_is_the_logistic_of_the_second_model(ranker: Ranker) -> None:
    view = ranker.view_question(take_apart("青江大桥投资多少"), Aliases())
    for text, cov in (("青江大桥投资。", 1.0), ("水库很深。", 0.0)):
        ranked = ranker.rank(view, sentences({"a": text}))
        expected = 1 / (1 + np.exp(2 - 4 * cov))
        assert ranker.probability(view, ranked) == pytest.approx(expected, abs=1e-6)


def test_without_candidates_or_weights_the_probability_is_zero(ranker: Ranker) -> None:
    view = ranker.view_question(take_apart("青江大桥"), Aliases())
    assert ranker.rank(view, []) == []
    assert ranker.probability(view, []) == 0.0
    bare = Ranker(StaticEmbedder(), BackgroundIdf.read(NGRAMS))
    ranked = bare.rank(view, sentences({"a": "青江大桥。"}))
    assert ranked[0].score == 0.0
    assert bare.probability(view, ranked) == 0.0


def test_words_that_no_candidate_or_document_holds_are_weighed(ranker: Ranker) -> None:
    view = ranker.view_question(take_apart("青江大桥投资多少"), Aliases())
    ranked = ranker.rank(view, sentences({"a": "青江大桥投资48亿元。水库很深。"}))
    row = dict(zip(ANSWERABLE, answer_features(view, ranked).tolist(), strict=True))
    assert (row["unknown"], row["unseen"]) == (0.0, 0.0)
    assert row["score"] == pytest.approx(ranked[0].score)
    assert row["margin"] == pytest.approx(min(1.0, ranked[0].score - ranked[1].score))
    word, rarity = view.words[0], float(view.word_rarity[0])
    row = dict(zip(ANSWERABLE, answer_features(view, ranked, [word]).tolist(), strict=True))
    assert row["unseen"] == pytest.approx(rarity)
    telling = sum(value > TELLING for value in view.word_rarity.tolist())
    assert row["unseen_share"] == pytest.approx((rarity > TELLING) / telling)


def test_candidates_that_are_not_there_have_no_features_and_the_lowest_score(
    ranker: Ranker,
) -> None:
    view = ranker.view_question(take_apart("青江大桥投资多少"), Aliases())
    ranked = ranker.rank(view, sentences({"a": "青江大桥投资48亿元。"}))
    row = dict(zip(ANSWERABLE, answer_features(view, ranked).tolist(), strict=True))
    assert row["cov_1"] == pytest.approx(row["cov"])
    assert {row[f"{name}_2"] for name in NAMES} == {0.0}
    assert (row["score_1"], row["score_2"]) == (pytest.approx(ranked[0].score), -5.0)
    assert (row["want_number"], row["want_person"]) == (1.0, 0.0)


def test_a_word_that_all_passages_hold_is_less_rare(ranker: Ranker) -> None:
    asked = take_apart("大桥投资")
    everywhere = ranker.view_question(asked, Aliases(), lambda token: 1.0)
    nowhere = ranker.view_question(asked, Aliases(), lambda token: 0.0)
    assert everywhere.words == nowhere.words
    assert (everywhere.word_rarity < nowhere.word_rarity).all()
    assert (nowhere.word_rarity <= 1).all()
    assert (everywhere.word_rarity >= 0).all()


def test_a_question_without_words_is_ranked_too(ranker: Ranker) -> None:
    view = ranker.view_question(take_apart("是多少？"), Aliases())
    assert view.words == ()
    ranked = ranker.rank(view, sentences({"a": "青江大桥。"}))
    assert np.isfinite(answer_features(view, ranked)).all()
