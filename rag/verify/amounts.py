"""The amounts in a text: value, unit, and whether "about", "over" or "under" is said of it.

Wider than :mod:`rag.verify.figures`: 四成三 = 43 %, 半个月 = 15 天, 晚8点 = 20时, 两毛 = 0.2元,
8-9.5亿元 = 8亿元 and 9.5亿元, 六七百 = 600 to 700, 年逾八旬 = over 80, Ⅲ级 = 3级, 12:30 = 12时30分.
"""

from __future__ import annotations

import re

from rag.text.normalise import fold_text
from rag.verify.clocks import LATE, clock_times, clocked, later, ranged
from rag.verify.composed import POINTS, decades, halved, idioms, metres, sides
from rag.verify.figures import han_value
from rag.verify.quantity import Amount as Amount
from rag.verify.units import UNITS

_HAN = "零〇一二两三四五六七八九十百千万亿"
_COMMA = "\u2016"  # stands for the full-width comma while folding, which would narrow it
_SCALES = {"万": 1e4, "亿": 1e8, "兆": 1e12, "千": 1e3, "百": 1e2}

_ONLY = {"方": r"(?<=[万亿])方(?![面向案法式位])"}
"""Units that are one only between such characters: 30万方, never 三方."""


def _pattern(name: str) -> str:
    if name in _ONLY:
        return _ONLY[name]
    return re.escape(name) + ("(?![a-z])" if name.isascii() and name.isalpha() else "")


_UNIT = "|".join(_pattern(name) for name in sorted(UNITS, key=len, reverse=True))
_ROMAN = {name: n for n, name in enumerate("i ii iii iv v vi vii viii ix x".split(), 1)}
_AFTER = r"(?P<more>多|余|来|几)?"
_NUMBER = re.compile(
    r"(?P<ordinal>第)?(?:"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?P<second>万\d{1,4}(?=亿))?(?P<scale>(?:[万亿兆百]|千(?![瓦克米焦]))*)"
    r"|(?P<roman>(?<![a-z0-9])(?:ix|iv|vi{0,3}|i{1,3}|x)(?=[级类型期度档等]))"
    rf"|(?P<han>[{_HAN}]{{1,24}}(?:点[零一二三四五六七八九]{{1,9}}(?![十百]))?))"
    rf"{_AFTER}(?P<late>(?<=[多余来几])[万亿]+)? ?(?P<unit>{_UNIT})?(?P<rest>多|余)?"
)
_SHARE = re.compile(
    rf"(?P<tenths>[一二两三四五六七八九]|\d{{1,2}})成(?P<tenth>[一二三四五六七八九半]|[0-9](?![\d.%]))?(?!立|为|功|都|员|本|果|绩|长|交|熟|分|果)"
    rf"|(?P<below>[{_HAN}]{{1,12}}|[0-9]{{1,9}})分之(?P<above>(?:[{_HAN}]{{1,12}}|[0-9]{{1,9}})(?:[.点](?:[零一二三四五六七八九]{{1,9}}|[0-9]{{1,9}}))?)"
    r"|(?P<halfmonth>半个月)|(?P<half>一半|半数|过半(?!百))|(?P<double>翻了?(?P<doubled>[一两二三四五])?番|翻倍)"
    r"|(?P<slash>(?<![\d/])\d{1,2}/\d{1,2}(?![\d/]))"
    r"|(?<![上中下])(?P<decade>[三四五六七八九])旬(?!日|天)|年(?:近|逾|过|届|满)(?P<named>花甲|古稀|半百)"
)
_NEARBY = re.compile(
    r"(?P<head>[一二三四五六七八九十百千万]*[十百千万])?(?P<low>[一二两三四五六七八])"
    r"(?P<high>[二三四五六七八九])(?P<tail>[十百千万亿]*)"
)
_ROUGH = re.compile(r"(?:近|超|逾|过|上|约|达|破)$")
_ARTICLE = set("上下这那同某每有另高低差更升降")
_ISO = re.compile(r"(?<!\d)((?:19|20)\d\d)[-./](\d{1,2})[-./](\d{1,2})(?!\d)")
_GROWN = re.compile(
    r"(?:(?:增长|增加|提高|上升|上涨|增|扩大|提升|升高|猛涨|大涨|暴涨|(?<!上)涨)了?|[大高多快长重贵宽深][了出])"
    r"(?:近|约|超|超过|逾|至少|将近|差不多|大约|大概|几乎|快)?$"
)
_BEFORE = (
    (
        "under",
        re.compile(
            r"(?:不到|不足|不及|(?<![加最更较飞很轻])快|快要|不满|未满|未达|(?<!不)(?<!不得)(?<!不能)(?:低于|少于|小于)|不(?:得|能|可|应|宜|许|会)?(?:多于|高于|大于|超过|超出|超)|接近|将近|逼近|近|几乎|不超过|至多|最多|以下)(?:了|达到|为)?$"
            r"|(?:最多|至多|顶多)[^，。;\d]{1,4}$"
            r"|(?:不到|不足|接近|不及)[^，]{3,16}的$"
        ),
    ),
    (
        "over",
        re.compile(
            r"(?:超过|超出|突破|超|逾|跑赢|(?<!不)(?:高于|多于|大于)|不(?:得|能|可|应|宜)?(?:低于|少于|小于)|至少|最少|达到或超过|(?<!不)过)了?$"
            r"|(?:超过|(?<!不)高于)[^，]{3,12}的$|(?:最少|至少|起码)[^，。;\d]{1,4}$"
        ),
    ),
    ("about", re.compile(r"(?:大约|大概|约为|约|左右|差不多|约合|合)$")),
)
_OVER = re.compile(r"(?:逾|(?<!不)(?<!不[得能可应宜会])超)$")
"""Right before the number, whatever stands before it: 最多涨逾4%."""
_BEHIND = (
    ("over", re.compile(r"^(?:以上|及以上|有余|多(?!个百)|余|强|开外|还多|还要多|出头|挂零)")),
    ("under", re.compile(r"^(?:以下|以内|之内|不到)")),
    ("about", re.compile(r"^(?:左右|上下|前后|来|许|大约)")),
)


def plain(text: str) -> str:
    """Folded for matching; the full-width comma stays itself, so that it never groups thousands."""
    text = fold_text(text.replace("，", _COMMA)).replace(_COMMA, "，")
    text = re.sub(r",(?!\d{3}(?!\d))|(?<!\d),", "，", text)
    text = re.sub(r"(?<![a-z0-9]) | (?![a-z0-9])", "", text)
    return _ISO.sub(lambda m: f"{m[1]}年{int(m[2])}月{int(m[3])}日", text)


def amounts(text: str) -> list[Amount]:
    """The amounts in a plain text, in order; 一 before a counter (一家) is an article."""
    found = [share for match in _SHARE.finditer(text) if (share := _share(match, text))]
    found += clock_times(text)
    found += metres(text)
    found += decades(text)
    idle = idioms(text)
    taken = {at for share in found for at in range(share.start, share.end)} | idle
    found = [one for one in found if one.start not in idle]
    for match in _NUMBER.finditer(text):
        if match.start() not in taken and (amount := _number(match, text)):
            found.append(amount)
    found.sort(key=lambda amount: amount.start)
    return ranged(sides(later(clocked(found), text), text), text)


def _number(match: re.Match[str], text: str) -> Amount | None:
    unit, factor = UNITS.get(match["unit"] or "", ("", 1.0))
    upto = 0.0
    if match["roman"]:
        value = float(_ROMAN[match["roman"]])
        if value <= 1 and match["unit"] != "级":
            return None
        unit, factor = unit or "counter", 1.0
    elif match["digits"]:
        value = float(match["digits"].replace(",", "")[:300])
        if match["second"]:
            value = value * 1e4 + float(match["second"][1:])
        for char in match["scale"]:
            value *= _SCALES[char]
    else:
        han = match["han"]
        bounded = _ROUGH.search(text[max(0, match.start() - 1) : match.start()]) or match["more"]
        if han in "万百千亿十" and not (
            bounded and match["unit"] and (han != "十" or match["more"])
        ):
            return None
        if not (match["unit"] or match["ordinal"] or len(han) > 2):
            return None
        whole, _, part = han.partition("点")
        value = float(han_value(whole))
        value, upto = _between(whole) or (value, 0.0)
        if part:
            value += float("0." + "".join(str(han_value(char)) for char in part))
        graded = match["unit"] == "级" and text[match.start() - 1 : match.start()] not in _ARTICLE
        if value <= 1 and not match["ordinal"] and unit not in {"times", "quarter"} and not graded:
            return None
    if match["more"] == "几" and value % 10 == 0:
        upto = value + 9  # 十几
    for char in match["late"] or "":
        value, upto = value * _SCALES[char], upto * _SCALES[char]
    end = match.end()
    if match["unit"] and "半" in match["unit"]:
        value += 0.5  # 3个半小时
    elif match["unit"] and not match["rest"] and halved(match["unit"], text, end):
        value, end = value + 0.5, end + 1  # 两公里半
    if unit == "times" and _GROWN.search(text[max(0, match.start() - 6) : match.start()]):
        value += 1  # 增加一倍 is twice as much
    if match["ordinal"] and unit != "quarter":
        unit, factor = "ordinal", 1.0
    if unit == "year" and (value < 1000 or match["more"]):
        unit = "years"
    if unit == "hour" and match["han"] and POINTS.match(text, match.end()):
        unit = "counter"  # 两点建议
    if unit == "day" and value > 31:
        unit = "grade" if match["unit"] == "号" else ""
    if unit == "hour" and (value > 24 or value % 1):
        unit = "index"  # 收于19184点, 指数为102.5点
    if (
        unit == "hour"
        and value < 12
        and LATE.search(text[max(0, match.start() - 9) : match.start()])
    ):
        value, upto = value + 12, upto and upto + 12
    more = match["more"] in {"多", "余"} or match["rest"] or "多" in (match["unit"] or "")
    mode = "over" if more else ""
    mode = mode or ("about" if match["more"] else _mode(text, match.start(), end))
    return Amount(
        value * factor, unit, mode, match.start(), end, text[match.start() : end],
        han=bool(match["han"]), upto=upto * factor,
    )  # fmt: skip


def _between(han: str) -> tuple[float, float] | None:
    """The ends of a vague number: 六七百, 十七八, 三五万; None where it is exact."""
    match = _NEARBY.fullmatch(han)
    if not match:
        return None
    low, high = (int(han_value(match[name])) for name in ("low", "high"))
    if high != low + 1 and (low, high) != (3, 5):
        return None
    head, tail = match["head"] or "", match["tail"]
    return float(han_value(f"{head}{match['low']}{tail}")), float(
        han_value(f"{head}{match['high']}{tail}")
    )


def _share(match: re.Match[str], text: str) -> Amount | None:
    rounded = True
    if match["decade"] or match["named"]:
        age = {"花甲": 60.0, "古稀": 70.0, "半百": 50.0}.get(match["named"]) or 10.0 * han_value(
            match["decade"]
        )
        said = text[max(0, match.start() - 2) : match.start()] + match[0]
        mode = "under" if "近" in said else "over"
        return Amount(age, "age", mode, match.start(), match.end(), match[0], han=True)
    if match["tenths"]:
        tenths = float(
            han_value(match["tenths"]) if not match["tenths"].isdigit() else match["tenths"]
        )
        tenth = match["tenth"] or "零"
        part = 5 if tenth == "半" else int(tenth) if tenth.isascii() else han_value(tenth)
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
        value, unit = 2.0 ** han_value(match["doubled"] or "一"), "times"
    mode = "over" if match["half"] == "过半" else _mode(text, match.start(), match.end())
    return Amount(value, unit, mode, match.start(), match.end(), match[0], rounded)


def _mixed(text: str) -> float:
    whole, _, part = text.replace("点", ".").partition(".")
    value = float(whole) if whole.isdigit() else float(han_value(whole))
    digits = part if part.isdigit() else "".join(str(han_value(char)) for char in part)
    return value + (float("0." + digits) if digits else 0.0)


def _mode(text: str, start: int, end: int) -> str:
    before = text[max(0, start - 20) : start]
    if _OVER.search(before) or (before.endswith("上") and text[start] in "十百千万亿"):
        return "over"
    for mode, pattern in _BEFORE:
        if pattern.search(before):
            return mode
    for mode, pattern in _BEHIND:
        if pattern.search(text[end : end + 4]):
            return mode
    return ""
