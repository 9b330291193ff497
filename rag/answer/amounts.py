"""The amounts in a text: value, unit, and whether "about", "over" or "under" is said of it.

Wider than :mod:`rag.answer.figures`: 四成三 = 43 %, 半个月 = 15 天, 晚8点 = 20时, 两毛 = 0.2元,
8-9.5亿元 = 8亿元 and 9.5亿元.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from rag.answer.figures import han_value
from rag.text.normalise import fold_text

_HAN = "零〇一二两三四五六七八九十百千万亿"
_COMMA = "\u2016"  # stands for the full-width comma while folding, which would narrow it
_SCALES = {"万": 1e4, "亿": 1e8, "兆": 1e12, "千": 1e3, "百": 1e2}

_LENGTH = {"毫米": 1e-3, "mm": 1e-3, "厘米": 1e-2, "cm": 1e-2, "公里": 1e3, "千米": 1e3, "km": 1e3}
_MASS = {"毫克": 1e-3, "mg": 1e-3, "千克": 1e3, "公斤": 1e3, "kg": 1e3, "吨": 1e6, "克": 1.0}
_MONEY = {
    "美元": "dollar", "欧元": "euro", "日元": "yen", "韩元": "won", "港元": "hkd", "港币": "hkd",
    "英镑": "pound", "比索": "peso", "卢布": "rouble", "卢比": "rupee", "新台币": "twd",
    "人民币": "yuan", "元": "yuan", "块钱": "yuan",
}  # fmt: skip
_AREA = {"平方公里": 1e6, "平方千米": 1e6, "平方米": 1.0, "平米": 1.0, "公顷": 1e4, "亩": 2e3 / 3}
_UNITS: dict[str, tuple[str, float]] = {
    **{name: ("length", factor) for name, factor in _LENGTH.items()},
    **{name: ("mass", factor) for name, factor in _MASS.items()},
    **{name: (kind, 1.0) for name, kind in _MONEY.items()},
    **{name: ("area", factor) for name, factor in _AREA.items()},
    "毛": ("yuan", 0.1), "角": ("yuan", 0.1), "米": ("length", 1.0), "立方米": ("volume", 1.0),
    "个百分点": ("point", 1.0), "百分点": ("point", 1.0), "pct": ("point", 1.0),
    "个基点": ("point", 0.01), "基点": ("point", 0.01),
    "%": ("percent", 1.0), "‰": ("percent", 0.1), "倍": ("times", 1.0), "摄氏度": ("degree", 1.0),
    "℃": ("degree", 1.0), "度": ("degree", 1.0), "年": ("year", 1.0), "月份": ("month", 1.0),
    "月": ("month", 1.0), "日": ("day", 1.0), "号": ("day", 1.0), "天": ("days", 1.0),
    "周": ("days", 7.0), "个月": ("months", 1.0), "时": ("hour", 1.0), "点": ("hour", 1.0),
    "小时": ("hours", 1.0), "个小时": ("hours", 1.0), "周年": ("years", 1.0),
    "分钟": ("minutes", 1.0), "分": ("counter", 1.0),
    "秒": ("seconds", 1.0),
    "岁": ("age", 1.0), "季度": ("quarter", 1.0), "个季度": ("counter", 1.0),
    "千瓦时": ("kwh", 1.0), "度电": ("kwh", 1.0), "千瓦": ("kw", 1.0),
    "gw": ("gw", 1.0), "焦耳": ("joule", 1.0), "兆焦耳": ("mj", 1.0), "步": ("step", 1.0),
    "人次": ("counter", 1.0),
}  # fmt: skip
_COUNTERS = (
    "个 名 人 家 位 项 条 款 台 辆 座 所 件 份 场 届 国 种 类 只 艘 架 颗 支 班 次 起 例 处 票 枚 块 "
    "层 级 把 粒 股 套 金 银 铜 席 胜 负 环 校 地 城 省 市 县 区 户 批 轮 头 篇 部 本 张 球 死 伤 根 "
    "亿 社 队 球 组 门 箱 瓶 粒 期 节 集 站 艘 幅 句 字 间 栋 幢 株 盒 听 罐 吨级 夜 晚"
).split()
for _counter in _COUNTERS:
    _UNITS.setdefault(_counter, ("counter", 1.0))
_UNIT = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
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
    r"(?:增长|增加|提高|上升|上涨|增|扩大|提升|升高)(?:了|近|约|超|超过|逾|至少|将近)?$"
)
_LATE = re.compile(r"(?:下午|傍晚|晚上|晚间|当晚|晚|夜里)$")
_BEFORE = (
    (
        "under",
        re.compile(
            r"(?:不到|不足|不及|低于|少于|接近|将近|逼近|近|几乎|不超过|至多|最多|以下)(?:了|达到|为)?$"
            r"|(?:不到|不足|接近|不及)[^，]{3,16}的$"
        ),
    ),
    (
        "over",
        re.compile(
            r"(?:超过|超出|突破|超|逾|跑赢|高于|多于|大于|不低于|不少于|至少|达到或超过|过)了?$"
            r"|(?:超过|高于)[^，]{3,12}的$"
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
    return _ranges(found, text)


def _number(match: re.Match[str], text: str) -> Amount | None:
    unit, factor = _UNITS.get(match["unit"] or "", ("", 1.0))
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
    if match["unit"] == "号" and value > 31:
        unit = "grade"
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
