"""Cases for the ranker from paragraphs with questions, and from questions with their own passages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rag.evaluate.types import Gold, Question
from rag.read.reading import Reading
from rag.read.stage import READ_NAMES, Stage
from rag.train.cases import (
    Paragraph,
    Posed,
    of_asked,
    paragraph_cases,
    passage_cases,
    read_squad,
)
from rag.train.evidence import Case
from rag.train.reader.passages import Asked, Passage
from tests.fakes.ranking import CHUNK_SIZE, ranker
from tests.fakes.reader import ToldReader

BRIDGE = "青江大桥全长3.6公里。大桥有两座塔。"
RESERVOIR = "白石水库位于上游。"
TUNNEL = "南岭隧道也有３.６公里。隧道2023年通车。"
AIRPORT = "东湖机场有两条跑道。"
LENGTH = Posed("青江大桥2024年全长多少公里？", ("3.6公里",), (6, 5))
DESIGNER = Posed("青江大桥的设计师是谁？", (), None)


# ---- paragraphs with questions -------------------------------------------------------------
def paragraphs(*posed: Posed) -> list[Paragraph]:
    rest = (RESERVOIR, TUNNEL, AIRPORT)
    return [Paragraph(BRIDGE, posed), *(Paragraph(text, ()) for text in rest)]


def cases(given: list[Paragraph], **changes: Any) -> list[Case]:
    limit = changes.pop("limit", 100)
    return list(
        paragraph_cases(given, "made", ranker(), limit, 0.25, **{"misses": False} | changes)
    )


def said(case: Case) -> set[str]:
    return {s.candidate.text for s in case.scored}


def right(case: Case) -> list[str]:
    return [s.candidate.text for s, good in zip(case.scored, case.right, strict=True) if good]


def test_an_answered_question_is_taken_with_its_paragraph_and_without() -> None:
    with_it, without = cases(paragraphs(LENGTH))
    assert (with_it.answerable, with_it.weight, with_it.group) == (True, 0.25, "made")
    assert right(with_it) == ["青江大桥全长3.6公里。"]
    assert (without.answerable, without.weight, without.group) == (False, 0.25, "made")
    assert right(without) == []
    assert with_it.view.asked == without.view.asked


def test_no_paragraph_beside_it_prints_the_answer_in_whatever_characters() -> None:
    with_it, without = cases(paragraphs(LENGTH))
    assert said(with_it) == {*BRIDGE.replace("。", "。 ").split(), RESERVOIR, AIRPORT}
    assert said(without) == {RESERVOIR, AIRPORT}


def test_what_a_paragraph_does_not_say_is_unanswerable_over_that_paragraph() -> None:
    (case,) = cases(paragraphs(DESIGNER))
    assert (case.answerable, case.weight, case.group) == (False, 0.25, "made-unsaid")
    assert right(case) == []
    assert said(case) > {"青江大桥全长3.6公里。", "大桥有两座塔。", "南岭隧道也有３.６公里。"}


@pytest.mark.parametrize(
    ("span", "expected"),
    [((6, 5), ["青江大桥全长3.6公里。"]), ((0, 1), ["青江大桥全长3.6公里。"]),
     ((12, 1), ["大桥有两座塔。"]), ((18, 1), ["大桥有两座塔。"]),
     ((10, 4), ["青江大桥全长3.6公里。", "大桥有两座塔。"])],
)  # fmt: skip
def test_every_sentence_that_the_answer_reaches_into_is_right(
    span: tuple[int, int], expected: list[str]
) -> None:
    with_it, _ = cases(paragraphs(Posed("青江大桥全长多少公里？", ("x",), span)))
    assert sorted(right(with_it)) == sorted(expected)


def test_near_misses_are_of_groups_of_their_own_and_only_where_they_are_wanted() -> None:
    found = cases(paragraphs(LENGTH, DESIGNER), misses=True)
    assert [c.group for c in found] == [
        "made", "made-year", "made-attribute", "made", "made-unsaid",
    ]  # fmt: skip
    assert [c.answerable for c in found] == [True, False, False, False, False]
    assert [right(c) for c in found[1:]] == [[]] * 4
    assert said(found[1]) == said(found[2]) == said(found[0])
    plain = cases(paragraphs(LENGTH, DESIGNER))
    assert [c.group for c in plain] == ["made", "made", "made-unsaid"]


def test_only_questions_that_are_kept_and_no_more_than_the_limit_over_all_paragraphs() -> None:
    def numbered(i: int) -> Posed:
        return Posed(f"青江大桥的第{i}项是什么？", (), None)

    given = [Paragraph(f"{text}其{i}。", (numbered(i),)) for i, text in enumerate([BRIDGE] * 6)]
    assert len(cases(given)) == 6
    assert cases(given, keep=lambda question: False) == []
    odd = cases(given, keep=lambda question: "1" in question or "3" in question)
    assert [f"其{i}。" in said(c) for i, c in zip((1, 3), odd, strict=True)] == [True, True]
    limited = cases(given, limit=3, passages=1)
    assert [said(c) & {f"其{i}。" for i in range(6)} for c in limited] == [
        {"其0。"}, {"其2。"}, {"其4。"},
    ]  # fmt: skip


def test_the_nearest_paragraphs_stand_beside_it_as_many_as_are_wanted() -> None:
    near = "青江大桥2024年通车，全长多少公里，众说不一。"
    given = [Paragraph(AIRPORT, ()), *paragraphs(LENGTH), Paragraph(near, ())]
    with_it, without = cases(given, passages=2)
    assert said(with_it) == {"青江大桥全长3.6公里。", "大桥有两座塔。", near}
    assert near in said(without) and len(said(without)) == 2


def test_a_paragraph_alone_is_taken_without_anything_beside_it() -> None:
    with_it, without = cases([Paragraph(BRIDGE, (LENGTH,))])
    assert right(with_it) == ["青江大桥全长3.6公里。"]
    assert (without.scored, without.answerable) == ((), False)
    assert cases([Paragraph(BRIDGE, ())]) == []


def test_a_reader_reads_the_paragraphs_too() -> None:
    stage = Stage(ToldReader({"青江大桥全长3.6公里。": Reading(5.0, 2.0, 1.0, 6, 11)}), None)
    plain, read = cases(paragraphs(LENGTH)), cases(paragraphs(LENGTH), stage=stage)
    assert [right(c) for c in read] == [right(c) for c in plain]
    assert {len(s.features) for c in read for s in c.scored} == {len(READ_NAMES)}


# ---- where paragraphs come from ------------------------------------------------------------
def test_a_squad_file_is_read_with_folded_answers_and_the_first_one_s_span(tmp_path: Path) -> None:
    qas = [{"question": LENGTH.question, "answers": [
        {"text": "3.6公里", "answer_start": 6}, {"text": "３.６公里", "answer_start": 6},
    ]}]  # fmt: skip
    data = [
        {"paragraphs": [{"context": BRIDGE, "qas": qas}, {"context": RESERVOIR, "qas": []}]},
        {"paragraphs": [{"context": AIRPORT, "qas": []}]},
    ]
    (tmp_path / "s.json").write_text(json.dumps({"data": data}), encoding="utf-8")
    posed = Posed(LENGTH.question, ("3.6公里", "3.6公里"), (6, 5))
    assert read_squad(tmp_path / "s.json") == [
        Paragraph(BRIDGE, (posed,)), Paragraph(RESERVOIR, ()), Paragraph(AIRPORT, ()),
    ]  # fmt: skip


def test_a_question_without_answers_is_one_that_its_paragraph_does_not_answer(
    tmp_path: Path,
) -> None:
    qas = [{"question": DESIGNER.question, "answers": [], "is_impossible": True,
            "plausible_answers": [{"text": "青江", "answer_start": 0}]},
           {"question": LENGTH.question, "answers": [{"text": "3.6公里", "answer_start": 6}]}]  # fmt: skip
    data = [{"paragraphs": [{"context": BRIDGE, "qas": qas}, {"context": RESERVOIR, "qas": []}]}]
    (tmp_path / "s.json").write_text(json.dumps({"data": data}), encoding="utf-8")
    found = read_squad(tmp_path / "s.json")
    assert found == [Paragraph(BRIDGE, (DESIGNER, LENGTH)), Paragraph(RESERVOIR, ())]
    unsaid, with_it, without = cases(found)
    assert (unsaid.group, unsaid.answerable, right(unsaid)) == ("made-unsaid", False, [])
    assert [c.answerable for c in (with_it, without)] == [True, False]


def test_a_passage_becomes_a_paragraph_with_spans_of_its_own() -> None:
    text = f"{RESERVOIR}青江大橋全長３.６公里。{AIRPORT}"
    start = len(RESERVOIR)
    end = len(text) - len(AIRPORT)
    asked = (
        Asked("多长？", (start + 6, start + 11)),
        Asked("谁？", None),
        Asked("哪？", (start, end)),
    )
    (made,) = of_asked([Passage("news/1", text, start, end, asked)])
    assert made == Paragraph("青江大橋全長３.６公里。", (
        Posed("多长？", ("3.6公里",), (6, 5)),
        Posed("谁？", (), None),
        Posed("哪？", ("青江大桥全长3.6公里。",), (0, 12)),
    ))  # fmt: skip
    assert made.text[6:11] == "３.６公里"
    assert of_asked([]) == []


# ---- questions with passages of their own --------------------------------------------------
def asked(*passages: str, gold: str = "") -> Question:
    groups = ((Gold("passage#1", gold),),) if gold else ()
    must = (("3.6公里",),) if gold else ()
    return Question("q", "made", ("青江大桥有多长？",), bool(gold), groups, must, passages=passages)


def test_the_sentence_that_holds_the_gold_is_right_and_no_other() -> None:
    question = asked(RESERVOIR, BRIDGE, gold="青江大桥全长3.6公里。")
    (case,) = passage_cases([question], CHUNK_SIZE, ranker(), weight=0.5, group="made")
    assert right(case) == ["青江大桥全长3.6公里。"]
    assert (case.answerable, case.weight, case.group) == (True, 0.5, "made")
    assert len(case.scored) == 3


def test_where_no_passage_answers_nothing_is_right() -> None:
    (case,) = passage_cases([asked(RESERVOIR)], CHUNK_SIZE, ranker(), weight=1.0, group="made")
    assert not case.answerable
    assert not case.right.any()
