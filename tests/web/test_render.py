"""What the page shows, as HTML: values in, one line of inert HTML out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from typing import get_args

import pytest

from rag.evaluate.feedback import Reason
from rag.text.visible import visible
from rag.types import Answer, AnswerSentence, Conflict, Passage, Place, Stated, Usage
from rag.web.escape import attribute, escape
from rag.web.panel import panel_html
from rag.web.render import answer_html, copy_text, emphasised, question_html, turn_html
from rag.web.strings import EN, ZH, pick, translations
from rag.web.talk import Excerpt, Talk, Turn, place_of, shown_places
from tests.web.fake_service import QUOTES, TEXT, FakeService, citation
from tests.web.payloads import PAYLOADS

OWN_TAGS = {
    *("div", "p", "span", "strong", "bdi", "button", "small", "ul", "ol", "li", "details", "br"),
    *("summary", "section", "h2", "article", "header", "blockquote", "mark", "pre"),
}
OWN_ATTRIBUTES = frozenset({"class", "id", "type", "value", "title", "hidden"})


class Parsed(HTMLParser):
    """Tags, attributes and visible text of an HTML string."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag == "br":
            self.text += "\n"

    def handle_data(self, data: str) -> None:
        self.text += data


def answer(question: str = "问", **changes: object) -> Answer:
    made = list(FakeService().stream(["2025年？"]))[-1]
    return replace(made, question=question, **changes)  # type: ignore[arg-type]


def model_answer() -> Answer:
    return list(FakeService().stream(["模型怎么说"]))[-1]


def in_document_text(payload: str) -> str:
    cited = replace(citation(1, QUOTES[0]), quote=payload)
    refused = answer(refused=True, passages=(Passage("a", 0, 9, 0.1, payload, "b"),))
    turns = (
        Turn(0, "问", answer=answer(citations=(cited,)), excerpts=(
            (place_of(cited), Excerpt(payload, payload, payload)),)),
        Turn(1, "问", answer=refused),
    )  # fmt: skip
    return panel_html(Talk(turns), ZH)


def in_file_name(payload: str) -> str:
    cited = replace(citation(1, QUOTES[0]), doc=payload, also=(Place(payload, 1, 2),))
    return panel_html(Talk((Turn(0, "问", answer=answer(citations=(cited,))),)), ZH)


def in_question(payload: str) -> str:
    turn = Turn(0, payload, answer=answer(payload))
    return question_html(payload) + panel_html(Talk((turn,)), ZH)


def in_title_and_source(payload: str) -> str:
    cited = replace(citation(1, QUOTES[0]), title=payload, source=payload)
    return panel_html(Talk((Turn(0, "问", answer=answer(citations=(cited,))),)), ZH)


def in_conflict_and_usage(payload: str) -> str:
    first = citation(1, QUOTES[0])
    other = replace(citation(3, QUOTES[1]), doc=payload, quote=payload, source=payload)
    differing = Conflict(payload, (Stated(payload, first, payload), Stated("3家", other, payload)))
    told = answer(
        mode="llm",
        conflicts=(differing,),
        model=payload,
        usage=Usage(12, 3, 250.0, 0.5),
        dropped=2,
        left_out=3,
    )
    turn = Turn(0, "问", answer=told)
    return turn_html(turn, ZH) + turn_html(turn, EN) + panel_html(Talk((turn,)), ZH)


def in_model_text(payload: str) -> str:
    told = answer(
        answer=payload,
        mode="llm",
        reason=payload,
        unknown_terms=(payload,),
        sentences=(AnswerSentence(payload, (1,), "unsupported", payload, key=((0, 3),)),),
    )
    return "".join(
        turn_html(Turn(0, "问", state, note=payload, answer=shown), ZH, model=payload)
        for shown in (told, replace(told, sentences=()), replace(told, refused=True), None)
        for state in ("running", "done", "stopped", "failed")
    )


@pytest.mark.parametrize(
    "place",
    [
        in_document_text,
        in_file_name,
        in_question,
        in_title_and_source,
        in_model_text,
        in_conflict_and_usage,
    ],
    ids=lambda place: place.__name__,
)
@pytest.mark.parametrize("number", range(len(PAYLOADS)))
def test_a_payload_is_shown_as_text_and_adds_no_tag_attribute_or_line(
    number: int, place: Callable[[str], str]
) -> None:
    payload = PAYLOADS[number]
    html = place(payload)
    parsed = Parsed(html)
    assert parsed.tags <= OWN_TAGS
    assert {name for name, _ in parsed.attributes} <= OWN_ATTRIBUTES
    for name, value in parsed.attributes:
        if name == "id":
            assert re.fullmatch(r"yj-(t|p|c|copy)-\d+(-\d+)?", value)
        if name == "value":
            assert re.fullmatch(r"\d+(-\d+)?", value)
        if name == "class":
            assert re.fullmatch(r"(yj-[a-z-]+ ?)+", value)
    assert "\n" not in html and "\r" not in html
    html.encode()  # a lone surrogate would raise
    shown = " ".join(visible(payload).split())
    assert shown in " ".join(parsed.text.split())


@pytest.mark.parametrize("char", [c for c in map(chr, range(33, 127)) if not c.isalnum()])
def test_every_ascii_punctuation_mark_is_written_as_a_reference(char: str) -> None:
    assert escape(f"a{char}b") == f"a&#{ord(char)};b"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\u202eexe.txt", "⟨U+202E⟩exe.txt"),
        ("零\u200b宽\ufeff", "零宽"),
        ("标签\U000e0041", "标签"),
        ("半\ud800个", "半\ufffd个"),
        ("空\x00字", "空\ufffd字"),
        ("👨\u200d👩", "👨\u200d👩"),
        ("١٢٣ עברית", "١٢٣ עברית"),
    ],
)
def test_control_characters_are_named_dropped_or_replaced(raw: str, shown: str) -> None:
    assert visible(raw) == shown


def test_line_ends_of_every_kind_become_breaks_and_attributes_stay_on_one_line() -> None:
    assert escape("一\r\n二\r三\n四\u2028五") == "一<br>二<br>三<br>四<br>五"
    assert attribute('一\n"二') == "一 &#34;二"


@pytest.mark.parametrize(
    ("spans", "html"),
    [
        ((), "甲乙丙丁"),
        (((1, 3),), "甲<strong>乙丙</strong>丁"),
        (((2, 4), (0, 1)), "<strong>甲</strong>乙<strong>丙丁</strong>"),
        (((0, 3), (1, 4)), "<strong>甲乙丙</strong><strong>丁</strong>"),
        (((-5, 1), (3, 99), (2, 2)), "<strong>甲</strong>乙丙<strong>丁</strong>"),
    ],
)
def test_key_spans_are_bold_and_bad_spans_lose_no_text(
    spans: tuple[tuple[int, int], ...], html: str
) -> None:
    assert emphasised("甲乙丙丁", spans) == html


def test_an_answer_shows_its_key_in_bold_and_a_mark_that_names_turn_and_citation() -> None:
    html = answer_html(answer(), 4, ZH)
    assert "<strong>2&#46;5万亿元</strong>" in html
    assert 'class="yj-cite" value="4-1" title="查看出处 1">&#91;1&#93;</button>' in html
    assert Parsed(html).text.count("抽取式回答") == 1


def test_a_mark_for_a_citation_that_does_not_exist_is_not_shown() -> None:
    odd = answer(sentences=(AnswerSentence("甲。", (1, 7), "supported"),))
    assert re.findall(r'value="(0-\d+)"', answer_html(odd, 0, ZH)) == ["0-1"]


def test_a_model_still_writing_has_buttons_for_known_marks_of_any_bracket() -> None:
    writing = replace(model_answer(), answer="甲[1]乙【2】丙［3］丁[9]", sentences=())
    html = answer_html(writing, 0, ZH, partial=True)
    assert re.findall(r'class="yj-cite" value="0-(\d)"', html) == ["1", "2", "3"]
    assert "丁[9]" in Parsed(html).text
    assert "yj-foot" not in html


def test_a_model_answer_counts_what_can_be_verified_and_gives_the_reasons() -> None:
    text = Parsed(answer_html(model_answer(), 0, ZH, model="试验模型")).text
    assert "5 句中 4 句可核实" in text
    assert "模型回答（试验模型）" in text
    assert "数字不符 核心产业同比增长9.7%。原文为 8.7%，回答写的是 9.7%" in text
    assert "4 of 5 sentences verified" in Parsed(answer_html(model_answer(), 0, EN)).text


def differing() -> Answer:
    first = citation(1, QUOTES[0])
    other = replace(citation(3, QUOTES[1]), doc="003_圆桌会.txt")
    conflict = Conflict(
        "数字经济增加值",
        (Stated("2.5万亿元", first, "2026-03-30"), Stated("2.3万亿元", other, "2025-12-01")),
    )
    return answer(conflicts=(conflict,))


def test_values_that_differ_are_shown_as_facts_with_their_marks_and_dates() -> None:
    html = answer_html(differing(), 2, ZH)
    shown = "来源说法不一数字经济增加值：2.5万亿元[1]（2026-03-30） · 2.3万亿元[3]（2025-12-01）"
    assert shown in Parsed(html).text
    block = html[html.index("yj-conflicts") :]
    assert re.findall(r'class="yj-cite" value="(2-\d)"', block) == ["2-1", "2-3"]
    assert "引文 3 处" in Parsed(html).text
    english = Parsed(answer_html(differing(), 2, EN)).text
    assert "Sources differ数字经济增加值: 2.5万亿元[1] (2026-03-30)" in english


def test_a_value_without_a_date_has_no_empty_brackets() -> None:
    told = differing()
    undated = tuple(replace(s, date="") for s in told.conflicts[0].stated)
    told = replace(told, conflicts=(replace(told.conflicts[0], stated=undated),))
    text = Parsed(answer_html(told, 0, ZH)).text
    assert "2.5万亿元[1] · 2.3万亿元[3]" in text
    assert "（）" not in text


def test_what_sources_state_otherwise_has_its_card_its_surroundings_and_its_line_in_the_copy() -> (
    None
):
    told = differing()
    html = panel_html(Talk((Turn(0, "问", answer=told),)), ZH)
    assert re.findall(r'id="(yj-c-0-\d)"', html) == ["yj-c-0-1", "yj-c-0-2", "yj-c-0-3"]
    assert place_of(told.conflicts[0].stated[1].citation) in shown_places(told)
    copied = copy_text(told, ZH)
    assert (
        "来源说法不一：数字经济增加值：2.5万亿元 [1]（2026-03-30） · 2.3万亿元 [3]（2025-12-01）"
        in copied.splitlines()
    )
    assert "[3] “" in copied


def test_a_sentence_that_nothing_bears_out_is_marked_with_the_reason_at_hand() -> None:
    html = answer_html(model_answer(), 0, ZH)
    marks = re.findall(r'<small class="yj-verdict" title="(.*?)">(.*?)</small>', html)
    assert [mark for _, mark in marks] == ["未能核实"]
    told = Parsed(f'<p title="{marks[0][0]}">').attributes[0][1]
    assert told == "数字不符：原文为 8.7%，回答写的是 9.7%"
    assert "核心产业同比增长9.7%。[2]（未能核实）" in copy_text(model_answer(), ZH)
    assert "not verified" in Parsed(answer_html(model_answer(), 0, EN)).text


def test_no_verdict_claims_more_than_that_it_can_be_verified() -> None:
    for words in (ZH, EN):
        everything = Parsed(answer_html(model_answer(), 0, words)).text
        for claim in ("正确", "错误", "已证实", "proved", "correct"):
            assert claim not in everything


def test_a_models_answer_says_what_it_took_and_what_was_lost() -> None:
    told = replace(
        model_answer(), model="小模型", usage=Usage(1234, 56, 320.0, 0.00125), dropped=2, left_out=7
    )
    text = Parsed(answer_html(told, 0, ZH, model="设置里的名字")).text
    assert "模型回答（小模型）" in text
    assert "2.3 秒首字 0.32 秒1,234 + 56 词元费用 0.00125" in text
    assert "2 处引用指向不存在的句子，已去掉 · 7 句证据放不下" in text
    english = Parsed(answer_html(told, 0, EN)).text
    assert "first text after 0.32 s1,234 + 56 tokenscost 0.00125" in english


def test_what_is_not_known_of_a_reply_is_not_shown() -> None:
    text = Parsed(answer_html(replace(model_answer(), usage=Usage()), 0, ZH)).text
    for part in ("首字", "词元", "费用", "已去掉", "放不下", "来源说法不一"):
        assert part not in text


def test_a_fallback_says_why() -> None:
    html = answer_html(answer(reason="模型没有应答，改用抽取式回答"), 0, ZH)
    assert "模型没有应答，改用抽取式回答" in Parsed(html).text


def test_a_refusal_names_the_unknown_terms_and_looks_unlike_an_answer() -> None:
    refusal = list(FakeService().stream(["火星的首都"]))[-1]
    html = answer_html(refusal, 0, ZH)
    text = Parsed(html).text
    assert text.startswith("文件中没有找到答案")
    assert "所有文件都没有出现的词：火星首都" in text
    assert "yj-refusal" in html and "yj-answer" not in html


def test_the_panel_marks_the_quote_within_the_text_around_it_and_lists_other_places() -> None:
    told = answer()
    service = FakeService()
    excerpts = tuple(
        (place_of(c), Excerpt(*service.context(place_of(c), 20))) for c in told.citations
    )
    html = panel_html(Talk((Turn(0, "问", answer=told, excerpts=excerpts),)), ZH)
    marked = [Parsed(m).text for m in re.findall(r"<mark>(.*?)</mark>", html)]
    assert marked == [QUOTES[0], QUOTES[1]]
    start = TEXT.index(QUOTES[0])
    around = TEXT[start - 20 : start + len(QUOTES[0]) + 20]
    assert around.replace("\n", "") in Parsed(html).text.replace("\n", "")
    assert "同样的话还见于 1 处003_圆桌会.txt 120–158" in Parsed(html).text


def test_a_quote_whose_surroundings_cannot_be_read_is_still_shown() -> None:
    text = Parsed(panel_html(Talk((Turn(0, "问", answer=answer()),)), ZH)).text
    assert QUOTES[0] in text and "（前后文暂时读不到）" in text


def test_only_the_newest_turn_of_the_panel_is_shown() -> None:
    turns = (Turn(0, "一", answer=answer()), Turn(1, "二", answer=answer()))
    html = panel_html(Talk(turns), ZH)
    assert re.findall(r'id="(yj-p-\d)"( hidden)?', html) == [("yj-p-0", " hidden"), ("yj-p-1", "")]


def test_the_copied_text_holds_answer_marks_and_sources() -> None:
    first, second = answer().citations
    assert copy_text(answer(), ZH) == (
        f"{QUOTES[0]}[1]{QUOTES[1]}[2]\n\n出处：\n"
        f"[1] “{QUOTES[0]}”（{first.source}，{first.doc}，{first.start}–{first.end}）\n"
        f"[2] “{QUOTES[1]}”（{second.source}，{second.doc}，{second.start}–{second.end}）"
    )


@pytest.mark.parametrize(
    ("header", "lang"),
    [(None, "zh-CN"), ("", "zh-CN"), ("*", "zh-CN"), ("zh-TW,en", "zh-CN"), ("en-US,zh", "en"),
     ("fr;q=1", "en")],
)  # fmt: skip
def test_the_language_is_the_browsers_first_and_chinese_without_one(
    header: str | None, lang: str
) -> None:
    assert pick(header).lang == lang


def test_both_languages_have_the_same_strings() -> None:
    tables = translations()
    assert set(tables["en"]) == set(tables["zh-CN"])
    assert set(ZH.verdicts) == set(EN.verdicts)
    assert list(ZH.reasons) == list(EN.reasons) == [r for r in get_args(Reason) if r]
