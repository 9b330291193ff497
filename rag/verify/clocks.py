"""Amounts that belong together: clock times, spans of time, and the two ends of a range."""

from __future__ import annotations

import re
from dataclasses import replace

from rag.verify.composed import unit_size
from rag.verify.quantity import Amount

_CLOCK = re.compile(
    r"(?:(?<=[日晚早晨午间于至到时、，-])|(?<![\d:.-]))(?P<hour>[01]?\d|2[0-4]):(?P<minute>[0-5]\d)(?![\d:.])"
)
_TIMED, _TIMES = set("日晚早晨午间于至到时~—-"), set("至到~—-许起止前后")
_RANGE = re.compile(r"^(?:至|到|-|~|—|–|～)+$")
_OR = re.compile(r"^(?:至|到|-|~|—|、|或|和)(?:次日|当晚)?$")
LATE = re.compile(
    r"(?:下午|傍晚|晚上|晚间|当晚|夜里)(?:[^，。;:、\d早晨午晚零一二三四五六七八九十]{1,6}到?)?$|晚$"
)
_BEFORE = 9
"""Characters before an hour in which the part of the day is looked for."""


def clock_times(text: str) -> list[Amount]:
    """12:30 as 12时 and 30; a score (21:19) is none."""
    found = []
    for match in _CLOCK.finditer(text):
        before, behind = text[: match.start()][-1:], text[match.end() : match.end() + 1]
        listed = int(match["minute"]) % 15 == 0 and "、" in {before, behind}
        if not listed and before not in _TIMED and behind not in _TIMES:
            continue
        hour, cut = float(match["hour"]), match.start("minute") - 1
        if hour < 12 and LATE.search(text[max(0, match.start() - _BEFORE) : match.start()]):
            hour += 12
        found.append(Amount(hour, "hour", "", match.start(), cut, match["hour"]))
        if int(match["minute"]):
            said = Amount(float(match["minute"]), "counter", "", cut, match.end(), match["minute"])
            found.append(said)
        else:
            found[-1] = replace(found[-1], end=match.end(), text=match[0])
    return found


def later(found: list[Amount], text: str) -> list[Amount]:
    """下午2时至4时: the afternoon holds for both; 6、7时 are two hours, 5、6月 two months."""
    for at in range(len(found) - 1, 0, -1):
        low, high = found[at - 1], found[at]
        bare = not low.unit and low.text.isdigit() and len(low.text) <= 2 and low.value < high.value
        if bare and high.unit in {"hour", "month", "day"} and _OR.match(text[low.end : high.start]):
            late = low.value < 12 and LATE.search(text[max(0, low.start - _BEFORE) : low.start])
            more = 12 if high.unit == "hour" and late else 0
            found[at - 1] = replace(low, unit=high.unit, value=low.value + more)
    last: Amount | None = None
    for at, amount in enumerate(found):
        if amount.unit != "hour":
            continue
        if (
            last is not None
            and amount.value < 12 <= last.value
            and amount.value + 12 > last.value
            and re.fullmatch(
                r"(?:\d{1,2}分?|半)?(?:至|到|-|~|—|、|或)+", text[last.end : amount.start]
            )
        ):
            amount = found[at] = replace(amount, value=amount.value + 12)
        last = amount
    return found


def clocked(found: list[Amount]) -> list[Amount]:
    """1分40秒 and 3分38秒57 are one span of time each, in seconds."""
    kept: list[Amount] = []
    for amount in found:
        last = kept[-1] if kept else None
        if last is not None and last.end == amount.start:
            if amount.unit == "seconds" and last.text.endswith(("分", "分钟")):
                value = last.value * 60 + amount.value
                kept[-1] = replace(
                    last, value=value, unit="seconds", end=amount.end, text=last.text + amount.text
                )
                continue
            if not amount.unit and last.unit == "seconds" and amount.text.strip().isdigit():
                value = last.value + float("0." + amount.text.strip())
                kept[-1] = replace(last, value=value, end=amount.end, text=last.text + amount.text)
                continue
        kept.append(amount)
    return kept


def ranged(found: list[Amount], text: str) -> list[Amount]:
    """The lower end of a range takes the unit, and the scale, of the upper."""
    for at in range(len(found) - 1, 0, -1):
        low, high = found[at - 1], found[at]
        if (
            low.text.endswith("个")
            and high.unit == "point"
            and text[low.end : high.start] in {"和", "、", "与", "及"}
        ):
            found[at - 1] = replace(low, unit="point")
        if not low.unit and high.unit and _RANGE.match(text[low.end : high.start]):
            scale = unit_size(high.text)  # 2.5万至5万吨
            if low.text.replace(".", "").isdigit():
                bare = re.match(r"[\d.,]+", high.text)
                size = float(bare[0].replace(",", "")) if bare else 0.0
                scale = high.value / size if size else 1.0
            found[at - 1] = replace(low, unit=high.unit, value=low.value * scale)
    return found
