"""Word: paragraphs and tables in reading order, headings as Markdown so that sections are found.

Headers, footers, footnotes, comments and deleted text are left out.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rag.errors import LoadError, TooLarge, UnsupportedInput
from rag.load.document import make_document, one_line
from rag.load.files import RawFile, megabytes
from rag.types import Document

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

MAX_XML = 64 << 20
MAX_EXPANDED = 1 << 30
MAX_RATIO = 100
SMALL = 8 << 20  # what an archive's part may always expand to, whatever the ratio

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_GENERIC_TITLES = frozenset(
    ("", "word document", "document", "untitled", "无标题", "文档", "新建 microsoft word 文档")
)
_BREAKS = {_W + "tab": "\t", _W + "br": "\n", _W + "cr": "\n", _W + "noBreakHyphen": "-"}
_SKIPPED = frozenset((_W + "del", _W + "moveFrom", _W + "pPr", _W + "rPr", _MC + "Fallback"))


def parse(raw: RawFile) -> Iterator[Document]:
    """The one document of a .docx: a line a paragraph, a line a table row (cells by tabs).

    Raises EmptyInput, TooLarge, UnsupportedInput or LoadError.
    """
    _check_archive(raw.data)
    word = _open(raw.data)
    try:
        levels = _heading_levels(word)
        lines = [line for line in _block_lines(word.element.body, levels) if line.strip()]
        title = one_line(str(word.core_properties.title or ""))
    except Exception as error:  # lxml's and python-docx's errors share no base
        raise _damaged(error) from None
    if title.lower() in _GENERIC_TITLES:
        headings = (line.lstrip("# ") for line in lines if line.startswith("#"))
        title = next(headings, "")
    yield make_document(raw.id, "\n".join(lines), format="docx", title=title)


def _check_archive(data: bytes) -> None:
    """Looks at the archive's directory only. Raises before anything is expanded."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except Exception as error:  # zipfile raises struct.error, OverflowError … on crafted archives
        raise _damaged(error) from None
    if not any(part.filename.startswith("word/") for part in parts):
        raise UnsupportedInput("it is a zip archive, but not a Word document")
    if any(part.flag_bits & 1 for part in parts):
        raise LoadError("password needed", "save it without a password")
    for part in parts:
        ratio = part.file_size / max(part.compress_size, 1)
        if part.file_size > SMALL and ratio > MAX_RATIO:
            raise TooLarge(f"a part of it expands {ratio:,.0f} times, which looks like a zip bomb")
        if part.filename.lower().endswith((".xml", ".rels")) and part.file_size > MAX_XML:
            raise TooLarge(f"a part of it has over {megabytes(MAX_XML)} of XML")
    if sum(part.file_size for part in parts) > min(MAX_EXPANDED, max(64 << 20, 100 * len(data))):
        raise TooLarge("it expands to more than a document would, which looks like a zip bomb")


def _open(data: bytes) -> WordDocument:
    try:
        from docx import Document as open_document
    except ImportError:
        raise LoadError("python-docx is not installed", "pip install python-docx") from None
    try:
        return open_document(io.BytesIO(data))
    except Exception as error:
        raise _damaged(error) from None


def _damaged(error: Exception) -> LoadError:
    if isinstance(error, (MemoryError, RecursionError)):
        return TooLarge("reading it takes more memory than there is")
    return LoadError(f"the Word file is damaged or cut off ({type(error).__name__})")


def _heading_levels(word: WordDocument) -> dict[str, int]:
    """Heading level (1 to 6) by style id, through the styles that a style is based on."""
    own: dict[str, int] = {}
    based: dict[str, str] = {}
    for style in word.styles.element.iterchildren(_W + "style"):
        id = style.get(_W + "styleId") or ""
        name = _value(style.find(_W + "name"))
        outline = _outline(style.find(_W + "pPr"))
        match = _HEADING.fullmatch(name.strip())
        if match is not None:
            own[id] = int(match[1])
        elif name.strip().lower() in ("title", "标题"):
            own[id] = 1
        elif outline:
            own[id] = outline
        based[id] = _value(style.find(_W + "basedOn"))
    levels = {}
    for id in based:
        at, steps = id, 0
        while at and at not in own and steps < 20:
            at, steps = based.get(at, ""), steps + 1
        if at in own:
            levels[id] = min(own[at], 6)
    return levels


def _outline(properties: Any) -> int:
    """Outline level of a paragraph or style as a heading level; 0 for body text."""
    value = "" if properties is None else _value(properties.find(_W + "outlineLvl"))
    return int(value) + 1 if value.isascii() and value.isdigit() and int(value) < 9 else 0


def _value(element: Any) -> str:
    return "" if element is None else str(element.get(_W + "val") or "")


def _block_lines(container: Any, levels: dict[str, int]) -> Iterator[str]:
    """Lines of a body, cell, text box or content control. (XML nests 256 deep at most.)"""
    for element in container.iterchildren():
        if element.tag == _W + "p":
            yield from _paragraph(element, levels)
        elif element.tag == _W + "tbl":
            for row in element.iter(_W + "tr"):
                if next(row.iterancestors(_W + "tbl")) is element:
                    cells = (" ".join(_block_lines(c, {})) for c in _cells(row))
                    yield "\t".join(" ".join(cell.split()) for cell in cells).strip("\t")
        elif element.tag not in _SKIPPED and isinstance(element.tag, str):
            yield from _block_lines(element, levels)


def _cells(row: Any) -> Iterator[Any]:
    for cell in row.iter(_W + "tc"):
        if next(cell.iterancestors(_W + "tr")) is row:
            yield cell


def _paragraph(paragraph: Any, levels: dict[str, int]) -> Iterator[str]:
    """The paragraph's line, then those of the text boxes anchored in it."""
    pieces: list[str] = []
    boxes: list[Any] = []
    _collect(paragraph, pieces, boxes)
    text = "".join(pieces).strip()
    properties = paragraph.find(_W + "pPr")
    style = "" if properties is None else _value(properties.find(_W + "pStyle"))
    level = min(_outline(properties) or levels.get(style, 0), 6) if levels else 0
    if text:
        yield "#" * level + " " + " ".join(text.split()) if level else text
    for box in boxes:
        yield from _block_lines(box, levels)


def _collect(element: Any, pieces: list[str], boxes: list[Any]) -> None:
    for child in element.iterchildren():
        if child.tag == _W + "t":
            pieces.append(child.text or "")
        elif child.tag in _BREAKS:
            pieces.append(_BREAKS[child.tag])
        elif child.tag == _W + "txbxContent":
            boxes.append(child)
        elif child.tag not in _SKIPPED and isinstance(child.tag, str):
            _collect(child, pieces, boxes)
