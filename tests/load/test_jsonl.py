"""JSON lines: a record a document, a bad line a row."""

from __future__ import annotations

import codecs
import gzip
import json
import tracemalloc
from collections.abc import Callable

import pytest

from rag.load import Loaded, RawFile, jsonl, parse
from rag.load.document import content_hash
from rag.types import Document, InputRow

Raw = Callable[[str, bytes], RawFile]
Load = Callable[[str, bytes], list[Loaded]]


def lines(*records: object) -> bytes:
    return b"".join(
        (item if isinstance(item, bytes) else json.dumps(item, ensure_ascii=False).encode()) + b"\n"
        for item in records
    )


def test_a_record_is_a_document(load: Load) -> None:
    data = lines(
        {"id": "甲/1", "text": " 正文。\r\n", "title": "标 题", "date": "2026-03-27", "x": 1}
    )
    assert load("f/a.jsonl", data) == [
        Document(
            "f/a.jsonl#甲/1",
            " 正文。\r\n",
            content_hash(" 正文。\r\n", "标 题", "2026-03-27"),
            "标 题",
            "2026-03-27",
            "jsonl",
            "utf-8",
        )
    ]


def test_bad_lines_are_rows_and_the_rest_goes_on(load: Load) -> None:
    data = lines(
        {"id": "a", "text": "甲"},
        b"{bad",
        b"",
        {"id": "b"},
        {"id": "a", "text": "又"},
        {"id": "c", "text": " "},
        [1],
        {"id": "d", "text": 5},
        {"id": ["x"], "text": "x"},
        {"text": "无号"},
        {"id": 12, "text": "数字号"},
        b"[" * 100_000,
        '{"id": "g", "text": "国家标准"}'.encode("gbk"),
    )
    found = load("a.jsonl", data)
    assert [item.id for item in found if isinstance(item, Document)] == [
        "a.jsonl#a",
        "a.jsonl#10",
        "a.jsonl#12",
        "a.jsonl#g",
    ]
    assert [
        (item.path, item.status, item.reason) for item in found if isinstance(item, InputRow)
    ] == [
        (
            "a.jsonl:2",
            "failed",
            "not JSON: Expecting property name enclosed in double quotes at column 2",
        ),
        ("a.jsonl:4", "failed", "the record has no text"),
        ("a.jsonl:5", "failed", "duplicate id 'a', first on line 1"),
        ("a.jsonl:6", "skipped", "there is no text in it"),
        ("a.jsonl:7", "failed", "not a record: a JSON object is needed"),
        ("a.jsonl:8", "failed", "the record's text is not a string"),
        ("a.jsonl:9", "failed", "the record's id is not a string"),
        ("a.jsonl:12", "failed", "not a record: nested too deep"),
    ]


def test_gzip_and_a_mark_change_nothing_but_the_name(load: Load) -> None:
    data = lines({"id": "a", "text": "甲"}, {"id": "b", "text": "乙"})
    expected = [item.text for item in load("a.jsonl", data) if isinstance(item, Document)]
    for name, content in (
        ("a.jsonl.gz", gzip.compress(data)),
        ("a.jsonl.gz", gzip.compress(data[:20]) + gzip.compress(data[20:])),
        ("a.jsonl", codecs.BOM_UTF8 + data),
        ("a.jsonl", codecs.BOM_UTF16_LE + data.decode().encode("utf-16-le")),
        ("a.jsonl", data.replace(b"\n", b"\r\n")),
    ):
        found = load(name, content)
        assert (
            [item.text for item in found if isinstance(item, Document)] == expected == ["甲", "乙"]
        )
        assert [item.id for item in found if isinstance(item, Document)] == [
            f"{name}#a",
            f"{name}#b",
        ]


def test_surrogates_and_nuls_are_replaced_one_for_one(load: Load) -> None:
    (found,) = load("a.jsonl", rb'{"id": "a\ud800", "text": "x\ud800y\u0000z\ud83d\ude00"}')
    assert isinstance(found, Document)
    assert found.text == "x\ufffdy\ufffdz😀"
    assert found.id == "a.jsonl#a\ufffd"


@pytest.mark.parametrize("size", [300 << 20])
def test_a_gzip_bomb_is_refused_before_any_record(load: Load, size: int) -> None:
    bomb = gzip.compress(lines({"text": "x"}), 9) + gzip.compress(b"\n" * (1 << 20), 9) * (
        size >> 20
    )
    (row,) = load("a.jsonl.gz", bomb)
    assert isinstance(row, InputRow)
    assert (row.path, row.status) == ("a.jsonl.gz", "failed")
    assert "looks like a gzip bomb" in row.reason


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda data: data[:-12], "the gzip file is cut off"),
        (lambda data: data[:-8] + b"\0" * 8, "the gzip file is damaged"),
        (lambda data: data[:20] + b"\xff" * 30 + data[50:], "the gzip file is damaged"),
    ],
)
def test_a_damaged_gzip_gives_no_record_at_all(
    load: Load, change: Callable[[bytes], bytes], reason: str
) -> None:
    data = gzip.compress(lines(*({"id": n, "text": f"句{n * 7919}"} for n in range(200))))
    assert load("a.jsonl.gz", change(data)) == [InputRow("a.jsonl.gz", "failed", reason)]


def test_a_file_of_other_lines_is_given_up_after_a_hundred(load: Load) -> None:
    found = load("a.jsonl", b"hello\n" * 5000)
    assert len(found) == 101
    assert found[-1] == InputRow(
        "a.jsonl", "failed", "its first 100 lines are no records; the rest was not read"
    )


def test_a_line_over_the_cap_is_a_row_and_the_rest_goes_on(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jsonl, "MAX_LINE", 1 << 10)
    data = lines({"id": "a", "text": "x" * 5000}, {"id": "b", "text": "乙"})
    row, found = load("a.jsonl", data)
    assert isinstance(row, InputRow) and isinstance(found, Document)
    assert row.path == "a.jsonl:1"
    assert row.reason.startswith("the line is over")
    assert found.id == "a.jsonl#b"


def test_only_blank_lines_are_an_empty_file(load: Load) -> None:
    assert load("a.jsonl", b"\n \n") == [InputRow("a.jsonl", "skipped", "it holds no records")]


def test_records_are_streamed(raw_file: Raw) -> None:
    data = lines(*({"id": n, "text": "句" * 300} for n in range(20_000)))
    raw = raw_file("a.jsonl", data)
    tracemalloc.start()
    count = sum(isinstance(found, Document) for found in parse(raw))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 20_000
    assert peak < len(data) / 2
