"""Questions with passages of their own: how many are relevant, where they stand, what proves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import EvaluationError
from rag.evaluate.forms import read_any
from rag.evaluate.forms.passages import answer_groups, chosen
from rag.evaluate.types import Gold, Question, QuestionSet

GOOD = "大桥昨日通车。它全长3.6公里。"
BAD = [f"第{n}座桥很长。" for n in range(9)]


def case(**changes: Any) -> dict[str, Any]:
    return {
        "id": 1,
        "query": "大桥多长？",
        "answer": "3.6公里",
        "positive": [GOOD],
        "negative": BAD,
    } | changes


def read(tmp_path: Path, *cases: dict[str, Any], **how: Any) -> QuestionSet:
    path = tmp_path / "zh.jsonl"
    rows = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in cases)
    path.write_text(rows, encoding="utf-8")
    return read_any(path, **how)


def test_one_passage_of_five_is_relevant_and_its_sentence_is_gold(tmp_path: Path) -> None:
    held = read(tmp_path, case())
    (question,) = held.questions
    at = question.passages.index(GOOD)
    assert sorted(question.passages) == sorted([GOOD, *BAD[:4]])
    assert question == Question(
        id="1",
        kind="zh",
        turns=("大桥多长？",),
        answerable=True,
        gold=((Gold(f"passage#{at}", "它全长3.6公里。", 7),),),
        must=(("3.6公里",),),
        answers=("3.6公里",),
        passages=question.passages,
        line=1,
    )
    assert (held.name, held.form) == ("zh", "passages")


def test_the_same_file_gives_the_same_passages_and_the_place_differs_by_id(tmp_path: Path) -> None:
    cases = [case(id=n) for n in range(30)]
    held = read(tmp_path, *cases)
    assert read(tmp_path, *cases) == held
    assert {q.passages.index(GOOD) for q in held.questions} == {0, 1, 2, 3, 4}


def test_where_all_is_noise_the_question_is_not_answerable(tmp_path: Path) -> None:
    for held in (read(tmp_path, case(), noise=1.0), read(tmp_path, case(positive=[]))):
        (question,) = held.questions
        assert not question.answerable
        assert (question.gold, question.must, question.answers) == ((), (), ())
        assert sorted(question.passages) == BAD[:5]


def test_other_figures_than_the_usual_stand_in_the_name(tmp_path: Path) -> None:
    held = read(tmp_path, case(), count=3, noise=0.5)
    assert (held.name, len(held.questions[0].passages)) == ("zh (3 × 0.5)", 3)


def test_an_answer_that_no_sentence_prints_makes_the_whole_passage_gold(tmp_path: Path) -> None:
    (question,) = read(tmp_path, case(answer="三千六百米")).questions
    at = question.passages.index(GOOD)
    assert question.gold == ((Gold(f"passage#{at}", GOOD),),)


def test_groups_of_answers_must_each_be_said_and_proved(tmp_path: Path) -> None:
    (question,) = read(tmp_path, case(answer=[["昨日", "昨天"], ["3.6公里"]])).questions
    assert question.must == (("昨日", "昨天"), ("3.6公里",))
    assert [g[0].quote for g in question.gold] == ["大桥昨日通车。", "它全长3.6公里。"]
    assert question.answers == ()


def test_passages_in_groups_are_taken_by_turns(tmp_path: Path) -> None:
    """RGB keeps those of a question with several parts apart."""
    positive = [["甲一", "甲二"], ["乙一"]]
    (question,) = read(tmp_path, case(positive=positive, answer="甲"), noise=0.6).questions
    assert {p for p in question.passages if p not in BAD} == {"甲一", "乙一"}


@pytest.mark.parametrize(
    ("answer", "groups"),
    [
        ("甲", (("甲",),)),
        (["甲", "乙"], (("甲", "乙"),)),
        ([["甲", "乙"], ["丙"]], (("甲", "乙"), ("丙",))),
        (["甲", ["乙", "丙"]], (("甲",), ("乙", "丙"))),
    ],
)
def test_an_answer_is_a_text_alternatives_or_groups(answer: Any, groups: Any) -> None:
    assert answer_groups(answer) == groups


@given(st.integers(0, 8), st.integers(0, 8), st.integers(1, 8), st.floats(0, 1), st.text())
def test_passages_are_as_many_as_there_can_be(
    good: int, bad: int, count: int, noise: float, id: str
) -> None:
    positive, negative = [f"p{n}" for n in range(good)], [f"n{n}" for n in range(bad)]
    shown, relevant = chosen(positive, negative, id, count, noise)
    offered = bad + (good if noise < 1 else 0)
    assert len(shown) == len(set(shown)) == min(count, offered)
    assert relevant == [i for i, text in enumerate(shown) if text.startswith("p")]
    assert bool(relevant) == (good > 0 and noise < 1)
    if good >= count <= bad and round(count * (1 - noise)) > 0:
        assert len(relevant) == round(count * (1 - noise))


@pytest.mark.parametrize(
    "wrong",
    [
        case(answer=[]),
        case(answer=3),
        case(query=" "),
        case(positive="x"),
        case(positive=[], negative=[]),
        case(negative=[" "]),
        {"id": 1, "query": "？", "positive": []},
    ],
)
def test_a_line_that_is_wrong_is_named(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(EvaluationError, match=r"zh\.jsonl, line 2: not a case"):
        read(tmp_path, case(id=0), wrong)


def test_a_duplicate_id_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"zh\.jsonl, line 2: the id 1 stands twice"):
        read(tmp_path, case(), case())


@pytest.mark.parametrize("how", [{"count": 0}, {"noise": 1.1}, {"noise": float("nan")}])
def test_shares_that_cannot_be_are_refused(tmp_path: Path, how: dict[str, Any]) -> None:
    with pytest.raises(EvaluationError, match="cannot be made"):
        read(tmp_path, case(), **how)
