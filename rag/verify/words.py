"""The words of a claim and of its evidence, with places and weights, and which stand for which."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from rag.embed.static import StaticEmbedder
from rag.verify.amounts import Amount, amounts, plain
from rag.verify.paraphrase import SHARE, reworded

FloatMatrix = npt.NDArray[np.float32]

_CLAUSE = re.compile(r"[，,;:。!?]")
_CONTENT = re.compile(r"[a-z\u3400-\u9fff]")
_FUNCTION = frozenset(
    "的 了 是 在 于 和 与 及 并 对 为 也 将 已 则 就 都 而 其 以 至 到 从 由 向 被 把 该 此 这 那 等 还 又 个 年 月 日 "
    "时 分 万 亿 元 家 名 人 位 项 次 中 上 下 达 有 达到 共 约 超 近 据 称 说 表示 认为 指出 介绍 其中 分别 以及 并且 而且 "
    "超过 突破 左右 以上 超出 大约 多 余 今年 去年 目前 日表示 日在 年的 亿元 万元 同比 则是 只有 不 没 没有 未 无 后 前 之 "
    "来 它 他 她 我 们 他们 我们 这个 一个 一 两 二 三 四 五 六 七 八 九 十 成 倍 番 点 半 称 一共 总共 合计 共计 累计".split()
)
_GAP = 5
"""Between two characters of an abbreviation there are up to three others."""
_NEAR_COSINE = 0.14
_SAME_COSINE = 0.42
"""Cosines of static vectors between which two words count as more and more alike."""


@dataclass(frozen=True, slots=True)
class Word:
    """A content word at ``[start, end)`` of its text; ``weight`` is its idf, about 2 to 10."""

    text: str
    start: int
    end: int
    weight: float
    row: int


@dataclass(frozen=True, slots=True)
class View:
    """A text taken apart. ``clause[i]`` and ``part[i]`` number the clause and the text (of several)
    that character ``i`` belongs to."""

    text: str
    words: tuple[Word, ...]
    amounts: tuple[Amount, ...]
    clause: tuple[int, ...]
    part: tuple[int, ...]
    vectors: FloatMatrix
    """(words, d) unit rows; a word without a vector has zeros."""


@dataclass(frozen=True, slots=True)
class Match:
    """How well a claim's word is held by the evidence, in [0, 1], and the offsets where."""

    share: float
    places: tuple[int, ...]


@lru_cache(maxsize=1)
def static() -> StaticEmbedder:
    return StaticEmbedder()


@lru_cache(maxsize=128)
def view(texts: tuple[str, ...]) -> View:
    """Several texts as one; each is a part of its own."""
    model = static()
    whole = ""
    clause: list[int] = []
    part: list[int] = []
    number = 0
    words: list[Word] = []
    for index, text in enumerate(texts):
        said = plain(text) + "。"
        at = len(whole)
        for piece, row in _pieces(model, said):
            weight = float(model.idf[row]) if row >= 0 else 8.0
            if _CONTENT.search(piece) and piece not in _FUNCTION:
                words.append(Word(piece, at, at + len(piece), weight, row))
            at += len(piece)
        for char in said:
            clause.append(number)
            part.append(index)
            number += _CLAUSE.match(char) is not None
        whole += said
    rows = np.asarray([word.row for word in words], dtype=np.int64)
    vectors = np.zeros((len(words), model.dimension), dtype=np.float32)
    known = rows >= 0
    if known.any():
        vectors[known] = model.token_vectors(rows[known])
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    np.divide(vectors, norms, out=vectors, where=norms > 0)
    found = tuple(amounts(whole))
    inside = {at for amount in found for at in range(amount.start, amount.end)}
    keep = [i for i, word in enumerate(words) if not {word.start, word.end - 1} <= inside]
    return View(
        whole, tuple(words[i] for i in keep), found, tuple(clause), tuple(part), vectors[keep]
    )


def _pieces(model: StaticEmbedder, text: str) -> list[tuple[str, int]]:
    """The tokenizer's pieces, in order and without a gap (white space is a piece of its own)."""
    found: list[tuple[str, int]] = []
    at = 0
    unknown = model.tokenizer.token_to_id("[UNK]")
    encoding = model.tokenizer.encode(text, add_special_tokens=False)
    for row, (start, end) in zip(encoding.ids, encoding.offsets, strict=True):
        if start > at:
            found.append((text[at:start], -1))
        found.append((text[max(start, at) : end], -1 if row == unknown else row))
        at = max(at, end)
    return found


def match_words(claim: View, evidence: View) -> list[Match]:
    """One match for each word of the claim."""
    held = [word.text for word in evidence.words]
    close = (
        claim.vectors @ evidence.vectors.T
        if held and claim.words
        else np.zeros((len(claim.words), len(held)), dtype=np.float32)
    )
    found = [_match(word, close[i], evidence) for i, word in enumerate(claim.words)]
    for start, end, places in reworded(claim.text, evidence.text):
        for i, word in enumerate(claim.words):
            if found[i].share < SHARE and start <= word.start and word.end <= end:
                found[i] = Match(SHARE, places)
    return found


def _match(word: Word, close: FloatMatrix, evidence: View) -> Match:
    if places := occurrences(word.text, evidence.text):
        return Match(1.0, places)
    best, where = 0.0, -1
    for j, other in enumerate(evidence.words):
        alike = (float(close[j]) - _NEAR_COSINE) / (_SAME_COSINE - _NEAR_COSINE)
        score = max(min(1.0, alike) * 0.8, _shared(word.text, other.text))
        if score > best:
            best, where = score, other.start
    spread, first = _spread(word.text, evidence.text)
    if spread > best:
        best, where = spread, first
    return Match(max(0.0, best), (where,) if where >= 0 and best > 0.2 else ())


def occurrences(part: str, text: str) -> tuple[int, ...]:
    found = []
    at = text.find(part)
    while at >= 0:
        found.append(at)
        at = text.find(part, at + 1)
    return tuple(found)


def _shared(one: str, other: str) -> float:
    """How much of a word's writing another shares: 开启 and 开始 half, 增加额 and 增加 most."""
    if one[0].isascii() or other[0].isascii():
        return 0.0
    if len(one) > 2 and one[-2:] == other[-2:] and not set(one[:-2]) & set(other[:-2]):
        return 0.25  # 剑桥大学 and 牛津大学 share what kind of thing they are
    common = len(set(one) & set(other))
    return 0.9 * common / max(len(one), min(len(other), len(one) + 1)) if common else 0.0


def _spread(word: str, text: str) -> tuple[float, int]:
    """Abbreviations: 北大 stands in 北京大学, its characters in order within a few."""
    if len(word) < 2 or word[0].isascii():
        return 0.0, -1
    if not all(char in text for char in word):
        return 0.0, -1
    for start in occurrences(word[0], text):
        reached = {start}
        for char in word[1:]:
            reached = {
                at
                for place in reached
                for at in range(place + 1, place + _GAP)
                if text[at : at + 1] == char
            }
        if reached:
            return 0.85, start
    return 0.0, -1
