"""The 文稿核对 tab in a real Chromium: verdicts, sources, filter, stop, files, hostile drafts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rag.web.drafting import LIMIT
from tests.web.conftest import Page, Tab
from tests.web.fake_service import QUOTES
from tests.web.payloads import PAYLOADS
from tests.web.test_browser import QUESTION, stayed_home
from tests.web.test_draft import poisoned

Open = Callable[..., Tab]
DRAFT = "核心产业很大。\n同比增长九成。\n两处都有。\n大熊猫吃竹子。"


@pytest.fixture(autouse=True)
def no_template(page: Page) -> Iterator[None]:
    page.drafts.closed.clear()
    yield
    page.drafts.template = None


def draft_tab(open_tab: Open, **options: object) -> Tab:
    """A page with its 文稿核对 tab open."""
    tab = open_tab(**options)
    tab.page.click("#yj-tab-draft-button")
    tab.page.wait_for_selector("#yj-draft-box textarea")
    return tab


def check(tab: Tab, text: str = DRAFT, wait: str = ".yj-draft .yj-save") -> None:
    tab.page.fill("#yj-draft-box textarea", text)
    tab.page.click("#yj-draft-go")
    if wait:
        tab.page.locator(wait).first.wait_for()


def test_every_sentence_gets_its_mark_and_a_click_shows_the_quote_in_its_surroundings(
    open_tab: Open,
) -> None:
    tab = draft_tab(open_tab, viewport={"width": 1280, "height": 900})
    check(tab)
    assert tab.page.locator(".yj-summary strong").inner_text() == "4 句中 2 句可核实"
    marks = tab.page.locator(".yj-claim .yj-mark").all_inner_texts()
    assert marks == ["可核实", "数字不符", "可核实", "未能核实"]
    assert tab.page.locator("#yj-draft-panel .yj-sources:visible").count() == 0
    tab.page.click(".yj-cite[value='d2-2']")
    card = tab.page.locator("#yj-draft-panel .yj-card.yj-on")
    assert card.locator("mark").inner_text() == QUOTES[1]
    assert QUOTES[0] in card.locator("blockquote").inner_text()
    tab.page.click(".yj-cite[value='d1-1']")
    shown = tab.page.locator("#yj-draft-panel .yj-sources:visible")
    assert shown.count() == 1 and "同比增长九成。" in shown.inner_text()
    stayed_home(tab)


def test_the_filter_leaves_what_is_not_verified(open_tab: Open) -> None:
    tab = draft_tab(open_tab)
    check(tab)
    visible = tab.page.locator(".yj-claim:visible .yj-mark")
    tab.page.click(".yj-only")
    assert visible.all_inner_texts() == ["数字不符", "未能核实"]
    assert tab.page.locator(".yj-only").get_attribute("aria-pressed") == "true"
    tab.page.click(".yj-only")
    assert visible.count() == 4


def test_a_draft_grows_sentence_by_sentence_and_an_opened_source_stays_open(
    open_tab: Open, page: Page
) -> None:
    tab = draft_tab(open_tab)
    check(tab, "慢慢核对。\n" + "\n".join(f"第{n}句。" for n in range(1, 30)), ".yj-claim .yj-cite")
    tab.page.click(".yj-cite[value='d0-1']")
    before = tab.page.locator(".yj-claim").count()
    assert 1 <= before < 30
    assert "/ 30 句" in tab.page.locator("#yj-draft-progress").inner_text()
    tab.page.locator(".yj-draft .yj-save").first.wait_for()
    assert tab.page.locator(".yj-claim").count() == 30
    card = tab.page.locator("#yj-draft-panel .yj-card.yj-on:visible")
    assert card.count() == 1
    tab.page.click(".yj-cite[value='d29-1']")  # far down: its source is beside it nevertheless
    assert 0 <= card.bounding_box()["y"] < 720 / 2


def test_stop_ends_the_check_and_says_how_far_it_came(open_tab: Open, page: Page) -> None:
    tab = draft_tab(open_tab)
    check(tab, "慢慢核对。\n" + "一句话。\n" * 200, ".yj-claim")
    tab.page.click("#yj-draft-stop")
    tab.page.locator("#yj-draft-progress").get_by_text("已停止：核对了 201 句中的前").wait_for()
    assert page.drafts.closed.wait(3)
    check(tab)
    from playwright.sync_api import expect

    # The four of the new draft take the place of those that were stopped.
    expect(tab.page.locator(".yj-claim")).to_have_count(4)


def test_a_closed_tab_ends_the_check(open_tab: Open, page: Page) -> None:
    tab = draft_tab(open_tab)
    check(tab, "慢慢核对。\n" + "一句话。\n" * 400, ".yj-claim")
    tab.page.close()
    assert page.drafts.closed.wait(10)


def test_a_question_and_a_draft_keep_their_sources_apart(open_tab: Open) -> None:
    tab = draft_tab(open_tab)
    check(tab)
    tab.page.click("#yj-tab-chat-button")
    tab.ask(QUESTION)
    tab.page.wait_for_selector(".yj-foot")
    tab.page.click("#yj-tab-draft-button")
    tab.page.click(".yj-cite[value='d2-1']")
    tab.page.click("#yj-tab-chat-button")
    assert tab.page.locator("#yj-right mark:visible").all_inner_texts() == [QUOTES[0], QUOTES[1]]


def test_too_long_a_draft_gets_a_line_and_a_fault_its_own(open_tab: Open) -> None:
    tab = draft_tab(open_tab)
    check(tab, "长" * (LIMIT + 1), wait="")
    tab.page.get_by_text("文稿太长：20,001 字，最多 20,000 字").wait_for()
    check(tab, "长" * 400_000, wait="")
    tab.page.get_by_text("文稿太长：60,000 字").wait_for()
    check(tab, "没有索引", wait="")
    tab.page.get_by_text("还没有索引; 请先运行 rag index").wait_for()


def test_the_result_is_saved_as_markdown_and_json(open_tab: Open, tmp_path: Path) -> None:
    tab = draft_tab(open_tab, accept_downloads=True)
    check(tab)
    saved = {}
    for value in ("draft-md", "draft-json"):
        with tab.page.expect_download() as download:
            tab.page.click(f".yj-save[value='{value}']")
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        saved[path.name] = path.read_text(encoding="utf-8")
    assert "1. **可核实** 核心产业很大。" in saved["yinju-draft.md"]
    verdicts = [s["verdict"] for s in json.loads(saved["yinju-draft.json"])["sentences"]]
    assert verdicts == ["supported", "number_mismatch", "supported", "unsupported"]
    stayed_home(tab)


def test_on_a_narrow_screen_nothing_sticks_out_and_one_finds_back(open_tab: Open) -> None:
    tab = draft_tab(
        open_tab, viewport={"width": 390, "height": 844}, reduced_motion="reduce"
    )  # fmt: skip
    check(tab)
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= 390
    tab.page.click(".yj-cite[value='d2-2']")
    assert 0 <= tab.page.locator(".yj-card.yj-on").bounding_box()["y"] < 844 / 2
    tab.page.click(".yj-card.yj-on .yj-back")
    assert 0 <= tab.page.locator("#yj-t-d2").bounding_box()["y"] < 844


@pytest.mark.parametrize(
    ("locale", "go", "word"), [("zh-CN", "核对", "可核实"), ("en-US", "Check", "verified")]
)
def test_the_tab_speaks_the_browsers_language(
    open_tab: Open, locale: str, go: str, word: str
) -> None:
    tab = draft_tab(open_tab, locale=locale)
    tab.page.locator("#yj-draft-go").get_by_text(go, exact=True).wait_for()
    check(tab)
    assert tab.page.locator(".yj-mark").first.inner_text() == word
    placeholder = tab.page.get_attribute("#yj-draft-box textarea", "placeholder")
    assert f"{LIMIT:,}" in placeholder and ("Paste" in placeholder) == (locale == "en-US")


def test_no_payload_in_a_draft_or_its_results_runs_or_reaches_another_machine(
    open_tab: Open, page: Page
) -> None:
    page.drafts.template = poisoned().checked
    tab = draft_tab(open_tab)
    check(tab, "\n".join(p.replace("\x00", "").replace("\ud800", "") for p in PAYLOADS))
    tab.page.click(".yj-cite[value='d3-1']")
    assert tab.page.locator(".yj-card.yj-on mark").inner_text() == PAYLOADS[3]
    tab.page.wait_for_timeout(400)
    found = tab.page.evaluate(
        """() => [...document.querySelectorAll('#yj-draft-result, #yj-draft-panel')].flatMap(e =>
            [...e.querySelectorAll('img,script,iframe,object,embed,form,style,link,base,meta,video,'
            + 'audio,svg,math,a,input')]).map(e => e.outerHTML.slice(0, 120))"""
    )
    assert found == []
    stayed_home(tab)
