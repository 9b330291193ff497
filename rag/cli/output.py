"""What the commands print: JSON for programs, plain text for people, progress for a terminal."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from rag.errors import YinjuError
from rag.types import Citation

Progress = Callable[[str, int, int | None], None]

_STAGES = {
    "read": "读取", "embed": "计算向量", "write": "写入", "check": "核对", "tokenizer": "训练分词",
    "tokenise": "分词", "train": "训练", "n-grams": "统计", "ask": "提问",
    "neighbours": "找相近文章", "context": "统计上下文", "examples": "出题", "corpus": "从语料学习", "questions": "从问题学习",
}  # fmt: skip


def emit_json(value: object) -> None:
    """One JSON object on one line, at once."""
    line = json.dumps(value, ensure_ascii=False, allow_nan=False)
    # A lone surrogate cannot be written as UTF-8.
    print(line.encode("utf-8", "replace").decode("utf-8"), flush=True)


def emit(text: str = "") -> None:
    """Text for people."""
    print(text)


def warn(faults: Sequence[YinjuError]) -> None:
    """What is wrong but stops nothing, a line each on stderr."""
    for fault in faults:
        say(f"rag: {line(str(fault))}")


def say(text: str) -> None:
    """A line on stderr, at once; it stays where there is a progress bar."""
    if sys.stderr is not None:
        print(shown(text), file=sys.stderr, flush=True)


def shown(text: str) -> str:
    """``text`` that cannot steer a terminal: no control characters, no direction overrides."""
    return "".join(
        char
        for char in text
        if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cf", "Cs"}
    )


def line(text: str) -> str:
    """:func:`shown` on one line."""
    return " ".join(shown(text).split())


# ---- citations -----------------------------------------------------------------------------
def citation_json(citation: Citation) -> dict[str, Any]:
    """A citation; ``also`` lists further places that print the same sentence."""
    return {
        "n": citation.n,
        "doc": citation.doc,
        "title": citation.title,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "source": citation.source,
        "also": [{"doc": p.doc, "start": p.start, "end": p.end} for p in citation.also],
    }


def citation_text(citation: Citation) -> Iterator[str]:
    """A citation: where it stands, then the quote."""
    source = f" · {line(citation.source)}" if citation.source else ""
    yield f"[{citation.n}] {line(citation.doc)}{source}（第 {citation.start}–{citation.end} 字）"
    yield f"    「{line(citation.quote)}」"
    for place in citation.also[:3]:
        yield f"    同见 {line(place.doc)}（第 {place.start}–{place.end} 字）"


# ---- tables and terminals ------------------------------------------------------------------
def width(text: str) -> int:
    """Columns on a terminal: a wide character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows with aligned columns, the first to the left and the others to the right."""
    widths = [max(width(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        first, *rest = row
        cells = [first + " " * (widths[0] - width(first))]
        cells += [" " * (w - width(c)) + c for c, w in zip(rest, widths[1:], strict=True)]
        yield "  ".join(cells).rstrip()


def colours() -> bool:
    """Whether stdout is a terminal that may be given bold text."""
    return sys.stdout is not None and sys.stdout.isatty() and "NO_COLOR" not in os.environ


@contextlib.contextmanager
def progress() -> Iterator[Progress]:
    """A progress bar on stderr where that is a terminal, silence elsewhere."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda stage, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bar(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def show(stage: str, done: int, total: int | None) -> None:
            name, comma, rest = stage.partition(",")
            label = _STAGES.get(name, name) + comma + rest
            bar.update(task, description=label, completed=done, total=total)

        yield show
