"""Numbers with their units out of a text: 2.4万亿元 = 24000亿元, ２５％ = 25% = 百分之二十五."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from rag.text.normalise import fold_text

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_SCALE = {"万": 10**4, "亿": 10**8, "兆": 10**12, "千": 10**3, "百": 10**2}
_HAN = "零〇一二两三四五六七八九十百千万亿"

_COUNTERS = "个项家人名位次条款台辆座所件份场届国种类只艘架颗倍公里平方米吨千瓦分秒天周届"
_UNITS = (
    ("point", r"个?百分点"),
    ("percent", r"%|percent"),
    ("permille", r"‰"),
    ("dollar", r"美元|usd"),
    ("euro", r"欧元|eur"),
    ("yen", r"日元"),
    ("yuan", r"元|人民币|rmb|cny|块钱"),
    ("year", r"年(?!代|级|期)"),
    ("month", r"月"),
    ("day", r"日|号(?!线|楼|院|文)"),
    ("hour", r"时|点"),
    ("counter", rf"[{_COUNTERS}]"),
)
_UNIT = "|".join(f"(?P<{name}>{pattern})" for name, pattern in _UNITS)
_NUMBER = re.compile(
    r"(?P<fraction>\d+/\d+)"
    r"|(?P<value>\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)"
    rf"(?P<scale>[万亿兆千百]{{0,3}})(?:多|余|来)? ?(?:{_UNIT})?"
)
_HAN_FRACTION = re.compile(rf"([{_HAN}]+)分之([{_HAN}]+)")
_PERCENT = re.compile(rf"百分之([{_HAN}]+(?:点[零〇一二三四五六七八九]+)?)")
_ISO = re.compile(r"(?<!\d)((?:19|20)\d\d)[-./](\d{1,2})[-./](\d{1,2})(?!\d)")
_SPACE = re.compile(r"(?<![a-z0-9]) | (?![a-z0-9])")
_MONEY = {"dollar", "euro", "yen", "yuan"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number. ``unit`` is a class of units, "" for none; ``start`` is in the normal form."""

    value: Decimal
    unit: str
    text: str
    start: int

    def matches(self, other: Figure) -> bool:
        """Whether both can be the same figure; a bare number can be an amount."""
        if self.value != other.value:
            return False
        units = {self.unit, other.unit}
        if len(units) == 1:
            return True
        if "year" in units:
            return "" in units and 1900 <= self.value < 2100
        return "" in units and bool(units & (_MONEY | {"counter"}))


def normal(text: str) -> str:
    """Folded for matching, spaces between Latin words only, dates as 年月日, 百分之N as N%.

    The full-width comma stays a Chinese comma: it never groups thousands.
    """
    text = _SPACE.sub("", fold_text(text.replace("，", "、")))
    text = _ISO.sub(lambda m: f"{m[1]}年{int(m[2])}月{int(m[3])}日", text)
    return _PERCENT.sub(lambda m: f"{_han_decimal(m[1])}%", text)


_LONGEST = 24
"""Characters of a number in characters."""


def figures(text: str) -> list[Figure]:
    """The numbers written in digits in a text in normal form, and fractions in characters."""
    found = []
    for match in _NUMBER.finditer(text):
        if match["fraction"]:
            above, below = match["fraction"].split("/")
            if int(below):
                value = Decimal(above) / Decimal(below)
                found.append(Figure(value, "fraction", match[0], match.start()))
            continue
        value = Decimal(match["value"].replace(",", ""))
        for char in match["scale"]:
            value *= _SCALE[char]
        found.append(Figure(value, _unit(match), match[0], match.start()))
    for match in _HAN_FRACTION.finditer(text):
        below = han_value(match[1])
        if below:
            value = Decimal(han_value(match[2])) / Decimal(below)
            found.append(Figure(value, "fraction", match[0], match.start()))
    return found


def han_value(text: str) -> int:
    """The value of a number in Chinese characters: 三十四 → 34, 二〇二五 → 2025. Of what is longer
    than any number its beginning counts."""
    text = text[:_LONGEST]
    if all(char in _DIGITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    total = section = digit = 0
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in _TENS:
            section += (digit or 1) * _TENS[char]
            digit = 0
        elif char == "万":
            total += (section + digit or 1) * _SCALE[char]
            section = digit = 0
        else:  # 亿 scales all that stands before it: 一万二千亿
            total = (total + section + digit or 1) * _SCALE[char]
            section = digit = 0
    return total + section + digit


def _han_decimal(text: str) -> str:
    whole, _, part = text.partition("点")
    return f"{han_value(whole)}" + ("." + "".join(str(_DIGITS[c]) for c in part) if part else "")


def _unit(match: re.Match[str]) -> str:
    return next((name for name, _ in _UNITS if match[name]), "")
