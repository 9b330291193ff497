"""HTML: the text a reader would see. Nothing runs and nothing is fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rag.errors import LoadError, TooLarge
from rag.load.document import make_document
from rag.load.files import RawFile, megabytes
from rag.load.text import describe
from rag.text.decode import Decoded, decode, refuse_binary
from rag.types import Document

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

MAX_BYTES = 64 << 20
MAX_DEPTH = 512  # as in browsers; building a deeper tree takes quadratic time


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_DROPPED = _names(
    "script style noscript template iframe frame frameset svg math object embed applet canvas audio"
    " video map head button select textarea datalist -comment"
)
_BLOCKS = _names(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset"
    " figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main"
    " menu nav ol p pre section summary table tbody tfoot thead tr ul br"
)
_HEADINGS = {f"h{level}": "#" * level + " " for level in range(1, 7)}
# Inline formatting says nothing here, and left open in great numbers it makes a parser repeat
# each of them in every paragraph.
_FORMATTING = re.compile(
    r"</?(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)"
    r"(?:[\s/](?:[^<>\"']++|\"[^\"]*+\"|'[^']*+'){0,200}+)?>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_NOT_NESTED = _names(
    "p li dd dt option optgroup tr td th tbody thead tfoot area base br col embed hr img input link"
    " meta param source track wbr"
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([a-zA-Z0-9_\-]{2,20})", re.I)
_DECLARED = re.compile(r"gb|big5|shift_jis|euc-|iso-2022-jp")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_HAN = "[\u3000-\u9fff\uff00-\uffef\uf900-\ufaff]"
_BROKEN_LINE = re.compile(f"(?<={_HAN})[ \t]*\n[ \t\r\n]*(?={_HAN})")
_MARKS = {0: "\ufffd", 0x1E: " ", 0x1F: " "}
_CELL, _CELL_END = "\x1e", "\x1f"  # a block in a cell does not end the row's line
_AROUND_TAB = re.compile(" ?\t ?")
_SPACES = re.compile(" {2,}")
_SPACE = re.compile(r"[ \t\n\r\f]+")
_DATE_NAMES = frozenset(
    ("article:published_time", "publishdate", "pubdate", "publish_date", "date", "dc.date")
)


def parse(raw: RawFile) -> Iterator[Document]:
    """The one document of an HTML file: a line a block, a line a table row (cells by tabs).

    Headings carry Markdown's ``#``. Raises EmptyInput, TooLarge, UnsupportedInput or LoadError.
    """
    if len(raw.data) > MAX_BYTES:
        raise TooLarge(f"it has {megabytes(len(raw.data))} of HTML, over {megabytes(MAX_BYTES)}")
    decoded = _decode(raw.data)
    source = _FORMATTING.sub("", decoded.text.translate(_MARKS))
    if _depth(source) > MAX_DEPTH:
        raise TooLarge(f"its tags are nested more than {MAX_DEPTH} deep")
    title, date, text = _extract(source)
    yield make_document(
        raw.id, text, format="html", title=title, date=date, encoding=describe(decoded)
    )


def _decode(data: bytes) -> Decoded:
    """As any text, but an East Asian charset that the page declares comes before a guess."""
    declared = _CHARSET.search(data[:4096])
    if declared is not None and _DECLARED.match(name := declared[1].decode("ascii").lower()):
        codec = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "cp950"}.get(name, name)
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            try:
                return refuse_binary(Decoded(data.decode(codec), codec))
            except (LookupError, UnicodeDecodeError):
                pass
    return decode(data)


def _depth(source: str) -> int:
    """An upper bound of how deep the tags nest, before a tree is built."""
    depth = deepest = 0
    for closing, name in _TAG.findall(source):
        if name.lower() in _NOT_NESTED:
            continue
        depth = max(depth - 1, 0) if closing else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _extract(source: str) -> tuple[str, str, str]:
    """Title, date and text of a page."""
    from selectolax.lexbor import LexborHTMLParser

    try:
        tree = LexborHTMLParser(source)
        root = tree.root
        if root is None:
            return "", "", ""
        heading = tree.css_first("title")
        title = heading.text() if heading is not None else ""
        return title, _date(tree.css("meta")), _text(root)
    except Exception as error:  # the library's own errors share no base
        raise LoadError(f"its HTML cannot be parsed: {type(error).__name__}") from None


def _date(metas: list[LexborNode]) -> str:
    for meta in metas:
        attributes = meta.attributes
        name = attributes.get("property") or attributes.get("name") or ""
        if name.lower() in _DATE_NAMES:
            return (attributes.get("content") or "")[:40]
    return ""


def _text(root: LexborNode) -> str:
    """The visible text, walked without recursion."""
    pieces: list[str] = []
    node, preformatted = root, 0
    while True:
        tag = node.tag or ""
        dropped = tag in _DROPPED or (tag[:1] != "-" and _is_hidden(node))
        if tag == "-text":
            pieces.append(_inline(node.text_content or "", preformatted))
        elif not dropped:
            pieces.append(_opening(tag))
            preformatted += tag == "pre"
        child = None if dropped else node.child
        if child is not None:
            node = child
            continue
        while True:
            if not dropped:
                tag = node.tag or ""
                pieces.append(_closing(tag))
                preformatted -= tag == "pre"
            if node.mem_id == root.mem_id:
                return _tidy("".join(pieces))
            dropped = False
            after = node.next
            if after is not None:
                node = after
                break
            parent = node.parent
            if parent is None:
                return _tidy("".join(pieces))
            node = parent


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    return "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style") or ""))


def _opening(tag: str) -> str:
    if tag in ("td", "th"):
        return _CELL
    return "\n" + _HEADINGS.get(tag, "") if tag in _BLOCKS else ""


def _closing(tag: str) -> str:
    if tag in ("td", "th"):
        return _CELL_END
    return "\n" if tag in _BLOCKS else ""


def _inline(text: str, preformatted: int) -> str:
    if preformatted:
        return text
    return _SPACE.sub(" ", _BROKEN_LINE.sub("", text))


def _tidy(text: str) -> str:
    """One newline between lines, no blank ones, no space at either end of a line or cell."""
    lines = []
    for line in _join_cells(text).split("\n"):
        kept = _AROUND_TAB.sub("\t", _SPACES.sub(" ", line)).strip()
        if kept.strip("# "):
            lines.append(kept)
    return "\n".join(lines)


def _join_cells(text: str) -> str:
    """A tab between a cell and the next one of its row."""
    pieces = text.split(_CELL_END)
    for i in range(1, len(pieces)):
        after = pieces[i].lstrip(" ")
        if after.startswith(_CELL):
            pieces[i - 1] = pieces[i - 1].rstrip(" \n")
            pieces[i] = "\t" + after[1:].lstrip(" \n")
    return "".join(pieces).replace(_CELL, "")
