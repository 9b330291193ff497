"""Questions over all passages of a source, and the order that is learnt from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rag.config import Settings
from rag.evaluate.types import Gold, Question
from rag.indexing import build_index
from rag.pipeline import Pipeline
from rag.read.stage import READ_NAMES, Stage
from rag.retrieve.passages import passage_features
from rag.retrieve.weights import Weights
from rag.train.cases import Paragraph, Posed
from rag.train.evidence import ranked_by
from rag.train.forest import TREES
from rag.train.pool import (
    OWN,
    Pool,
    Sought,
    fit_passages,
    of_paragraphs,
    of_rows,
    pooled,
    pooled_own,
)
from rag.train.reader.labelled import Row
from tests.fakes.ranking import ranker
from tests.fakes.reader import ToldReader
from tests.read.tiny import reading_weights
from tests.train.reader.made import NAMES, article

POSED = Posed("大桥多长？", ("3公里",), (8, 3))


def question(i: int) -> Sought:
    return Sought(f"{NAMES[i]}大桥全长多少公里？", (f"{3 + i}公里",), (i,))


ARTICLES = tuple(article(i) for i in range(8))


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    settings = Settings(docs=tmp_path, index=tmp_path / "index", reader="off")
    return Pipeline(settings, ranker=ranker())


def test_of_paragraphs_only_what_they_answer_is_asked() -> None:
    unsaid = Posed("谁建的？", (), None)
    pool = of_paragraphs([Paragraph("甲", ()), Paragraph("乙", (unsaid, POSED))])
    assert pool == Pool(("甲", "乙"), (Sought("大桥多长？", ("3公里",), (1,)),))


def test_of_labelled_questions_every_passage_is_there_once() -> None:
    rows = [Row("问", ("Ａ ",), ("甲", "乙"), ("丙",)), Row("又问", ("b",), ("丙",), ("甲",))]
    assert of_rows(rows) == Pool(
        ("甲", "乙", "丙"), (Sought("问", ("a",), (0, 1)), Sought("又问", ("b",), (2,)))
    )


def test_each_question_has_what_is_found_for_it_among_all(pipeline: Pipeline) -> None:
    pool = Pool(ARTICLES, (question(0), question(3)))
    found = list(pooled(pipeline, pool, ranker(), 10))
    assert [c.view.asked.text for c in found] == ["青江大桥全长多少公里?", "东湖大桥全长多少公里?"]
    for case, at in zip(found, ("0", "3"), strict=True):
        right = [h.doc for h, good in zip(case.hits, case.right, strict=True) if good]
        assert right == [at]
        assert len(case.hits) > 3 and {s.candidate.doc for s in case.sentences} > {at}


@pytest.mark.parametrize(
    ("copy", "expected"),
    [
        (ARTICLES[2].replace("正式", "昨日正式"), {"2", "8"}),
        ("另一座桥在很远的地方，那里的河上也有一座桥，桥长也是5公里。", {"2"}),  # another bridge
        (ARTICLES[2].replace("5公里", "六公里"), {"2"}),  # the same without the answer
    ],
)
def test_what_prints_the_answer_in_the_same_words_answers_too(
    pipeline: Pipeline, copy: str, expected: set[str]
) -> None:
    (case,) = pooled(pipeline, Pool((*ARTICLES, copy), (question(2),)), ranker(), 10)
    right = {h.doc for h, good in zip(case.hits, case.right, strict=True) if good}
    assert right == expected


@pytest.mark.parametrize("texts", [(*ARTICLES[4:], ARTICLES[0]), (ARTICLES[2],)])
def test_a_question_without_a_choice_is_left_out(pipeline: Pipeline, texts: Sequence[str]) -> None:
    lost = replace(question(2), at=(0,))
    assert list(pooled(pipeline, Pool(tuple(texts), (lost,)), ranker(), 10)) == []


def test_of_many_questions_some_are_taken_from_first_to_last(pipeline: Pipeline) -> None:
    pool = Pool((*ARTICLES, "\u200b"), tuple(question(i) for i in range(8)))
    asked = [c.view.asked.text[:2] for c in pooled(pipeline, pool, ranker(), 3)]
    assert asked == [NAMES[i] for i in (0, 2, 5)]


def test_trees_are_fitted_over_passages_scored_by_the_weights(pipeline: Pipeline) -> None:
    cases = list(pooled(pipeline, Pool(ARTICLES, tuple(map(question, range(8)))), ranker(), 10))
    weights = Weights.read()
    trees = fit_passages(cases, weights)
    assert trees is not None and len(trees.leaf) == TREES
    for case in cases:
        found = ranked_by(weights.rank, case.sentences)
        rows = passage_features(case.view, case.hits, found, weights.features)
        assert case.right[int(np.argmax(trees.logits(rows)))]
    assert fit_passages([], weights) is None


def test_sentences_are_scored_as_the_first_look_scores_them(pipeline: Pipeline) -> None:
    (case,) = pooled(pipeline, Pool(ARTICLES, (question(1),)), ranker(), 10)
    again = ranked_by(Weights.read().rank, case.sentences)
    assert [s.candidate for s in again] == [s.candidate for s in case.sentences]
    assert [s.score for s in again] == pytest.approx([s.score for s in case.sentences], abs=1e-5)


def test_sentences_are_scored_as_the_second_look_scores_them(pipeline: Pipeline) -> None:
    reader = ToldReader({})
    weights = replace(
        reading_weights(reader.identity, {"cov": 2.0, "unread": -1.0}), level=(0.5, 3)
    )
    pool = Pool(ARTICLES, (question(1),))
    (plain,) = pooled(pipeline, pool, ranker(), 10, Stage(reader, None))
    (scored,) = pooled(pipeline, pool, ranker(), 10, Stage(reader, weights))
    assert plain.sentences[0].features.shape == (len(READ_NAMES),)
    again = ranked_by(weights.rank, plain.sentences, weights.level)
    assert [s.score for s in again] == pytest.approx([s.score for s in scored.sentences], abs=1e-5)
    assert [s.candidate for s in again] == [s.candidate for s in scored.sentences]


def test_a_set_over_an_index_gives_its_answerable_questions_more_weight(
    pipeline: Pipeline, tmp_path: Path
) -> None:
    for i, text in enumerate(ARTICLES):
        (tmp_path / f"{i}.txt").write_text(f"{text}\n", encoding="utf-8")
    build_index(pipeline.settings)
    quote = ARTICLES[4].split("。")[1] + "。"
    known = Question(
        "k", "fact", ("西山大桥总投资多少？",), True, ((Gold("4.txt", quote),),), ((),)
    )
    unknown = Question("u", "fact", ("西山大桥的监理是谁？",), False, (), ())
    (case,) = pooled_own([known, unknown], pipeline.retrieved, ranker())
    assert case.weight == OWN
    assert [h.doc for h, good in zip(case.hits, case.right, strict=True) if good] == ["4.txt"]
