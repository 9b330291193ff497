"""One answer against its case: said, cited, refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.evaluate.judge import judge, normalised
from rag.evaluate.sets import Gold, Question
from rag.types import Answer, AnswerSentence, Citation, Document, Passage, Place

TEXT = "青江大桥全长3.6公里，总投资48.5亿元。白石水库很深，库容为2.4亿立方米。"
DOCUMENTS = {name: Document(name, TEXT, "") for name in ("a.txt", "b.txt")}
CASE = Question(
    "q1",
    "fact",
    ("大桥多长？",),
    True,
    ((Gold("a.txt", "青江大桥全长3.6公里"),),),
    (("3.6公里",),),
)
NO_ANSWER = replace(CASE, answerable=False, gold=(), must=())


def cited(quote: str, doc: str = "a.txt", also: tuple[Place, ...] = ()) -> Citation:
    start = TEXT.index(quote)
    return Citation(1, doc, "", start, start + len(quote), quote, also=also)


def answering(
    text: str = "大桥全长3.6公里。", *citations: Citation, refused: bool = False, **more: object
) -> Answer:
    sentences = (AnswerSentence(text, (1,), "supported"),) if text and not refused else ()
    base = Answer("q", "q", f"{text} [1]", "extractive", refused)
    return replace(base, citations=citations, sentences=sentences, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "must", "said"),
    [
        ("大桥全长3.6公里。", (("3.6公里",),), True),
        ("大桥全长 3.6 公里。", (("3.6公里",),), True),
        ("大橋全長３．６公里。", (("3.6公里",),), True),
        ("大桥全长“3.6公里”", (("全长3.6公里",),), True),
        ("大桥很长。", (("3.6公里",),), False),
        ("大桥3600米。", (("3.6公里", "3600米"),), True),
        ("大桥3.6公里。", (("3.6公里",), ("48.5亿元",)), False),
        ("大桥3.6公里，48.5亿元。", (("3.6公里",), ("48.5亿元",)), True),
        ("随便。", (), True),
    ],
)
def test_every_group_of_facts_must_be_said_in_one_of_its_forms(
    text: str, must: tuple[tuple[str, ...], ...], said: bool
) -> None:
    case = replace(CASE, must=must)
    assert judge(case, answering(text, cited("青江大桥全长3.6公里")), DOCUMENTS).said is said


def test_a_number_is_not_said_by_a_longer_one() -> None:
    case = replace(CASE, must=(("3.6公里",),))
    answer = answering("大桥全长13.6公里。", cited("青江大桥全长3.6公里"))
    assert not judge(case, answer, DOCUMENTS).said


@pytest.mark.parametrize(
    ("citation", "reaches"),
    [
        (cited("青江大桥全长3.6公里"), True),
        (cited("青江大桥全长3.6公里，总投资48.5亿元。"), True),
        (cited("全长3.6公里"), True),
        (cited("全长3.6公里，总投资48.5亿元。"), True),  # half of the gold quote
        (cited("总投资48.5亿元。"), False),
        (cited("青江大桥全长3.6公里", "b.txt"), False),
        (cited("青江大桥全长3.6公里", "b.txt", (Place("a.txt", 0, 12),)), True),
    ],
)
def test_a_citation_reaches_gold_by_half_of_the_shorter_quote(
    citation: Citation, reaches: bool
) -> None:
    assert judge(CASE, answering("大桥全长3.6公里。", citation), DOCUMENTS).cited is reaches


def test_every_group_of_gold_must_be_cited_by_one_of_its_quotes() -> None:
    case = replace(
        CASE,
        gold=(
            (Gold("b.txt", "青江大桥"), Gold("a.txt", "青江大桥全长3.6公里")),
            (Gold("a.txt", "库容为2.4亿立方米"),),
        ),
    )
    one, other = cited("青江大桥全长3.6公里"), cited("库容为2.4亿立方米。")
    assert not judge(case, answering("3.6公里", one), DOCUMENTS).cited
    assert not judge(case, answering("3.6公里", other), DOCUMENTS).cited
    assert judge(case, answering("3.6公里", one, other), DOCUMENTS).cited


@pytest.mark.parametrize(
    ("case", "refused", "right"),
    [(CASE, False, True), (CASE, True, False), (NO_ANSWER, True, True), (NO_ANSWER, False, False)],
)
def test_a_refusal_is_right_where_there_is_no_answer(
    case: Question, refused: bool, right: bool
) -> None:
    answer = answering("大桥全长3.6公里。", cited("青江大桥全长3.6公里"), refused=refused)
    found = judge(case, answer, DOCUMENTS)
    assert (found.refused, found.right) == (refused, right)
    if refused:
        assert not found.said
        assert not found.cited


def test_a_quote_that_is_not_verbatim_is_seen() -> None:
    good = cited("青江大桥")
    assert judge(CASE, answering("x", good), DOCUMENTS).verbatim
    assert not judge(CASE, answering("x", replace(good, start=1)), DOCUMENTS).verbatim


def test_the_rank_is_that_of_the_first_passage_with_the_quote() -> None:
    passages = (
        Passage("a.txt", 0, 1, 1.0, "别的。"),
        Passage("a.txt", 0, 1, 0.9, "青江大桥 全长3.6公里，"),
    )
    assert judge(CASE, answering("x", passages=passages), DOCUMENTS).hit_rank == 2
    assert judge(CASE, answering("x"), DOCUMENTS).hit_rank == 0
    assert judge(NO_ANSWER, answering("x", passages=passages), DOCUMENTS).hit_rank == 0


def test_a_passage_of_another_document_is_no_hit() -> None:
    passages = (Passage("b.txt", 0, 1, 1.0, "青江大桥全长3.6公里，"),)
    assert judge(CASE, answering("x", passages=passages), DOCUMENTS).hit_rank == 0


def test_what_is_measured_is_passed_on() -> None:
    answer = answering("大桥全长3.6公里。", confidence=0.7, timings_ms={"total": 12.5})
    found = judge(CASE, answer, DOCUMENTS)
    assert (found.id, found.kind, found.answerable) == ("q1", "fact", True)
    assert (found.length, found.confidence, found.milliseconds) == (10, 0.7, 12.5)
    assert found.answer == "大桥全长3.6公里。 [1]"


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("　大橋，“全長”：３.６公里！", "大桥全长3.6公里"),
        ("A-B (c)", "abc"),
        ("《青江》、【1】…", "青江1"),
        ("。，", ""),
    ],
)
def test_texts_are_compared_without_marks_and_spaces(text: str, normal: str) -> None:
    assert normalised(text) == normal


def test_a_decimal_point_is_no_mark() -> None:
    assert normalised("3.6公里") != normalised("36公里")
