"""Amounts that follow from the evidence's by arithmetic: sums, differences, ratios, rates, means.

Only where the claim's wording says that something was reckoned (合计, 多, 倍, 其余, 平均 …): of many
amounts some sum is always near.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import combinations, permutations

from rag.verify.amounts import Amount
from rag.verify.kinds import DATES, comparable

_RATE = re.compile(r"增|减|升|降|涨|跌|多|少|其余|剩|另")
_EACH = re.compile(r"平均|人均|日均|每")
_FIRST = re.compile(r"首|冠军|金牌|最|居前|夺冠")
_SUM = re.compile(
    r"合计|总共|总计|一共|共计|共|累计|加起来|两者|三者|加上|双双|收获|其余|剩下|另外|还有|不幸"
)
_DIFFERENCE = re.compile(
    r"多|少|增|减|高|低|升|降|差|优势|领先|落后|余|增至|由|此前|提前|剩|扩大|缩"
)
_DAYS = {
    "days": 1.0, "months": 30.0, "years": 365.0, "hours": 1 / 24, "minutes": 1 / 1440,
    "seconds": 1 / 86400,
}  # fmt: skip


def derived(claim: Amount, text: str, evidence: Sequence[Amount], whole: str) -> str:
    """ "" or how the amount follows: a sum, a difference, a ratio, other units of time."""
    around = text[max(0, claim.start - 24) : claim.end + 12]
    same = [other for other in evidence if comparable(claim, other)]
    values = list(dict.fromkeys(other.value for other in same))[:14]
    tests = _fits(claim)
    if claim.unit in _DAYS:
        for other in evidence:
            if other.unit in _DAYS and tests(other.value * _DAYS[other.unit] / _DAYS[claim.unit]):
                return "换算"
    if claim.unit in {"days", "years", "age"}:
        kind = "day" if claim.unit == "days" else "year"
        dates = [other.value for other in evidence if other.unit == kind]
        if any(
            tests(abs(one - other) + more)
            for one, other in combinations(dates, 2)
            for more in ((0, 1) if kind == "day" else (0,))
        ):
            return "相差"
    ranked = any(other.unit == "ordinal" for other in evidence)
    if claim.unit == "ordinal" and claim.value == 1 and not ranked and _FIRST.search(whole):
        return "首位"
    if claim.unit in DATES:
        return ""
    points = [other.value for other in evidence if other.unit == "point"]
    shares = [other.value for other in evidence if other.unit == "percent"]
    if claim.unit == "percent" and any(
        tests(share + step) or tests(share - step) for share in shares for step in points
    ):
        return "相差"
    if _DIFFERENCE.search(around) or claim.unit == "point" or _SUM.search(text):
        pool = (
            values
            if claim.unit != "point"
            else [o.value for o in evidence if o.unit in {"percent", "point"}]
        )
        if claim.unit == "percent":
            pool = [o.value for o in evidence if o.unit in {"percent", "point"}][:14]
        for low, high in combinations(pool, 2):
            if abs(low - high) > 1e-9 and tests(abs(low - high)):
                return "相差"
            if (
                claim.unit in {"percent", "counter", ""}
                and tests(low + high)
                and _DIFFERENCE.search(around)
            ):
                return "相加"
    if _SUM.search(text):
        ordered = [other.value for other in same][:14]
        for first in range(len(ordered)):
            for last in range(first + 5, len(ordered) + 1):
                if tests(sum(ordered[first:last])):
                    return "合计"
        for size in (2, 3, 4):
            for group in combinations(ordered, size):
                if tests(sum(group)):
                    return "合计"
        if any(tests(value * size) for value in values for size in (3,)):
            return "合计"
    if (
        claim.unit == "percent"
        and _RATE.search(around)
        and (how := _growth(claim, evidence, tests))
    ):
        return how
    if _EACH.search(around) and claim.unit != "percent" and (how := _mean(evidence, tests)):
        return how
    if claim.unit in {"times", "percent"}:
        return _ratio(claim, evidence, tests)
    return ""


def _growth(claim: Amount, evidence: Sequence[Amount], tests: Callable[[float], bool]) -> str:
    """A rate that two amounts of one kind make, or what is left of a whole."""
    if any(tests(100 - other.value) for other in evidence if other.unit == "percent"):
        return "其余"
    for one, other in permutations(evidence[:14], 2):
        if one.unit != other.unit or one.unit in DATES | {"percent", "ordinal", ""}:
            continue
        if other.value and tests(100 * abs(one.value / other.value - 1)):
            return "增幅"
    return ""


def _mean(evidence: Sequence[Amount], tests: Callable[[float], bool]) -> str:
    for one, other in permutations(evidence[:14], 2):
        dated = one.unit in DATES or other.unit in DATES
        if not dated and other.value > 1 and tests(one.value / other.value):
            return "平均"
    return ""


def _ratio(claim: Amount, evidence: Sequence[Amount], tests: Callable[[float], bool]) -> str:
    percents = [other.value for other in evidence if other.unit == "percent"]
    if claim.unit == "times" and any(tests(1 + value / 100) for value in percents):
        return "倍数"
    for one in evidence:
        for other in evidence:
            if one is other or not other.value or not comparable(one, other):
                continue
            if one.unit in {"year", "month", "day", "ordinal", "hour", ""}:
                continue
            share = one.value / other.value * (1 if claim.unit == "times" else 100)
            if tests(share) and (claim.unit == "times") == (one.value > other.value):
                return "比值"
    return ""


def _fits(claim: Amount) -> Callable[[float], bool]:
    """A test of a computed value: exact up to a digit's rounding, or within the wording's bound."""
    digits = (
        re.sub(r"^.*?(?:\.|点)|[^\d]", "", claim.text)
        if re.search(r"\d[.]\d|点", claim.text)
        else ""
    )
    slack = 0.06 * 10 ** -max(0, len(digits) - 1) if digits else 1e-6

    def test(value: float) -> bool:
        if abs(value - claim.value) <= slack * max(1.0, claim.value / 1000):
            return True
        if claim.mode == "over" and claim.unit in {"times", "percent"}:
            return claim.value <= value < claim.value * 1.5
        if claim.mode == "under" and claim.unit in {"times", "percent"}:
            return claim.value * (0.8 if claim.unit == "times" else 0.6) < value <= claim.value
        if claim.unit == "times":
            return abs(value - claim.value) <= 0.06 * claim.value
        if claim.mode == "over":
            return claim.value <= value < claim.value * 1.12
        if claim.rounded and claim.unit == "percent":
            return abs(value - claim.value) <= 0.05 * claim.value
        if claim.mode in {"under"}:
            return claim.value * 0.9 < value <= claim.value
        return claim.mode == "about" and abs(value - claim.value) <= 0.03 * claim.value

    return test
