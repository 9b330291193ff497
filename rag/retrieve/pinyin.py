"""Names in pinyin: what a romanised name may be in characters. A guess: only names that the
documents hold count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import product
from pathlib import Path

TABLE = Path(__file__).parent / "data" / "pinyin.txt"
_MOST = 300
"""Guesses a name: those of the most frequent characters."""
_SHORTEST = 6
"""Letters of a single word that is taken for pinyin: shorter ones are English too often."""
_SYLLABLES = 3


@lru_cache(maxsize=1)
def _table() -> Mapping[str, tuple[str, str]]:
    """Toneless syllable -> surnames, characters by how frequent they are in names."""
    rows = [
        line.split("\t")
        for line in TABLE.read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]
    return {syllable: (surnames, others) for syllable, surnames, others in rows}


def syllables(word: str) -> list[tuple[str, ...]]:
    """The ways to read a folded word as up to three syllables: xian is 先 and 西安."""
    return list(_split(word, _SYLLABLES))


def _split(word: str, most: int) -> Iterator[tuple[str, ...]]:
    if not word:
        yield ()
    elif most:
        for end in range(1, min(6, len(word)) + 1):
            if word[:end] in _table():
                for rest in _split(word[end:], most - 1):
                    yield (word[:end], *rest)


@lru_cache(maxsize=256)
def pinyin_names(phrase: str) -> tuple[str, ...]:
    """Han names that a folded phrase may romanise, at most 300; () for what is no pinyin.

    Two or three words are a person's name, surname first or last; one word of six letters or more
    is any name.
    """
    words = phrase.split()
    if not all(word.isascii() and word.isalpha() for word in words):
        return ()
    columns: list[tuple[str, ...]] = []
    if len(words) == 1 and len(phrase) >= _SHORTEST:
        columns = [
            (_table()[read[0]][0] + first, *rest)
            for read in syllables(phrase)
            if len(read) > 1
            for first, *rest in [_others(read)]
        ]
    elif len(words) in (2, 3):
        columns = [
            *_people(words[0], "".join(words[1:])),
            *_people(words[-1], "".join(words[:-1])),
        ]
    ranked = {
        "".join(character for _, character in name): sum(rank for rank, _ in name)
        for column in columns
        for name in product(*map(enumerate, column))
    }
    return tuple(sorted(ranked, key=lambda name: ranked[name])[:_MOST])


def _people(surname: str, given: str) -> Iterator[tuple[str, ...]]:
    """Surnames and, for each syllable of the given name, characters."""
    surnames = _table().get(surname, ("", ""))[0]
    if surnames:
        for read in syllables(given):
            if 0 < len(read) < _SYLLABLES:
                yield (surnames, *_others(read))


def _others(read: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_table()[syllable][1] for syllable in read)
