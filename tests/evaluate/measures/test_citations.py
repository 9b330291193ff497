"""What an answer cites, against gold."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.evaluate.measures.citations import citation_scores, evidence_f1, reaches, verbatim
from rag.evaluate.types import Gold, Question
from rag.types import Answer, Citation, Place
from tests.evaluate.measures.cases import (
    BRIDGE,
    CASE,
    COST,
    DOCUMENTS,
    LAKE,
    NO_ANSWER,
    TEXT,
    answering,
    at,
    cited,
)


def scored(question: Question, answer: Answer) -> dict[str, float]:
    return citation_scores(question, answer, DOCUMENTS)


@pytest.mark.parametrize(
    ("citation", "reached"),
    [
        (cited(BRIDGE), True),
        (cited(f"{BRIDGE}，{COST}。"), True),
        (cited("全长3.6公里"), True),
        (cited(f"全长3.6公里，{COST}。"), True),  # half of the gold quote
        (cited(f"里，{COST}"), False),
        (cited(BRIDGE, "b.txt"), False),
        (cited(BRIDGE, "b.txt", (Place("a.txt", 0, 12),)), True),
    ],
)
def test_a_citation_reaches_a_quote_by_half_of_the_shorter_text(
    citation: Citation, reached: bool
) -> None:
    assert reaches(citation, Gold("a.txt", BRIDGE)) is reached


@pytest.mark.parametrize(
    ("citation", "gold", "reached"),
    [
        (cited(BRIDGE), at(BRIDGE), True),
        (cited(TEXT), at("3.6"), True),
        (cited("3.6"), at(BRIDGE), True),
        (cited("桥全长3.6公里，总投"), at(COST), False),  # 2 of 8
        (cited("里，总投资48"), at(COST), True),  # 5 of 7
        (cited("总投资48.5亿元。白石水库很深"), at(LAKE), False),
        (cited(BRIDGE, "b.txt"), at(BRIDGE), False),
        (cited(BRIDGE, "b.txt", (Place("a.txt", 0, 12),)), at(BRIDGE), True),
        (cited(BRIDGE), Gold("a.txt", BRIDGE, 20), False),  # the same words, at another place
    ],
)
def test_a_citation_reaches_a_span_by_half_of_the_shorter_span(
    citation: Citation, gold: Gold, reached: bool
) -> None:
    assert reaches(citation, gold) is reached


def test_nothing_but_marks_reaches_no_text() -> None:
    assert not reaches(cited("，"), Gold("a.txt", BRIDGE))


def test_every_group_must_be_reached_by_one_of_its_members() -> None:
    gold = ((Gold("b.txt", "青江大桥"), Gold("a.txt", BRIDGE)), (Gold("a.txt", LAKE),))
    case = replace(CASE, gold=gold)
    one, other, idle = cited(BRIDGE), cited(LAKE), cited("白石水库很深")
    first = scored(case, answering("x", one))
    assert (first["cited"], first["citation_recall"], first["citation_precision"]) == (0, 0.5, 1)
    both = scored(case, answering("x", one, other, idle))
    assert (both["cited"], both["citation_recall"]) == (1, 1)
    assert both["citation_precision"] == pytest.approx(2 / 3)


def test_what_was_rejected_may_not_be_cited_again() -> None:
    case = replace(CASE, rejected_gold=(Gold("a.txt", LAKE),))
    assert scored(case, answering("x", cited(BRIDGE)))["cited"] == 1
    again = scored(case, answering("x", cited(BRIDGE), cited(LAKE)))
    assert (again["cited"], again["citation_recall"]) == (0, 1)


def test_with_rejected_citations_alone_any_other_will_do() -> None:
    case = replace(CASE, gold=(), rejected_gold=(at(LAKE),))
    assert scored(case, answering("x", cited(BRIDGE))) == {"cited": 1, "verbatim": 1}
    assert scored(case, answering("x", cited(LAKE)))["cited"] == 0
    assert scored(case, answering(refused=True)) == {"cited": 0}


def test_a_refusal_cites_nothing_and_has_no_precision() -> None:
    assert scored(CASE, answering(refused=True)) == {"cited": 0, "citation_recall": 0}
    with_one = scored(CASE, answering("x", cited(BRIDGE), refused=True))
    assert with_one == {"cited": 0, "citation_recall": 0, "verbatim": 1}


def test_an_answer_without_citations_has_neither_precision_nor_evidence() -> None:
    assert scored(CASE, answering("x")) == {"cited": 0, "citation_recall": 0}


def test_without_gold_only_the_letter_of_a_quote_is_measured() -> None:
    assert scored(NO_ANSWER, answering("x", cited(BRIDGE))) == {"verbatim": 1}
    assert scored(NO_ANSWER, answering("x")) == {}


# ---- evidence --------------------------------------------------------------------------------
def test_the_evidence_f1_is_that_of_characters() -> None:
    gold = [[Gold("a.txt", "大桥全长")], [Gold("a.txt", "水库"), Gold("a.txt", "湖泊很深")]]
    assert evidence_f1(["大桥，全长", "水库"], gold) == 1
    assert evidence_f1(["大桥，全长", "大桥，全长"], gold) == pytest.approx(2 * 4 / (4 + 6))
    assert evidence_f1(["湖泊很深"], gold) == pytest.approx(2 * 4 / (4 + 8))
    assert evidence_f1(["一二三"], gold) == 0


def test_gold_spans_are_no_evidence_sentences() -> None:
    case = replace(CASE, gold=((at("3.6"),),))
    assert "evidence_f1" not in scored(case, answering("x", cited(BRIDGE)))
    assert scored(CASE, answering("x", cited(BRIDGE)))["evidence_f1"] == 1


# ---- verbatim --------------------------------------------------------------------------------
@given(st.integers(0, len(TEXT) - 2), st.integers(1, len(TEXT)), st.sampled_from([-1, 1]))
def test_a_shifted_offset_is_seen(start: int, length: int, shift: int) -> None:
    quote = TEXT[start : start + length]
    good = Citation(1, "a.txt", "", start, start + len(quote), quote)
    assert verbatim(good, DOCUMENTS)
    if start + shift >= 0 and good.end + shift <= len(TEXT):
        bad = replace(good, start=start + shift, end=good.end + shift)
        assert verbatim(bad, DOCUMENTS) == (TEXT[bad.start : bad.end] == quote)
        if len(set(quote)) > 1:
            assert scored(CASE, answering("x", good, bad))["verbatim"] == 0.5


def test_a_quote_of_no_document_is_not_verbatim() -> None:
    assert not verbatim(replace(cited(BRIDGE), doc="c.txt"), DOCUMENTS)
