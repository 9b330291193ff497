"""The 评测 tab in a real Chromium: figures, a run under way, hostile cases, the report."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.evaluate.made import record, run
from tests.web.conftest import Page, Tab
from tests.web.fake_evaluation import BROKEN_SET, SET, three
from tests.web.payloads import PAYLOADS
from tests.web.test_browser import stayed_home

Open = Callable[..., Tab]


@pytest.fixture(autouse=True)
def no_runs(page: Page) -> Iterator[None]:
    page.evaluation.runs.clear()
    yield
    page.evaluation.runs.clear()


def evaluation(open_tab: Open, **options: object) -> Tab:
    """A page with its 评测 tab open."""
    tab = open_tab(**options)
    tab.page.click("#yj-tab-eval-button")
    tab.page.wait_for_selector("#yj-eval-result .yj-run, #yj-eval-result .yj-empty")
    return tab


def choose(tab: Tab, name: str) -> None:
    tab.page.click("#yj-eval-set input")
    tab.page.get_by_role("option", name=name).click()


def test_the_last_run_is_shown_with_its_figures_kinds_and_failed_cases(
    open_tab: Open, page: Page
) -> None:
    page.evaluation.runs["a"] = three("a", 2)
    tab = evaluation(open_tab)
    shown = tab.page.locator(".yj-run")
    assert "可回答的 3 题答对并引对 67%" in shown.locator("h2").inner_text()
    row = shown.locator(".yj-measures tr", has_text="答对且引对")
    assert row.locator("b").inner_text() == "66.7%"
    assert shown.locator(".yj-kinds progress").get_attribute("value") == "67"
    assert "版本 c0ffee" in shown.locator(".yj-run-about").inner_text()
    shown.locator(".yj-case summary").click()
    case = shown.locator(".yj-case")
    assert "应说到 3.6公里 或 3600米" in case.inner_text()
    assert case.locator(".yj-fault").inner_text() == "答错"
    stayed_home(tab)


def test_a_run_shows_its_progress_to_every_reader_while_questions_are_answered(
    open_tab: Open, page: Page
) -> None:
    first, second = evaluation(open_tab), evaluation(open_tab)
    assert "还没有评测记录" in first.page.locator("#yj-eval-result").inner_text()
    first.page.click("#yj-eval-go")
    first.page.get_by_text(f"正在准备 {SET}").wait_for()
    page.evaluation.release()
    first.page.get_by_text(f"正在评测 {SET}：第 1/3 题").wait_for()
    bar = first.page.locator(".yj-progress progress")
    assert (bar.get_attribute("value"), bar.get_attribute("max")) == ("1", "3")
    started = len(page.evaluation.started)
    second.page.click("#yj-eval-go")  # the second starter sees the first one's run
    second.page.get_by_text("第 1/3 题").wait_for()
    assert len(page.evaluation.started) == started
    second.page.click("#yj-tab-chat-button")
    second.ask("2025年北京数字经济增加值是多少？")
    second.page.wait_for_selector(".yj-foot")
    page.evaluation.release(2)
    first.page.get_by_text("评测完成").wait_for()
    first.page.locator(".yj-run h2").wait_for()
    assert "3 题：可回答的 3 题答对并引对 67%" in first.page.locator(".yj-run h2").inner_text()
    first.page.wait_for_selector("#yj-eval-go")
    stayed_home(first)


def test_stop_ends_the_run_and_says_what_is_kept(open_tab: Open, page: Page) -> None:
    tab = evaluation(open_tab)
    tab.page.click("#yj-eval-go")
    tab.page.click("#yj-eval-stop")
    tab.page.get_by_text("正在停止").wait_for()
    page.evaluation.release()
    tab.page.get_by_text("已停止。答过的 1 题留着").wait_for()
    tab.page.wait_for_selector("#yj-eval-go")
    assert page.evaluation.newest() == ""


def test_a_set_that_cannot_be_read_is_one_line(open_tab: Open, page: Page) -> None:
    tab = evaluation(open_tab)
    choose(tab, BROKEN_SET)
    tab.page.click("#yj-eval-go")
    line = tab.page.locator(".yj-progress.yj-bad")
    line.wait_for()
    assert line.inner_text() == (
        "评测没有完成：eval/坏.jsonl, line 3: not a case; mend <b>it</b>"
    )  # fmt: skip
    assert tab.faults == []


def test_hostile_text_in_a_failed_case_stays_text(open_tab: Open, page: Page) -> None:
    records = [record(f"p{n}", False, question=text, answer=text, kind=text)
               for n, text in enumerate(PAYLOADS)]  # fmt: skip
    page.evaluation.runs["a"] = run(records, "a", set_name=PAYLOADS[0])
    tab = evaluation(open_tab)
    first = tab.page.locator(".yj-case", has_text=PAYLOADS[0]).first
    first.locator("summary").click()
    assert PAYLOADS[0] in first.locator(".yj-line").first.inner_text()
    found = tab.page.evaluate(
        """() => [...document.querySelectorAll('#yj-eval-result .yj-run *')].filter(e => e.matches(
            'img,script,iframe,object,embed,form,style,link,base,meta,video,audio,svg,math,input'
        ) || (e.matches('a') && !e.matches('.yj-report-link'))).map(e => e.outerHTML.slice(0, 99))"""
    )
    assert found == []
    tab.page.wait_for_timeout(300)
    stayed_home(tab)


def test_the_report_opens_in_a_place_of_its_own(open_tab: Open, page: Page) -> None:
    page.evaluation.runs["a"] = three("a", 2)
    tab = evaluation(open_tab)
    with tab.page.context.expect_page() as opened:
        tab.page.get_by_text("打开完整报告").click()
    report = opened.value
    report.get_by_text("报告").wait_for()
    report.wait_for_function("document.title !== 'ran'")
    assert report.title() == "kept in"  # its script runs, but reaches nothing of the page
    assert report.evaluate("window.origin") == "null"


def test_the_tab_is_reached_and_started_by_keyboard(open_tab: Open, page: Page) -> None:
    tab = open_tab()
    tab.page.focus("#yj-tab-eval-button")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector("#yj-eval-result .yj-empty")
    assert tab.page.get_by_role("combobox", name="题集").input_value() == SET
    tab.page.focus("#yj-eval-set input")
    tab.page.keyboard.press("Escape")
    tab.page.keyboard.press("Tab")
    assert tab.page.evaluate("document.activeElement.id") == "yj-eval-go"
    tab.page.keyboard.press("Enter")
    page.evaluation.release(3)
    tab.page.locator(".yj-run").wait_for()


@pytest.mark.parametrize("width", [390, 1280])
def test_a_run_fits_the_screen_and_speaks_english_to_an_english_browser(
    open_tab: Open, page: Page, width: int
) -> None:
    page.evaluation.runs["a"] = three("a", 2)
    tab = evaluation(open_tab, locale="en-US", viewport={"width": width, "height": 844})
    assert "67% of 3" in tab.page.locator(".yj-run h2").inner_text()
    tab.page.locator("#yj-eval-go").get_by_text("Run it").wait_for()
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= width
