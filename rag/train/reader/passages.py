"""Questions that were written over printed passages, as they are kept in files.

A line of such a file is one passage: ``{"source": "news/n00000", "passage": [start, end],
"questions": [[question, start, end], [question], …]}`` in code points of the source's text, a
question without numbers being one that the passage does not answer; ``"text"`` instead of
``source`` holds a text of its own. ``squad/FILE/i/j`` is a paragraph of a file in SQuAD form.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import EmbedderError
from rag.train.corpus import article_texts, text_lines
from rag.train.reader.labelled import PARTS

_TEXTS = "give --corpus the folder of the articles, --squad the files of the paragraphs"
_FORM = "a line is {source or text, passage, questions: [[question, start, end], [question]]}"


@dataclass(frozen=True, slots=True)
class Asked:
    """``answer`` is a span of the text, None where the passage does not say it."""

    question: str
    answer: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Passage:
    """``start`` and ``end`` are what the questions were written over; ``text`` is all of it."""

    source: str
    text: str
    start: int
    end: int
    questions: tuple[Asked, ...]


def read_asked(
    files: Sequence[Path],
    corpus: Path | None,
    squad: Sequence[Path],
    say: Callable[[str], None],
) -> list[Passage]:
    """The passages whose texts are there: articles are looked for in the folder ``corpus``,
    paragraphs in the ``squad`` files. ``say`` is told in a line how many of a file are left out.
    Raises EmbedderError, also where nothing of a file is left."""
    held = [(path, list(_records(path))) for path in files]
    wanted = {str(record.get("source", "")) for _, records in held for record in records}
    texts = dict(article_texts(wanted, corpus)) if corpus else {}
    texts |= dict(_paragraphs(wanted, squad))
    every: list[Passage] = []
    for path, records in held:
        found = [passage for record in records if (passage := _passage(record, texts)) is not None]
        if not records:
            raise EmbedderError(f"{path.name} holds no passage with questions", _FORM)
        missing = len(records) - len(found)
        left_out = EmbedderError(
            f"{path.name}: {missing} of {len(records)} passages left out, their texts are missing",
            _TEXTS,
        )
        if not found:
            raise left_out
        if missing:
            say(str(left_out))
        every += found
    return every


def _records(path: Path) -> Iterator[Mapping[str, Any]]:
    for number, line in enumerate(text_lines(path), 1):
        if line.strip():
            yield _record(line, f"{path.name}, line {number}")


def _record(line: str, where: str) -> Mapping[str, Any]:
    try:
        record: Mapping[str, Any] = json.loads(line)
        if ("source" in record) == ("text" in record):
            raise ValueError("needs one of source and text")
        start, end = map(int, record["passage"])
        for question, *span in record["questions"]:
            a, b = map(int, span) if span else (start, end)
            if not isinstance(question, str) or not 0 <= start <= a < b <= end:
                raise ValueError(f"{question!r} has no span inside its passage")
        if "text" in record and end > len(str(record["text"])):
            raise ValueError("its text ends before the passage")
        return record
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        raise EmbedderError(f"{where} is no passage with questions ({error})", _FORM) from None


def _passage(record: Mapping[str, Any], texts: Mapping[str, str]) -> Passage | None:
    """None where the text is not there, or shorter than the passage."""
    source = str(record.get("source", ""))
    text = str(record["text"]) if "text" in record else texts.get(source, "")
    start, end = map(int, record["passage"])
    if end > len(text):
        return None
    asked = tuple(
        Asked(question, (int(span[0]), int(span[1])) if span else None)
        for question, *span in record["questions"]
    )
    return Passage(source, text, start, end, asked)


def _paragraphs(wanted: set[str], squad: Sequence[Path]) -> Iterator[tuple[str, str]]:
    for path in squad:
        if not any(source.startswith(f"squad/{path.name}/") for source in wanted):
            continue
        try:
            for i, article in enumerate(json.loads(path.read_text(encoding="utf-8"))["data"]):
                for j, paragraph in enumerate(article["paragraphs"]):
                    yield f"squad/{path.name}/{i}/{j}", str(paragraph["context"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise EmbedderError(
                f"{path} is no file in SQuAD form ({error})", "check the path"
            ) from None


def part_of(passage: Passage) -> int:
    """0 to ``PARTS - 1`` by the passage's text: its questions stay together."""
    text = passage.text[passage.start : passage.end]
    return zlib.crc32(text.encode("utf-8", "surrogatepass")) % PARTS
