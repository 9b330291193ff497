"""👍 and 👎 in a real Chromium: what is clicked is what stands in the file."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.web.conftest import Page, Tab
from tests.web.fake_service import DOC, QUOTES

Open = Callable[..., Tab]
QUESTION = "2025年北京数字经济增加值是多少？"


def lines(page: Page) -> list[dict[str, Any]]:
    text = page.feedback.read_text(encoding="utf-8") if page.feedback.exists() else ""
    return [json.loads(line) for line in text.splitlines()]


def answered(open_tab: Open, question: str = QUESTION, **options: Any) -> Tab:
    tab = open_tab(**options)
    tab.ask(question)
    tab.page.wait_for_selector("#yj-up")
    return tab


def test_thumbs_down_with_a_reason_and_a_note_is_a_line_in_the_file(
    open_tab: Open, page: Page
) -> None:
    before = len(lines(page))
    tab = answered(open_tab)
    tab.page.click("#yj-down")
    buttons = tab.page.locator(".yj-reason-button")
    buttons.first.wait_for()
    assert buttons.all_inner_texts() == ["引用不对", "该拒未拒", "漏答", "答错"]
    assert len(lines(page)) == before  # nothing yet
    tab.page.fill("#yj-vote-note textarea, #yj-vote-note input", "第二句<b>无关</b>")
    tab.page.get_by_role("button", name="引用不对").click()
    said = tab.page.locator(".yj-said")
    said.wait_for()
    assert said.inner_text() == "已记下：引用不对。存于本机 feedback.jsonl"
    assert said.get_attribute("role") == "status"
    tab.page.wait_for_selector(".yj-reason-button", state="detached")
    line = lines(page)[before]
    assert (line["verdict"], line["reason"], line["note"], line["refused"]) == (
        "down", "引用不对", "第二句<b>无关</b>", False,
    )  # fmt: skip
    assert line["turns"] == [QUESTION]
    assert [(c["doc"], c["quote"]) for c in line["citations"]] == [
        (DOC, QUOTES[0]), (DOC, QUOTES[1]),
    ]  # fmt: skip
    tab.page.click("#yj-up")  # a second thought
    said.get_by_text("已记下：有用").wait_for()
    later = lines(page)[before + 1]
    assert (later["verdict"], later["reason"], later["id"]) == ("up", "", line["id"])
    assert tab.faults == []


def test_a_refusal_can_be_a_miss_and_nothing_else(open_tab: Open, page: Page) -> None:
    tab = answered(open_tab, "火星的首都在哪里？")
    tab.page.click("#yj-down")
    tab.page.locator(".yj-reason-button").first.wait_for()
    assert tab.page.locator(".yj-reason-button").all_inner_texts() == ["漏答"]
    tab.page.click(".yj-reason-button")
    tab.page.get_by_text("已记下：漏答").wait_for()
    assert (lines(page)[-1]["refused"], lines(page)[-1]["answer"]) == (True, "")


def test_a_vote_works_by_keyboard_alone(open_tab: Open, page: Page) -> None:
    before = len(lines(page))
    tab = answered(open_tab, "本次论坛有哪三个特点？")
    tab.page.focus("#yj-up")
    tab.page.keyboard.press("Tab")
    assert tab.page.evaluate("document.activeElement.id") == "yj-down"
    tab.page.keyboard.press("Enter")
    tab.page.locator(".yj-reason-button").first.wait_for()
    tab.page.keyboard.press("Tab")
    assert tab.page.evaluate("document.activeElement.closest('#yj-vote-note') !== null")
    assert tab.page.get_by_label("补充说明").count() == 1
    tab.page.keyboard.type("漏了第四点")
    for _ in range(3):
        tab.page.keyboard.press("Tab")
    assert tab.page.evaluate("document.activeElement.textContent.trim()") == "漏答"
    tab.page.keyboard.press("Space")
    tab.page.wait_for_selector(".yj-said")
    assert [(line["reason"], line["note"]) for line in lines(page)[before:]] == [
        ("漏答", "漏了第四点")
    ]


def test_a_new_question_takes_the_old_votes_words_away_and_a_stopped_answer_has_no_buttons(
    open_tab: Open, page: Page
) -> None:
    tab = answered(open_tab)
    tab.page.click("#yj-up")
    tab.page.wait_for_selector(".yj-said")
    tab.ask("慢慢说")
    tab.page.wait_for_selector("#yj-t-1 .yj-body")
    assert tab.page.locator("#yj-up, .yj-said").count() == 0
    tab.page.click("#yj-stop")
    tab.page.wait_for_selector(".yj-note")
    tab.page.wait_for_selector("#yj-send")
    assert tab.page.locator("#yj-up").count() == 0
    tab.page.click("#yj-clear")
    tab.page.wait_for_selector(".yj-welcome")
    assert tab.page.locator("#yj-up").count() == 0


def test_a_file_that_cannot_be_written_is_one_line_and_the_reasons_stay(
    open_tab: Open, page: Page
) -> None:
    tab = answered(open_tab)
    aside = page.feedback.with_suffix(".aside")
    if page.feedback.exists():
        page.feedback.rename(aside)
    page.feedback.mkdir()
    try:
        tab.page.click("#yj-down")
        tab.page.get_by_role("button", name="答错").click()
        bad = tab.page.locator(".yj-said.yj-bad")
        bad.wait_for()
        assert bad.inner_text().startswith("没有记下：feedback.jsonl 写不进去（")
        assert "Traceback" not in tab.page.content()
    finally:
        page.feedback.rmdir()
        if aside.exists():
            aside.rename(page.feedback)
    tab.page.get_by_role("button", name="答错").click()
    tab.page.get_by_text("已记下：答错").wait_for()


@pytest.mark.parametrize("width", [390, 1280])
def test_the_votes_fit_the_screen_and_speak_english_to_an_english_browser(
    open_tab: Open, width: int
) -> None:
    tab = answered(open_tab, locale="en-US", viewport={"width": width, "height": 844})
    tab.page.get_by_role("button", name="Not right").click()
    tab.page.get_by_role("button", name="Should have refused").wait_for()
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= width
