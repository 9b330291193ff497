"""Amounts that follow only with the words around them: a loss that became a profit, a part of a
whole, the time between two clock times."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from rag.verify.amounts import Amount

_LEFT = re.compile(r"其余|剩|另|余下|不|没|未|非|无")
_LOST = re.compile(r"亏[^，。;、]{0,8}$|逆差[^，。;、]{0,6}$")
_SPAN = re.compile(
    r"(?:次日|当日|当天|当晚)?(?:至|到|-|~|—|–)+(?:次日|当日|当天|当晚|晚上|下午|中午|晚)?"
)


def clock_spans(
    claim: Amount, evidence: Sequence[Amount], whole: str, tests: Callable[[float], bool]
) -> str:
    """The length of a span of clock times, or of several together: 9:00-11:00、14:00-17:00."""
    times: list[tuple[int, int, float]] = []
    for at, one in enumerate(evidence):
        if one.unit == "hour":
            nxt = evidence[at + 1] if at + 1 < len(evidence) else None
            minutes = nxt if nxt and nxt.unit == "counter" and nxt.start == one.end else None
            end = minutes.end if minutes else one.end
            times.append((one.start, end, one.value * 60 + (minutes.value if minutes else 0.0)))
    size = 60.0 if claim.unit == "hours" else 1.0
    spans = [
        ((then[2] - now[2]) % 1440) / size
        for now, then in pairwise(times)
        if _SPAN.fullmatch(whole[now[1] : then[0]])
    ]
    if any(tests(span) for span in (*spans, sum(spans))):
        return "时段"
    return ""


def from_loss(
    same: Sequence[Amount],
    whole: str,
    tests: Callable[[float], bool],
    rough: Callable[[float], bool],
) -> str:
    """From a loss to a profit: the step is the sum of both."""
    lost = [a for a in same if _LOST.search(whole[max(0, a.start - 12) : a.start])]
    gained = [a for a in same if a not in lost]
    near = any(
        tests(one.value + other.value) or (len(gained) <= 3 and rough(one.value + other.value))
        for one in lost
        for other in gained
    )
    return "扭亏" if near else ""


def portion(claim: Amount, text: str, evidence: Sequence[Amount]) -> str:
    """A share of a whole, or what is left of it, where the claim says that it is about so many."""
    left = _LEFT.search(text[max(0, claim.start - 16) : claim.end + 6])
    if not left and claim.mode not in {"about", "over", "under"}:
        return ""
    for share in evidence:
        if share.unit != "percent" or not 0 < share.value < 100:
            continue
        part = (100 - share.value if left else share.value) / 100
        for one in evidence:
            if one.unit == claim.unit and abs(one.value * part - claim.value) < max(
                0.5, 0.01 * claim.value if claim.value >= 1000 else 0.0
            ):
                return "份额"
    return ""
