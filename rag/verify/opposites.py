"""Pairs of words that exclude each other about the same thing."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def opposites() -> list[tuple[list[str], list[str]]]:
    """Pairs of words that exclude each other: one side, the other."""
    data = json.loads((files("rag.verify") / "data" / "opposites.json").read_text("utf-8"))
    return [(one.split(), other.split()) for one, other in data["pairs"]]


@lru_cache(maxsize=1)
def between_two() -> frozenset[int]:
    """The pairs whose words stand between two sides."""
    told = {"战胜", "高于", "领先", "超过", "早于"}
    return frozenset(n for n, (one, _) in enumerate(opposites()) if told & set(one))
