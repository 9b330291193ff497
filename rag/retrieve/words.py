"""The words of a question's runs: tokens of the built-in model, joined where it cuts too fine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rag.embed.static import StaticEmbedder

_SUFFIXES = frozenset("费率额量数价值期度力法区网局院者物器机证书号码表")
"""Characters that close a compound: 参会 | 费 is one word, 参会费."""
_LOOSE = frozenset(
    "的了是在和与及对于从由被把将也都就而或其这那个之为以到等并所本该此着过要会能可有没不很更最又再还让给跟向往里上下内外中"
    "前后时样事条次家位项名款件些每各另某做搞用拿去来看说讲叫使登点人年月日天"
)
"""Characters that are words of their own or none: never part of a joined word."""
_LONGEST = 6


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word with the ids of its known tokens (none for a word the model never saw)."""

    text: str
    ids: tuple[int, ...]

    def vector(self, model: StaticEmbedder) -> npt.NDArray[np.float32]:
        """(d,) the sum of its tokens' vectors, not normalised."""
        if not self.ids:
            return np.zeros(model.dimension, dtype=np.float32)
        rows: npt.NDArray[np.float32] = model.token_vectors(np.asarray(self.ids, dtype=np.int64))
        total: npt.NDArray[np.float32] = rows.sum(axis=0)
        return total


def words_of(
    model: StaticEmbedder, run: str, known: Callable[[str], bool] = lambda text: False
) -> list[Word]:
    """The words of an unbroken run, in order.

    Names that the vocabulary lacks come as single characters (红 | 楼 | 梦): these are joined again;
    two of them that make a ``known`` word (老 | 外) are that word.
    """
    words: list[Word] = []
    loose: list[tuple[str, int]] = []
    for piece, token_id in _paired(list(model.pieces(run)), known):
        if len(piece) == 1 and not piece.isascii() and piece not in _LOOSE:
            if not loose and words and piece in _SUFFIXES and 2 <= len(words[-1].text) <= 3:
                words[-1] = Word(words[-1].text + piece, (*words[-1].ids, *_known(token_id)))
            else:
                loose.append((piece, token_id))
            continue
        words += _join(loose)
        loose = []
        words.append(Word(piece, tuple(_known(token_id))))
    return words + list(_join(loose))


def _paired(
    pieces: list[tuple[str, int]], known: Callable[[str], bool]
) -> Iterator[tuple[str, int]]:
    """The pieces, two single characters that make a known word as one piece without an id."""
    at = 0
    while at < len(pieces):
        pair = pieces[at : at + 2]
        text = "".join(piece for piece, _ in pair)
        if len(text) == len(pair) == 2 and known(text):
            yield text, -1
            at += 2
        else:
            yield pieces[at]
            at += 1


def _join(pieces: list[tuple[str, int]]) -> Iterator[Word]:
    for start in range(0, len(pieces), _LONGEST):
        part = pieces[start : start + _LONGEST]
        ids = tuple(token_id for _, token_id in part if token_id >= 0)
        yield Word("".join(piece for piece, _ in part), ids)


def _known(token_id: int) -> list[int]:
    return [token_id] if token_id >= 0 else []
