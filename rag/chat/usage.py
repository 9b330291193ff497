"""What a reply took: the tokens that an endpoint reports, in whichever chunk, and their price."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rag.types import Usage

_MILLION = 1_000_000


class Meter:
    """Reads the chunks of one reply. Counts of several chunks are running totals: the highest
    holds."""

    def __init__(self, price_in: float = 0.0, price_out: float = 0.0) -> None:
        """Prices are for a million tokens, 0 where they are not known."""
        self._price_in = price_in
        self._price_out = price_out
        self._prompt = 0
        self._completion = 0

    def take(self, chunk: Any) -> None:
        """Notes the usage that a chunk (an object or a mapping) reports, if any."""
        choices = field(chunk, "choices")
        first = choices[0] if isinstance(choices, list) and choices else None
        # Some servers put it into the choice.
        for usage in (field(chunk, "usage"), field(first, "usage")):
            for name in ("prompt_tokens", "input_tokens"):
                self._prompt = max(self._prompt, _count(field(usage, name)))
            for name in ("completion_tokens", "output_tokens"):
                self._completion = max(self._completion, _count(field(usage, name)))

    def usage(self, first_ms: float) -> Usage:
        """The reply's usage; ``first_ms`` until its first text, 0 where none came."""
        cost = (self._prompt * self._price_in + self._completion * self._price_out) / _MILLION
        return Usage(self._prompt, self._completion, round(first_ms, 2), cost)


def field(value: Any, name: str) -> Any:
    """A field of an object or a mapping; None where there is none."""
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)


def _count(value: object) -> int:
    """A number of tokens; 0 for whatever is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
