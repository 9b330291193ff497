"""What a language model wrote, as figures: its own alone, and what it took."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.evaluate.measures import model_costs, models, written, written_scores
from rag.evaluate.types import Record, Written
from rag.types import Answer, AnswerSentence, Usage, Verdict
from tests.evaluate.made import record


def answer(*verdicts: Verdict, **more: object) -> Answer:
    said = tuple(AnswerSentence("一句。", (1,), verdict) for verdict in verdicts)
    return replace(Answer("问", "问", "一句。", "llm", False, sentences=said, model="m"), **more)  # type: ignore[arg-type]


EXTRACTIVE = Answer("问", "问", "一句。", "extractive", False, timings_ms={"extract": 1.0})


def test_a_model_s_answer_keeps_verdicts_and_dropped_citations() -> None:
    assert written(answer("supported", "partial", dropped=2), True) == Written(
        "m", ("supported", "partial"), 2
    )


@pytest.mark.parametrize("cut", [True, False])
def test_an_answer_tells_whether_it_was_cut_off(cut: bool) -> None:
    found = written(replace(answer("supported", reason="cut off, it says"), cut_off=cut), True)
    assert found is not None and found.cut_off is cut


def test_an_extractive_answer_is_a_fallback_only_where_the_model_was_tried() -> None:
    assert written(EXTRACTIVE, True) == Written(fell_back=True)
    assert written(EXTRACTIVE, False) is None
    refused = replace(EXTRACTIVE, refused=True, timings_ms={})
    assert written(refused, True) is None  # before the call
    assert written(replace(refused, timings_ms={"extract": 1.0}), True) == Written(fell_back=True)


def test_of_a_fallback_nothing_is_the_model_s() -> None:
    assert written_scores(Written(fell_back=True), Usage(first_ms=5.0), True) == {"fallbacks": 1.0}


def test_scores_of_a_model_s_answer() -> None:
    of = Written("m", ("supported", "supported", "number_mismatch", "uncited"), 3, cut_off=True)
    assert written_scores(of, Usage(first_ms=250.0), False) == {
        "fallbacks": 0.0,
        "right_model": 0.0,
        "dropped": 1.0,
        "cut_off": 1.0,
        "supported": 0.5,
        "unsupported": 1.0,
        "first_ms": 250.0,
    }


def test_a_refusal_of_the_model_has_no_sentence_to_verify_and_no_time_is_no_figure() -> None:
    assert written_scores(Written("m"), Usage(), True) == {
        "fallbacks": 0.0, "right_model": 1.0, "dropped": 0.0, "cut_off": 0.0,
    }  # fmt: skip


def of_model(id: str, usage: Usage | None, model: str = "m") -> Record:
    of = Written(model, ("supported",))
    return replace(
        record(id, scores=written_scores(of, usage, True)), written=of, usage=usage, mode="llm"
    )


def test_costs_are_totals_and_what_is_unknown_is_absent() -> None:
    records = [
        of_model("1", Usage(100, 10, 200.0, 0.25)),
        of_model("2", Usage(50, 5, 400.0, 0.5)),
        replace(record("3"), written=Written(fell_back=True)),
        replace(record("4"), usage=Usage(7, 1)),  # its question was rewritten, then refused
    ]
    assert model_costs(records) == {
        "asked": 3, "fallbacks": 1, "prompt_tokens": 157, "completion_tokens": 16, "cost": 0.75,
        "first_p50_ms": 300.0, "first_p95_ms": pytest.approx(390.0),
    }  # fmt: skip
    assert model_costs([of_model("1", None)]) == {"asked": 1, "fallbacks": 0}
    assert model_costs([record("1")]) == {}


def test_every_model_that_answered_is_named_once() -> None:
    records = [of_model("1", None, "b"), of_model("2", None, "a"), of_model("3", None, "b")]
    fallen = replace(record("4"), written=Written(fell_back=True))
    assert models([*records, fallen, record("5")]) == "a, b"
    assert models([fallen]) == ""
