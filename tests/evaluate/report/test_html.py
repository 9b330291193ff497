"""The report is one inert file that says what the run says."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from functools import lru_cache
from html.parser import HTMLParser

import pytest

from rag.errors import EvaluationError
from rag.evaluate.measures import measure
from rag.evaluate.report.html import CARDS, render
from rag.evaluate.report.words import shown
from rag.evaluate.statistics import figures
from rag.evaluate.types import Cited, Found, Gold, Record, Run
from tests.evaluate.made import run
from tests.evaluate.report.cases import (
    answered,
    every_fault,
    failed,
    refusal,
    right,
    wrong,
)
from tests.web.payloads import PAYLOADS

VOID = {"meta", "input"}


class Seen(HTMLParser):
    """The elements of a page with their attributes, and its visible text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.inside: dict[str, str] = {"style": "", "script": ""}
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in self.inside:
            self.inside[self.open[-1]] += data
        else:
            self.text += data

    def cards(self) -> list[dict[str, str | None]]:
        return [a for tag, a in self.elements if tag == "details" and a.get("class") == "case"]


def hostile(number: int, payload: str) -> Record:
    """A case that is hostile wherever a text of others can stand."""
    made = wrong(f"{payload}{number}", payload)
    return replace(
        made,
        turns=(payload, payload),
        answer=payload,
        reason=payload,
        mode=payload,
        error=payload if number % 2 else "",
        gold=((Gold(payload, payload), Gold("a", payload)),),
        must=((payload, payload),),
        citations=(Cited(payload, 0, 1, payload, (payload,)),),
        passages=(Found(payload, 0, 1, 1.0, f"前{payload}后"),),
    )


def hostile_run() -> Run:
    payload = "".join(PAYLOADS)
    made = run([hostile(number, payload) for number, payload in enumerate(PAYLOADS)], payload)
    header = replace(
        made.header,
        set_name=payload,
        created=payload,
        embedder=payload,
        generation=payload,
        commit=payload,
        machine=payload,
        settings={payload: payload},
        versions={payload: payload},
        costs={payload: 1.0},
    )
    return replace(made, header=header)


@lru_cache(maxsize=1)
def plain() -> str:
    """The report of a run with every fault, drawn once."""
    return render(every_fault())


@lru_cache(maxsize=1)
def evil() -> str:
    """The report of a hostile run beside another, drawn once."""
    return render(hostile_run(), [every_fault()])


def test_the_values_are_those_of_the_figures() -> None:
    made = every_fault()
    text = Seen(plain()).text
    for name, figure in figures(made.records).items():
        one = measure(name)
        assert one.zh in text and one.source in text
        assert shown(figure.value, one.unit) in text
        low, high = (shown(x, one.unit) for x in (figure.low, figure.high))
        assert f"{low} – {high}" in text


def test_the_worst_kinds_come_before_the_table_each_with_an_open_example() -> None:
    page = plain()
    first = page[: page.index('id="measures"')]
    assert "最差的三类题" in first
    for share, kind, example in (
        ("0%", "列举", "m1"),
        ("0%", "number", "w2"),
        ("33%", "none", "u2"),
    ):
        assert re.search(rf"<b>{share}</b> {kind} .*?<code>{example}</code>", first, re.S)
    assert "大桥很长。" in first and "没有说出：3.6公里 / 3600米" in first


def test_every_failed_case_has_a_card_with_its_fault_and_the_gold_marked() -> None:
    page = plain()
    cards = Seen(page).cards()
    faults = [card["data-fault"] for card in cards]
    assert sorted(str(name) for name in faults) == sorted(
        ["error", "wrong", "wrong", "miscited", "refused", "answered", "answered"]
    )
    assert faults[0] == "error"
    assert "<mark>青江大桥全长3.6公里,投资48亿元</mark>" in page
    assert "检索第 2 段" in page


def test_nothing_is_asked_of_anywhere() -> None:
    seen = Seen(evil())
    for tag, attributes in seen.elements:
        assert tag not in {"link", "img", "iframe", "object", "embed", "base", "form", "a", "image"}
        for name, value in attributes.items():
            assert name not in {"src", "srcset", "action", "data", "ping", "style", "xlink:href"}
            assert not name.startswith("on")
            if name == "href":
                assert tag == "use" and str(value).startswith("#")
            if "url(" in str(value) and name != "data-kind" and name != "value":
                assert re.fullmatch(r"url\(#[\w.-]+\)", str(value))
    assert "url(" not in seen.inside["style"] and "@import" not in seen.inside["style"]
    assert "://" not in seen.inside["style"] + seen.inside["script"]


def test_an_address_stands_in_the_page_only_as_text_of_others() -> None:
    assert "://" not in render(every_fault(), [run([right("a")], "other")])


def test_the_policy_allows_this_style_and_this_script_alone() -> None:
    seen = Seen(plain())
    policy = next(
        str(attributes["content"])
        for tag, attributes in seen.elements
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    )

    def hashed(text: str) -> str:
        return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

    assert policy == (
        f"default-src 'none'; style-src 'sha256-{hashed(seen.inside['style'])}'; "
        f"script-src 'sha256-{hashed(seen.inside['script'])}'; base-uri 'none'; form-action 'none'"
    )
    assert [tag for tag, _ in seen.elements].count("script") == 1
    assert [tag for tag, _ in seen.elements].count("style") == 1


def test_hostile_text_stays_text() -> None:
    seen = Seen(evil())
    assert {tag for tag, _ in seen.elements} <= {tag for tag, _ in Seen(plain()).elements}
    for payload in ("<script>alert(1)</script>", "</textarea>", "&lt;img", "{{constructor"):
        assert payload in seen.text
    assert "⟨U+202E⟩txt.exe" in seen.text
    assert not re.search("[\x00\u200e\u200f\u202a-\u202e\u2066-\u2069]", evil())
    assert seen.open == []


def test_the_same_runs_give_the_same_bytes() -> None:
    made, other = every_fault(), run([right("a1"), wrong("w1")], "other")
    assert render(made, [other], other) == render(made, [other], other)


def test_ids_are_there_once() -> None:
    ids = re.findall(r'\sid="([^"]+)"', render(every_fault(), [run([right("a")], "other")]))
    assert len(ids) == len(set(ids))


def test_a_long_list_of_failures_is_cut_and_says_so() -> None:
    records = [wrong(f"{i:04}", confidence=i / 1000) for i in range(CARDS + 7)]
    page = render(run(records))
    seen = Seen(page)
    assert len(seen.cards()) == CARDS
    assert f"只列最严重的 {CARDS} 题，另有 7 题没有列出" in seen.text
    assert f"没有通过的 {CARDS + 7} 题" in seen.text
    assert f"· {CARDS + 6:04}</span>" in page and "· 0006</span>" not in page
    assert len(page.encode()) < 3_000_000


def test_what_changed_since_the_run_before_is_said() -> None:
    before = run([right("a"), answered("b"), refusal("c")], "before")
    after = run([right("a"), refusal("b", kind="none"), answered("c")], "after")
    text = Seen(render(after, before=before)).text
    assert "与上次相比（before，2026-11-21 03:15 UTC，3 题相同）" in text
    assert "变好 1 题，变坏 1 题" in text and "没有显著的退步" in text
    assert "较上次" in text and "较上次" not in Seen(render(after)).text


def test_a_run_before_of_other_cases_is_refused() -> None:
    with pytest.raises(EvaluationError, match="no case in common"):
        render(run([right("a")]), before=run([right("b")], "before"))


def test_without_an_ablation_it_is_said_how_to_get_one() -> None:
    base = every_fault()
    assert "rag eval --ablate" in plain()
    other = replace(base, header=replace(base.header, settings={"chunk_size": "160"}))
    page = render(base, [other])
    assert "rag eval --ablate" not in page and "段长 160" in page


def test_settings_versions_commit_checksum_costs_and_machine_are_there() -> None:
    made = run([right("a")], commit="c0ffee+")
    text = Seen(render(made)).text
    for part in ("chunk_size", "3.11.9", "c0ffee+", "有未提交的改动", "ab" * 32, "292.0 MB"):
        assert part in text
    assert "Linux x86_64, 2 cores" in text
    assert "不在版本库里" in Seen(render(run([right("a")], commit=""))).text


@pytest.mark.parametrize(
    "records",
    [
        [right("a")],
        [answered("a")],
        [right("a"), wrong("b")],
        [right("a"), refusal("b")],
        [failed("a"), failed("b")],
        [replace(right("a"), turns=(), gold=(), must=(), passages=(), citations=())],
        [replace(wrong("a"), turns=(), answer="", gold=(), must=(), passages=(), citations=())],
    ],
    ids=["one", "one wrong", "no unanswerable", "all right", "all errors", "bare", "bare wrong"],
)
def test_any_run_has_a_report(records: list[Record]) -> None:
    seen = Seen(render(run(records)))
    assert seen.open == []
    assert f"没有通过的 {sum(not r.right for r in records)} 题" in seen.text


def test_where_all_is_right_it_says_so() -> None:
    text = Seen(render(run([right("a"), refusal("b")]))).text
    assert "没有一题不通过" in text and "毛病" not in text


def test_all_turns_of_a_conversation_are_shown() -> None:
    made = replace(wrong("a"), turns=("先问这个", "再问那个"))
    text = Seen(render(run([made]))).text
    assert "前问先问这个" in text and "问再问那个" in text
