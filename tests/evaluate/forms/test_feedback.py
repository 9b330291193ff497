"""Feedback as a question set: what each verdict asks of the next answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rag.errors import EvaluationError
from rag.evaluate.forms import read_any
from rag.evaluate.types import Cited, Gold, Question
from tests.evaluate.test_feedback import line

DOCUMENTS = {"a.txt": "改版。大桥长3.6公里。北岸也长。"}
CITED = (Cited("a.txt", 0, 8, "大桥长3.6公里"), Cited("a.txt", 9, 13, "北岸也长"))
GOLD = (Gold("a.txt", "大桥长3.6公里"), Gold("a.txt", "北岸也长"))
ANSWER = "大桥长3.6公里。"


def read(tmp_path: Path, *lines: Any, documents: Any = DOCUMENTS) -> tuple[Question, ...]:
    path = tmp_path / "feedback.jsonl"
    rows = [said if isinstance(said, str) else said.to_json() for said in lines]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    held = read_any(path, documents)
    assert held.form == "feedback"
    return held.questions


MEANINGS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (
        {"citations": CITED, "key": ("3.6公里", "3.6公里", " ")},
        {"gold": ((GOLD[0],), (GOLD[1],)), "must": (("3.6公里",),), "kind": "feedback_good"},
    ),
    ({"refused": True, "citations": CITED}, {"answerable": False, "kind": "feedback_good"}),
    (
        {"verdict": "down", "reason": "该拒未拒", "citations": CITED},
        {"answerable": False, "kind": "feedback_should_refuse"},
    ),
    (
        {"verdict": "down", "reason": "漏答"},
        {"rejected": (ANSWER,), "kind": "feedback_incomplete"},
    ),
    ({"verdict": "down", "reason": "漏答", "refused": True}, {"kind": "feedback_incomplete"}),
    ({"verdict": "down", "reason": "答错"}, {"rejected": (ANSWER,), "kind": "feedback_wrong"}),
    (
        {"verdict": "down", "reason": "引用不对", "citations": CITED},
        {"rejected_gold": GOLD, "kind": "feedback_wrong_citation"},
    ),
]


@pytest.mark.parametrize(("said", "meant"), MEANINGS)
def test_each_verdict_has_its_meaning(
    tmp_path: Path, said: dict[str, Any], meant: dict[str, Any]
) -> None:
    expected: dict[str, Any] = {
        "id": "fb-1", "turns": ("大桥多长？",), "answerable": True, "line": 1,
    }  # fmt: skip
    assert read(tmp_path, line(**said)) == (Question(**expected | meant),)


def test_a_later_line_about_the_same_turns_replaces_the_earlier(tmp_path: Path) -> None:
    first = line()
    other = line(id="fb-2", turns=("多宽？",))
    second = line(verdict="down", reason="答错")
    questions = read(tmp_path, first, other, "", second)
    assert [(q.id, q.kind, q.line) for q in questions] == [
        ("fb-2", "feedback_good", 2),
        ("fb-1", "feedback_wrong", 4),
    ]


def test_a_quote_that_no_longer_stands_is_named_where_it_was_praised(tmp_path: Path) -> None:
    gone = (Cited("a.txt", 0, 4, "拆除的桥"),)
    with pytest.raises(EvaluationError, match=r"feedback\.jsonl, line 2: the quote '拆除的桥'"):
        read(tmp_path, line(), line(id="fb-2", turns=("拆了？",), citations=gone))
    with pytest.raises(EvaluationError, match=r"line 1: there is no document b\.txt"):
        read(tmp_path, line(citations=(Cited("b.txt", 0, 1, "桥"),)))


def test_a_rejected_quote_that_no_longer_stands_is_left_out(tmp_path: Path) -> None:
    cited = (Cited("a.txt", 0, 4, "拆除的桥"), Cited("b.txt", 0, 1, "桥"), CITED[1])
    said = line(verdict="down", reason="引用不对", citations=cited)
    assert read(tmp_path, said)[0].rejected_gold == (GOLD[1],)
    assert len(read(tmp_path, said, documents=None)[0].rejected_gold) == 3


@pytest.mark.parametrize(
    "wrong",
    [
        '{"kind": "feedback", "verdict": "up"}',
        "[]",
        line().to_json().replace('"refused": false', '"refused": "no"'),
        line().to_json().replace('"up"', '"down"'),
        line().to_json().replace('["大桥多长？"]', '"大桥多长？"'),
        line().to_json().replace('"citations": []', '"citations": [{"doc": "a.txt"}]'),
    ],
)
def test_a_line_that_is_wrong_is_named(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(EvaluationError, match=r"feedback\.jsonl, line 2: not a line of feedback"):
        read(tmp_path, line(), wrong)


def test_two_questions_with_one_id_are_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="line 2: the id fb-1 stands twice"):
        read(tmp_path, line(), line(turns=("多宽？",)))
