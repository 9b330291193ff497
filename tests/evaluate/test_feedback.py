"""The line that a 👍 or 👎 writes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.evaluate.feedback import FeedbackLine, feedback_id, feedback_line, feedback_on
from rag.evaluate.types import Cited
from rag.text.decode import mend_surrogates
from rag.types import Answer, AnswerSentence, Citation

AT = "2026-11-21T08:00:00+00:00"
ANSWER = Answer(
    question="多长？",
    standalone="大桥多长？",
    answer="大桥长3.6公里。",
    mode="extractive",
    refused=False,
    citations=(Citation(1, "a.txt", "桥", 0, 8, "大桥长3.6公里"),),
    sentences=(AnswerSentence("大桥长3.6公里。", (1,), "supported", key=((3, 8),)),),
)


def line(**changes: Any) -> FeedbackLine:
    fields: dict[str, Any] = {
        "id": "fb-1", "at": AT, "verdict": "up", "turns": ("大桥多长？",),
        "answer": "大桥长3.6公里。", "refused": False,
    }  # fmt: skip
    return FeedbackLine(**fields | changes)


def test_a_click_keeps_turns_answer_citations_and_bold_words() -> None:
    at = datetime(2026, 11, 21, 8, tzinfo=UTC)
    made = feedback_on(ANSWER, ["大桥在哪？", "多长？"], "down", at=at, reason="答错", note="旧桥")
    assert made == FeedbackLine(
        id=feedback_id(["大桥在哪？", "多长？"]),
        at=AT,
        verdict="down",
        turns=("大桥在哪？", "多长？"),
        answer="大桥长3.6公里。",
        refused=False,
        citations=(Cited("a.txt", 0, 8, "大桥长3.6公里"),),
        key=("3.6公里",),
        reason="答错",
        note="旧桥",
    )
    assert json.loads(made.to_json()) == {
        "id": made.id,
        "at": AT,
        "kind": "feedback",
        "verdict": "down",
        "reason": "答错",
        "turns": ["大桥在哪？", "多长？"],
        "answer": "大桥长3.6公里。",
        "refused": False,
        "citations": [{"doc": "a.txt", "start": 0, "end": 8, "quote": "大桥长3.6公里"}],
        "key": ["3.6公里"],
        "note": "旧桥",
    }


@given(st.text(min_size=1).filter(str.strip), st.text(), st.text())
def test_what_is_written_is_what_is_read(turn: str, answer: str, note: str) -> None:
    said = line(turns=(turn,), answer=answer, note=note, key=(note,))
    assert "\n" not in said.to_json()
    assert feedback_line(json.loads(said.to_json())) == said


def test_a_lone_surrogate_is_mended_so_that_the_line_can_be_written() -> None:
    said = line(note="坏\ud83d字")
    assert json.loads(said.to_json().encode())["note"] == mend_surrogates("坏\ud83d字")


def test_the_same_turns_have_the_same_id_and_others_another() -> None:
    assert feedback_id(["甲", "乙"]) == feedback_id(("甲", "乙"))
    assert len({feedback_id(t) for t in (["甲", "乙"], ["甲乙"], ["乙", "甲"])}) == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"verdict": "maybe"},
        {"verdict": "down"},
        {"reason": "答错"},
        {"verdict": "down", "reason": "不喜欢"},
        {"turns": ()},
        {"turns": (" ",)},
        {"id": ""},
        {"at": "yesterday"},
    ],
)
def test_a_line_that_means_nothing_cannot_be_made(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        line(**changes)
