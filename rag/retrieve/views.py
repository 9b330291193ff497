"""Question and text prepared for comparison, and how well they match word by word."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from rag.retrieve.aliases import Aliases
from rag.retrieve.question import Asked, content_grams
from rag.text.tokens import tokens
from rag.types import FloatMatrix


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question with its n-grams, words and vectors; weights sum to 1 each, rarities are 0 to 1."""

    asked: Asked
    grams: tuple[str, ...]
    gram_weights: npt.NDArray[np.float32]
    words: tuple[str, ...]
    word_weights: npt.NDArray[np.float32]
    word_rarity: npt.NDArray[np.float32]
    word_vectors: FloatMatrix
    vector: npt.NDArray[np.float32]
    aliases: tuple[frozenset[str], ...]
    alias_grams: tuple[frozenset[str], ...]
    focus: tuple[tuple[str, frozenset[str], npt.NDArray[np.float32]], ...] = ()


@dataclass(frozen=True, slots=True)
class TextView:
    """A text with its folded form, tokens and unit token vectors."""

    folded: str
    tokens: frozenset[str]
    vectors: FloatMatrix
    vector: npt.NDArray[np.float32]


def gram_matches(question: QuestionView, text: TextView) -> npt.NDArray[np.float32]:
    """(grams,) 1 where the text holds the n-gram or an alias of the word around it."""
    folded = text.folded
    found = [
        1.0
        if gram in text.tokens or (not gram.isascii() and gram in folded)
        else 0.9
        if others and one_stands_in(others, folded)
        else 0.0
        for gram, others in zip(question.grams, question.alias_grams, strict=True)
    ]
    return np.asarray(found, dtype=np.float32)


def word_matches(
    question: QuestionView, text: TextView
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """(words,) exact and soft matches in [0, 1]: the word itself or an alias, a share of its
    characters' pairs, or the nearest token by cosine."""
    folded = text.folded
    found: list[float] = []
    for word, others in zip(question.words, question.aliases, strict=True):
        if stands_in(word, folded):
            found.append(1.0)
        elif others and one_stands_in(others, folded):
            found.append(0.95)
        elif len(word) >= 3 and not word.isascii():
            pairs = _pairs(word)
            found.append(0.9 * len([1 for pair in pairs if pair in folded]) / len(pairs))
        else:
            found.append(0.0)
    exact = np.asarray(found, dtype=np.float32)
    soft = exact
    if len(text.vectors) and len(question.words):
        nearest = (question.word_vectors @ text.vectors.T).max(axis=1)
        soft = np.maximum(soft, np.clip((nearest - 0.25) / 0.45, 0, 1) * 0.8)
    return exact, soft


def stands_in(word: str, folded: str) -> bool:
    """Whether a folded text holds a word; a Latin one or a number only whole, an office not where
    only its deputy is spoken of (市长 in 副市长)."""
    if word not in folded:
        return False
    if word.isascii():
        return _whole(word).search(folded) is not None
    if word[-1] in _OFFICES and f"副{word}" in folded and word[0] != "副":
        return word in folded.replace(f"副{word}", "")
    return True


def one_stands_in(words: frozenset[str], folded: str) -> bool:
    """Whether a folded text holds one of the words."""
    # Asked here as well: most do not stand there, and a call for each is a tenth of an answer.
    return any(stands_in(word, folded) for word in words if word in folded)


@lru_cache(maxsize=4096)
def _pairs(word: str) -> tuple[str, ...]:
    return tuple(word[i : i + 2] for i in range(len(word) - 1))


_OFFICES = frozenset("长席任记理裁")
"""What the names of offices end in: 市长, 主席, 主任, 书记, 经理, 总裁."""


@lru_cache(maxsize=4096)
def _whole(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z0-9.]){re.escape(word)}(?![a-z0-9]|\.\d)")


def longest_run(core: str, folded: str) -> int:
    """Length of the longest stretch of ``core`` (without white space) that stands in ``folded``."""
    text = core.replace(" ", "")
    best = 0
    for start in range(len(text)):
        while start + best < len(text) and text[start : start + best + 1] in folded:
            best += 1
    return best


def word_match(
    word: str, others: frozenset[str], vector: npt.NDArray[np.float32], text: TextView
) -> float:
    """How well a text holds one word, in [0, 1]: it itself, another name, most of its characters'
    pairs, or a token close to it."""
    if stands_in(word, text.folded):
        return 1.0
    if one_stands_in(others, text.folded):
        return 0.9
    score = 0.0
    if len(word) >= 3 and not word.isascii():
        pairs = _pairs(word)
        score = 0.8 * len([1 for pair in pairs if pair in text.folded]) / len(pairs)
    if len(text.vectors):
        near = (float((text.vectors @ vector).max()) - 0.4) / 0.3
        score = max(score, 0.7 * min(1.0, max(0.0, near)))
    return score


def idf_weights(values: Sequence[float]) -> npt.NDArray[np.float32]:
    """Non-negative weights that sum to 1 (equal where all are zero)."""
    row = np.maximum(np.asarray(values, dtype=np.float32), 0.05)
    return row / row.sum() if len(row) else row


def question_view(
    asked: Asked,
    words: Sequence[tuple[str, float]],
    word_vectors: FloatMatrix,
    vector: npt.NDArray[np.float32],
    gram_idf: Callable[[str], float],
    aliases: Aliases,
    focus: Sequence[tuple[str, npt.NDArray[np.float32]]] = (),
) -> QuestionView:
    """Assembles a :class:`QuestionView`; ``words`` are (folded word, idf)."""
    grams = content_grams(asked.runs)
    spans_of: list[frozenset[str]] = []
    for gram in grams:
        around = {
            other
            for word, _ in words
            if gram in word or word in gram
            for other in aliases.of(word) | aliases.of(gram)
        }
        spans_of.append(frozenset(around | aliases.of(gram)))
    return QuestionView(
        asked=asked,
        grams=tuple(grams),
        gram_weights=idf_weights([gram_idf(gram) for gram in grams]),
        words=tuple(word for word, _ in words),
        word_weights=idf_weights([idf for _, idf in words]),
        word_rarity=np.asarray([idf for _, idf in words], dtype=np.float32),
        word_vectors=word_vectors,
        vector=vector,
        aliases=tuple(aliases.of(word) for word, _ in words),
        alias_grams=tuple(spans_of),
        focus=tuple((word, aliases.of(word), vector) for word, vector in focus),
    )


def text_view(
    text: str, folded: str, vectors: FloatMatrix, vector: npt.NDArray[np.float32]
) -> TextView:
    """Assembles a :class:`TextView`."""
    return TextView(folded, frozenset(tokens(text)), vectors, vector)
