"""Words that say the same, so that a claim may be put in other words than its evidence."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from importlib.resources import files

from rag.retrieve.lexicon import lines
from rag.verify.amounts import plain
from rag.verify.spans import Sizes, longest, sizes

SHARE = 0.85
"""How far a word is held by another that says the same."""
_LONGEST = 8
_PLACES = 6
"""Places of the evidence in which other words are looked at."""


@lru_cache(maxsize=1)
def _groups() -> dict[str, tuple[str, ...]]:
    own = (files("rag.verify") / "data" / "paraphrases.txt").read_text("utf-8").splitlines()
    table: dict[str, dict[str, None]] = defaultdict(dict)
    for line in [*(text for text in own if text[:1] != "#"), *lines("synonyms.txt")]:
        group = [plain(word) for word in line.split()]
        for word in group:
            table[word].update(dict.fromkeys(other for other in group if other != word))
    return {word: tuple(others) for word, others in table.items() if 1 < len(word) <= _LONGEST}


@lru_cache(maxsize=1)
def _sizes() -> Sizes:
    return sizes(_groups())


@lru_cache(maxsize=512)
def reworded(claim: str, evidence: str) -> tuple[tuple[int, int, tuple[int, ...]], ...]:
    """(start, end, places): a stretch of the claim that stands in the evidence in other words."""
    table = _groups()
    found = []
    for start, end in longest(claim, table, _LONGEST, _sizes()):
        if claim[start:end] in evidence:
            continue
        held = [
            place
            for other in table[claim[start:end]]
            if len(other) > 1 and other in evidence
            for place in _all(other, evidence)
        ]
        if held:
            found.append((start, end, tuple(sorted(set(held)))[:_PLACES]))
    return tuple(found)


def _all(part: str, text: str) -> list[int]:
    found, at = [], text.find(part)
    while at >= 0:
        found.append(at)
        at = text.find(part, at + 1)
    return found
