"""Whether two amounts may stand for one value: what their digits and their wording leave open.

约1.2万 may be 11,987, 超2500家 may be 2512家, 2.4万亿 may be 24051亿; 2512家 is 2512 and nothing else.
"""

from __future__ import annotations

import re

from rag.verify.amounts import Amount

_PRINTED = re.compile(r"\d[\d,]*(?:\.\d+)?")
_SCALE = re.compile(r"[万亿兆]")
_ABOUT = 0.1
"""What 约 and 左右 leave open on both sides, as a share."""
_BEYOND = 0.5
"""How far above 超过 a value may be and still be what was meant, as a share; so below 不到."""
_ROUND = 0.03
"""What a round whole number leaves open on both sides, as a share: 2500 may be 2512, not 2600."""


def meet(one: Amount, other: Amount) -> bool:
    """Whether both may stand for one value. Digits leave something open only to an amount that is
    printed in more of them: 46.4% may be 46.43%, and is not 46.5%."""
    first, second = resolution(one), resolution(other)
    a, b = _open(one, first if first > second * 1.01 else 0.0)
    c, d = _open(other, second if second > first * 1.01 else 0.0)
    slack = 1e-9 * max(1.0, abs(one.value), abs(other.value))
    return a <= d + slack and c <= b + slack


def resolution(amount: Amount) -> float:
    """What one unit of the last digit that counts is worth, in the unit's base: 1 for 2512家, 100
    for 2500家, 0.1 for 46.4%, 10¹¹ for 2.4万亿元."""
    value = abs(amount.value)
    printed = _PRINTED.search(amount.text)
    if not value:
        return 1.0
    if not printed:
        return _trailing(value) if value == int(value) else 0.0
    digits = printed[0].replace(",", "")
    places = len(digits.partition(".")[2])
    number = float(digits)
    if not places and not _SCALE.search(amount.text):
        return (value / number) * _trailing(number) if number else 1.0
    return float(value / number * 10**-places) if number else 1.0


def _open(amount: Amount, step: float) -> tuple[float, float]:
    """The least and the greatest value that it may stand for."""
    value = abs(amount.value)
    if step and not _coarse(amount):
        step = min(step, 2 * _ROUND * value)
    # Rounded up or down, or the rest left away.
    low, high = value - step / 2, value + (step if _coarse(amount) else step / 2)
    if amount.mode == "over":
        return low, max(high, value * (1 + _BEYOND))
    if amount.mode == "under":
        return min(low, value * (1 - _BEYOND)), high
    if amount.mode == "about" or amount.rounded:
        return min(low, value * (1 - _ABOUT)), max(high, value * (1 + _ABOUT))
    return low, high


def _coarse(amount: Amount) -> bool:
    """Whether its last digit shows that there may be more behind it: 2.4万亿, 3万, 46.4%, 17%."""
    return bool(re.search(r"[万亿兆.%]", amount.text))


def _trailing(value: float) -> float:
    step = 1.0
    while value and value % (step * 10) == 0 and step < 1e15:
        step *= 10
    return step
