"""The amounts in a text: value, unit, and whether "about", "over" or "under" is said of it.

Wider than :mod:`rag.verify.figures`: 四成三 = 43 %, 半个月 = 15 天, 晚8点 = 20时, 两毛 = 0.2元,
8-9.5亿元 = 8亿元 and 9.5亿元.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from rag.text.normalise import fold_text
from rag.verify.figures import han_value
from rag.verify.units import UNITS

_HAN = "零〇一二两三四五六七八九十百千万亿"
_COMMA = "\u2016"  # stands for the full-width comma while folding, which would narrow it
_SCALES = {"万": 1e4, "亿": 1e8, "兆": 1e12, "千": 1e3, "百": 1e2}

_UNIT = "|".join(
    re.escape(name) + ("(?![a-z])" if name.isascii() and name.isalpha() else "")
    for name in sorted(UNITS, key=len, reverse=True)
)
_AFTER = r"(?P<more>多|余|来|几)?"
_NUMBER = re.compile(
    r"(?P<ordinal>第)?(?:"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?P<second>万\d{1,4}(?=亿))?(?P<scale>(?:[万亿兆百]|千(?![瓦克米焦]))*)"
    rf"|(?P<han>[{_HAN}]+(?:点[零一二三四五六七八九]+)?))"
    rf"{_AFTER} ?(?P<unit>{_UNIT})?(?P<rest>多|余)?"
)
_SHARE = re.compile(
    rf"(?P<tenths>[一二两三四五六七八九\d]+)成(?P<tenth>[一二三四五六七八九半])?(?!立|为|功|都|员|本|果|绩|长|交|熟|分|果)"
    rf"|(?P<below>[{_HAN}\d]+)分之(?P<above>[{_HAN}\d]+(?:[.点][零一二三四五六七八九\d]+)?)"
    r"|(?P<halfmonth>半个月)|(?P<half>一半|半数|过半)|(?P<double>翻了?一?番|翻倍)"
    r"|(?P<slash>(?<![\d/])\d{1,2}/\d{1,2}(?![\d/]))"
)
_ISO = re.compile(r"(?<!\d)((?:19|20)\d\d)[-./](\d{1,2})[-./](\d{1,2})(?!\d)")
_RANGE = re.compile(r"^(?:至|到|-|~|—|–|～)+$")
_GROWN = re.compile(
    r"(?:(?:增长|增加|提高|上升|上涨|增|扩大|提升|升高)了?|[大高多快长重贵宽深][了出])"
    r"(?:近|约|超|超过|逾|至少|将近)?$"
)
_LATE = re.compile(r"(?:下午|傍晚|晚上|晚间|当晚|晚|夜里)$")
_BEFORE = (
    (
        "under",
        re.compile(
            r"(?:不到|不足|不及|不满|未满|未达|(?<!不)(?<!不得)(?<!不能)(?:低于|少于|小于)|不(?:得|能|可|应|宜|许|会)?(?:多于|高于|大于|超过|超出|超)|接近|将近|逼近|近|几乎|不超过|至多|最多|以下)(?:了|达到|为)?$"
            r"|(?:不到|不足|接近|不及)[^，]{3,16}的$"
        ),
    ),
    (
        "over",
        re.compile(
            r"(?:超过|超出|突破|超|逾|跑赢|(?<!不)(?:高于|多于|大于)|不(?:得|能|可|应|宜)?(?:低于|少于|小于)|至少|最少|达到或超过|过)了?$"
            r"|(?:超过|(?<!不)高于)[^，]{3,12}的$"
        ),
    ),
    ("about", re.compile(r"(?:大约|大概|约为|约|左右|差不多|约合|合)$")),
)
_BEHIND = (
    ("over", re.compile(r"^(?:以上|及以上|有余|多(?!个百)|余|强|开外|还多)")),
    ("under", re.compile(r"^(?:以下|以内|之内|不到)")),
    ("about", re.compile(r"^(?:左右|上下|前后|来|许|大约)")),
)


@dataclass(frozen=True, slots=True)
class Amount:
    """``value`` in its unit's base (metres, grams, yuan); ``unit`` names a kind of unit, "" none.

    ``mode`` is "", "about", "over" or "under"; ``rounded`` is set where the wording itself is
    coarse (七成). ``[start, end)`` is its span in the plain text.
    """

    value: float
    unit: str
    mode: str
    start: int
    end: int
    text: str
    rounded: bool = False
    han: bool = False


def plain(text: str) -> str:
    """Folded for matching; the full-width comma stays itself, so that it never groups thousands."""
    text = fold_text(text.replace("，", _COMMA)).replace(_COMMA, "，")
    text = re.sub(r",(?!\d{3}(?!\d))|(?<!\d),", "，", text)
    text = re.sub(r"(?<![a-z0-9]) | (?![a-z0-9])", "", text)
    return _ISO.sub(lambda m: f"{m[1]}年{int(m[2])}月{int(m[3])}日", text)


def amounts(text: str) -> list[Amount]:
    """The amounts in a plain text, in order; 一 before a counter (一家) is an article."""
    found = [share for match in _SHARE.finditer(text) if (share := _share(match, text))]
    taken = {at for share in found for at in range(share.start, share.end)}
    for match in _NUMBER.finditer(text):
        if match.start() not in taken and (amount := _number(match, text)):
            found.append(amount)
    found.sort(key=lambda amount: amount.start)
    return _ranges(_clock(found), text)


def _clock(found: list[Amount]) -> list[Amount]:
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


def _number(match: re.Match[str], text: str) -> Amount | None:
    unit, factor = UNITS.get(match["unit"] or "", ("", 1.0))
    if match["digits"]:
        value = float(match["digits"].replace(",", "")[:300])
        if match["second"]:
            value = value * 1e4 + float(match["second"][1:])
        for char in match["scale"]:
            value *= _SCALES[char]
    else:
        han = match["han"]
        if not (match["unit"] or match["ordinal"] or len(han) > 2) or han in "万百千亿十":
            return None
        whole, _, part = han.partition("点")
        value = float(han_value(whole))
        if part:
            value += float("0." + "".join(str(han_value(char)) for char in part))
        if value <= 1 and not match["ordinal"] and unit not in {"times", "quarter"}:
            return None
    if unit == "times" and _GROWN.search(text[max(0, match.start() - 6) : match.start()]):
        value += 1  # 增加一倍 is twice as much
    if match["ordinal"] and unit != "quarter":
        unit = "ordinal"
    if unit == "year" and (value < 1000 or match["more"]):
        unit = "years"
    if unit == "day" and value > 31:
        unit = "grade" if match["unit"] == "号" else ""
    if unit == "hour" and value < 12 and _LATE.search(text[: match.start()]):
        value += 12
    mode = "over" if match["more"] in {"多", "余"} or match["rest"] else ""
    mode = mode or ("about" if match["more"] else _mode(text, match.start(), match.end()))
    return Amount(
        value * factor, unit, mode, match.start(), match.end(), match[0], han=bool(match["han"])
    )


def _share(match: re.Match[str], text: str) -> Amount | None:
    rounded = True
    if match["tenths"]:
        tenths = float(
            han_value(match["tenths"]) if not match["tenths"].isdigit() else match["tenths"]
        )
        part = {"半": 5}.get(match["tenth"] or "", han_value(match["tenth"] or "零"))
        value, unit, rounded = tenths * 10 + part, "percent", not match["tenth"]
        if tenths > 10:
            return None
    elif match["slash"]:
        above, below = match["slash"].split("/")
        if not int(below):
            return None
        value, unit = 100 * float(above) / float(below), "percent"
    elif match["below"]:
        below_value, above_value = _mixed(match["below"]), _mixed(match["above"])
        if not below_value:
            return None
        value, unit = 100 * above_value / below_value, "percent"
        rounded = below_value not in (100.0, 1000.0)
    elif match["halfmonth"]:
        value, unit = 15.0, "days"
    elif match["half"]:
        value, unit = 50.0, "percent"
    else:
        value, unit = 2.0, "times"
    mode = "over" if match["half"] == "过半" else _mode(text, match.start(), match.end())
    return Amount(value, unit, mode, match.start(), match.end(), match[0], rounded)


def _mixed(text: str) -> float:
    whole, _, part = text.replace("点", ".").partition(".")
    value = float(whole) if whole.isdigit() else float(han_value(whole))
    digits = part if part.isdigit() else "".join(str(han_value(char)) for char in part)
    return value + (float("0." + digits) if digits else 0.0)


def _mode(text: str, start: int, end: int) -> str:
    for mode, pattern in _BEFORE:
        if pattern.search(text[max(0, start - 20) : start]):
            return mode
    for mode, pattern in _BEHIND:
        if pattern.search(text[end : end + 4]):
            return mode
    return ""


def _ranges(found: list[Amount], text: str) -> list[Amount]:
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
            scale = 1.0
            if low.text.replace(".", "").isdigit():
                bare = re.match(r"[\d.,]+", high.text)
                scale = high.value / float(bare[0].replace(",", "")) if bare else 1.0
                if bare and not float(bare[0].replace(",", "")):
                    scale = 1.0
            found[at - 1] = replace(low, unit=high.unit, value=low.value * scale)
    return found
