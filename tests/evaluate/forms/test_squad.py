"""SQuAD-style files: spans are verified, wrong offsets mended, what is nowhere is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import EvaluationError
from rag.evaluate.forms import read_any
from rag.evaluate.forms.squad import place_of
from rag.evaluate.types import Gold, Question, QuestionSet

TEXT = "青江大桥全长3.6公里，北岸引桥长3.6公里。"


def asked(**changes: Any) -> dict[str, Any]:
    return {
        "id": "q1",
        "question": "大桥多长？",
        "answers": [{"text": "3.6公里", "answer_start": 6}],
    } | changes


def squad(*questions: dict[str, Any], context: str = TEXT) -> dict[str, Any]:
    paragraph = {"id": "p1", "context": context, "qas": list(questions)}
    return {"version": "1", "data": [{"title": "大桥", "paragraphs": [paragraph]}]}


def read(tmp_path: Path, data: object, indent: int | None = None) -> QuestionSet:
    path = tmp_path / "dev.json"
    path.write_text(json.dumps(data, ensure_ascii=False, indent=indent), encoding="utf-8")
    return read_any(path, {"own.txt": "别的"})


@pytest.mark.parametrize("indent", [None, 2])
def test_a_paragraph_is_a_document_and_the_span_is_gold(tmp_path: Path, indent: int | None) -> None:
    held = read(tmp_path, squad(asked()), indent)
    assert (held.name, held.form) == ("dev", "squad")
    assert held.questions == (
        Question(
            "q1",
            "dev",
            ("大桥多长？",),
            True,
            ((Gold("dev.json#p1", "3.6公里", 6),),),
            (("3.6公里",),),
            ("3.6公里",),
        ),
    )
    (document,) = held.documents
    assert (document.id, document.text, document.title) == ("dev.json#p1", TEXT, "大桥")


def test_the_flat_form_of_cmrc_is_read(tmp_path: Path) -> None:
    """A list of paragraphs; answers are texts without offsets, some printed twice."""
    asks = {
        "query_id": "Q0",
        "query_text": "引桥多长？",
        "answers": ["3.6公里", "3.6公里", "长3.6公里"],
    }
    flat = [{"context_id": "C0", "context_text": TEXT, "qas": [asks], "title": "大桥"}]
    (question,) = read(tmp_path, flat).questions
    assert question.id == "Q0"
    assert question.gold == (
        (Gold("dev.json#C0", "3.6公里", 6), Gold("dev.json#C0", "长3.6公里", 5)),
    )
    assert question.must == (question.answers,) == (("3.6公里", "长3.6公里"),)


def test_answers_as_two_lists_are_read(tmp_path: Path) -> None:
    answers = {"text": ["3.6公里"], "answer_start": [17]}
    assert read(tmp_path, squad(asked(answers=answers))).questions[0].gold[0][0].start == 17


@pytest.mark.parametrize(
    ("published", "start"), [(6, 6), (7, 6), (15, 17), (17, 17), (-1, 6), (99, 17)]
)
def test_a_wrong_offset_gives_the_nearest_place(tmp_path: Path, published: int, start: int) -> None:
    answers = [{"text": "3.6公里", "answer_start": published}]
    assert read(tmp_path, squad(asked(answers=answers))).questions[0].gold[0][0].start == start


@given(st.text("ab", min_size=1, max_size=3), st.text("ab", max_size=12), st.integers(-3, 15))
def test_the_nearest_place_is_what_brute_force_finds(part: str, text: str, near: int) -> None:
    places = [i for i in range(len(text)) if text.startswith(part, i)]
    expected = min(places, key=lambda i: (abs(i - max(near, 0)), i), default=None)
    assert place_of(part, text, near) == expected


def test_the_same_text_twice_is_one_document_and_the_same_id_twice_is_two(tmp_path: Path) -> None:
    data = squad(asked())
    data["data"] += squad(asked(id="q2"))["data"]
    data["data"] += squad(asked(id="q3"), context="新" + TEXT)["data"]
    held = read(tmp_path, data)
    assert [d.id for d in held.documents] == ["dev.json#p1", "dev.json#p1+"]
    assert [q.gold[0][0].doc for q in held.questions] == ["dev.json#p1"] * 2 + ["dev.json#p1+"]


def test_an_impossible_question_is_unanswerable_and_an_empty_one_is_none(tmp_path: Path) -> None:
    impossible = asked(id="q2", is_impossible=True, answers=[])
    held = read(tmp_path, squad(asked(), impossible, asked(id="q3", question="  ")))
    assert held.questions[1:] == (Question("q2", "unanswerable", ("大桥多长？",), False),)


def test_a_reference_answer_that_is_not_printed_is_an_answer_but_no_gold(tmp_path: Path) -> None:
    answers = [{"text": "三点六公里", "answer_start": 0}, {"text": "3.6公里", "answer_start": 6}]
    (question,) = read(tmp_path, squad(asked(answers=answers))).questions
    assert question.answers == ("三点六公里", "3.6公里")
    assert question.gold == ((Gold("dev.json#p1", "3.6公里", 6),),)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (squad(asked(answers=[{"text": "五公里", "answer_start": 0}])), "question q1: the answer '五公里'"),
        (squad(asked(answers=[])), "question q1 has no answer"),
        (squad(asked(), asked()), "the id q1 stands twice"),
        (squad(asked(), context=" "), "paragraph 0: it has no text"),
        (squad(), "dev.json is empty"),
        ({"data": [{"paragraphs": [{"qas": []}]}]}, "context is missing"),
        ({"data": [3]}, "not SQuAD-style JSON"),
        (squad({"id": "q1", "question": "？", "answers": [{"text": "桥", "answer_start": "x"}]}), "paragraph 0: not SQuAD"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(tmp_path: Path, data: object, reason: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        read(tmp_path, data)
    assert str(tmp_path / "dev.json") in str(caught.value)
    assert reason in str(caught.value)
