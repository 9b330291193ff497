"""HTML: what a reader sees, nothing that runs, nothing that is fetched."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable

import pytest

from rag.types import Document, InputRow

One = Callable[[str, bytes], Document]
Row = Callable[[str, bytes], InputRow]

PAGE = """<!doctype html><html><head><meta charset="utf-8"><title> 论坛
开幕 </title><meta property="article:published_time" content="2026-03-27T08:00">
<style>p {color: red}</style><script>alert("坏")</script></head><body>
<noscript>请启用</noscript><template><p>模板</p></template><!-- 注释 -->
<iframe src="http://evil.example/">框</iframe><svg><text>图</text></svg>
<img src="http://evil.example/x.png" alt="远程" onerror="alert(1)">
<h2>第一部分</h2><p>第一<b>句</b>。<a href="javascript:alert(1)" title="a>b">链接</a><br>第二
句。</p><p hidden>隐藏</p><div style="display: none">隐藏</div>
<ul><li>甲<li>乙 &amp; 丙</ul>
<table><tr><th>项目</th><th>金额</th></tr>
<tr><td><p>一</p></td><td></td><td> <div>1.2亿</div></td></tr></table>
<pre>a  b
 c</pre>尾</body></html>"""


def test_a_page_becomes_its_visible_lines(document: One, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "socket", None)  # any request would fail
    found = document("a.html", PAGE.encode())
    assert found.title == "论坛 开幕"
    assert found.date == "2026-03-27T08:00"
    assert found.text.split("\n") == [
        "## 第一部分",
        "第一句。链接",
        "第二句。",
        "甲",
        "乙 & 丙",
        "项目\t金额",
        "一\t\t1.2亿",
        "a b",
        "c",
        "尾",
    ]


def test_latin_words_keep_their_space_over_a_line_break(document: One) -> None:
    assert document("a.htm", b"<p>one\n two</p>").text == "one two"


@pytest.mark.parametrize("charset", ["gb2312", "gbk", "GB18030", "big5"])
def test_a_declared_charset_is_used(document: One, charset: str) -> None:
    text = "中文"
    page = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}"><p>{text}'
    assert document("a.html", page.encode(charset)).text == text


def test_a_wrong_charset_does_not_break_utf8(document: One) -> None:
    assert document("a.html", '<meta charset="gbk"><p>中文'.encode()).text == "中文"


def test_a_page_without_text_is_empty(row: Row) -> None:
    assert row("a.html", b"<script>x()</script><p> </p>").status == "skipped"


@pytest.mark.parametrize("bomb", ["<div>" * 200_000, "<div><p>" * 100_000])
def test_tags_nested_without_end_are_refused_quickly(row: Row, bomb: str) -> None:
    started = time.monotonic()
    found = row("a.html", (bomb + "x").encode())
    assert found.reason == "its tags are nested more than 512 deep"
    assert time.monotonic() - started < 5


def test_formatting_left_open_is_not_repeated_in_each_paragraph(document: One) -> None:
    fonts = "".join(f"<font size={n}>" for n in range(3000))
    started = time.monotonic()
    found = document("a.html", (fonts + "<p>句" * 3000).encode())
    assert found.text == "\n".join(["句"] * 3000)
    assert time.monotonic() - started < 5


def test_long_runs_of_space_take_linear_time(document: One) -> None:
    started = time.monotonic()
    page = "<p>甲" + "<br>" * 100_000 + " " * 200_000 + "<pre>" + " \t" * 100_000 + "</pre>乙"
    assert document("a.html", page.encode()).text.split("\n") == ["甲", "乙"]
    assert time.monotonic() - started < 5
