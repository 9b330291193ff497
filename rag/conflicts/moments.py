"""Points in time as they are printed, and whether two of them cannot both be right.

1958年, 10月18日, 下午2:30: only what both say is compared; a day is no other than its month.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_PART = r"上午|下午|中午|晚上|晚间|早上|清晨|凌晨|傍晚|夜间|夜里|晚|早|夜"
_MOMENT = re.compile(
    r"(?<![\d.:])(?:(?P<year>(?:1\d|20)\d\d)年|(?P<near>今年|明年|去年))?"
    r"(?:(?P<month>1[0-2]|0?[1-9])月)?"
    r"(?:(?P<day>[12]\d|3[01]|0?[1-9])[日号])?"
    r"(?:\((?:星期|周)[一二三四五六日天]\)|(?:星期|周)(?P<week>[一二三四五六日天]))?"
    rf"(?:(?P<part>{_PART})?(?:(?P<hour>2[0-4]|1\d|0?\d)(?:[时点](?!间)(?:(?P<minute>[0-5]?\d)分?|(?P<half>半)|整)?"
    r"|:(?P<clock>[0-5]\d))))?"
)
_VAGUE = re.compile(
    r"(?:(?<=号)[楼线仓库门厂房馆院桌机井台车船路桥矿坑]|代|度|版|级|前|来|间|内|后|以|左右|中旬|上旬|下旬|初|底|末|多|余|届|期|上半|下半|春|夏|秋|冬|\d)"
)
"""What makes a year or a month more or less than itself: 1990年代, 2023年度, 5月底."""
_NEAR = {"今年": 0, "明年": 1, "去年": -1}
_LATE = frozenset({"下午", "晚上", "晚间", "傍晚", "夜间", "夜里", "晚", "夜"})


@dataclass(frozen=True, slots=True)
class Moment:
    """Year, month, day, weekday, hour and minute, 0 or "" or -1 where they are not said; ``sided``
    is set where the hour is surely one of 24. ``[start, end)`` is its span in the plain text."""

    year: int
    month: int
    day: int
    week: str
    hour: int
    minute: int
    sided: bool
    start: int
    end: int
    text: str


def moments(text: str, year: str = "") -> list[Moment]:
    """The points in time in a plain text, in order; ``year`` is that of the source, for 今年."""
    found = []
    for match in _MOMENT.finditer(text):
        if match.start() == match.end() or _VAGUE.match(text, match.end()):
            continue
        if made := _moment(match, year):
            found.append(made)
    return found


def _moment(match: re.Match[str], year: str) -> Moment | None:
    if not (match["year"] or match["month"] or match["day"] or match["hour"]):
        return None
    named = int(match["year"] or 0)
    if match["near"] and year.isdigit():
        named = int(year) + _NEAR[match["near"]]
    hour = int(match["hour"]) if match["hour"] else -1
    late = match["part"] in _LATE and 0 < hour < 12
    minute = 30 if match["half"] else int(match["minute"] or match["clock"] or 0)
    return Moment(
        named,
        int(match["month"] or 0),
        int(match["day"] or 0),
        (match["week"] or "").replace("天", "日"),
        hour + 12 * late,
        minute,
        bool(match["part"]) or hour > 12,
        match.start(),
        match.end(),
        match[0],
    )


def apart(one: Moment, other: Moment) -> bool:
    """Whether they cannot be one moment: the coarsest thing that both say differs."""
    for mine, theirs in ((one.year, other.year), (one.month, other.month), (one.day, other.day)):
        if mine and theirs and mine != theirs:
            return True
    if one.week and other.week and one.week != other.week:
        return not (one.day and other.day)
    if one.hour < 0 or other.hour < 0:
        return False
    cycle = 24 if one.sided and other.sided else 12
    return (one.hour % cycle, one.minute) != (other.hour % cycle, other.minute)


def shared(one: Moment, other: Moment) -> bool:
    """Whether they say something of one grain, so that they can differ at all."""
    return bool(
        (one.year and other.year)
        or (one.month and other.month)
        or (one.day and other.day)
        or (one.hour >= 0 and other.hour >= 0)
    )
