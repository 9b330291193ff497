"""An amount of a text: the type that all of the verification of numbers works on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Amount:
    """``value`` in its unit's base (metres, grams, yuan); ``unit`` names a kind of unit, "" none.

    ``mode`` is "", "about", "over" or "under"; ``rounded`` is set where the wording itself is
    coarse (七成). ``[start, end)`` is its span in the plain text.
    """

    value: float
    unit: str
    mode: str
    start: int
    end: int
    text: str
    rounded: bool = False
    han: bool = False
    upto: float = 0.0
