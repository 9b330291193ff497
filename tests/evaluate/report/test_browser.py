"""The report in a real browser: it asks for nothing, runs nothing of others, and filters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.evaluate.report.test_html import evil, plain
from tests.web.conftest import CHROMIUM, CHROMIUM_ARGS


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's Chromium, or a skip that says what is missing."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=str(CHROMIUM), args=CHROMIUM_ARGS)
        yield opened
        opened.close()


@pytest.fixture
def show(browser: Any, tmp_path: Path) -> Iterator[Any]:
    """Opens a page from a file; gives it with what it requested and what went wrong."""
    contexts = []

    def open_(page: str, **options: Any) -> tuple[Any, list[str], list[str]]:
        asked: list[str] = []
        faults: list[str] = []

        def refuse(dialog: Any) -> None:
            faults.append(dialog.message)
            dialog.dismiss()

        path = tmp_path / "report.html"
        path.write_text(page, encoding="utf-8")
        contexts.append(browser.new_context(**options))
        tab = contexts[-1].new_page()
        tab.on("request", lambda request: asked.append(request.url))
        tab.on("console", lambda message: faults.append(message.text))
        tab.on("pageerror", lambda error: faults.append(str(error)))
        tab.on("dialog", refuse)
        tab.goto(path.as_uri())
        asked.remove(path.as_uri())
        return tab, asked, faults

    yield open_
    for context in contexts:
        context.close()


def test_a_report_of_hostile_texts_asks_for_nothing_and_runs_nothing(show: Any) -> None:
    tab, asked, faults = show(evil())
    tab.click("#toggle")
    tab.wait_for_timeout(200)
    assert (asked, faults) == ([], [])


def test_cards_are_filtered_by_fault_kind_and_text(show: Any) -> None:
    tab, asked, faults = show(plain())
    count = tab.locator("#count")
    visible = tab.locator("details.case:visible")
    assert count.inner_text() == "7 / 7 题"
    tab.select_option("#by-fault", "wrong")
    assert (count.inner_text(), visible.count()) == ("2 / 7 题", 2)
    tab.select_option("#by-kind", "list")
    assert (count.inner_text(), visible.count()) == ("0 / 7 题", 0)
    tab.select_option("#by-fault", "")
    assert visible.count() == 2
    tab.select_option("#by-kind", "")
    tab.fill("#by-text", "BUSY")
    assert visible.count() == 1
    tab.click("#toggle")
    assert tab.locator("details.case[open]").count() == 1
    assert (asked, faults) == ([], [])


def test_without_scripts_every_card_is_there_and_no_tool(show: Any) -> None:
    tab, _, _ = show(plain(), java_script_enabled=False)
    assert tab.locator("details.case:visible").count() == 7
    assert tab.locator("#tools:visible").count() == 0
    tab.locator("details.case summary").first.click()
    assert tab.locator("details.case[open] .why:visible").count() == 1


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_width_needs_sideways_scrolling(show: Any, width: int) -> None:
    tab, _, _ = show(evil(), viewport={"width": width, "height": 800})
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_drawing_takes_the_colours_of_the_page(show: Any, scheme: str) -> None:
    tab, _, _ = show(plain(), color_scheme=scheme)
    ink, bar = tab.evaluate(
        """() => [
            getComputedStyle(document.body).color,
            getComputedStyle(document.querySelector("figure text:last-of-type")).fill,
        ]"""
    )
    assert ink == {"light": "rgb(31, 36, 48)", "dark": "rgb(232, 233, 236)"}[scheme]
    assert bar in (ink, {"light": "rgb(99, 106, 120)", "dark": "rgb(160, 166, 179)"}[scheme])
