"""Examples of questions that were written over printed passages: the passage that answers, and what
does not: other sentences, a passage that leaves it open, texts on like matters."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from rag.text.normalise import Folded, fold, fold_text
from rag.train.reader.examples import ASKED, Example, example
from rag.train.reader.labelled import shortened
from rag.train.reader.passages import Passage, part_of
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
"""and to an article near to it, most often on the same event,"""
FARTHER = 0.3
"""and to one near to that: like things of another place, firm or person."""
INLINE = 60
"""Of so many texts without a source one is chosen in its stead."""
_SOURCE = 10 * ASKED
"""What its examples' sources are counted from (:func:`rag.train.reader.examples.style`)."""


@dataclass(frozen=True, slots=True)
class Beside:
    """Folded texts that a text is not, near to it and farther."""

    near: tuple[str, ...] = ()
    farther: tuple[str, ...] = ()


def of_passages(
    passages: Sequence[Passage], parts: Sequence[int], material: Material, seed: int
) -> list[Example]:
    """The examples of the passages in these ``parts``; another seed gives other windows."""
    rng = np.random.default_rng(seed)
    place = {text: i for i, text in enumerate(material.articles)}
    chosen = [passage for passage in passages if part_of(passage) in parts]
    inline = [fold_text(passage.text) for passage in chosen if not passage.source]
    found: list[Example] = []
    for passage in chosen:
        if passage.source:
            beside = _beside(place.get(fold_text(passage.text)), material)
        else:  # its own text may be drawn too: it prints the answers and is passed over
            drawn = rng.choice(len(inline), min(INLINE, len(inline)), replace=False)
            beside = Beside((), tuple(inline[i] for i in drawn.tolist()))
        found += of_passage(passage, beside, material, rng)
    return found


def _beside(at: int | None, material: Material) -> Beside:
    """Of an article its neighbours, and the neighbours of these."""
    if at is None:
        return Beside()
    near = dict.fromkeys(material.near[at].tolist())
    second = dict.fromkeys(j for i in near for j in material.near[i].tolist())
    farther = [i for i in second if i not in near and i != at]
    text = material.articles
    return Beside(tuple(text[i] for i in near), tuple(text[i] for i in farther))


def of_passage(
    passage: Passage, beside: Beside, material: Material, rng: np.random.Generator
) -> Iterator[Example]:
    """The examples of one passage."""
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
                yield from _some(example(tokenizer, question, window, None, None, _SOURCE + 2))
            continue
        answer = _folded(whole, asked.answer)
        at = bisect_right([a for a, _ in spans], answer[0]) - 1
        if at < 0 or not answer[0] < answer[1] <= spans[at][1]:
            continue
        a, b = window_around(spans, at, rng)
        yield from _some(
            example(
                tokenizer, question, whole.text[a:b], (answer[0] - a, answer[1] - a),
                (spans[at][0] - a, spans[at][1] - a), _SOURCE,
            )
        )  # fmt: skip
        said = whole.text[slice(*answer)]
        yield from _without(question, said, whole.text, spans, at, beside, material, rng)
        if rng.random() < 0.25:
            other = swapped(question, material, rng)
            if other:
                yield from _some(
                    example(tokenizer, other, whole.text[a:b], None, None, _SOURCE + 3)
                )


def _without(
    question: str,
    answer: str,
    text: str,
    spans: Sequence[tuple[int, int]],
    at: int,
    beside: Beside,
    material: Material,
    rng: np.random.Generator,
) -> Iterator[Example]:
    """Windows that do not print the answer: of the same text, of one near to it, of one farther."""
    tokenizer = material.model.tokenizer
    if rng.random() < ELSEWHERE:
        kept = [text[a:b] for i, (a, b) in enumerate(spans) if i != at and answer not in text[a:b]]
        rest = "".join(kept)
        hit = best_window(rest, question, lambda s: True, rng) if rest else None
        # Where a sentence is taken out, the two beside it may print the answer between them.
        if hit and answer not in rest[slice(*hit[0])]:
            yield from _some(
                example(tokenizer, question, rest[slice(*hit[0])], None, None, _SOURCE + 1)
            )
    for share, texts, kind in ((NEAR, beside.near, 4), (FARTHER, beside.farther, 5)):
        others = [other for other in texts if answer not in other]
        if not others or rng.random() >= share:
            continue
        asked = bigrams(question)
        best = max(others, key=lambda other: overlap(other, asked) / len(other) ** 0.3)
        hit = best_window(best, question, lambda s: True, rng)
        if hit:
            window = best[slice(*hit[0])]
            yield from _some(example(tokenizer, question, window, None, None, _SOURCE + kind))


def _folded(whole: Folded, span: tuple[int, int]) -> tuple[int, int]:
    """The folded span of a span of the original."""
    offsets = whole.offsets[:-1]
    return bisect_left(offsets, span[0]), bisect_left(offsets, span[1])


def _some(found: Example | None) -> Iterator[Example]:
    if found is not None:
        yield found
