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
from rag.types import Answer, AnswerSentence, Citation

Progress = Callable[[str, int, int | None], None]

_STAGES = {
    "read": "读取", "embed": "计算向量", "write": "写入", "check": "核对", "tokenizer": "训练分词",
    "tokenise": "分词", "train": "训练", "n-grams": "统计", "ask": "提问",
    "neighbours": "找相近文章", "examples": "出题", "corpus": "从语料学习", "questions": "从问题学习",
}  # fmt: skip
_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


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
    for fault in faults if sys.stderr is not None else ():
        print(f"rag: {line(str(fault))}", file=sys.stderr, flush=True)


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


# ---- answers -------------------------------------------------------------------------------
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


def answer_json(id: object, answer: Answer) -> dict[str, Any]:
    """An answer as the design fixes it."""
    return {
        "id": id,
        "question": answer.question,
        "standalone": answer.standalone,
        "answer": answer.answer,
        "mode": answer.mode,
        "refused": answer.refused,
        "reason": answer.reason,
        "citations": [citation_json(citation) for citation in answer.citations],
        "sentences": [
            {
                "text": sentence.text,
                "citations": list(sentence.citations),
                "verdict": sentence.verdict,
                "why": sentence.why,
            }
            for sentence in answer.sentences
        ],
        "passages": [
            {"doc": p.doc, "start": p.start, "end": p.end, "score": round(float(p.score), 6)}
            for p in answer.passages
        ],
        "unknown_terms": list(answer.unknown_terms),
        "timings_ms": {name: round(float(ms), 2) for name, ms in answer.timings_ms.items()},
        "confidence": round(float(answer.confidence), 4),
    }


def answer_text(answer: Answer) -> Iterator[str]:
    """The lines of an answer for people."""
    if answer.standalone != answer.question:
        yield f"（理解为：{line(answer.standalone)}）"
    yield shown(answer.answer) if answer.refused else _body(answer)
    if answer.refused:
        if answer.unknown_terms:
            yield "文件里没有出现的词：" + "、".join(line(t) for t in answer.unknown_terms)
        if answer.passages:
            yield "\n最接近的段落："
            for passage in answer.passages[:3]:
                yield f"  · {line(passage.doc)} {line(passage.source)}".rstrip()
                yield f"    {_cut(line(passage.text), 120)}"
    elif answer.citations:
        yield ""
        for citation in answer.citations:
            yield from citation_text(citation)
    yield "\n" + _footer(answer)


def citation_text(citation: Citation) -> Iterator[str]:
    """A citation: where it stands, then the quote."""
    source = f" · {line(citation.source)}" if citation.source else ""
    yield f"[{citation.n}] {line(citation.doc)}{source}（第 {citation.start}–{citation.end} 字）"
    yield f"    「{line(citation.quote)}」"
    for place in citation.also[:3]:
        yield f"    同见 {line(place.doc)}（第 {place.start}–{place.end} 字）"


def _body(answer: Answer) -> str:
    if not (answer.sentences and colours()):
        return shown(answer.answer)
    parts = []
    for sentence in answer.sentences:
        marks = "".join(f"[{n}]" for n in sentence.citations)
        parts.append(f"{_bold(sentence)} {marks}".rstrip())
    return ("\n" if len(parts) > 2 else " ").join(parts)


def _bold(sentence: AnswerSentence) -> str:
    text, at = "", 0
    for start, end in sorted(sentence.key):
        if start >= at:
            text += shown(sentence.text[at:start]) + _BOLD + shown(sentence.text[start:end])
            text, at = text + _PLAIN, end
    return text + shown(sentence.text[at:])


def _footer(answer: Answer) -> str:
    mode = "抽取式回答" if answer.mode == "extractive" else "模型回答"
    parts = ["未找到答案" if answer.refused else mode]
    if answer.mode == "llm" and answer.sentences:
        good = sum(sentence.verdict == "supported" for sentence in answer.sentences)
        parts.append(f"{len(answer.sentences)} 句中 {good} 句可核实")
    if total := answer.timings_ms.get("total"):
        parts.append(f"{total:.0f} 毫秒")
    footer = "（" + " · ".join(parts) + "）"
    if answer.reason and not (answer.refused and answer.unknown_terms):
        footer += f"\n说明：{line(answer.reason)}"
    return footer


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


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
