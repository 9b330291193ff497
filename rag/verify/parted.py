"""A sentence in clauses, for evidence that bears it piece by piece."""

from __future__ import annotations

import re


def clauses(said: str, clause: re.Pattern[str], short: int) -> list[str]:
    """What ``clause`` finds, in order; one of fewer than ``short`` characters (a date, a link word)
    goes with the one before it."""
    found: list[str] = []
    for part in clause.findall(said):
        if found and (len(part) < short or len(found[-1]) < short):
            found[-1] += part
        else:
            found.append(part)
    return found
