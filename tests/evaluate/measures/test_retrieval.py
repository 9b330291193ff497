"""What was found, against hand-made ranks and a plain loop."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.evaluate.measures.retrieval import Ranking, ranking_of, retrieval_scores
from rag.evaluate.types import Gold, Question
from rag.types import Answer, Passage
from tests.evaluate.measures.cases import (
    BRIDGE,
    CASE,
    COST,
    LAKE,
    NO_ANSWER,
    TEXT,
    answering,
    at,
    shown,
)

OTHER = shown("别的。")


def scored(question: Question, *passages: Passage) -> dict[str, float]:
    return retrieval_scores([ranking_of(question, answering("x", passages=passages))])[0]


def test_the_first_passage_that_holds_the_quote_counts() -> None:
    assert scored(CASE, OTHER, shown("青江大桥 全长3.6公里，"), shown(BRIDGE)) == {
        "hit@1": 0,
        "hit@5": 1,
        "recall@5": 1,
        "mrr@10": 0.5,
        "ndcg@10": pytest.approx(1 / math.log2(3)),
    }


def test_nothing_found_is_nought() -> None:
    nought = dict.fromkeys(("hit@1", "hit@5", "recall@5", "mrr@10", "ndcg@10"), 0)
    assert scored(CASE) == nought
    assert scored(CASE, OTHER, shown(BRIDGE, "b.txt")) == nought


def test_behind_the_fifth_place_is_no_hit_and_behind_the_tenth_nothing() -> None:
    sixth = scored(CASE, *[OTHER] * 5, shown(BRIDGE))
    assert (sixth["hit@5"], sixth["recall@5"]) == (0, 0)
    assert sixth["mrr@10"] == pytest.approx(1 / 6)
    eleventh = scored(CASE, *[OTHER] * 10, shown(BRIDGE))
    assert (eleventh["mrr@10"], eleventh["ndcg@10"]) == (0, 0)


def test_recall_is_the_share_of_groups() -> None:
    case = replace(CASE, gold=((Gold("a.txt", BRIDGE),), (Gold("a.txt", LAKE),)))
    one = scored(case, OTHER, shown(LAKE))
    assert (one["hit@1"], one["hit@5"], one["recall@5"], one["mrr@10"]) == (0, 1, 0.5, 0.5)
    assert one["ndcg@10"] == pytest.approx((1 / math.log2(3)) / (1 + 1 / math.log2(3)))


def test_a_passage_that_holds_two_groups_finds_both() -> None:
    case = replace(CASE, gold=((Gold("a.txt", BRIDGE),), (Gold("a.txt", LAKE),)))
    assert set(scored(case, shown(TEXT)).values()) == {1}


def test_a_group_that_is_found_twice_counts_once() -> None:
    case = replace(CASE, gold=((Gold("a.txt", BRIDGE), Gold("b.txt", BRIDGE)),))
    twice = scored(case, shown(BRIDGE), shown(BRIDGE, "b.txt"))
    assert twice == scored(case, shown(BRIDGE))
    assert twice["ndcg@10"] == 1


def test_gold_with_an_offset_is_found_by_its_span() -> None:
    case = replace(CASE, gold=((at(COST),),))
    assert scored(case, shown(TEXT))["hit@1"] == 1
    assert scored(case, shown(BRIDGE))["hit@1"] == 0
    elsewhere = Passage("a.txt", 100, 120, 1.0, COST)
    assert scored(case, elsewhere)["hit@1"] == 0


def test_graded_documents_are_ranked_by_their_first_passage() -> None:
    case = replace(CASE, gold=(), relevance={"a": 1, "b": 3, "c": 0})
    found = scored(case, *[Passage(doc, 0, 1, 1.0, "x") for doc in ("c", "a", "a", "b")])
    ideal = 3 + 1 / math.log2(3)
    assert found == {
        "hit@1": 0,
        "hit@5": 1,
        "recall@5": 1,
        "mrr@10": 0.5,
        "ndcg@10": pytest.approx((1 / math.log2(3) + 3 / math.log2(4)) / ideal),
    }


@pytest.mark.parametrize(
    "question",
    [
        NO_ANSWER,
        replace(CASE, gold=()),
        replace(CASE, passages=(TEXT,)),
        replace(CASE, gold=(), relevance={"a": 0}),
    ],
)
def test_where_nothing_is_to_be_found_nothing_is_measured(question: Question) -> None:
    assert scored(question, shown(BRIDGE)) == {}


def test_many_questions_are_measured_as_one_by_one() -> None:
    answers = [answering("x", passages=p) for p in ((), (OTHER, shown(BRIDGE)), (shown(BRIDGE),))]
    questions = [CASE, NO_ANSWER, replace(CASE, gold=((at(BRIDGE),),))]
    rankings = [ranking_of(q, a) for q in questions for a in answers]
    assert retrieval_scores(rankings) == [retrieval_scores([r])[0] for r in rankings]
    assert retrieval_scores([]) == []


DOCS = "abcdefghijkl"


@settings(max_examples=60)
@given(
    st.dictionaries(st.sampled_from(DOCS), st.integers(0, 3), min_size=1),
    st.lists(st.sampled_from(DOCS), max_size=14),
)
def test_the_figures_are_those_of_a_plain_loop(grades: dict[str, int], found: list[str]) -> None:
    answer = Answer(
        "q", "q", "", "extractive", False, passages=tuple(Passage(d, 0, 1, 1.0) for d in found)
    )
    ranking = ranking_of(replace(CASE, relevance=grades), answer)
    relevant = {doc for doc, grade in grades.items() if grade}
    if not relevant:
        assert ranking is None
        return
    assert isinstance(ranking, Ranking)
    documents = list(dict.fromkeys(found))
    ranks = [n for n, doc in enumerate(documents, start=1) if doc in relevant]
    gains = [grades.get(doc, 0) / math.log2(n + 1) for n, doc in enumerate(documents[:10], start=1)]
    ideal = sorted(grades.values(), reverse=True)[:10]
    best = sum(grade / math.log2(n + 1) for n, grade in enumerate(ideal, start=1))
    first = min(ranks, default=99)
    assert retrieval_scores([ranking])[0] == {
        "hit@1": first == 1,
        "hit@5": first <= 5,
        "recall@5": pytest.approx(len(relevant & set(documents[:5])) / len(relevant)),
        "mrr@10": pytest.approx(1 / first if first <= 10 else 0),
        "ndcg@10": pytest.approx(sum(gains) / best),
    }
