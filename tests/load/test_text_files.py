"""Plain text, Markdown, and files that are not what their name says."""

from __future__ import annotations

import codecs
import gzip
import io
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.load import READERS, Loaded
from rag.load.document import content_hash
from rag.types import Document, InputRow

One = Callable[[str, bytes], Document]
Row = Callable[[str, bytes], InputRow]
Load = Callable[[str, bytes], list[Loaded]]


def zipped() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.txt", "x")
    return target.getvalue()


def test_the_text_is_the_file_to_the_letter(document: One) -> None:
    text = "  标题\r\n\r\n正文。\r混合\n\u200b结尾 \n"
    found = document("a.txt", text.encode())
    assert found == Document("a.txt", text, content_hash(text), "", "", "txt", "utf-8")


def test_a_mark_changes_neither_text_nor_hash(document: One) -> None:
    plain = document("a.md", "正文。".encode())
    marked = document("a.md", codecs.BOM_UTF8 + "正文。".encode())
    assert (marked.text, marked.content_hash) == (plain.text, plain.content_hash)
    assert (plain.format, plain.encoding, marked.encoding) == ("md", "utf-8", "utf-8-sig")


def test_the_encoding_is_reported_with_its_damage(document: One) -> None:
    text = "记者提问，论坛有多少项目签约。" * 8
    assert document("a.txt", text.encode("gbk")).encoding == "gb18030"
    assert document("a.txt", text.encode("gbk")[:-1]).encoding == "gb18030, 1 damaged"


@pytest.mark.parametrize("data", [b"", b" \r\n\t", "\u3000\u200b\ufeff\n".encode(), b"\xff\xfe"])
def test_an_empty_file_is_skipped_and_said(row: Row, data: bytes) -> None:
    found = row("a.txt", data)
    assert found.status == "skipped"
    assert found.reason in {"the file is empty", "there is no text in it"}


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"%PDF-1.7\n...", "named .txt but its content is a PDF, not text"),
        ("a.txt", zipped(), "named .txt but its content is a zip archive, not text"),
        ("a.md", b"\x89PNG\r\n\x1a\n", "named .md but its content is an image, not text"),
        ("a.md", bytes(range(256)), "its content is binary, not text"),
        ("a.txt", b"abc\0def", "its content is binary, not text"),
        ("a.jsonl", gzip.compress(b"{}"), "named .jsonl but its content is a gzip file, not text"),
        (
            "a.jsonl.gz",
            b'{"text": "x"}',
            "named .jsonl.gz but its content is text, not a gzip file",
        ),
        ("a.pdf", b"hello", "named .pdf but its content is text, not a PDF"),
        ("a.docx", b"hello", "named .docx but its content is text, not a zip archive"),
        ("a.docx", b"%PDF-1.4", "named .docx but its content is a PDF, not a zip archive"),
        ("a.xlsx", b"hello", "no reader for files of this kind"),
    ],
)
def test_content_that_is_not_what_the_name_says_is_refused(
    row: Row, name: str, data: bytes, reason: str
) -> None:
    found = row(name, data)
    assert found.status == "failed"
    assert reason in found.reason


def test_the_hash_keeps_title_date_and_text_apart() -> None:
    hashes = {
        content_hash("c", "a", "b"),
        content_hash("bc", "a", ""),
        content_hash("c", "ab", ""),
        content_hash("c", "", "ab"),
        content_hash("abc"),
    }
    assert len(hashes) == 5
    assert content_hash("abc") == content_hash("abc")


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.sampled_from(sorted(set(READERS) - {".pdf"})), st.binary(max_size=300))
def test_no_bytes_under_any_name_raise(load: Load, suffix: str, data: bytes) -> None:
    starts = {".docx": b"PK\x03\x04", ".jsonl.gz": b"\x1f\x8b\x08"}
    for content in (data, starts.get(suffix, b"") + data):
        for found in load("a" + suffix, content):
            assert isinstance(found, (Document, InputRow))
