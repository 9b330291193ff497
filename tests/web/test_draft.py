"""A pasted draft from the box to its verdicts, without a browser."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import httpx
import pytest

from rag.web.draft_export import as_json, as_markdown
from rag.web.draft_view import DraftView, progress_html
from rag.web.drafting import LIMIT, SHOWN_QUOTES, Draft, check, refusal_of_draft
from rag.web.steps import Gate
from rag.web.strings import EN, ZH
from tests.web.conftest import Page
from tests.web.fake_drafts import FakeDrafts, checked
from tests.web.fake_service import QUOTES, TEXT, FakeService, citation
from tests.web.payloads import PAYLOADS

LINES = ("一切都对。", "增长九成。", "来自别处。", "大熊猫吃竹子。")


def drafts(text: str, service: FakeDrafts | None = None, gate: Gate | None = None) -> list[Draft]:
    """Every state of a draft that is checked to its end."""

    async def run() -> list[Draft]:
        steps = check(service or FakeDrafts(), FakeService(), gate or Gate(), text, asyncio.Event())
        return [draft async for draft in steps]

    return asyncio.run(run())


def done(lines: Sequence[str] = LINES) -> Draft:
    return drafts("\n".join(lines))[-1]


def test_a_draft_ends_with_all_its_sentences_and_the_text_around_each_quote() -> None:
    states = drafts("\n".join(LINES))
    assert states[0] == Draft("running")
    last = states[-1]
    assert (last.state, last.total, last.good) == ("done", 4, 1)
    assert [one.text for one in last.checked] == list(LINES)
    around = [[e.quote for e in excerpts if e] for excerpts in last.excerpts]
    assert around == [[QUOTES[1]], [QUOTES[1]], [QUOTES[1]], []]


def test_a_fault_is_said_in_its_own_words_and_any_other_is_not() -> None:
    known = drafts("没有索引")[-1]
    assert (known.state, known.note) == ("failed", "还没有索引; 请先运行 rag index")
    unknown = drafts("故障")[-1]
    assert (unknown.state, unknown.note) == ("failed", "")
    assert ZH.draft.failed in progress_html(unknown, ZH)


def test_stop_keeps_what_was_checked_and_closes_the_check() -> None:
    service = FakeDrafts()

    async def run() -> Draft:
        stop = asyncio.Event()
        text = "慢\n" + "一句话。\n" * 100
        asyncio.get_running_loop().call_later(0.35, stop.set)
        steps = check(service, FakeService(), Gate(), text, stop)
        return [draft async for draft in steps][-1]

    last = asyncio.run(run())
    assert last.state == "stopped" and last.total == 101
    assert 1 <= len(last.checked) < 20
    assert service.closed.wait(2)
    assert f"前 {len(last.checked)} 句" in plain(progress_html(last, ZH))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "请先粘贴文稿。"),
        ("长" * (LIMIT + 1), "文稿太长：20,001 字，最多 20,000 字；请分几次核对。"),
        ("长" * LIMIT, ""),
    ],
)
def test_an_empty_or_too_long_draft_is_refused_in_one_line(text: str, line: str) -> None:
    assert refusal_of_draft(text, ZH) == line


def plain(html: str) -> str:
    """The text that a reader sees."""
    text = re.sub(r"<[^>]*>", "", html)
    return re.sub(r"&#(\d+);", lambda match: chr(int(match[1])), text)


def test_each_verdict_is_a_coloured_mark_with_words() -> None:
    lines = ("对。", "部分。", "增长九成。", "下降。", "别处。", "熊猫。")
    html = DraftView(ZH).result(done(lines))
    marks = re.findall(r'yj-claim yj-(\w+)".*?yj-mark">([^<]*)<', html)
    assert marks == [
        ("ok", "可核实"), ("part", "部分可核实"), ("bad", "数字不符"), ("bad", "说法相反"),
        ("bad", "来源不符"), ("none", "未能核实"),
    ]  # fmt: skip
    assert "6 句中 1 句可核实" in plain(html)
    assert "引文是 8.7%，不是 9.7%" in plain(html)


def test_an_english_reader_gets_english_words() -> None:
    shown = plain(DraftView(EN).result(done()))
    assert "1 of 4 sentences verified" in shown and "number differs" in shown


def test_each_quote_has_its_card_with_the_quote_marked_in_its_surroundings() -> None:
    view, draft = DraftView(ZH), done(("两处。", "熊猫。"))
    panel = view.panel(draft)
    assert re.findall(r'id="yj-c-(d\d+-\d+)"', panel) == ["d0-1", "d0-2"]
    assert re.findall(r'value="(d\d+-\d+)"', view.result(draft)) == ["d0-1", "d0-2"]
    before, quote = re.findall(r"<bdi>([^<]*)(?:<br>[^<]*)*<mark>(.*?)</mark>", panel)[0]
    assert plain(quote) == QUOTES[0]
    assert plain(before) in TEXT.replace("\n", "")


def test_a_growing_draft_keeps_what_was_rendered_and_adds_the_new() -> None:
    view, whole = DraftView(ZH), done()
    half = replace(whole, state="running", checked=whole.checked[:2], excerpts=whole.excerpts[:2])
    first = view.result(half)
    assert "yj-save" not in first
    assert view.result(whole) == DraftView(ZH).result(whole)


def test_progress_names_the_sentence_and_its_end_is_silent() -> None:
    whole = done()
    running = replace(whole, state="running", checked=whole.checked[:3])
    assert plain(progress_html(running, ZH)) == "第 3 / 4 句"
    assert 'max="4" value="3"' in progress_html(running, ZH)
    assert progress_html(whole, ZH) == ""
    assert ZH.draft.nothing in plain(progress_html(drafts("# 只有标题")[-1], ZH))


def test_a_quote_of_fifty_places_is_shown_three_times() -> None:
    service = FakeDrafts()
    many = tuple(citation(n, QUOTES[0]) for n in range(1, 51))
    service.template = [replace(checked("对。"), citations=many)]
    last = drafts("对。", service)[-1]
    assert DraftView(ZH).panel(last).count("<mark>") == SHOWN_QUOTES
    assert len(json.loads(as_json(last))["sentences"][0]["citations"]) == 50


def test_json_is_as_rag_verify_gives_it() -> None:
    found = json.loads(as_json(done()))
    assert found["total"] == 4
    second = found["sentences"][1]
    assert (second["text"], second["verdict"]) == ("增长九成。", "number_mismatch")
    cited = second["citations"][0]
    assert TEXT[cited["start"] : cited["end"]] == cited["quote"] == QUOTES[1]


def test_markdown_is_inert_and_says_where_each_quote_stands() -> None:
    text = as_markdown(done(("[点我](javascript:alert(1))<b>九</b>",)), ZH)
    assert "1. **数字不符** \\[点我\\]\\(javascript:alert\\(1\\)\\)\\<b\\>九\\</b\\>" in text
    assert f"000\\_发布会.txt，北京市科学技术研究院院长 伍建民，{TEXT.index(QUOTES[1])}–" in text


def poisoned() -> Draft:
    """A draft in which every text is a payload."""
    sentences = tuple(
        replace(
            checked("对。"), text=text, why=text, verdict="partial",
            citations=(replace(citation(1, QUOTES[0]), doc=text, title=text, source=text,
                               quote=text),),
        )
        for text in PAYLOADS
    )  # fmt: skip
    return Draft("done", len(sentences), sentences, tuple((None,) for _ in sentences), PAYLOADS[0])


def test_payloads_reach_the_page_as_text_alone() -> None:
    view = DraftView(ZH)
    html = view.result(poisoned()) + view.panel(poisoned()) + progress_html(poisoned(), ZH)
    tags = set(re.findall(r"</?([a-zA-Z][\w-]*)", html))
    assert tags == {
        "div", "strong", "span", "button", "ol", "li", "bdi", "pre", "p", "section", "h2",
        "article", "header", "small", "blockquote", "mark", "br",
    }  # fmt: skip
    attributes = set(re.findall(r'\s([a-z-]+)="', html))
    assert attributes == {"class", "id", "value", "type", "aria-pressed"}
    assert "javascript:" not in html and "http://" not in html


def test_the_endpoint_checks_a_draft(page: Page) -> None:
    outputs = asyncio.run(posted(page.url, "对。\n增长九成。"))
    assert "2 句中 1 句可核实" in plain(outputs[1])
    assert outputs[0] == ""


async def posted(url: str, text: str) -> list[Any]:
    """One draft through the public endpoint; the outputs of the last frame."""
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        joined = await client.post("/gradio_api/call/draft", json={"data": [text]})
        event = joined.json()["event_id"]
        last: list[Any] = []
        async with client.stream("GET", f"/gradio_api/call/draft/{event}") as lines:
            async for line in lines.aiter_lines():
                if line.startswith("data:") and line[5:].strip() not in ("", "null"):
                    last = json.loads(line[5:])
        return last
