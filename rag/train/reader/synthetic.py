"""Examples from articles alone: cloze questions over windows that answer them and that do not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rag.embed.static import StaticEmbedder
from rag.retrieve.question import PLACES
from rag.train.reader.cloze import SENTENCE, Cloze, answers, asking, compose, pick, surroundings
from rag.train.reader.examples import Example, example

CHARACTERS = 230
"""Length that a window aims at."""
A_QUESTION = 6
"""Questions an article."""
_DROPPED = frozenset("的了着过在是与和及将已也都就而其这那该并被把对从向为于等之以")
_SPAN_OF_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Material:
    """What the questions are made from: folded articles, their nearest others, everyday words
    for printed ones."""

    articles: Sequence[str]
    near: npt.NDArray[np.int64]
    model: StaticEmbedder
    everyday: dict[str, list[str]]


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans of a folded text's sentences."""
    return [m.span() for m in SENTENCE.finditer(text) if m[0].strip()]


def window_around(
    spans: Sequence[tuple[int, int]], at: int, rng: np.random.Generator
) -> tuple[int, int]:
    """Sentences around ``at`` up to about ``CHARACTERS``, as a span of the text."""
    first = last = at
    budget = int(CHARACTERS * rng.uniform(0.4, 1.15))
    while spans[last][1] - spans[first][0] < budget:
        back, on = first > 0, last + 1 < len(spans)
        if not back and not on:
            break
        if back and (not on or rng.random() < 0.5):
            first -= 1
        else:
            last += 1
    return spans[first][0], spans[last][1]


def noised(
    pieces: Sequence[tuple[str, int]],
    keep: float,
    material: Material,
    rng: np.random.Generator,
) -> list[str]:
    """Pieces of a question with some left out, the telling ones less often, and some replaced by
    an everyday word for them."""
    idf = material.model.idf
    out = []
    for piece, token_id in pieces:
        if piece in _DROPPED and rng.random() < 0.5:
            continue
        rare = float(idf[token_id]) / 9 if token_id >= 0 else 1.0
        if rng.random() > keep + (1 - keep) * 0.6 * min(1.0, rare):
            continue
        others = material.everyday.get(piece)
        if others and rng.random() < 0.35:
            piece = str(rng.choice(others))
        out.append(piece)
    return out


def question_of(cloze: Cloze, material: Material, rng: np.random.Generator) -> str:
    """ "" where too little is left to ask with."""
    before, after = surroundings(cloze, rng)
    keep = float(rng.uniform(0.25, 1.0))
    cut = [noised(material.model.pieces(part), keep, material, rng) for part in (before, after)]
    if sum(map(len, (p for part in cut for p in part))) < 4:
        return ""
    return compose(cut[0], asking(cloze, rng), cut[1], cloze.kind, rng)


def swapped(question: str, material: Material, rng: np.random.Generator) -> str:
    """The question with a number, place or rare word replaced by another; "" if there is none."""
    digits = list(_SPAN_OF_DIGITS.finditer(question))
    if digits and rng.random() < 0.6:
        match = digits[int(rng.integers(len(digits)))]
        other = str(max(1, int(match[0]) + int(rng.choice([-3, -2, -1, 1, 2, 3]))))
        return question[: match.start()] + other + question[match.end() :]
    place = next((p for p in PLACES if p in question), "")
    if place and rng.random() < 0.7:
        return question.replace(place, str(rng.choice([p for p in PLACES if p != place])), 1)
    model = material.model
    rare = [
        (piece, token_id)
        for piece, token_id in model.pieces(question)
        if token_id >= 0 and len(piece) > 1 and model.idf[token_id] > 7.0
    ]
    if not rare:
        return ""
    piece, token_id = rare[int(rng.integers(len(rare)))]
    pool = rng.integers(100, len(model.idf), size=400)
    pool = pool[model.idf[pool] > 6.5]
    vectors = model.token_vectors(pool)
    own = model.token_vectors(np.array([token_id]))[0]
    near = vectors @ own / (np.linalg.norm(vectors, axis=1) * np.linalg.norm(own) + 1e-9)
    for i in np.argsort(-near):
        other = model.token(int(pool[i]))
        if len(other) > 1 and near[i] < 0.55 and other not in question:
            return question.replace(piece, other, 1)
    return ""


def overlap(a: str, b: set[str]) -> int:
    return sum(a[i : i + 2] in b for i in range(len(a) - 1))


def bigrams(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}


def best_window(
    text: str,
    question: str,
    accept: Callable[[str], bool],
    rng: np.random.Generator,
) -> tuple[tuple[int, int], tuple[int, int], int] | None:
    """(window, sentence, overlap) around the accepted sentence that shares most with a question."""
    asked = bigrams(question)
    spans = sentences(text)
    scored = [(overlap(text[a:b], asked), i) for i, (a, b) in enumerate(spans) if accept(text[a:b])]
    if not scored:
        return None
    score, at = max(scored)
    return window_around(spans, at, rng), spans[at], score


def of_article(index: int, material: Material, seed: int) -> Iterator[Example]:
    """The examples of one article."""
    rng = np.random.default_rng((seed, index))
    text = material.articles[index]
    spans = sentences(text)
    found = [(i, cloze) for i, (a, b) in enumerate(spans) for cloze in answers(text[a:b])]
    if not found:
        return
    clozes = [cloze for _, cloze in found]
    places = {id(cloze): i for i, cloze in found}
    for _ in range(min(A_QUESTION, 2 + len(found))):
        cloze = pick(clozes, rng)
        made = _one(text, spans, places[id(cloze)], cloze, index, material, rng)
        if made is not None:
            yield made


def _one(
    text: str,
    spans: Sequence[tuple[int, int]],
    at: int,
    cloze: Cloze,
    index: int,
    material: Material,
    rng: np.random.Generator,
) -> Example | None:
    question = question_of(cloze, material, rng)
    if not question:
        return None
    tokenizer = material.model.tokenizer
    way, answer = rng.random(), cloze.answer
    near = [material.articles[int(i)] for i in material.near[index]]
    if way < 0.25:  # another article that says it, in its own words
        for other in near:
            if answer not in other or (cloze.kind == "number" and len(answer) < 3):
                continue
            hit = best_window(
                other,
                question,
                lambda s: (
                    answer in s and cloze.sentence[:20] not in s and s[:20] not in cloze.sentence
                ),
                rng,
            )
            if hit and hit[2] >= 3:
                (a, b), sentence, _ = hit
                begin = other.index(answer, sentence[0]) - a
                return example(
                    tokenizer, question, other[a:b], (begin, begin + len(answer)),
                    (sentence[0] - a, sentence[1] - a), 1,
                )  # fmt: skip
        way = 0.3
    if way < 0.60:
        a, b = window_around(spans, at, rng)
        begin = spans[at][0] + cloze.start - a
        return example(
            tokenizer, question, text[a:b], (begin, begin + len(answer)),
            (spans[at][0] - a, spans[at][1] - a), 0,
        )  # fmt: skip
    if way < 0.72:  # the same article without the sentence
        kept = [text[x:y] for i, (x, y) in enumerate(spans) if i != at and answer not in text[x:y]]
        rest = "".join(kept)
        hit = best_window(rest, question, lambda s: True, rng) if rest else None
        if hit:
            return example(tokenizer, question, rest[hit[0][0] : hit[0][1]], None, None, 2)
        return None
    if way < 0.88:  # a near article that does not say it
        best: tuple[int, str] | None = None
        for other in near:
            hit = best_window(other, question, lambda s: True, rng)
            if (
                hit
                and answer not in other[hit[0][0] : hit[0][1]]
                and (not best or hit[2] > best[0])
            ):
                best = hit[2], other[hit[0][0] : hit[0][1]]
        return example(tokenizer, question, best[1], None, None, 3) if best else None
    other_question = swapped(question, material, rng)
    if not other_question:
        return None
    a, b = window_around(spans, at, rng)
    return example(tokenizer, other_question, text[a:b], None, None, 4)
