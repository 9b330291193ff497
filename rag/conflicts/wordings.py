"""The wordings by which statements are told apart or are alike, from data/conflicts.json."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

_PAIRS = 0.5
"""The share of a longer word's pairs of characters that stand for it."""


@dataclass(frozen=True, slots=True)
class Wordings:
    """``markers`` by sense; ``rounding`` is what leads to an amount, ``generic`` what names nothing,
    ``dependent`` how a clause begins whose subject stands before it, ``issues`` which of a series,
    ``contrasts`` the characters that tell one of several apart, ``same`` and ``names`` one word for
    several, ``idle`` the words that narrow nothing; ``kinds`` by table (measures, events, roles) the words
    of each kind with its name, ``fixed`` the measures that do not change, ``money`` those in money, ``once`` the events that
    a thing goes through once; ``offices`` are the roles that pass from one to the next."""

    markers: dict[str, re.Pattern[str]]
    periods: re.Pattern[str]
    rounding: re.Pattern[str]
    generic: re.Pattern[str]
    dependent: re.Pattern[str]
    issues: re.Pattern[str]
    contrasts: re.Pattern[str]
    same: re.Pattern[str]
    names: dict[str, str]
    idle: re.Pattern[str]
    kinds: dict[str, tuple[re.Pattern[str], dict[str, str]]]
    fixed: frozenset[str]
    money: frozenset[str]
    once: frozenset[str]
    offices: frozenset[str]


@lru_cache(maxsize=1)
def wordings() -> Wordings:
    """Read once from data/conflicts.json."""
    raw = json.loads((files("rag.conflicts") / "data" / "conflicts.json").read_text("utf-8"))
    names = _groups(raw["synonyms"])
    return Wordings(
        {name: re.compile(pattern) for name, pattern in raw["markers"].items()},
        re.compile(raw["periods"]),
        re.compile(raw["rounding"]),
        re.compile(raw["generic"]),
        re.compile(raw["dependent"]),
        re.compile(raw["issues"]),
        re.compile(raw["contrasts"]),
        _any(names),
        names,
        re.compile(f"(?:{raw['generic']}|{raw['idle']})+"),
        {
            table: (_any(words), words)
            for table in ("measures", "events", "roles")
            for words in (_groups(raw[table]),)
        },
        frozenset(raw["fixed"].split()),
        frozenset(raw["money"].split()),
        frozenset(raw["once"].split()),
        frozenset(raw["offices"].split()),
    )


def _groups(rows: list[str]) -> dict[str, str]:
    """The first word of its row for each word."""
    return {word: row.split("=")[0] for row in rows for word in row.split("=")}


def _any(words: dict[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(_alone, words), key=len, reverse=True)))


def _alone(word: str) -> str:
    """A word of one character counts only before its value: 塔高58米 and 高多少米, not 高考, 高达
    or 校长."""
    if len(word) > 1:
        return re.escape(word)
    behind = (
        "校市县区院会部省局处科所站行社台团队班厂镇村乡州司店船机庭组家" if word == "长" else ""
    )
    return rf"(?<![增成提最严{behind}]){word}(?!(?<=高)达)(?=[\d约达为是超近多几]|$)"


@dataclass(frozen=True, slots=True)
class Kind:
    """The word of a measure or an event in a text, and the ``name`` of the kind."""

    name: str
    word: str
    start: int
    end: int


def kinds_in(text: str, table: str) -> list[Kind]:
    """The measures or events that a plain text names, in order."""
    pattern, names = wordings().kinds[table]
    return [Kind(names[m[0]], m[0], m.start(), m.end()) for m in pattern.finditer(text)]


@lru_cache(maxsize=512)
def unified(text: str) -> str:
    """A plain text with one word for several that mean one thing."""
    known = wordings()
    return known.same.sub(lambda match: known.names[match[0]], text)


def twofold(text: str) -> str:
    """A plain text, and again with one word for several that mean one thing."""
    return f"{text} {unified(text)}"


def within(word: str, text: str) -> bool:
    """Whether a twofold text holds a word, most of the pairs of characters of a longer one, or what
    a short one is short for: 旧改 of 旧村改造."""
    if word in text or unified(word) in text:
        return True
    if word.isascii() or len(word) < 2:
        return False
    if len(word) == 2:
        return (
            re.search(f"{re.escape(word[0])}[\u3400-\u9fff]{{1,2}}{re.escape(word[1])}", text)
            is not None
        )
    pairs = [word[i : i + 2] for i in range(len(word) - 1)]
    return sum(pair in text for pair in pairs) >= _PAIRS * len(pairs)
