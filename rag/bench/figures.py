"""Figures and how they are written: quantiles, units, Markdown cells, the machine."""

from __future__ import annotations

import math
import os
import platform
import sys
from collections.abc import Sequence
from typing import Literal

Language = Literal["zh", "en"]

DIGITS = {"s": 2, "min": 1, "ms": 1, "MB": 0, "/s": 1, "": 0}
"""Decimals by unit."""
_CHINESE = {"s": "秒", "min": "分钟", "ms": "毫秒"}


def quantile(ordered: Sequence[float], part: float) -> float:
    """By nearest rank: the least value that at least ``part`` of all do not exceed.

    ``ordered`` is ascending and not empty; ``part`` is in [0, 1].
    """
    return ordered[max(0, math.ceil(part * len(ordered)) - 1)]


def amount(value: float, unit: str, language: Language) -> str:
    """``1,234 MB``, ``0.50 s``, ``0.50 秒``; a rate is a bare number."""
    shown = _CHINESE.get(unit, unit) if language == "zh" else unit
    decimals = 1 if unit == "MB" and value < 10 else DIGITS[unit]
    return f"{value:,.{decimals}f} {shown.removeprefix('/s')}".rstrip()


def times(ratio: float) -> str:
    """A ratio with two significant digits: ``0.031×``, ``1.4×``, ``230×``."""
    if ratio <= 0:
        return "0×"
    decimals = max(0, 1 - math.floor(math.log10(ratio)))
    return f"{ratio:,.{decimals}f}×"


def markdown(rows: Sequence[Sequence[str]]) -> str:
    """A table: the first row is its head, the first column stands left and the others right."""
    head, *body = rows
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *body]
    written = ("| " + " | ".join(cells) + " |" for cells in lines)
    return "\n".join(
        line.replace("| --- |", "|---|").replace(" ---: |", "---:|") for line in written
    )


def machine() -> str:
    """What the figures were measured on: nothing that names it."""
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count()
    system = f"{platform.system()} {platform.machine()}"
    return f"{system}, {cores} cores, Python {platform.python_version()}"


def load() -> float:
    """Processes that ran or waited to run, the last minute's mean: above the cores, it is busy."""
    return round(os.getloadavg()[0], 2)
