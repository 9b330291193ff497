"""All measures of a case, and what is right."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.errors import EvaluationError
from rag.evaluate.measures import MEASURES, failed_scores, measure, score, score_all
from rag.evaluate.types import Gold, Question
from tests.evaluate.measures.cases import (
    BRIDGE,
    CASE,
    DOCUMENTS,
    LAKE,
    NO_ANSWER,
    TEXT,
    answering,
    at,
    cited,
    shown,
)

GOOD = answering("大桥全长3.6公里。", cited(BRIDGE), passages=(shown(BRIDGE),), ms=12.5)


def right(question: Question, *parts: object, **more: bool) -> float:
    return score(question, answering(*parts, **more), DOCUMENTS)["right"]  # type: ignore[arg-type]


def test_a_good_answer_has_every_measure_in_the_order_of_the_catalogue() -> None:
    scores = score(CASE, GOOD, DOCUMENTS)
    assert scores == {
        "right": 1,
        "said": 1,
        "key_facts": 1,
        "exact": 0,
        "f1": pytest.approx(2 * 3 / (7 + 3)),
        "length": 10,
        "cited": 1,
        "citation_precision": 1,
        "citation_recall": 1,
        "evidence_f1": 1,
        "verbatim": 1,
        "hit@1": 1,
        "hit@5": 1,
        "recall@5": 1,
        "mrr@10": 1,
        "ndcg@10": 1,
        "refused": 0,
        "ms": 12.5,
    }
    names = [one.name for one in MEASURES]
    assert list(scores) == [name for name in names if name in scores]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (CASE, 1),
        (replace(CASE, must=(("4公里",),)), 0),
        (replace(CASE, gold=((Gold("a.txt", LAKE),),)), 0),
        (replace(CASE, gold=()), 1),
        (replace(CASE, gold=(), must=(("4公里",),)), 0),
        (replace(CASE, must=()), 1),
        (replace(CASE, gold=(), must=()), 1),
        (replace(CASE, gold=(), must=(), rejected=("全长3.6公里",)), 0),
        (replace(CASE, gold=(), must=(), rejected_gold=(at(BRIDGE),)), 0),
        (replace(CASE, gold=(), must=(), rejected_gold=(at(LAKE),)), 1),
        (replace(CASE, must=(), answers=("3.6公里", "四公里")), 1),
        (NO_ANSWER, 0),
    ],
)
def test_an_answer_is_right_by_all_that_is_asked_of_it(question: Question, expected: int) -> None:
    assert score(question, GOOD, DOCUMENTS)["right"] == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [(CASE, 0), (replace(CASE, gold=(), must=()), 0), (NO_ANSWER, 1)],
)
def test_a_refusal_is_right_where_there_is_no_answer(question: Question, expected: int) -> None:
    scores = score(question, answering(refused=True), DOCUMENTS)
    assert (scores["right"], scores["refused"]) == (expected, 1)


def test_the_passages_of_a_question_are_its_documents() -> None:
    case = replace(CASE, passages=("别的。", TEXT), gold=((Gold("passage#1", BRIDGE),),))
    scores = score(case, answering("3.6公里", cited(BRIDGE, "passage#1")), {})
    assert (scores["right"], scores["verbatim"]) == (1, 1)
    assert "hit@1" not in scores


def test_many_cases_are_scored_as_one_by_one() -> None:
    cases = [(CASE, GOOD), (NO_ANSWER, GOOD), (CASE, answering(refused=True))]
    assert score_all(iter(cases), DOCUMENTS) == [score(*case, DOCUMENTS) for case in cases]
    assert score_all([], DOCUMENTS) == []


@pytest.mark.parametrize("question", [CASE, NO_ANSWER])
def test_a_question_that_failed_is_wrong_and_nothing_else(question: Question) -> None:
    assert failed_scores(question) == {"right": 0}


def test_every_measure_has_a_name_of_its_own_and_a_source() -> None:
    assert len({one.name for one in MEASURES}) == len(MEASURES)
    assert len({one.zh for one in MEASURES}) == len(MEASURES)
    assert all(one.en and one.source for one in MEASURES)
    assert measure("hit@1").zh == "检索 hit@1"


def test_an_unknown_measure_is_named() -> None:
    with pytest.raises(EvaluationError, match=r"no measure 'bleu'; use one of right, "):
        measure("bleu")
