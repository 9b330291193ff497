"""Questions that were written over printed passages, with where the answer stands, as examples.

A line of such a file is one passage: ``{"source": "news/n00000", "passage": [start, end],
"questions": [[question, start, end], [question], …]}`` in code points of the source's text, a
question without numbers being one that the passage does not answer; ``"text"`` instead of
``source`` holds a text of its own. ``squad/FILE/i/j`` is a paragraph of a file in SQuAD form.
"""

from __future__ import annotations

import json
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rag.errors import EmbedderError
from rag.text.normalise import Folded, fold, fold_text
from rag.train.corpus import article_texts, text_lines
from rag.train.reader.examples import Example, example
from rag.train.reader.labelled import PARTS, shortened
from rag.train.reader.synthetic import (
    Material,
    best_window,
    bigrams,
    overlap,
    sentences,
    swapped,
    window_around,
)

ELSEWHERE = 0.4
"""Share of the answered questions that are also put to the rest of their text,"""
NEAR = 0.2
"""and to an article near to it."""
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


def of_passages(
    passages: Sequence[Passage], parts: Sequence[int], material: Material, seed: int
) -> list[Example]:
    """The examples of the passages in these ``parts``; another seed gives other windows."""
    rng = np.random.default_rng(seed)
    place = {text: i for i, text in enumerate(material.articles)}
    found: list[Example] = []
    for passage in passages:
        if part_of(passage) in parts:
            at = place.get(fold_text(passage.text))
            near = [] if at is None else [material.articles[int(i)] for i in material.near[at]]
            found += of_passage(passage, near, material, rng)
    return found


def of_passage(
    passage: Passage, near: Sequence[str], material: Material, rng: np.random.Generator
) -> Iterator[Example]:
    """The examples of one passage; ``near`` are folded articles near to its text."""
    whole = fold(passage.text)
    spans = sentences(whole.text)
    tokenizer = material.model.tokenizer
    for asked in passage.questions:
        question = fold_text(asked.question)
        if rng.random() < 0.3:
            question = shortened(question, rng)
        if asked.answer is None:
            a, b = _folded(whole, (passage.start, passage.end))
            hit = best_window(whole.text[a:b], question, lambda s: True, rng)
            if hit:
                window = whole.text[a:b][slice(*hit[0])]
                yield from _some(example(tokenizer, question, window, None, None, 22))
            continue
        answer = _folded(whole, asked.answer)
        at = bisect_right([a for a, _ in spans], answer[0]) - 1
        if at < 0 or not answer[0] < answer[1] <= spans[at][1]:
            continue
        a, b = window_around(spans, at, rng)
        yield from _some(
            example(
                tokenizer, question, whole.text[a:b], (answer[0] - a, answer[1] - a),
                (spans[at][0] - a, spans[at][1] - a), 20,
            )
        )  # fmt: skip
        said = whole.text[slice(*answer)]
        yield from _without(question, said, whole.text, spans, at, near, material, rng)
        if rng.random() < 0.25:
            other = swapped(question, material, rng)
            if other:
                yield from _some(example(tokenizer, other, whole.text[a:b], None, None, 23))


def _without(
    question: str,
    answer: str,
    text: str,
    spans: Sequence[tuple[int, int]],
    at: int,
    near: Sequence[str],
    material: Material,
    rng: np.random.Generator,
) -> Iterator[Example]:
    """Windows that do not print the answer: of the same text, of a near one."""
    tokenizer = material.model.tokenizer
    if rng.random() < ELSEWHERE:
        kept = [text[a:b] for i, (a, b) in enumerate(spans) if i != at and answer not in text[a:b]]
        rest = "".join(kept)
        hit = best_window(rest, question, lambda s: True, rng) if rest else None
        # Where a sentence is taken out, the two beside it may print the answer between them.
        if hit and answer not in rest[slice(*hit[0])]:
            yield from _some(example(tokenizer, question, rest[slice(*hit[0])], None, None, 21))
    if rng.random() < NEAR:
        asked = bigrams(question)
        others = [other for other in near if answer not in other]
        if others:
            best = max(others, key=lambda other: overlap(other, asked) / len(other) ** 0.3)
            hit = best_window(best, question, lambda s: True, rng)
            if hit:
                yield from _some(example(tokenizer, question, best[slice(*hit[0])], None, None, 24))


def _folded(whole: Folded, span: tuple[int, int]) -> tuple[int, int]:
    """The folded span of a span of the original."""
    offsets = whole.offsets[:-1]
    return bisect_left(offsets, span[0]), bisect_left(offsets, span[1])


def _some(found: Example | None) -> Iterator[Example]:
    if found is not None:
        yield found
