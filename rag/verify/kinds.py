"""Which units measure the same kind of thing."""

from __future__ import annotations

from rag.verify.amounts import Amount

_MONEY = {"dollar", "euro", "yen", "yuan", "won", "hkd", "pound", "peso", "rouble", "rupee", "twd"}
_BARE = _MONEY | {
    "counter",
    "hour",
    "day",
    "age",
    "degree",
    "step",
    "seconds",
    "years",
    "ordinal",
    "index",
}
_CLOSE = {frozenset(pair) for pair in (
    ("days", "day"), ("minutes", "counter"), ("seconds", "counter"), ("years", "year"),
    ("counter", "ordinal"), ("hour", "hours"), ("counter", "age"), ("twd", "yuan"), ("percent", "point"),
    ("days", "counter"), ("months", "month"),
)}  # fmt: skip
DATES = frozenset({"year", "month", "day", "hour", "quarter"})
"""Units that say when, not how much."""


def comparable(one: Amount, other: Amount) -> bool:
    """Whether two amounts measure the same kind of thing."""
    units = {one.unit, other.unit}
    if len(units) == 1:
        return True
    if "" in units:
        known = (units - {""}).pop()
        bare = one if not one.unit else other
        return known in _BARE or (known == "year" and 1900 <= bare.value < 2100)
    if "counter" in units and units & _MONEY:
        counted = one if one.unit == "counter" else other
        return counted.text.endswith("块")  # 20块 are 20元
    return frozenset(units) in _CLOSE and units != {"percent", "point"}
