"""Examples from questions with known answers: the passage that holds the answer, near ones that do
not, and the question with one detail changed."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from rag.errors import EmbedderError
from rag.text import fold_text
from rag.train.reader.examples import LABELLED, LAST, SQUAD, Example, example
from rag.train.reader.synthetic import (
    Material,
    best_window,
    bigrams,
    overlap,
    sentences,
    swapped,
    window_around,
)

PARTS = 8
NEGATIVES = 2
"""Windows without the answer a question."""
SIBLINGS = 4
"""Passages of the same article that are tried before those of other documents."""
_LIGHT = re.compile(r"[的了呢吗吧啊呀]|请问|一共|具体|分别|[?？。]$")


@dataclass(frozen=True, slots=True)
class Row:
    """A question with its answers, passages that hold one and near ones that hold none."""

    question: str
    answers: tuple[str, ...]
    positive: tuple[str, ...]
    negative: tuple[str, ...]
    source: int = 10 * LABELLED
    """What its examples' sources are counted from (:func:`rag.train.reader.examples.style`)."""


def read_rows(passages: Sequence[Path], squad: Sequence[Path] = ()) -> list[Row]:
    """From files of `rag eval-set build --passages`; where a question is from one of the ``squad``
    files, the other passages of its article come first among those that do not answer. Raises
    EmbedderError."""
    rows: list[Row] = []
    for path in passages:
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
            rows += [_row(json.loads(line)) for line in lines if line.strip()]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise EmbedderError(
                f"{path} is no set of questions with passages ({error})",
                "make one with `rag eval-set build --passages`",
            ) from None
    around = {q: (i, *c) for i, path in enumerate(squad) for q, c in _contexts(path)}
    return [
        _of_squad(row, *around[row.question]) if row.question in around else row
        for row in rows
        if row.positive
    ]


def _row(record: Mapping[str, Any]) -> Row:
    question = record["query"] if "query" in record else record["question"]
    answers, positive, negative = (
        tuple(_texts(record[key])) for key in ("answer", "positive", "negative")
    )
    return Row(str(question), answers, positive, negative)


def _texts(value: Any) -> Iterator[str]:
    """A text, or those of lists, which some sets put into lists once more."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    else:
        raise ValueError("answer, positive or negative is neither a text nor a list")


def _contexts(path: Path) -> Iterator[tuple[str, tuple[str, list[str]]]]:
    """(question, (its paragraph, all paragraphs of the article)) of a file in SQuAD form."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))["data"]
        for article in data:
            paragraphs = [p["context"] for p in article["paragraphs"]]
            for p in article["paragraphs"]:
                for qa in p["qas"]:
                    yield qa["question"], (p["context"], paragraphs)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EmbedderError(
            f"{path} is no file in SQuAD form ({error})", "check the path"
        ) from None


def _of_squad(row: Row, number: int, own: str, paragraphs: Sequence[str]) -> Row:
    """Of the file ``number``: with what else the article says, the nearest first, before the other
    passages."""
    answers = [fold_text(answer) for answer in row.answers]
    at = own.find(row.positive[0])
    rest = (own[:at], own[at + len(row.positive[0]) :]) if at >= 0 else ()
    others = [p for p in (*rest, *(p for p in paragraphs if p != own)) if len(p) > 60]
    without = [p for p in others if not any(a in fold_text(p) for a in answers)]
    asked = bigrams(fold_text(row.question))
    without.sort(key=lambda p: -overlap(fold_text(p), asked) / len(p) ** 0.3)
    source = 10 * min(SQUAD + number, LAST)
    return replace(row, negative=(*without[:SIBLINGS], *row.negative), source=source)


def part(row: Row) -> int:
    """0 to ``PARTS - 1`` by the passage that answers: questions over one passage stay together."""
    return zlib.crc32(row.positive[0].encode("utf-8", "surrogatepass")) % PARTS


def shortened(question: str, rng: np.random.Generator) -> str:
    """As people type it: particles and the mark at the end left out."""
    return _LIGHT.sub(lambda m: "" if rng.random() < 0.7 else m[0], question)


def of_row(row: Row, material: Material, rng: np.random.Generator) -> Iterator[Example]:
    """The examples of one line of a passages set."""
    question = fold_text(row.question)
    asked = question if rng.random() < 0.6 else shortened(question, rng)
    tokenizer = material.model.tokenizer
    made = _positive(asked, row, rng)
    if made is None:
        return
    window, answer, sentence = made
    found = example(tokenizer, asked, window, answer, sentence, row.source)
    if found is not None:
        yield found
    near = row.negative[:6]
    for i in rng.permutation(len(near))[:NEGATIVES]:
        hit = best_window(fold_text(near[int(i)]), asked, lambda s: True, rng)
        if hit:
            text = fold_text(near[int(i)])
            found = example(tokenizer, asked, text[slice(*hit[0])], None, None, row.source + 1)
            if found is not None:
                yield found
    if rng.random() < 0.5:
        other = swapped(asked, material, rng)
        found = example(tokenizer, other, window, None, None, row.source + 2) if other else None
        if found is not None:
            yield found


def _positive(
    question: str, row: Row, rng: np.random.Generator
) -> tuple[str, tuple[int, int], tuple[int, int]] | None:
    """(window, answer, sentence): where several sentences print the answer, the one that shares
    most with the question."""
    wanted = bigrams(question)
    best: tuple[float, str, tuple[int, int], tuple[int, int]] | None = None
    for passage in row.positive:
        text = fold_text(passage)
        spans = sentences(text)
        for answer in map(fold_text, row.answers):
            for i, (a, b) in enumerate(spans):
                at = text.find(answer, a) if answer else -1
                if not 0 <= at < b or at + len(answer) > b:
                    continue
                score = overlap(text[a:b], wanted)
                if best is None or score > best[0]:
                    first, last = window_around(spans, i, rng)
                    best = (
                        score,
                        text[first:last],
                        (at - first, at + len(answer) - first),
                        (a - first, b - first),
                    )
    return best[1:] if best else None


def of_rows(
    rows: Sequence[Row], parts: Sequence[int], material: Material, seed: int
) -> list[Example]:
    """The examples of the rows in these ``parts``; another seed gives other windows."""
    rng = np.random.default_rng(seed)
    kept = [row for row in rows if part(row) in parts]
    return [found for row in kept for found in of_row(row, material, rng)]
