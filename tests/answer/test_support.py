"""Sentences laid on the evidence of the prompt: what they cite after all, and the verdicts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.answer.cite import parse
from rag.answer.links import claims
from rag.answer.support import check
from rag.types import AnswerSentence, Citation, Document, Evidence, Place, Section

LINES = [
    "青江大桥2024年5月1日正式通车。",
    "大桥全长3.6公里，总投资48.5亿元。",
    "白石水库库容为2.4亿立方米。",
    "扩建工程预计2026年底完工。",
    "第五届青江论坛共有320家企业参展。",
    "大桥全长3.6公里，总投资48.5亿元。",
]
TEXT = "".join(LINES)
DOCUMENT = Document("a.txt", TEXT, "h", title="青江大桥", date="2025-01-02")


def _evidence() -> list[Evidence]:
    found, at = [], 0
    for line in LINES:
        place = Place("a.txt", at, at + len(line))
        found.append(Evidence(place, line, 1.0, 0.9, Section(0, len(TEXT), speaker="张三")))
        at += len(line)
    return found


EVIDENCE = _evidence()


def checked(reply: str) -> tuple[tuple[AnswerSentence, ...], tuple[Citation, ...]]:
    cited = parse(reply, len(EVIDENCE))
    said = claims(cited.sentences, "青江大桥怎么样？")
    return check(said, cited.evidence, EVIDENCE, lambda _: DOCUMENT)


@pytest.mark.parametrize(
    ("reply", "at"),
    [
        ("白石水库的库容为2.4亿立方米。", [2]),
        ("白石水庫的庫容為24000萬立方米。", [2]),
        ("共有３２０家企业参加了第五届青江论坛的展览。", [4]),
        ("白石水库库容为2.4亿立方米，青江大桥2024年5月1日正式通车。", [0, 2]),
    ],
)
def test_a_sentence_without_a_citation_gets_that_of_what_bears_it(
    reply: str, at: list[int]
) -> None:
    (sentence,), citations = checked(reply)
    assert (sentence.verdict, sentence.why) == ("supported", "引用由程序补上")
    assert sentence.citations == tuple(range(1, len(at) + 1))
    assert sorted(c.quote for c in citations) == sorted(LINES[i] for i in at)


@pytest.mark.parametrize(
    "reply",
    [
        "白石水库的库容为2.5亿立方米。",
        "白石水库由青江水务集团管理。",
        "白石水库全长3.6公里，总投资320亿元。",
        "青江大桥没有通车。",
        "青江大桥2024年5月1日正式通车，带动了沿线旅游业和餐饮业的快速发展。",
    ],
)
def test_what_no_evidence_bears_is_marked_and_cites_nothing(reply: str) -> None:
    (sentence,), citations = checked(reply)
    assert (sentence.citations, sentence.verdict, sentence.why) == ((), "uncited", "没有引用")
    assert citations == ()


def test_a_wrong_citation_stays_and_the_right_place_is_told() -> None:
    (sentence,), (citation,) = checked("白石水库库容为2.4亿立方米[5]。")
    assert (sentence.citations, sentence.verdict) == ((1,), "wrong_source")
    assert sentence.why == f"依据在别处：“{LINES[2]}”"
    assert citation.quote == LINES[4]


def test_the_same_sentence_printed_twice_is_one_source() -> None:
    for mark in ("[2]", "[6]"):
        (sentence,), _ = checked(f"大桥全长3.6公里，总投资48.5亿元{mark}。")
        assert sentence.verdict == "supported"
    (sentence,), _ = checked("大桥全长3.9公里[6]。")
    assert sentence.verdict == "number_mismatch"


def test_numbers_follow_the_order_of_first_use_over_both_kinds() -> None:
    sentences, citations = checked(
        "白石水库库容为2.4亿立方米。青江大桥2024年5月1日正式通车[1]。月球上有水。白石水库库容为2.4亿立方米[3][1]。"
    )
    assert [s.citations for s in sentences] == [(1,), (2,), (), (1, 2)]
    assert [(c.n, c.quote) for c in citations] == [(1, LINES[2]), (2, LINES[0])]
    for c in citations:
        assert TEXT[c.start : c.end] == c.quote


def test_a_sentence_in_another_language_than_its_quote_is_said_to_be_so() -> None:
    (sentence,), _ = checked("The forum had many exhibitors[5].")
    assert (sentence.verdict, sentence.why) == ("unsupported", "与引文语言不同，未能核对")


def test_a_lead_in_is_shown_and_not_checked() -> None:
    (sentence,), _ = checked("总之：\n白石水库库容为2.4亿立方米[3]。")
    assert (sentence.text, sentence.verdict) == ("总之：白石水库库容为2.4亿立方米。", "supported")


PIECES = st.lists(
    st.sampled_from(
        [*LINES, "白石水库库容为2.5亿立方米。", "综上所述：", "资料没有提到。", "[1]", "[3][5]", "[9]", "[2-4]", "\n",
         "## ", "月球上有水", "，"]
    ),
    max_size=9,
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(PIECES)
def test_every_number_leads_to_a_verbatim_quote_in_the_order_of_first_use(
    parts: list[str],
) -> None:
    sentences, citations = checked("".join(parts))
    used = [n for sentence in sentences for n in sentence.citations]
    assert list(dict.fromkeys(used)) == [c.n for c in citations]
    assert [c.n for c in citations] == list(range(1, len(citations) + 1))
    assert all(TEXT[c.start : c.end] == c.quote for c in citations)
    for sentence in sentences:
        assert (sentence.verdict == "uncited") == (not sentence.citations)
