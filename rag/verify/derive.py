"""Amounts that follow from the evidence's by arithmetic: sums, differences, ratios, rates, means.

Only where the claim's wording says that something was reckoned (合计, 多, 倍, 其余, 平均 …): of many
amounts some sum is always near.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations, permutations

from rag.verify.amounts import Amount
from rag.verify.counting import months_between, one_in, placed, rounded_off, told_off
from rag.verify.kinds import DATES, comparable
from rag.verify.wholes import clock_spans, from_loss, portion

_RATE = re.compile(r"增|减|升|降|涨|跌|多|少|其余|剩|另")
_LEFT = re.compile(r"其余|剩|另|余下|不|没|未|非|无")
_TURNED = re.compile(r"多|增|扭亏|改善|好转|差|变|高")
_BEFORE = re.compile(r"去年|上年|上月|上季|此前|之前|原来|原有|原先|前一")
_MOVED = re.compile(r"(?:增|减|多|少|升|降|涨|跌|长|加)[^，。;、\d]{0,4}$")
_YEAR = re.compile(r"\d{4}年")
_EACH = re.compile(r"平均|人均|日均|每")
_SUM = re.compile(
    r"合计|总共|总计|一共|共计|共|累计|加起来|两者|三者|加上|双双|收获|其余|剩下|另外|还有|不幸"
)
_DIFFERENCE = re.compile(
    r"多|少|增|减|高|低|升|降|差|优势|领先|落后|余|增至|由|此前|提前|剩|扩大|缩|强|弱|早|晚|迟|快|慢|贵|便宜"
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
        if claim.unit == "years" and _DIFFERENCE.search(around):
            ages = [other.value for other in evidence if other.unit == "age"]
            if any(tests(abs(one - other)) for one, other in combinations(ages, 2)):
                return "相差"
        if any(
            tests(abs(one - other) + more)
            for one, other in combinations(dates, 2)
            for more in ((0, 1) if kind == "day" else (0,))
        ):
            return "相差"
    if claim.unit in {"hours", "minutes"} and (how := clock_spans(claim, evidence, whole, tests)):
        return how
    if claim.unit == "ordinal" and (how := placed(claim, text, evidence, whole)):
        return how
    if claim.unit == "months" and (how := months_between(claim, evidence)):
        return how
    if how := rounded_off(claim, evidence, whole):
        return how
    if claim.unit == "counter" and (how := one_in(claim, text, evidence)):
        return how
    if claim.unit in {"counter", ""} and (how := told_off(claim, text, evidence, whole)):
        return how
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
    about = replace(claim, mode=claim.mode or "about")
    if _TURNED.search(around) and (how := from_loss(same, whole, tests, _fits(about))):
        return how
    told = _BEFORE.search(text[max(0, claim.start - 24) : claim.end])
    years = set(_YEAR.findall(text[: claim.start]))
    if told or years:
        for move in same:
            base = whole[max(0, move.start - 20) : move.start]
            if not told and not years & set(_YEAR.findall(base.rpartition("比")[2])):
                continue
            if _MOVED.search(base[-8:]) and any(
                tests(other.value + move.value) or tests(other.value - move.value)
                for other in same
                if other is not move
            ):
                return "相差"
    if claim.unit in {"counter", "yuan"} and (how := portion(claim, text, evidence)):
        return how
    if (
        claim.unit == "percent"
        and _RATE.search(around)
        and (how := _growth(claim, around, evidence, tests))
    ):
        return how
    if _EACH.search(around) and claim.unit != "percent" and (how := _mean(evidence, tests)):
        return how
    if claim.unit in {"times", "percent"}:
        return _ratio(claim, evidence, whole, tests)
    return ""


def _growth(
    claim: Amount, around: str, evidence: Sequence[Amount], tests: Callable[[float], bool]
) -> str:
    """A rate that two amounts of one kind make, or what is left of a whole."""
    if _LEFT.search(around) and any(
        tests(100 - other.value) for other in evidence if other.unit == "percent"
    ):
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


def _ratio(
    claim: Amount, evidence: Sequence[Amount], whole: str, tests: Callable[[float], bool]
) -> str:
    percents = [
        other.value
        for other in evidence
        if other.unit == "percent" and _MOVED.search(whole[max(0, other.start - 8) : other.start])
    ]
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
