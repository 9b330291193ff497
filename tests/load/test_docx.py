"""Word files, good and bad."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import docx
import pytest
from docx.oxml import parse_xml

from rag.types import Document, InputRow

One = Callable[[str, bytes], Document]
Row = Callable[[str, bytes], InputRow]

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word(title: str = "", empty: bool = False) -> bytes:
    """A document with headings, tables, tracked changes and a content control."""
    made = docx.Document()
    made.core_properties.title = title
    if not empty:
        made.add_heading("总标题", level=0)
        made.add_paragraph("第一段。")
        made.add_heading("第一节", level=1)
        table = made.add_table(rows=2, cols=3)
        for row, values in zip(
            table.rows, [("项目", "金额", "年"), ("一", "", "2026")], strict=True
        ):
            for cell, value in zip(row.cells, values, strict=True):
                cell.text = value
        made.add_heading("细节", level=2)
        body = made.element.body
        for xml in (
            f"<w:p {W}><w:r><w:t>留</w:t></w:r><w:ins><w:r><w:t>增</w:t></w:r></w:ins>"
            f"<w:del><w:r><w:delText>删</w:delText></w:r></w:del><w:r><w:br/><w:t>下</w:t></w:r></w:p>",
            f"<w:sdt {W}><w:sdtContent><w:p><w:r><w:t>控件</w:t></w:r></w:p></w:sdtContent>"
            "</w:sdt>",
            f'<w:p {W}><w:pPr><w:outlineLvl w:val="1"/></w:pPr><w:r><w:t>纲要</w:t></w:r></w:p>',
        ):
            body.insert(len(body) - 1, parse_xml(xml))
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def replaced(data: bytes, name: str, content: bytes) -> bytes:
    """The archive with one part's content replaced."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for part in source.infolist():
            if part.filename != name:
                archive.writestr(part.filename, source.read(part))
        archive.writestr(name, content)
    return target.getvalue()


def test_paragraphs_tables_and_headings_come_in_order(document: One) -> None:
    found = document("a.docx", word("论坛纪要"))
    assert found.title == "论坛纪要"
    assert found.format == "docx"
    assert found.text.split("\n") == [
        "# 总标题",
        "第一段。",
        "# 第一节",
        "项目\t金额\t年",
        "一\t\t2026",
        "## 细节",
        "留增",
        "下",
        "控件",
        "## 纲要",
    ]


@pytest.mark.parametrize("title", ["", "Word Document", "无标题"])
def test_a_generic_title_gives_way_to_the_first_heading(document: One, title: str) -> None:
    assert document("a.docx", word(title)).title == "总标题"


def test_a_document_without_text_is_empty(row: Row) -> None:
    assert row("a.docx", word(empty=True)).status == "skipped"


@pytest.mark.parametrize("keep", [0.05, 0.5, 0.9, 0.999])
def test_a_truncated_file_is_a_typed_failure(row: Row, keep: float) -> None:
    data = word()
    found = row("a.docx", data[: int(len(data) * keep)])
    assert found.status == "failed"
    assert found.reason.startswith("the Word file is damaged or cut off")


def test_a_damaged_part_is_a_typed_failure(row: Row) -> None:
    found = row("a.docx", replaced(word(), "word/document.xml", b"<w:document"))
    assert found.reason.startswith("the Word file is damaged or cut off")


@pytest.mark.parametrize("part", ["word/document.xml", "word/media/image1.png"])
def test_a_zip_bomb_is_refused_by_its_directory(row: Row, part: str) -> None:
    found = row("a.docx", replaced(word(), part, b" " * (100 << 20)))
    assert found.status == "failed"
    assert "looks like a zip bomb" in found.reason


def test_many_small_parts_are_a_bomb_as_well(row: Row) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(12):
            archive.writestr(f"word/media/{number}.bin", b"\0" * (7 << 20))
    assert "looks like a zip bomb" in row("a.docx", target.getvalue()).reason


def test_entities_are_not_expanded(row: Row) -> None:
    entities = '<!ENTITY a0 "haha">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
    )
    body = "<w:body><w:p><w:r><w:t>&a9;</w:t></w:r></w:p></w:body>"
    xml = f"<?xml version='1.0'?><!DOCTYPE x [{entities}]><w:document {W}>{body}</w:document>"
    found = row("a.docx", replaced(word(), "word/document.xml", xml.encode()))
    assert found.status in {"failed", "skipped"}


def test_another_zip_is_no_word_file(row: Row) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    found = row("a.docx", target.getvalue())
    assert found.reason == "it is a zip archive, but not a Word document"


def test_an_encrypted_file_needs_its_password(row: Row) -> None:
    data = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le")
    )
    assert row("a.docx", data).reason == "password needed; save it without a password"
    assert "an old Office file" in row("a.docx", data[:100]).reason
