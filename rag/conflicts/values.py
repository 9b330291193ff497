"""A value that a sentence gives for what is asked, with what the sentence says of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.conflicts.leeway import meet
from rag.conflicts.moments import Moment, apart, shared
from rag.conflicts.wordings import wordings
from rag.verify.amounts import Amount

_SCALED = re.compile(r"[万亿]")
_BOUND = {"over": "超", "about": "约", "under": "不到"}
_SHOWN = 28
"""Characters of a subject that are shown."""


@dataclass(frozen=True, slots=True)
class Value:
    """``what`` the value is, as it is printed in ``text``; ``before`` and ``behind`` the stretch
    around it that says of what it is, ``lead`` the sentence up to the end of that. ``markers`` are
    its senses, ``years`` and ``times`` what says when, ``kinds`` the measures, events or roles that
    are stated, ``fit`` in [0, 2] how surely it is what is asked for. All in the plain text."""

    what: Amount | Moment | str
    text: str
    unit: str
    before: str
    behind: str
    lead: str
    fit: float
    kinds: frozenset[str] = frozenset()
    markers: frozenset[str] = frozenset()
    years: frozenset[str] = frozenset()
    times: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()
    """Names that are no part of what the value is of."""

    @property
    def about(self) -> str:
        """What is said around it."""
        return f"{self.before} {self.behind}"

    @property
    def printed(self) -> str:
        """The value with the word that makes it a bound: 超2500家."""
        if not isinstance(self.what, Amount) or re.search(r"[多余几来]", self.text):
            return self.text.strip()
        return _BOUND.get(self.what.mode, "") + self.text.strip()

    @property
    def subject(self) -> str:
        """What it is of, in the sentence's words; "" where they do not say."""
        if isinstance(self.what, str):
            return ""
        before = wordings().rounding.sub("", self.before)
        if isinstance(self.what, Moment):
            before = (self.before + self.behind).strip("的在于，")
        return before.strip(" 的，")[-_SHOWN:]


def of_one_unit(one: Value, other: Value) -> bool:
    """Whether two values can be compared at all: 61万人 and 57.8万 can, 3公里 and 5% cannot."""
    if isinstance(one.what, Moment) and isinstance(other.what, Moment):
        return shared(one.what, other.what)
    units = one.unit, other.unit
    if "" in units and isinstance(one.what, Amount) and isinstance(other.what, Amount):
        return bool(_SCALED.search(one.text) and _SCALED.search(other.text))
    if all(unit[:1] == "个" for unit in units):
        return units[0].startswith(units[1]) or units[1].startswith(units[0])
    return units[0] == units[1]


def agree(one: Value, other: Value) -> bool:
    """Whether two comparable values may be one."""
    if isinstance(one.what, Amount) and isinstance(other.what, Amount):
        return meet(one.what, other.what)
    if isinstance(one.what, Moment) and isinstance(other.what, Moment):
        return not apart(one.what, other.what)
    mine, theirs = sorted((one.text, other.text), key=len)
    if one.unit != "venue":
        return mine[:2] == theirs[:2]
    pairs = [mine[i : i + 2] for i in range(len(mine) - 1)]
    return 2 * sum(pair in theirs for pair in pairs) >= len(pairs)
