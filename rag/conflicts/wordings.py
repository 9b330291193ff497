"""The wordings by which statements are told apart or are alike, from data/conflicts.json."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Wordings:
    """``markers`` by sense; ``rounding`` is what leads to an amount, ``generic`` what names nothing,
    ``dependent`` how a clause begins whose subject stands before it, ``issues`` which of a series,
    ``contrasts`` the characters that tell one of several apart, ``light`` what does not count in a
    comparison, ``same`` and ``names`` one word for several."""

    markers: dict[str, re.Pattern[str]]
    periods: re.Pattern[str]
    rounding: re.Pattern[str]
    generic: re.Pattern[str]
    dependent: re.Pattern[str]
    issues: re.Pattern[str]
    contrasts: frozenset[str]
    light: re.Pattern[str]
    same: re.Pattern[str]
    names: dict[str, str]


@lru_cache(maxsize=1)
def wordings() -> Wordings:
    """Read once from data/conflicts.json."""
    raw = json.loads((files("rag.conflicts") / "data" / "conflicts.json").read_text("utf-8"))
    names = {
        word: group.split("=")[0]
        for group in raw["synonyms"]
        for word in sorted(group.split("="), key=len, reverse=True)
    }
    return Wordings(
        {name: re.compile(pattern) for name, pattern in raw["markers"].items()},
        re.compile(raw["periods"]),
        re.compile(raw["rounding"]),
        re.compile(raw["generic"]),
        re.compile(raw["dependent"]),
        re.compile(raw["issues"]),
        frozenset(raw["contrasts"]),
        re.compile(raw["light"]),
        re.compile("|".join(sorted(map(re.escape, names), key=len, reverse=True))),
        names,
    )


@lru_cache(maxsize=512)
def told_plainly(text: str) -> str:
    """A plain text with one word for several that mean one thing, and without those that say
    nothing of what an amount is of."""
    known = wordings()
    text = known.same.sub(lambda match: known.names[match[0]], text)
    return known.light.sub(" ", text)
