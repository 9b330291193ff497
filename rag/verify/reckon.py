"""Whether the evidence holds an amount of a claim: printed, rounded, bounded or reckoned."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.verify.amounts import Amount
from rag.verify.derive import derived
from rag.verify.kinds import DATES, comparable

_VAST = re.compile(r"[十百千万亿]")
"""A bare power of ten: 上百, 逾千."""


@dataclass(frozen=True, slots=True)
class Held:
    """``exact`` and ``close`` index the evidence amounts that are the claim's; ``how`` says how
    one is derived ("" if not); ``turned`` names a bound that the evidence contradicts."""

    exact: tuple[int, ...]
    close: tuple[int, ...]
    how: str = ""
    turned: str = ""

    @property
    def places(self) -> tuple[int, ...]:
        return self.exact or self.close


def hold(
    claim: Amount,
    text: str,
    evidence: Sequence[Amount],
    whole: str = "",
    around: Sequence[Amount] = (),
) -> Held:
    """How the evidence, whose plain text is ``whole``, holds an amount of the claim ``text``."""
    exact = tuple(
        i for i, other in enumerate(evidence) if comparable(claim, other) and _same(claim, other)
    )
    if exact:
        turned = [_turned(claim, evidence[i]) for i in exact]
        return Held(exact, (), turned="" if "" in turned else turned[0])
    close = tuple(
        i for i, other in enumerate(evidence) if comparable(claim, other) and _within(claim, other)
    )
    if close:
        return Held((), close)
    return Held((), (), how=derived(claim, text, [*evidence, *around], whole))


def _same(one: Amount, other: Amount) -> bool:
    ends = [end for end in (one.value, one.upto) if end or end is one.value]
    return any(
        abs(end - mark) <= 1e-9 * max(1.0, abs(end))
        for end in ends
        for mark in (other.value, other.upto)
        if mark or mark is other.value
    )


def _within(claim: Amount, other: Amount) -> bool:
    """A round or bounded amount that the evidence's exact one fills."""
    if _fills(claim, other.value):
        return True
    if claim.upto and claim.value <= other.value <= claim.upto:
        return True
    if other.upto and other.value <= claim.value <= other.upto:
        return claim.mode != "" or claim.rounded
    finer = _last_place(claim.value) < _last_place(other.value)  # 1502 is not what 约1500 says
    about = other.mode == "about" and not finer
    return about and abs(claim.value - other.value) <= 0.02 * other.value


def _fills(claim: Amount, value: float) -> bool:
    c = claim.value
    if not c:
        return False
    ratio = value / c
    coarse = 1.5 if claim.unit == "percent" and claim.rounded else 0.0
    last = _last_place(c)
    if claim.mode == "over" and _VAST.match(claim.text):
        return 1 <= ratio < 2  # 上千亿 of 1026亿
    if claim.mode == "over":
        return 1 <= ratio <= 1.16 or c <= value < c + last or (coarse > 0 and c <= value < c + 10)
    if claim.mode == "under":
        return 0.86 <= ratio <= 1 or (coarse > 0 and c - 10 < value <= c)
    if "来" in claim.text and claim.mode == "about":
        return 0.9 <= ratio <= 1.15  # 一百来块
    if claim.mode == "about" or claim.rounded:
        return abs(ratio - 1) <= 0.035 or abs(value - c) <= coarse
    digits = len(re.sub(r"\D", "", claim.text))
    if not claim.mode and not re.search(r"[万亿千.]", claim.text):
        return False  # 810 for 814 is an error, 4358亿 for 4357.5亿 is not
    if claim.unit in DATES | {"ordinal", "age"}:
        return False
    if digits < 2:
        return abs(ratio - 1) <= 0.005 and claim.value >= 1e4  # 5万 for 5.02万
    return abs(value - c) <= last / 2 and abs(ratio - 1) <= 0.01


def _last_place(value: float) -> float:
    """The worth of a number's last digit that is not zero: 100 of 3200, 1000 of 3000."""
    text = f"{value:.10g}"
    if "e" in text:
        mantissa, power = text.split("e")
        return float(10 ** (int(power) - len(mantissa.partition(".")[2])))
    if "." in text:
        return float(10 ** -len(text.partition(".")[2]))
    return float(10 ** (len(text) - len(text.rstrip("0"))))


def _turned(claim: Amount, other: Amount) -> str:
    modes = {claim.mode, other.mode}
    return f"{other.text}" if modes == {"over", "under"} else ""
