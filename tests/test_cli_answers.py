"""An answer on the terminal and as JSON: conflicts, what is not verified, what a model took."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from rag.cli.answers import answer_json, answer_text
from rag.types import Answer, AnswerSentence, Citation, Conflict, Stated, Usage

QUOTE = "青江市外资研发中心达到332家。"
FIRST = Citation(1, "甲.txt", "简报", 4, 4 + len(QUOTE), QUOTE)
OTHER = Citation(2, "乙.txt", "年报", 0, 12, "外资研发中心有328家。")
DIFFERING = Conflict("外资研发中心", (Stated("332家", FIRST, "2026-03-30"), Stated("328家", OTHER)))


def told(**changes: object) -> Answer:
    sentence = AnswerSentence(QUOTE, (1,), "supported", "原文")
    made = Answer(
        "问", "问", f"{QUOTE} [1]", "extractive", False, citations=(FIRST,), sentences=(sentence,)
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def lines(answer: Answer) -> list[str]:
    return "\n".join(answer_text(answer)).splitlines()


def model_answer(**changes: object) -> Answer:
    wrong = AnswerSentence("中心有500家。", (1,), "number_mismatch", "原文为 332家，写的是 500家")
    sentences = (told().sentences[0], wrong)
    written = f"{QUOTE}[1]中心有500家。[1]"
    return told(mode="llm", answer=written, sentences=sentences, **changes)


def test_values_that_differ_stand_on_one_line_with_citations_and_dates() -> None:
    shown = lines(told(conflicts=(DIFFERING,)))
    assert "来源说法不一：外资研发中心：332家 [1]（2026-03-30） · 328家 [2]" in shown
    assert "[2] 乙.txt（第 0–12 字）" in shown


def test_an_answer_without_conflicts_says_nothing_of_them() -> None:
    assert not any("说法不一" in line for line in lines(told()))


def test_a_models_answer_is_counted_and_what_is_not_verified_listed_with_reasons() -> None:
    shown = lines(model_answer())
    assert shown[0] == f"{QUOTE} [1] 中心有500家。 [1]（未能核实）"
    assert shown[-4:] == [
        "（模型回答 · 2 句中 1 句可核实）",
        "未能核实：",
        "  · 中心有500家。",
        "    数字不符（原文为 332家，写的是 500家）",
    ]


def test_a_models_name_tokens_time_and_cost_are_shown_where_known() -> None:
    used = model_answer(
        model="小模型", usage=Usage(1234, 56, 320.4, 0.00125), dropped=2, left_out=7
    )
    footer = (
        "（模型回答 小模型 · 2 句中 1 句可核实 · 首字 320 毫秒 · 1,234 + 56 词元 · 费用 0.00125）"
    )
    shown = lines(used)
    assert footer in shown
    assert shown[shown.index(footer) + 1 :][:2] == [
        "2 处引用指向不存在的句子，已去掉",
        "7 句证据放不下",
    ]
    assert "（模型回答 · 2 句中 1 句可核实）" in lines(model_answer(usage=Usage()))


@pytest.mark.parametrize("evil", ["\x1b[31m红", "甲\u202e乙", "一\n二\r三", "零\u200b宽\x07"])
def test_no_text_of_a_document_or_model_steers_the_terminal(evil: str) -> None:
    source = replace(OTHER, doc=evil, quote=evil, source=evil)
    conflict = Conflict(evil, (Stated(evil, FIRST, evil), Stated(evil, source, evil)))
    sentence = AnswerSentence(evil, (1,), "unsupported", evil)
    answer = told(
        mode="llm",
        answer=evil,
        conflicts=(conflict,),
        model=evil,
        sentences=(sentence,),
        reason=evil,
    )
    shown = "\n".join(answer_text(answer))
    assert not set(shown) & set("\x1b\u202e\r\u200b\x07")
    assert sum("来源说法不一" in line for line in shown.splitlines()) == 1


def test_the_json_has_conflicts_with_whole_citations_and_what_a_model_took() -> None:
    made = json.loads(
        json.dumps(answer_json(7, told(conflicts=(DIFFERING,), model="m", usage=Usage(1, 2, 3.0))))
    )
    (conflict,) = made["conflicts"]
    assert conflict["subject"] == "外资研发中心"
    assert [(s["value"], s["date"], s["citation"]["n"]) for s in conflict["stated"]] == [
        ("332家", "2026-03-30", 1),
        ("328家", "", 2),
    ]
    assert conflict["stated"][1]["citation"]["quote"] == OTHER.quote
    assert made["model"] == "m"
    assert made["usage"] == {
        "prompt_tokens": 1, "completion_tokens": 2, "first_ms": 3.0, "cost": 0.0
    }  # fmt: skip
    assert (made["dropped"], made["left_out"]) == (0, 0)
    assert [c["n"] for c in made["citations"]] == [1]


def test_without_a_model_the_json_says_so() -> None:
    made = answer_json(None, told())
    assert made["usage"] is None
    assert made["model"] == ""
    assert made["conflicts"] == []
