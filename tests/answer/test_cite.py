"""Citations parsed from a model's text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.assemble import written
from rag.answer.cite import CitationParser, CitedText, parse, render
from rag.types import AnswerSentence


def pairs(cited: CitedText) -> list[tuple[str, tuple[int, ...]]]:
    return [(sentence.text, sentence.numbers) for sentence in cited.sentences]


@pytest.mark.parametrize(
    ("mark", "evidence"),
    [
        ("[1]", (1,)), ("【1】", (1,)), ("［1］", (1,)), ("〔1〕", (1,)), ("[^1]", (1,)),
        ("[１]", (1,)), ("[ 2 ]", (2,)), ("[1][2]", (1, 2)), ("[2] 【1】", (2, 1)),
        ("[1,2]", (1, 2)), ("[1，2]", (1, 2)), ("[1、2]", (1, 2)), ("[1;3]", (1, 3)),
        ("[1-3]", (1, 2, 3)), ("[1–3]", (1, 2, 3)), ("[1～3]", (1, 2, 3)), ("[3-2]", (2, 3)),
        ("[1,3-4]", (1, 3, 4)), ("[citation:2]", (2,)), ("[资料2]", (2,)), ("[来源：2]", (2,)),
        ("[1][1]", (1,)), ("[^1][^2]", (1, 2)), ("[1】", (1,)), ("[[1]]", (1,)), ("[[1]][[2]]", (1, 2)),
        ("\\[1\\]", (1,)), ("[1和2]", (1, 2)), ("[1 and 3]", (1, 3)), ("[1至3]", (1, 2, 3)),
        ("[资料1、资料3]", (1, 3)), ("[Source 2, Source 4]", (2, 4)), ("[资料1-资料3]", (1, 2, 3)),
    ],
)  # fmt: skip
def test_every_form_of_mark_is_read_and_removed(mark: str, evidence: tuple[int, ...]) -> None:
    numbers = tuple(range(1, len(evidence) + 1))
    for text in (f"北京增长5%{mark}。", f"北京增长5%。{mark}", f"北京增长5% {mark}。"):
        cited = parse(text, limit=4)
        assert pairs(cited) == [("北京增长5%。", numbers)]
        assert (cited.evidence, cited.dropped) == (evidence, 0)


@pytest.mark.parametrize(
    "text",
    [
        "甲(1)乙。",
        "国办发〔2026〕12号。",
        "数组[a]和[]。",
        "见[图1]。",
        "工业4.0很好。",
        "[1.5]倍。",
    ],
)
def test_brackets_that_are_no_marks_stay(text: str) -> None:
    cited = parse(text, limit=4)
    assert (pairs(cited), cited.dropped) == ([(text, ())], 0)


@pytest.mark.parametrize(
    ("text", "evidence", "dropped"),
    [("甲[5]。", (), 1), ("甲[0]。", (), 1), ("甲[1,9]。", (1,), 1), ("甲[3-999999]。", (3, 4), 1),
     ("甲[7][8]。", (), 2), ("甲[0-2]。", (1, 2), 1)],
)  # fmt: skip
def test_numbers_that_do_not_exist_are_dropped_and_counted(
    text: str, evidence: tuple[int, ...], dropped: int
) -> None:
    cited = parse(text, limit=4)
    assert (cited.evidence, cited.dropped) == (evidence, dropped)
    assert cited.sentences[0].text == "甲。"


def test_citations_are_numbered_in_the_order_of_first_use() -> None:
    cited = parse("甲[4]。乙[2][4]。丙[1]。", limit=4)
    assert pairs(cited) == [("甲。", (1,)), ("乙。", (2, 1)), ("丙。", (3,))]
    assert cited.evidence == (4, 2, 1)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("增长2.4%。“很好！”他说？", ["增长2.4%。", "“很好！”", "他说？"]),
        ("第一行\n第二行。", ["第一行", "第二行。"]),
        ("It grew 2.4%. Then it fell.", ["It grew 2.4%.", "Then it fell."]),
        ("真的？！好……", ["真的？！", "好……"]),
        ("1. 甲。\n2. 乙。", ["甲。", "乙。"]),
        ("- **甲**：一。\n* 乙。\n## 丙", ["甲：一。", "乙。", "丙"]),
        ("1、甲。\n2.5倍。\n3、4月份。", ["甲。", "2.5倍。", "3、4月份。"]),
        ("甲。\n\n---\n来源：\n", ["甲。"]),
        ("Dr. Lin said so. Mr. J. Wu did not.", ["Dr. Lin said so.", "Mr. J. Wu did not."]),
        ("", []),
        ("。。。", []),
    ],
)
def test_sentences_are_split_by_their_end_marks_never_inside_a_number(
    text: str, sentences: list[str]
) -> None:
    assert [sentence.text for sentence in parse(text, limit=4).sentences] == sentences


def test_a_mark_on_a_line_of_its_own_belongs_to_the_sentence_before() -> None:
    assert pairs(parse("甲。\n[1]\n来源：[2]\n乙。", 4)) == [("甲。", (1, 2)), ("乙。", ())]


def test_a_mark_at_the_head_of_a_line_belongs_to_what_follows_on_it() -> None:
    assert pairs(parse("[1] 甲。\n[2] 乙。\n[3]\n[4][1] 丙。", 4)) == [
        ("甲。", (1,)),
        ("乙。", (2, 3)),
        ("丙。", (4, 1)),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "根据[1]，甲。",
        "据[1]和[2]，甲。",
        "甲（来源：[1]）。",
        "甲。（资料来源[1]）",
        "甲(see [1])。",
    ],
)
def test_words_that_only_carried_a_mark_go_with_it(text: str) -> None:
    (sentence,) = parse(text, 4).sentences
    assert sentence.text == "甲。"
    assert sentence.numbers[0] == 1


def test_a_heading_is_known() -> None:
    sentences = parse("## 甲\n**乙**\n**丙**：丁。\n戊\n# 己[1]", 4).sentences
    assert [s.heading for s in sentences] == [True, True, False, False, False]


def test_a_reply_that_was_cut_is_known_by_its_last_sentence() -> None:
    assert parse("甲。乙", 4).ended is False
    assert parse("甲。乙。[1]", 4).ended is True
    assert parse("甲。\n[1", 4).ended is False


def test_the_draft_never_shows_half_a_mark() -> None:
    parser = CitationParser(4)
    drafts = []
    for piece in ["甲", "乙[", "3", "]。", "【1", "】丙"]:
        parser.feed(piece)
        drafts.append(parser.draft())
    assert drafts == ["甲", "甲乙", "甲乙", "甲乙。 [1]", "甲乙。 [1]", "甲乙。 [1][2] 丙"]


def test_an_answer_is_laid_out_as_the_extractive_one_is() -> None:
    for text in ("甲[2]。乙。", "It grew.[2] It fell.[1]", "甲[1]。乙[2][3]。丙。"):
        sentences = parse(text, 4).sentences
        same = [AnswerSentence(s.text, s.numbers, "supported") for s in sentences]
        assert render(sentences) == written(same)
    assert render(parse("甲[2]。乙。", 4).sentences) == "甲。 [1] 乙。"


PIECES = st.lists(
    st.sampled_from(
        ["甲", "2.4", "。", "[1]", "[", "]", "【2，3】", "〔2026〕", "[9]", " ", "\n", "“", "”",
         ". ", ".", "a", "-", "1", "[1-", "^", "来源", "**", "！", "\\", "[[", "]]", "和", "资料"]
    ),
    max_size=14,
)  # fmt: skip


@given(PIECES, st.integers(1, 4))
def test_where_the_pieces_break_makes_no_difference(parts: list[str], size: int) -> None:
    text = "".join(parts)
    parser = CitationParser(4)
    for at in range(0, len(text), size):
        parser.feed(text[at : at + size])
    assert parser.finish() == parse(text, 4)


@given(st.text(alphabet="甲乙。[]【】123,-\n ", max_size=40))
def test_every_number_of_a_sentence_leads_to_evidence(text: str) -> None:
    cited = parse(text, 3)
    used = [number for sentence in cited.sentences for number in sentence.numbers]
    assert set(used) <= set(range(1, len(cited.evidence) + 1))
    assert set(cited.evidence) <= {1, 2, 3}
