"""Amounts said in two pieces: 1米75, 一米九二, 两公里半, and the sides of 5020/1999/1460mm."""

from __future__ import annotations

import re
from dataclasses import replace

from rag.verify.figures import han_value
from rag.verify.quantity import Amount
from rag.verify.units import UNITS

_METRES = re.compile(
    r"(?<![\d.一二三四五六七八九十百千万])(?P<whole>[一二两三四五六七八九]|\d{1,2})(?P<unit>[米块毛])"
    r"(?P<part>[零〇一二三四五六七八九]{1,2}|\d{1,2})"
    r"(?![\d.,%零〇一二两三四五六七八九十百千万亿多余几个名位人家项条台辆米年月日号步栏]|自由|蝶|仰|接|混|团|单|双)"
)
_DECADE = re.compile(
    r"(?P<century>(?:上|本|20|21|二十一?)世纪)?(?P<tens>\d0|[一二三四五六七八九]十)年代"
)
_HALVED = frozenset(
    "年 天 周 岁 倍 米 公里 千米 斤 公斤 吨 亩 小时 个小时 个钟头 英里 海里".split()
)
_NO_HALF = set("夜数价径山成岛自场程决月天日年个小票球路导边途空身")
_SIDES = re.compile(r"[/×x*]")

POINTS = re.compile(
    r"建议|意见|要求|原因|理由|看法|希望|体会|启示|好处|不足|疑问|变化|因素|考虑|质疑|共识|声明|主张|说明|承诺|倡议|期望"
)
"""Behind 两点 these say that points are counted, not hours."""
_IDIOM = re.compile(
    r"三番五次|五花八门|四处(?=[奔寻打找求张流漂散躲游走逃碰化飞传乱])|三天两头|两头(?![猪牛羊驴骡象鹿])|第三方|三角(?!\d)|五金(?=店|件|厂|行|公司|工具|市场)|二次元|二号人物|三分天|四面八方|三三两两|八成(?=是因|是真|是要|会|要)"
    r"|十[二三四五]五(?=规划|期间|时期|末|开局|以来)|十二分(?![钟之])|第一(?:时间|线|手|夫人|人称|步|大街)|第二人生|第三世界|三言两语|七分饱|一[五六]一十|十有八九(?!成)"
    r"|三天打鱼|两天晒网|三长两短|两面三刀|七零八落|四通八达|三心二意|千军万马|五湖四海|百分百|[一两]方面|三(?:军|农|甲|峡|亚)|三令五申|九牛一毛|四分五裂|三[轮脚](?=车)|[两四]轮(?=车|电|驱)"
)


def idioms(text: str) -> set[int]:
    """The characters that stand in words with a number in them that counts nothing: 四处, 第一时间."""
    return {at for match in _IDIOM.finditer(text) for at in range(*match.span())}


def metres(text: str) -> list[Amount]:
    """1米75 and 一米八, in metres, 三毛五 and 3块5 in yuan; one digit of the second piece is tenths."""
    found = []
    for match in _METRES.finditer(text):
        whole, part = _digits(match["whole"]), _digits(match["part"])
        value = float(f"{whole}.{part}")
        unit, size = ("length", 1.0) if match["unit"] == "米" else ("yuan", 1.0)
        size = 0.1 if match["unit"] == "毛" else size
        found.append(Amount(value * size, unit, "", match.start(), match.end(), match[0]))
    return found


def decades(text: str) -> list[Amount]:
    """上世纪90年代 and 二十世纪八十年代 as their years, from the first to the last."""
    found = []
    for match in _DECADE.finditer(text):
        tens = match["tens"]
        year = int(tens) if tens.isdigit() and tens.isascii() else int(han_value(tens))
        if year % 10 or year > 90:
            continue
        century = 2000.0 if (match["century"] or "").startswith(("21", "二十一", "本")) else 1900.0
        first = century + year
        found.append(
            Amount(
                first, "year", "", match.start(), match.end(), match[0], han=True, upto=first + 9
            )
        )
    return found


def _digits(text: str) -> str:
    return text if text.isdigit() and text.isascii() else "".join(str(han_value(c)) for c in text)


def halved(unit: str, text: str, end: int) -> bool:
    """Whether 半 behind a number and its unit adds half of one: 两公里半, not 三年半数."""
    return (
        unit in _HALVED and text[end : end + 1] == "半" and text[end + 1 : end + 2] not in _NO_HALF
    )


def sides(found: list[Amount], text: str) -> list[Amount]:
    """Numbers joined by / or × to one with a unit take its unit: 5020/1999/1460mm."""
    for at in range(len(found) - 1, 0, -1):
        low, high = found[at - 1], found[at]
        if low.unit or not high.unit or not _SIDES.fullmatch(text[low.end : high.start]):
            continue
        if high.unit in {"length", "mass", "area", "percent"}:
            size = float(re.sub(r"[^\d.]", "", high.text) or 0)
            scale = high.value / size if size else 1.0
            found[at - 1] = replace(low, unit=high.unit, value=low.value * scale)
    return found


def unit_size(text: str) -> float:
    """The size of the unit that a number ends in, in the base of its kind; 1 where it has none."""
    names = [text[at:] for at in range(len(text)) if text[at:] in UNITS]
    return UNITS[names[0]][1] if names else 1.0
