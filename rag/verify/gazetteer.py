"""Names by kind: what of a claim's countries, companies, papers, titles, days the evidence has not.

A name is read as the longest entry that fits, so that 白俄罗斯 never holds 俄罗斯.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from rag.verify.amounts import plain
from rag.verify.spans import Sizes, longest, sizes

HARD = frozenset(
    {
        "country",
        "province",
        "city",
        "region",
        "media",
        "company",
        "finance",
        "body",
        "ministry",
        "people",
    }
)
"""Kinds of proper names: what a claim of them has, its evidence must have."""
CLOSED = frozenset(
    {
        "weekday",
        "half",
        "compass",
        "season",
        "colour",
        "sex",
        "stroke",
        "fuel",
        "basis",
        "week",
        "daily",
    }
)
"""Kinds of few names that exclude each other: to have another of them is to say otherwise."""
_SHORT = frozenset(
    "美俄英法德日韩印乌澳加泰朝以伊越意港台京津沪渝粤川鄂湘皖苏浙闽赣鲁豫冀晋陕甘青宁新藏云贵琼桂黑吉辽蒙欧非亚西荷巴阿埃"
)
_LONGEST = 12


@dataclass(frozen=True, slots=True)
class Name:
    """``number`` is one for all writings of a name; ``[start, end)`` is in the plain text."""

    kind: str
    number: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Absent:
    """A claim's name that its evidence has not; ``rival`` is the evidence's of that kind, or ""."""

    name: Name
    rival: str
    around: bool
    """Whether the context has it."""


@lru_cache(maxsize=1)
def _entries() -> dict[str, tuple[str, int]]:
    data = json.loads((files("rag.verify") / "data" / "gazetteer.json").read_text("utf-8"))
    known: dict[str, tuple[str, int]] = {}
    number = 0
    for kind, names in data["kinds"].items():
        for entry in names.split():
            number += 1
            for name in entry.split("="):
                known.setdefault(plain(name), (kind, number))
    return known


@lru_cache(maxsize=1)
def _sizes() -> Sizes:
    return sizes(_entries())


@lru_cache(maxsize=256)
def named(text: str) -> tuple[Name, ...]:
    """The names in a plain text, in order."""
    known = _entries()
    return tuple(
        Name(*known[text[start:end]], start, end, text[start:end])
        for start, end in longest(text, known, _LONGEST, _sizes())
    )


def absent(claim: str, evidence: str, context: str) -> list[Absent]:
    """The claim's names that neither stand in the evidence nor are told by a short form of it."""
    theirs, around = named(evidence), named(context)
    held, near = {name.number for name in theirs}, {name.number for name in around}
    mine = named(claim)
    said = {name.number for name in mine}
    bare = _without(evidence, theirs)
    found = []
    for name in mine:
        if name.number in held or name.text in bare or _shortened(name, bare):
            continue
        others = [n.text for n in theirs if n.kind == name.kind and n.number not in said]
        inside = name.number in near or _shortened(name, _without(context, around))
        found.append(Absent(name, others[0] if others else "", inside))
    return found


def _shortened(name: Name, bare: str) -> bool:
    if name.kind in {"country", "province", "city", "region"}:
        return name.text[0] in _SHORT and name.text[0] in bare
    return name.kind in {"company", "finance"} and name.text[:2] in bare


def _without(text: str, names: Sequence[Name]) -> str:
    """The text with its names blotted out."""
    chars = list(text)
    for name in names:
        chars[name.start : name.end] = " " * (name.end - name.start)
    return "".join(chars)
