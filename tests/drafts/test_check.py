"""A draft and a quote against a small corpus: verdicts and exact spans."""

from __future__ import annotations

import pytest

from rag.drafts.check import check_claim, check_quote
from rag.drafts.checked import Checked
from rag.drafts.draft import claims
from rag.drafts.verbatim import places_in
from rag.drafts.whence import Library
from rag.errors import UsageError
from rag.retrieve.memory import MemoryCorpus
from rag.text import parse
from rag.types import Document

TEXTS = {
    "a.txt": "报告会纪要\n\n2025年，北京数字经济增加值突破2.4万亿元，占比达到46.4%。外资研发中心达到332家。",
    "b.txt": "上海今年新建公园120座。全市公园总数达到832座。\n“数字经济”增长很快。",
    "c.txt": "本次大会共签约34个重大项目，其中\n\n涉及人工智能的有十二个。项目总投资12.4万亿元。",
}
CORPUS = MemoryCorpus([parse(Document(doc, text, ""), 320) for doc, text in TEXTS.items()])


def find(text: str) -> list[object]:
    return list(CORPUS.hits())


def quote(text: str, doc: str | None = None) -> Checked:
    return check_quote(text, CORPUS, list(TEXTS), find, doc)  # type: ignore[arg-type]


def draft(text: str) -> list[Checked]:
    library = Library(CORPUS, find, ())  # type: ignore[arg-type]
    return [check_claim(claim, library) for claim in claims(text)]


def spans(checked: Checked) -> list[str]:
    for c in checked.citations:
        assert TEXTS[c.doc][c.start : c.end] == c.quote
    return [c.quote for c in checked.citations]


def test_sentence_that_is_printed_is_supported_with_its_own_span() -> None:
    (one,) = draft("外资研发中心达到332家。")
    assert (one.verdict, one.why, spans(one)) == ("supported", "原文", ["外资研发中心达到332家。"])


def test_part_of_a_sentence_is_cited_as_that_part() -> None:
    (one,) = draft("北京数字经济增加值突破2.4万亿元")
    assert (one.verdict, spans(one)) == ("supported", ["北京数字经济增加值突破2.4万亿元"])


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("北京数字经济增加值在2025年突破2.4万亿元。", "supported"),
        ("2025年北京数字经济增加值突破3.4万亿元。", "number_mismatch"),
        ("外资研发中心没有达到332家。", "negation_mismatch"),
        ("大熊猫爱吃竹子。", "unsupported"),
    ],
)
def test_sentence_gets_the_verdict_of_its_nearest_evidence(text: str, verdict: str) -> None:
    assert draft(text)[0].verdict == verdict


def test_sentence_over_two_facts_cites_both() -> None:
    (one,) = draft("外资研发中心达到332家，上海今年新建公园120座。")
    assert one.verdict == "supported"
    assert spans(one) == ["外资研发中心达到332家。", "上海今年新建公园120座。"]


def test_number_of_another_fact_does_not_pass() -> None:
    (one,) = draft("外资研发中心达到832家。")
    assert one.verdict == "number_mismatch"


def test_marks_are_left_out_and_punctuation_is_no_sentence() -> None:
    found = draft("外资研发中心达到332家[1][2]。\n……\n上海今年新建公园120座【3】。")
    assert [one.text for one in found] == ["外资研发中心达到332家。", "上海今年新建公园120座。"]


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("北京数字经济增加值突破2.4万亿元", "北京数字经济增加值突破2.4万亿元"),
        ("北京數字經濟增加值突破２.４万亿元", "北京数字经济增加值突破2.4万亿元"),
        ("“外资研发中心达到332家”", "外资研发中心达到332家"),
        ("“数字经济”增长", "“数字经济”增长"),
        ("其中涉及人工智能的有十二个", "其中\n\n涉及人工智能的有十二个"),
    ],
)
def test_quote_is_found_and_cited_as_it_is_printed(text: str, quoted: str) -> None:
    found = quote(text)
    assert (found.verdict, spans(found)) == ("supported", [quoted])


def test_quote_is_not_found_inside_a_number() -> None:
    assert [place.doc for place in places_in("2.4万亿元", CORPUS, TEXTS)] == ["a.txt"]
    assert places_in("32座", CORPUS, TEXTS) == []


def test_quote_from_elsewhere_is_a_wrong_source_that_names_the_right_one() -> None:
    found = quote("上海今年新建公园120座", "a.txt")
    assert found.verdict == "wrong_source" and "b.txt" in found.why
    assert [c.doc for c in found.citations] == ["b.txt"]


def test_quote_in_other_words_is_partial_at_best() -> None:
    found = quote("北京数字经济增加值在2025年突破2.4万亿元")
    assert (found.verdict, found.why) == ("partial", "意思相近，但不是原文")


def test_changed_number_in_a_quote_is_named() -> None:
    found = quote("外资研发中心达到333家", "a.txt")
    assert found.verdict == "number_mismatch" and "333" in found.why
    assert spans(found) == ["外资研发中心达到332家。"]


def test_every_place_of_a_quote_is_listed() -> None:
    assert [c.doc for c in quote("数字经济").citations] == ["a.txt", "b.txt"]


def test_unknown_document_is_refused() -> None:
    with pytest.raises((UsageError, KeyError)):
        quote("外资", "none.txt")


# ---- sources that a draft names ------------------------------------------------------------
NEWS = {
    "000_会.txt": (
        "发布会素材\n\n（一）北京市社科院院长贺亚兰\n问题：进展如何？\n"
        "回答：2025年北京人工智能核心产业规模预计达4500亿元。我们建立了常态化协作机制。\n"
        "（二）山东社科院副书记韩建文\n问题：怎样服务产业？\n"
        "回答：我们连续四年实施专项行动。智库成果从书架送到了货架。\n"
    ),
    "001_报.txt": "# 共绘合作新图景\n\n新华社北京3月30日电 34个重大项目现场签约，总金额达619.91亿元。",
    "002_报.txt": (
        "# 中国高新技术产业导报\n\n## 建设领先科技园区\n\n"
        "论坛期间，24家特色产业园正式获得授牌。技术交易中心正式投入运行。"
    ),
}
LIBRARY = MemoryCorpus([parse(Document(doc, text, ""), 320) for doc, text in NEWS.items()])


def news(text: str) -> list[Checked]:
    library = Library(LIBRARY, lambda _: list(LIBRARY.hits()), list(NEWS))
    return [check_claim(claim, library) for claim in claims(text)]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("34个重大项目现场签约（001_报.txt）。", "supported"),
        ("34个重大项目现场签约（002_报.txt）。", "wrong_source"),
        ("据《共绘合作新图景》报道，34个重大项目现场签约。", "supported"),
        ("据《建设领先科技园区》报道，34个重大项目现场签约。", "wrong_source"),
        ("据《没有这篇文章》报道，34个重大项目现场签约。", "supported"),
        ("24家特色产业园正式获得授牌（新华社3月30日）。", "wrong_source"),
        ("24家特色产业园正式获得授牌（中国高新技术产业导报）。", "supported"),
        ("34个重大项目现场签约[1]。\n\n来源\n[1] 002_报.txt", "wrong_source"),
        ("34个重大项目现场签约[1]。\n\n来源\n[1] 001_报.txt", "supported"),
    ],
)
def test_a_claim_is_checked_against_the_source_that_it_names(text: str, verdict: str) -> None:
    (one,) = news(text)
    assert one.verdict == verdict
    if verdict == "wrong_source":
        where = one.citations[0].doc
        assert where in one.why and "里没有这句话" in one.why
        assert one.citations[0].quote in NEWS[where]


def test_words_of_another_speaker_are_a_wrong_source() -> None:
    one, other = news(
        "韩建文表示，2025年北京人工智能核心产业规模预计达4500亿元。"
        "贺亚兰表示，2025年北京人工智能核心产业规模预计达4500亿元。"
    )
    assert (one.verdict, other.verdict) == ("wrong_source", "supported")
    assert one.why == "这是北京市社科院院长贺亚兰说的，不是韩建文"


def test_words_in_quotation_marks_have_to_stand_somewhere() -> None:
    one, other = news("韩建文说：“智库成果从书架送到了货架。”韩建文说：“智库成果从书架搬到货架。”")
    assert one.verdict == "supported"
    assert other.verdict != "supported"


def test_what_a_near_sentence_contradicts_no_distant_one_bears() -> None:
    (one,) = news("技术交易中心尚未投入运行。")
    assert one.verdict == "negation_mismatch"


def test_a_draft_says_where_each_sentence_stands() -> None:
    text = "# 标题\n\n**24家**特色产业园正式获得授牌[3]。"
    (one,) = news(text)
    assert one.text == "24家特色产业园正式获得授牌。"
    assert text[one.start : one.end] == "24家**特色产业园正式获得授牌[3]。"
