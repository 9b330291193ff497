"""Lists that answer each other: "A、B分别为x、y" gives x to A and y to B."""

from __future__ import annotations

import re
from itertools import pairwise

from rag.verify.kinds import comparable
from rag.verify.words import View

_LIST = re.compile(r"分别|依次|各为")
_JOIN = re.compile(r"[、，]|和|与|以及|及")


def listed(view: View) -> dict[tuple[int, int], float]:
    """For "A、B分别为x、y": how much the characters of A belong to x and to y.

    Keys are (offset, index of the amount); offsets outside such lists have none.
    """
    found: dict[tuple[int, int], float] = {}
    for mark in _LIST.finditer(view.text):
        behind = _run(view, mark.end())
        if len(behind) < 2:
            continue
        pieces = _pieces_before(view, mark.start(), len(behind))
        for n, (start, end) in enumerate(pieces):
            for place in range(start, end):
                for k, at in enumerate(behind):
                    found[place, at] = 1.3 if k == n else 0.1
    return found


def _run(view: View, start: int) -> list[int]:
    """The amounts of one kind that follow each other behind ``start``, little between them."""
    run: list[int] = []
    last = start
    for at, amount in enumerate(view.amounts):
        if amount.start < start or view.part[amount.start] != view.part[start]:
            continue
        if amount.start - last > (26 if not run else 8):
            break
        if run and not comparable(view.amounts[run[0]], amount):
            break
        run.append(at)
        last = amount.end
    return run


def _pieces_before(view: View, end: int, count: int) -> list[tuple[int, int]]:
    """The last ``count`` items of the list that ends at ``end``; [] where there are fewer."""
    start = max(0, end - 60)
    for at in range(end - 1, start, -1):
        if view.text[at] in "。;:":
            start = at + 1
            break
    cuts = [m for m in _JOIN.finditer(view.text, start, end) if m.end() < end - 1]
    if len(cuts) < count - 1:
        return []
    bounds = [cuts[-(count - 1)].start() - 8, *(cut.end() for cut in cuts[-(count - 1) :]), end]
    bounds[0] = max(start, bounds[0])
    last = view.text.find("的", bounds[-2], end)
    if last > 0:
        bounds[-1] = last  # 苹果、梨的产量: what follows is said of both
    return list(pairwise(bounds))
