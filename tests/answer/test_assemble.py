"""Picks to sentences with citations: exact quotes, one number a span."""

from __future__ import annotations

from rag.answer.assemble import assemble, written
from rag.answer.extract import extract
from rag.answer.picks import Pick
from rag.citing import citation
from rag.types import AnswerSentence, Citation, Document, Place, Section
from tests.answer.test_extract import BRIDGE, CAPTION, FORUM
from tests.fakes.ranking import memory, weighed


def test_a_pick_is_one_sentence_with_its_quote() -> None:
    corpus = memory({"bridge.txt": BRIDGE})
    start = BRIDGE.index("大桥全长")
    end = BRIDGE.index("设计师")
    key = (BRIDGE.index("48.5"), BRIDGE.index("48.5") + 6)
    sentences, citations = assemble([Pick("bridge.txt", start, end, 2, "main", (key,))], corpus)
    assert sentences == (
        AnswerSentence("大桥全长3.6公里，总投资48.5亿元。", (1,), "supported", "原文", ((13, 19),)),
    )
    assert citations == (
        Citation(
            n=1,
            doc="bridge.txt",
            title="青江大桥通车",
            start=start,
            end=end,
            quote="大桥全长3.6公里，总投资48.5亿元。",
            source="青江大桥通车",
        ),
    )


def test_a_span_that_is_said_twice_has_one_number() -> None:
    corpus = memory({"a": BRIDGE})
    pick = Pick("a", 8, 26, 1, "main")
    other = Pick("a", 28, 40, 2, "second")
    sentences, citations = assemble([pick, other, pick], corpus)
    assert [s.citations for s in sentences] == [(1,), (2,), (1,)]
    assert [(c.n, c.start, c.end) for c in citations] == [(1, 8, 26), (2, 28, 40)]


def test_the_reading_text_drops_the_break_that_the_quote_keeps() -> None:
    text = "大桥总投资\n48.5亿元。"
    sentences, citations = assemble(
        [Pick("a", 0, len(text), 0, "main", ((6, 12),))], memory({"a": text})
    )
    assert sentences[0].text == "大桥总投资48.5亿元。"
    assert [sentences[0].text[a:b] for a, b in sentences[0].key] == ["48.5亿元"]
    assert citations[0].quote == text


def test_a_sentence_continued_over_a_caption_cites_both_spans() -> None:
    corpus = memory({"a": CAPTION})
    found = weighed("青江水厂改造后日供水能力达到多少万吨？", corpus)
    sentences, citations = assemble(
        extract(found.view, found.ranked, corpus, 300, found.parts)[:1], corpus
    )
    assert [s.citations for s in sentences] == [(1, 2)]
    assert "摄" not in sentences[0].text
    assert [sentences[0].text[a:b] for a, b in sentences[0].key] == ["60万吨"]
    assert citations[1].quote == "能够满足全市居民的用水需要。”"
    for c in citations:
        assert CAPTION[c.start : c.end] == c.quote


def test_a_continued_sentence_keeps_the_comma_between_its_parts() -> None:
    corpus = memory({"a": CAPTION})
    found = weighed("青江水厂改造后日供水能力达到多少万吨？", corpus)
    picks = extract(found.view, found.ranked, corpus, 300, found.parts)
    sentences, _ = assemble(picks[:1], corpus)
    assert sentences[0].text == (
        "厂长周启明说：“水厂改造以后，日供水能力达到60万吨，能够满足全市居民的用水需要。”"
    )


def test_a_citation_lists_where_else_the_sentence_is_printed() -> None:
    again = "专刊\n\n" + FORUM
    corpus = memory({"a": FORUM, "b": again})
    quote = "第五届青江论坛共有320家企业参展。"
    start = FORUM.index(quote)
    index = next(i for i, s in enumerate(corpus.sentences("a", 0, 9)) if s.start == start)
    _, (cited,) = assemble([Pick("a", start, start + len(quote), index, "main")], corpus)
    at = again.index(quote)
    assert cited.also == (Place("b", at, at + len(quote)),)


def test_no_picks_give_no_sentences() -> None:
    assert assemble([], memory({"a": BRIDGE})) == ((), ())


def sentence(text: str, *numbers: int) -> AnswerSentence:
    return AnswerSentence(text, numbers, "supported")


def test_up_to_two_sentences_stand_on_one_line_and_more_below_each_other() -> None:
    assert written([]) == ""
    assert written([sentence("甲。", 1)]) == "甲。 [1]"
    assert written([sentence("甲。", 1, 2), sentence("乙。")]) == "甲。 [1][2] 乙。"
    assert written([sentence("甲。", 1), sentence("乙。", 2), sentence("丙。", 1)]) == (
        "甲。 [1]\n乙。 [2]\n丙。 [1]"
    )


def test_the_source_says_whose_words_and_on_which_page() -> None:
    document = Document("a.pdf", "甲乙丙丁", "", page_starts=(0, 2))
    section = Section(0, 4, ("外", "内"), byline="记者 王", speaker="李")
    made = citation(3, document, 2, 4, section)
    assert (made.n, made.quote, made.title, made.source) == (3, "丙丁", "外", "内 · 李 · 第2页")
    bare = citation(1, Document("a.txt", "甲乙", ""), 0, 1, Section(0, 2))
    assert (bare.title, bare.source) == ("a.txt", "")
    titled = citation(
        1, Document("a.txt", "甲乙", "", title="题"), 0, 1, Section(0, 2), titles=("上", "下")
    )
    assert (titled.title, titled.source) == ("题", "下")
