"""The page in a real Chromium: what a reader sees and does, and what no payload can do."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from rag.types import Answer, AnswerSentence, Passage
from tests.web.conftest import Page, Tab
from tests.web.fake_service import DOC, QUOTES, citation
from tests.web.payloads import PAYLOADS

Open = Callable[..., Tab]
QUESTION = "2025年北京数字经济增加值是多少？"


def stayed_home(tab: Tab) -> None:
    """No script of a payload ran, and nothing was asked of any other machine."""
    assert tab.faults == []
    hosts = {urlsplit(a).hostname for a in tab.addresses if not a.startswith(("data:", "blob:"))}
    assert hosts == {"127.0.0.1"}
    paths = {urlsplit(a).path for a in tab.addresses}
    assert not any(p.endswith(("/x", "/leak.png", "/md.png")) for p in paths)


def test_a_clicked_citation_shows_its_quote_highlighted_in_its_document(open_tab: Open) -> None:
    tab = open_tab(viewport={"width": 1280, "height": 900})
    tab.ask(QUESTION)
    tab.page.wait_for_selector(".yj-foot")
    panel = tab.page.locator("#yj-right")
    assert panel.locator("mark").all_inner_texts() == [QUOTES[0], QUOTES[1]]  # before any click
    tab.page.click(".yj-cite[value='0-2']")
    card = tab.page.locator(".yj-card.yj-on")
    assert card.count() == 1
    assert card.locator("mark").inner_text() == QUOTES[1]
    assert DOC in card.locator(".yj-doc").inner_text()
    assert "北京市科学技术研究院院长 伍建民" in card.locator(".yj-source").inner_text()
    assert tab.page.locator(".yj-body strong").all_inner_texts() == ["2.5万亿元", "1.4万亿元"]
    assert "抽取式回答" in tab.page.locator(".yj-foot").inner_text()
    stayed_home(tab)


def test_an_older_answer_brings_its_own_sources_back(open_tab: Open) -> None:
    tab = open_tab()
    for n, question in enumerate((QUESTION, "本次论坛有哪三个特点？")):
        tab.ask(question)
        tab.page.wait_for_selector(f"#yj-t-{n} .yj-foot")
    visible = tab.page.locator(".yj-sources:visible mark")
    assert visible.all_inner_texts() == [QUOTES[2]]
    tab.page.click(".yj-cite[value='0-1']")
    assert visible.all_inner_texts() == [QUOTES[0], QUOTES[1]]


def test_on_a_narrow_screen_nothing_sticks_out_and_the_citation_comes_into_view(
    open_tab: Open,
) -> None:
    tab = open_tab(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    tab.ask(QUESTION)
    tab.page.wait_for_selector(".yj-foot")
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= 390
    tab.page.click(".yj-cite[value='0-2']")
    top = tab.page.locator(".yj-card.yj-on").bounding_box()["y"]
    assert 0 <= top < 844 / 2
    tab.page.click(".yj-card.yj-on .yj-back")
    assert tab.page.locator("#yj-t-0").bounding_box()["y"] >= 0


def test_a_models_answer_grows_and_then_says_how_much_of_it_stands(
    open_tab: Open, page: Page
) -> None:
    page.service.pause = 0.1
    tab = open_tab()
    lengths: list[int] = []
    try:
        tab.ask("模型怎么说？")
        tab.page.wait_for_selector(".yj-body")
        while not tab.page.locator(".yj-check").count() and len(lengths) < 400:
            lengths.append(len(tab.page.locator(".yj-body").inner_text()))
            tab.page.wait_for_timeout(50)
    finally:
        page.service.pause = 0.0
    assert len(set(lengths)) >= 4
    assert lengths == sorted(lengths)
    assert "5 句中 4 句可核实" in tab.page.locator(".yj-check summary").inner_text()
    tab.page.click(".yj-check summary")
    assert tab.page.locator(".yj-why").inner_text() == "原文为 8.7%，回答写的是 9.7%"
    assert "模型回答（试验模型）" in tab.page.locator(".yj-mode").inner_text()


def test_a_refusal_says_so_and_shows_the_nearest_passages(open_tab: Open) -> None:
    tab = open_tab()
    tab.ask("火星的首都在哪里？")
    refusal = tab.page.locator(".yj-refusal")
    refusal.wait_for()
    assert "文件中没有找到答案" in refusal.inner_text()
    assert refusal.locator("li").all_inner_texts() == ["火星", "首都"]
    assert tab.page.locator(".yj-sources .yj-card").count() == 2
    assert tab.page.locator(".yj-sources h2").inner_text().startswith("最接近的段落")


def test_stop_ends_the_answer_closes_the_model_and_the_next_question_works(
    open_tab: Open, page: Page
) -> None:
    page.service.closed.clear()
    tab = open_tab()
    tab.ask("慢慢说")
    tab.page.wait_for_selector(".yj-body")
    began = time.monotonic()
    tab.page.click("#yj-stop")
    assert page.service.closed.wait(3)
    assert time.monotonic() - began < 3
    tab.page.wait_for_selector(".yj-note")
    assert tab.page.locator(".yj-note").inner_text() == "已停止，以上回答不完整。"
    tab.ask(QUESTION)
    tab.page.wait_for_selector("#yj-t-1 .yj-foot")
    tab.page.click(".yj-cite[value='1-1']")  # nothing lies over the chat
    stayed_home(tab)


def test_a_closed_tab_closes_the_model(open_tab: Open, page: Page) -> None:
    page.service.closed.clear()
    tab = open_tab()
    tab.ask("慢慢说")
    tab.page.wait_for_selector(".yj-body")
    tab.page.close()
    assert page.service.closed.wait(10)


def test_clear_during_an_answer_leaves_an_empty_conversation(open_tab: Open, page: Page) -> None:
    page.service.closed.clear()
    tab = open_tab()
    tab.ask("慢慢说")
    tab.page.wait_for_selector(".yj-body")
    tab.page.click("#yj-clear")
    tab.page.wait_for_selector(".yj-welcome")
    assert page.service.closed.wait(3)
    tab.page.wait_for_timeout(300)
    assert tab.page.locator(".yj-turn").count() == 0
    tab.ask(QUESTION)
    tab.page.wait_for_selector("#yj-t-0 .yj-foot")
    assert page.service.seen[-1] == (QUESTION,)


def test_an_example_is_asked_by_a_click_and_a_question_can_be_asked_again(
    open_tab: Open, page: Page
) -> None:
    tab = open_tab()
    tab.page.get_by_text(QUESTION).click()
    tab.page.wait_for_selector(".yj-foot")
    before = len(page.service.seen)
    tab.page.click("#yj-retry")
    while len(page.service.seen) == before:
        tab.page.wait_for_timeout(20)
    tab.page.wait_for_selector(".yj-foot")
    assert page.service.seen[-2:] == [(QUESTION,), (QUESTION,)]
    assert tab.page.locator(".yj-turn").count() == 1


def test_a_question_too_long_or_empty_gets_a_line_and_stays_in_the_box(open_tab: Open) -> None:
    tab = open_tab()
    tab.ask("长" * 2001)
    notice = tab.page.locator("#yj-notice")
    notice.get_by_text("问题太长：2001 个字，最多 2000 个字。").wait_for()
    assert len(tab.page.input_value("#yj-box textarea")) == 2001
    tab.ask("   ")
    notice.get_by_text("请先输入问题。").wait_for()
    assert tab.page.locator(".yj-turn").count() == 0


@pytest.mark.parametrize(
    ("locale", "send", "lang"), [("zh-CN", "提问", "zh-CN"), ("en-US", "Ask", "en")]
)
def test_the_page_speaks_the_browsers_language(
    open_tab: Open, locale: str, send: str, lang: str
) -> None:
    tab = open_tab(locale=locale)
    tab.page.locator("#yj-send").get_by_text(send, exact=True).wait_for()
    assert tab.page.evaluate("document.documentElement.lang") == lang
    assert "139 段" in tab.page.locator(".yj-status").inner_text()


def test_the_copy_button_copies_the_answer_with_its_sources(open_tab: Open) -> None:
    tab = open_tab(permissions=["clipboard-read", "clipboard-write"])
    tab.ask("本次论坛有哪三个特点？")
    tab.page.click(".yj-copy")
    tab.page.wait_for_selector(".yj-copy.yj-copied")
    copied = tab.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"{QUOTES[2]}[1]\n\n出处：\n[1] “{QUOTES[2]}”")


def poisoned() -> Answer:
    """An answer in which every text is a payload, each payload in every place."""
    citations = tuple(
        replace(citation(n, QUOTES[0]), doc=text, title=text, source=text, quote=text)
        for n, text in enumerate(PAYLOADS, start=1)
    )
    sentences = tuple(
        AnswerSentence(text, (n,), "unsupported", text, key=((0, 4),))
        for n, text in enumerate(PAYLOADS, start=1)
    )
    return Answer("", "", "\n".join(PAYLOADS), "llm", False, "\n".join(PAYLOADS), citations,
                  sentences)  # fmt: skip


@pytest.mark.parametrize("kind", ["finished", "writing", "refused"])
def test_no_payload_runs_a_script_or_reaches_another_machine(
    open_tab: Open, page: Page, kind: str
) -> None:
    answer = poisoned()
    if kind == "writing":
        answer = replace(answer, sentences=())
    if kind == "refused":
        passages = tuple(Passage(text, 0, 5, 0.1, text, text) for text in PAYLOADS)
        answer = replace(answer, refused=True, passages=passages, unknown_terms=PAYLOADS)
    page.service.template = answer
    tab = open_tab()
    question = "\n".join(p.replace("\x00", "").replace("\ud800", "") for p in PAYLOADS)[:1990]
    try:
        tab.ask(question)
        tab.page.wait_for_selector(".yj-foot")
        tab.page.wait_for_timeout(400)
        if kind == "finished":
            tab.page.click(".yj-check summary")
            tab.page.click(".yj-cite[value='0-4']")
            assert tab.page.locator(".yj-card.yj-on mark").inner_text() == PAYLOADS[3]
    finally:
        page.service.template = None
    within = "#yj-chat .message-row, #yj-right"
    found = tab.page.evaluate(
        """within => [...document.querySelectorAll(within)].flatMap(e => [...e.querySelectorAll(
            'img,script,iframe,object,embed,form,style,link,base,meta,video,audio,svg,math,a,input'
        )]).filter(e => !e.closest('.yj-nothing')).map(e => e.outerHTML.slice(0, 120))""",
        within,
    )
    assert found == []
    assert tab.page.locator(".yj-q").inner_text().startswith(PAYLOADS[0])
    stayed_home(tab)
