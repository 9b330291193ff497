"""One attribute of several things, 「甲和乙的人口分别是多少」, as a question about each.

By rule, on folded text: what only the first thing says before itself (大桥的|全长和总投资) or only the
last after itself (北京和上海|的人口) is said of all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.retrieve.question import PLACES

MOST = 4
"""Questions that one is taken apart into."""
LONG = 12
"""Characters of a thing that is named with all that belongs to it."""
ASKS = re.compile(
    r"多少|(?<!未来)(?<![\d十好每隔这那近])几(?![乎经度近率何千百十])|谁|哪|(?<!没)什么|何[时地处人]|怎|如何|为何|"
    r"(?<![许众很更])多[大高久长宽远重厚深](?!学)|啥|百分之(?![\d一二三四五六七八九十])"
)
"""What makes a question; 几 of an amount (几千, 好几) and 多 of a degree (许多大) do not."""
AND = re.compile(
    r"以及|(?<![共总温呼柔缓附饱亲平谐中调])和(?!平|谐|睦|解|约|田|县|林|龙|静|顺|缓|服|尚|好)|"
    r"(?<![参赠赋给])与(?!会|否|时俱进|[^,的]{1,12}(?:相比|比较|相同|一样|有关|相关|无关|结合|之间|一起))|(?<![埃涉普推顾触危])及(?!其|时|格|早|以)|、|跟(?!踪|随|进)"
)
"""What joins two things; not inside a word (和平, 参与, 涉及), nor 与 of a comparison (与上年相比)."""
EACH = re.compile(
    r"(?P<left>.+?)(?:的)?(?:分别|各自|各(?=[是有为占在达]|多少|几|什么|增|下降|如何|怎))(?P<rest>.+)"
)
"""「北京的甲和乙各是多少」: two things, one attribute."""
_SHARED = re.compile(
    r"(?P<left>(?:.*,)?[^,]{2,}的[^,的]{2,8}(?:和|与|及|以及|、)[^,的]{2,8}?)"
    r"(?P<rest>[是为](?:多少|谁|什么))"
)
"""「大桥的全长和总投资是多少」: said of one thing, and nothing follows."""
_TIME = re.compile(
    r"(?:截至|在)?(?:(?:19|20)\d{2}年(?:(?:\d{1,2}-)?\d{1,2}月(?:\d{1,2}日)?|第?[一二三四]季度|前[一二三]季度|[上下]半年|底|初)?|"
    r"[今去前明]年(?:\d{1,2}月|[上下]半年|第?[一二三四]季度|底|初)?|[上下]半年|[第前]?[一二三四]季度|[上下]一?季度|"
    r"(?<!\d)\d{1,2}月(?:\d{1,2}日)?)(?:以来|期间)?的?"
)
_CLASS = re.compile(r"(?:[届年月日期批次章条级类队》”\"省市县区州国岁]|季度)$")
"""What names of one kind end in: 第四届和第五届, 《甲》和《乙》, 青江市和白石市."""
_BOTH = re.compile(r"(?:这)?[两三四](?:[个家座条位所种项部支款名]|[地者国省市人县区](?=的|$))")
"""「甲和乙两家公司」, 「甲、乙两地」: counts what was named."""
_MEASURE = re.compile(
    r"(?:收入|利润|亏损|投资|产值|票房|时间|日期|地点|名称|名字|职业|价格|面积|增速|占比|规模|[额量率数例]|[全总][长高宽深重]|[长高宽深温速密厚]度)$"
)
"""What names a measure: a thing that ends so is asked for itself, not for what follows."""


def of_each(question: str) -> list[str]:
    """The questions about each of several things that one question asks; [] for any other."""
    match = EACH.fullmatch(question)
    if match is None or not ASKS.search(match["rest"]) or ASKS.search(match["left"]):
        match = _SHARED.fullmatch(question)
    if match is None:
        return []
    at = max(match["left"].rfind(mark) for mark in ",，") + 1
    before, left = match["left"][:at], match["left"][at:]
    items = _items(_BOTH.sub("", left))
    return [f"{before}{item}{match['rest']}" for item in _filled(items)] if items else []


def _items(left: str) -> list[str]:
    """The things that are named side by side, [] where it is one."""
    joints = [m for m in AND.finditer(left) if outside(left, m.start())]
    if sum(m[0] != "、" for m in joints) <= 1:
        ends = [*(m.start() for m in joints), len(left)]
        starts = [0, *(m.end() for m in joints)]
        items = [left[a:b] for a, b in zip(starts, ends, strict=True)]
    else:
        # Several 和, 与: the one whose sides are most alike joins the two things.
        halves = [(left[: m.start()], left[m.end() :]) for m in joints]
        items = [*max(halves, key=lambda two: (_alike(*two), -abs(len(two[0]) - len(two[1]))))]
    return items if 2 <= len(items) <= MOST and min(map(len, items)) > 1 else []


def _alike(one: str, other: str) -> int:
    """Characters that two texts end in alike."""
    n = 0
    while n < min(len(one), len(other)) and one[-1 - n] == other[-1 - n]:
        n += 1
    return n


def _filled(items: Sequence[str]) -> list[str]:
    """The things with what only the first or only the last of them says."""
    first, last = items[0], items[-1]
    head, tail = _head(first, last), _shared_tail(first, last)
    filled = [first + tail]
    for item in items[1:]:
        whole = item if item is last or "的" in item else item + tail
        filled.append(whole if item.startswith(head) else head + whole)
    return filled


def _shared_tail(first: str, last: str) -> str:
    """「北京和上海|的人口」, 「第四届和第五届|论坛」: what the last says for all; "" where nothing."""
    if "的" in first or _alike(first, last) > 1 or _MEASURE.search(first):
        return ""
    kind = _CLASS.search(first)
    if kind and kind[0] in last[:-1]:
        return last[last.index(kind[0]) + len(kind[0]) :]
    if "的" in last[1:]:
        return last[last.index("的", 1) :]
    place = next((p for p in PLACES if last.startswith(p)), "")
    if place and first.endswith(tuple(PLACES)):
        return last[len(place) :]
    # 汽油和柴油|价格: the character that ends the first ends a word of the last.
    return last[at + 1 :] if 0 < (at := last.find(first[-1])) < len(last) - 2 else ""


def _head(first: str, last: str) -> str:
    """「大桥的|全长和总投资」, 「2024年|营收和利润」: what the first says for all; "" where nothing."""
    time, other = _TIME.search(first), _TIME.match(last)
    if time and other:
        return first[: time.start()]
    when = time[0] if time and time.start() == 0 and time.end() < len(first) else ""
    if "的" in last or len(last) >= LONG or _shared_tail(first, last):
        return when
    if "的" in first:
        return first[: first.rindex("的") + 1]
    if len(first) >= len(last) + 3:
        return first[:-2]  # the attribute goes, of which two characters are the commonest length
    return when


def outside(text: str, at: int) -> bool:
    """Whether an offset stands in no quotation and no brackets."""
    opened = sum(text.count(mark, 0, at) for mark in "《“「『(")
    return opened == sum(text.count(mark, 0, at) for mark in "》”」』)")
