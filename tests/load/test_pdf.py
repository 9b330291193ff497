"""PDF files, made here, good and bad."""

from __future__ import annotations

import io
import time
import zlib
from collections.abc import Callable, Sequence

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from rag.errors import TooLarge
from rag.load import RawFile
from rag.load.pdf import Limits, parse
from rag.types import Document, InputRow

Raw = Callable[[str, bytes], RawFile]
One = Callable[[str, bytes], Document]
Row = Callable[[str, bytes], InputRow]

FONT = b"/Font<</G<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
PAGES = ["论坛于三月二十七日开幕，\n共有16个项目签约。", "", "金额达1.2亿元，比上年增"]


def pdf(pages: Sequence[str], title: str = "中关村论坛年会") -> bytes:
    """A PDF in a Chinese CID font, a page a text."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    target = io.BytesIO()
    canvas = Canvas(target, pageCompression=1)
    canvas.setTitle(title)
    for page in pages:
        canvas.setFont("STSong-Light", 12)
        for number, line in enumerate(page.split("\n")):
            canvas.drawString(72, 720 - 20 * number, line)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def encrypted(password: str) -> bytes:
    writer = PdfWriter()
    writer.append(PdfReader(io.BytesIO(pdf(PAGES))))
    writer.encrypt(password, owner_password="owner", algorithm="RC4-128")
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def with_content(content: bytes, resources: bytes = b"", objects: Sequence[bytes] = ()) -> bytes:
    """A PDF of one page with this (compressed) content stream; objects count from 5."""
    packed = zlib.compress(content, 9)
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<<%s>>>>"
        % resources,
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed),
        *objects,
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(parts) + 1, start)


def test_chinese_pages_are_joined_and_numbered(document: One) -> None:
    found = document("a.pdf", pdf(PAGES))
    assert found.text == "\n\n".join(PAGES)
    assert (found.title, found.format) == ("中关村论坛年会", "pdf")
    first, second, third = found.page_starts
    assert (first, second, third) == (0, len(PAGES[0]) + 2, len(PAGES[0]) + 4)
    assert found.page_of(0) == 1
    assert found.page_of(found.text.index("签约")) == 1
    assert found.page_of(found.text.index("金额")) == 3
    assert found.page_of(len(found.text) - 1) == 3


@pytest.mark.parametrize(
    "title", ["untitled", "Microsoft Word - 稿.doc", "新闻稿.docx", "ÖÐ¹ØÄê»á", ""]
)
def test_a_title_that_no_person_wrote_is_left_out(document: One, title: str) -> None:
    assert document("a.pdf", pdf(PAGES, title)).title == ""


def test_a_password_is_asked_for_only_where_one_is_needed(document: One, row: Row) -> None:
    assert row("a.pdf", encrypted("geheim")).reason == "password needed; save it without a password"
    assert document("a.pdf", encrypted("")).text == "\n\n".join(PAGES)


def test_a_scan_has_no_text_layer(row: Row) -> None:
    target = io.BytesIO()
    canvas = Canvas(target)
    canvas.drawImage(ImageReader(Image.new("RGB", (40, 40), "red")), 0, 0)
    canvas.showPage()
    canvas.save()
    found = row("a.pdf", target.getvalue())
    assert found.status == "skipped"
    assert found.reason == "no text layer (scanned?); run it through OCR first"


@pytest.mark.parametrize("keep", [0.02, 0.5])
def test_a_truncated_file_is_a_typed_failure(row: Row, keep: float) -> None:
    data = pdf(PAGES)
    found = row("a.pdf", data[: int(len(data) * keep)])
    assert found.reason  # what is left may hold no page, or no text


def test_garbage_after_the_mark_is_a_typed_failure(row: Row) -> None:
    found = row("a.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 20)
    assert found.status == "failed"
    assert found.reason.startswith("the PDF is damaged or cut off")


def test_too_many_pages_are_refused(raw_file: Raw) -> None:
    with pytest.raises(TooLarge, match="it has 3 pages, over the limit of 2"):
        list(parse(raw_file("a.pdf", pdf(PAGES)), Limits(pages=2)))


def test_too_much_text_is_refused(raw_file: Raw) -> None:
    with pytest.raises(TooLarge, match="characters of text"):
        list(parse(raw_file("a.pdf", pdf(PAGES)), Limits(characters=10)))


def test_a_stream_that_expands_without_end_is_refused(row: Row) -> None:
    found = row("a.pdf", with_content(b" " * (120 << 20), FONT))
    assert found.status == "failed"
    assert found.reason == "a part of it expands beyond the limit"


def test_content_without_end_is_refused(row: Row) -> None:
    found = row("a.pdf", with_content(b"BT (x) Tj ET\n" * 600_000, FONT))
    assert found.reason == "a part of it expands beyond the limit"


def test_content_nested_without_end_ends_in_a_row(row: Row) -> None:
    assert row("a.pdf", with_content(b"[" * 3_000_000, FONT)).reason


def test_forms_that_draw_each_other_are_ended_by_the_limits(raw_file: Raw) -> None:
    forms = []
    for number in range(5, 17):  # each draws the next ten times: 10**12 in all
        body = (b"/F Do " * 10) if number < 16 else b"BT (x) Tj ET"
        forms.append(
            b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F %d 0 R>>>>"
            b"/Length %d>>stream\n%s\nendstream" % (min(number + 1, 16), len(body), body)
        )
    data = with_content(b"/F Do", b"/XObject<</F 5 0 R>>", forms)
    started = time.monotonic()
    with pytest.raises(TooLarge):
        list(parse(raw_file("a.pdf", data), Limits(page_seconds=2)))
    assert time.monotonic() - started < 10


def test_memory_is_limited(raw_file: Raw) -> None:
    data = with_content(b" " * (70 << 20), FONT)
    with pytest.raises(TooLarge, match="more memory than is allowed"):
        list(parse(raw_file("a.pdf", data), Limits(memory_mb=128)))


def test_time_is_limited(raw_file: Raw) -> None:
    data = with_content(b"BT /G 9 Tf (x) Tj ET\n" * 150_000, FONT)
    with pytest.raises(TooLarge, match="a page takes more than 1 seconds to read"):
        list(parse(raw_file("a.pdf", data), Limits(page_seconds=1)))
    with pytest.raises(TooLarge, match="reading it takes more than 1 seconds"):
        list(parse(raw_file("a.pdf", data), Limits(seconds=1)))
