"""Words that say the same, so that a claim may be put in other words than its evidence."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from importlib.resources import files

from rag.retrieve.lexicon import lines
from rag.verify.amounts import plain
from rag.verify.spans import longest

SHARE = 0.85
"""How far a word is held by another that says the same."""
_LONGEST = 8


@lru_cache(maxsize=1)
def _groups() -> dict[str, tuple[str, ...]]:
    own = (files("rag.verify") / "data" / "paraphrases.txt").read_text("utf-8").splitlines()
    table: dict[str, dict[str, None]] = defaultdict(dict)
    for line in [*(text for text in own if text[:1] != "#"), *lines("synonyms.txt")]:
        group = [plain(word) for word in line.split()]
        for word in group:
            table[word].update(dict.fromkeys(other for other in group if other != word))
    return {word: tuple(others) for word, others in table.items() if 1 < len(word) <= _LONGEST}


@lru_cache(maxsize=512)
def reworded(claim: str, evidence: str) -> tuple[tuple[int, int, tuple[int, ...]], ...]:
    """(start, end, places): a stretch of the claim that stands in the evidence in other words."""
    table = _groups()
    found = []
    for start, end in longest(claim, table, _LONGEST):
        if claim[start:end] in evidence:
            continue
        places = [evidence.find(other) for other in table[claim[start:end]] if len(other) > 1]
        held = tuple(sorted(place for place in places if place >= 0))
        if held:
            found.append((start, end, held[:3]))
    return tuple(found)
