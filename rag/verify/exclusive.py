"""A word of a closed group where the evidence has another of the group in the same place.

硕士 for 博士, 主持 for 出席, 执政党 for 在野党: words that exclude each other are laid on their neighbours.
A word that the evidence has nowhere needs one neighbour in common with its rival; one that it has
elsewhere needs both.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

from rag.verify.amounts import plain
from rag.verify.items import Laid
from rag.verify.names import NO_DOUBT, Doubt
from rag.verify.spans import Sizes, longest, sizes

_LONGEST = 8
_NEIGHBOUR = re.compile(r"[\u3400-\u9fffa-z\d]{2}")
BOTH, ONE, NEAR = 1.0, 0.8, 0.5
"""How surely a word is another's: by the neighbours on both sides, on one, by its clause alone."""
_TIED = 0.36
"""How near the rest of the claim's clause must stand to a rival without a common neighbour."""


@lru_cache(maxsize=1)
def _groups() -> dict[str, frozenset[tuple[int, int]]]:
    """The (group, number in it) of each word."""
    lines = (files("rag.verify") / "data" / "exclusive.txt").read_text("utf-8").splitlines()
    table: dict[str, set[tuple[int, int]]] = {}
    for group, line in enumerate(line for line in lines if line[:1] not in {"#", ""}):
        for number, entry in enumerate(line.split()):
            for word in entry.split("="):
                table.setdefault(plain(word), set()).add((group, number))
    return {word: frozenset(at) for word, at in table.items()}


@lru_cache(maxsize=1)
def _sizes() -> Sizes:
    return sizes(_groups())


@lru_cache(maxsize=256)
def _members(text: str) -> tuple[tuple[str, int, int], ...]:
    """(word, start, end) of the words of a plain text that belong to a group."""
    spans = longest(text, _groups(), _LONGEST, _sizes())
    return tuple((text[start:end], start, end) for start, end in spans)


def grouped(text: str) -> list[tuple[str, str, int, int]]:
    """(group, number in it, start, end) of the words of a plain text that belong to a group."""
    table = _groups()
    return [
        (str(group), str(number), start, end)
        for word, start, end in _members(text)
        for group, number in sorted(table[word])
    ]


def excluded(laid: Laid) -> Doubt:
    """The claim's word, and the one that the evidence has in its place."""
    best, table = NO_DOUBT, _groups()
    said, theirs = laid.claim.text, _members(laid.evidence.text)
    near = laid.evidence.text + laid.context.text
    for word, start, end in _members(said):
        mine = table[word]
        rivals = [r for r in theirs if _exclude(mine, table[r[0]]) and word not in r[0]]
        if not rivals:
            continue
        alike = [w for w in _alike(mine) if w in near]
        for rival in rivals:
            sides = _sides(laid, (start, end), rival[1:])
            if alike:
                strength = BOTH if sides == 2 and not _printed(laid, start, end) else 0.0
            elif rival[0] in said:
                strength = 0.0
            elif sides:
                strength = BOTH if sides == 2 else ONE
            else:
                strength = NEAR if laid.cohesion(start, rival[1]) >= _TIED else 0.0
            if strength > best.strength:
                best = Doubt(strength, word, rival[0])
    return best


def _exclude(one: frozenset[tuple[int, int]], other: frozenset[tuple[int, int]]) -> bool:
    """Whether two words are of one group, and nowhere the same."""
    groups = {group for group, _ in other}
    return not one & other and any(group in groups for group, _ in one)


@lru_cache(maxsize=512)
def _alike(places: frozenset[tuple[int, int]]) -> tuple[str, ...]:
    """All writings of a word."""
    return tuple(word for word, at in _groups().items() if at & places)


def _printed(laid: Laid, start: int, end: int) -> bool:
    """Whether the evidence has the claim's word beside one of its neighbours."""
    said, held = laid.claim.text, laid.evidence.text
    left, right = said[max(0, start - 2) : start], said[end : end + 2]
    return (bool(_NEIGHBOUR.fullmatch(left)) and left + said[start:end] in held) or (
        bool(_NEIGHBOUR.fullmatch(right)) and said[start:end] + right in held
    )


def _sides(laid: Laid, mine: tuple[int, int], theirs: tuple[int, int]) -> int:
    """On how many sides two words have the same two characters beside them."""
    said, held = laid.claim.text, laid.evidence.text
    left = said[max(0, mine[0] - 2) : mine[0]]
    right = said[mine[1] : mine[1] + 2]
    before = held[max(0, theirs[0] - 2) : theirs[0]]
    behind = held[theirs[1] : theirs[1] + 2]
    return (bool(_NEIGHBOUR.fullmatch(left)) and left == before) + (
        bool(_NEIGHBOUR.fullmatch(right)) and right == behind
    )
