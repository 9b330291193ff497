"""Folding: the form in which texts are compared, never shown.

Folding is context-free: what becomes of a character does not depend on its neighbours (white space
apart). So a part of a text folds to a part of the folded text, and a map of offsets is exact.
That is also why traditional characters are folded one by one from OpenCC's table and not by its
phrases: 乾隆 and 乾燥 get one 乾, on both sides of a comparison.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

CJK = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Characters written without spaces, for use inside a regular expression's brackets."""

_COMBINING = re.compile("[\u0300-\u036f]")
_DROPPED = frozenset({"Cf", "Cc", "Cs", "Co", "Cn"})
_SPACES = re.compile(" {2,}")
_CJK_SPACE = re.compile(f" (?:(?=[{CJK}])|(?<=[{CJK}] ))")
_HAN_BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x2A6E0))


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text with its way back.

    ``offsets[i]`` is the offset in the original of folded character ``i``; the last entry, one
    more than there are characters, is where the original's last matched character ends.
    """

    text: str
    offsets: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span in the original of the folded span ``[start, end)``, which must not be empty."""
        return self.offsets[start], self.offsets[end - 1] + 1


@lru_cache(maxsize=1)
def simplified_characters() -> dict[int, str]:
    """OpenCC's traditional-to-simplified table, single characters only: code point -> character.

    One call of OpenCC over all Han characters, each on a line of its own so that no phrase
    applies; repeated until nothing changes, so that folding twice is folding once.
    """
    import opencc

    converter = opencc.OpenCC("t2s")
    characters = "\n".join(chr(code) for low, high in _HAN_BLOCKS for code in range(low, high))
    table: dict[int, str] = {}
    simple = converter.convert(characters)
    for old, new in zip(characters.split("\n"), simple.split("\n"), strict=True):
        if old != new:
            table[ord(old)] = new
    for code, new in table.items():
        while len(new) == 1 and ord(new) in table and table[ord(new)] != new:
            if ord(table[ord(new)]) == code:
                break
            new = table[ord(new)]
        table[code] = new
    return table


class _Table(dict[int, str]):
    """Code point -> folded text, filled as characters are met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if character.isspace():
            folded = " "
        elif code < 0x80:
            folded = "" if unicodedata.category(character) == "Cc" else character.lower()
        elif 0x4E00 <= code < 0xA000 or 0x3400 <= code < 0x4DC0:
            folded = simplified_characters().get(code, character)
        else:
            folded = _fold_rare(character)
        self[code] = folded
        return folded


def _fold_rare(character: str) -> str:
    """A character outside ASCII and the main Han blocks.

    Latin accents go, so that a composed and a decomposed é are one; variation selectors are marks
    without a letter and go too.
    """
    for _ in range(4):  # a compatibility form may hold capitals, and these may decompose again
        wide = unicodedata.normalize("NFKD", character).lower()
        bare = _COMBINING.sub("", wide)
        folded = unicodedata.normalize("NFKC", bare if bare != wide else character).lower()
        folded = _COMBINING.sub("", folded)
        if folded == character:
            break
        character = folded
    simple = simplified_characters()
    return "".join(
        " " if c.isspace() else simple.get(ord(c), c)
        for c in folded
        if (c.isspace() or unicodedata.category(c) not in _DROPPED)
        and not ("\ufe00" <= c <= "\ufe0f" or 0xE0100 <= ord(c) <= 0xE01EF)
    )


_TABLE = _Table()


def fold_text(text: str) -> str:
    """``text`` as it is compared: NFKC, lower, simplified, no accents, nothing invisible.

    White space is dropped next to Han, kana and Hangul, is one space elsewhere, and goes at both
    ends. ``fold_text(fold_text(x)) == fold_text(x)``.
    """
    return _fold_short(text) if len(text) <= 64 else _fold(text)


def _fold(text: str) -> str:
    folded = text.translate(_TABLE)
    if " " in folded:
        folded = _CJK_SPACE.sub("", _SPACES.sub(" ", folded.strip(" ")))
    return folded


_fold_short = lru_cache(maxsize=8192)(_fold)


def fold(text: str) -> Folded:
    """:func:`fold_text` with the map of offsets; ``fold(x).text == fold_text(x)``."""
    target = fold_text(text)
    characters: list[str] = []
    offsets: list[int] = []
    pending = -1  # a space is only kept once its right neighbour is known
    table = _TABLE
    for offset, character in enumerate(text):
        for folded in table[ord(character)]:
            if folded == " ":
                if pending < 0:
                    pending = offset
                continue
            if pending >= 0:
                if characters and not (_is_cjk(characters[-1]) or _is_cjk(folded)):
                    characters.append(" ")
                    offsets.append(pending)
                pending = -1
            characters.append(folded)
            offsets.append(offset)
    offsets.append(offsets[-1] + 1 if offsets else 0)
    result = "".join(characters)
    assert result == target, "fold and fold_text must agree"
    return Folded(result, tuple(offsets))


_IS_CJK = re.compile(f"[{CJK}]")


def _is_cjk(character: str) -> bool:
    return _IS_CJK.match(character) is not None
