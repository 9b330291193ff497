"""A word whose opposite the evidence prints in the very same place: 成本高 for 成本低.

:mod:`rag.verify.polarity` weighs opposites by what stands around them; this asks for one thing only,
that the characters before (or behind) are the same, and that nothing else of the evidence agrees.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rag.verify.items import Laid
from rag.verify.names import NO_DOUBT, Doubt
from rag.verify.opposites import opposites
from rag.verify.spans import Sizes, longest, sizes

_SINGLE = (
    "高低 多少 大小 强弱 快慢 长短 好坏 好差 优劣 升降 增减 涨跌 早晚 远近 深浅 厚薄 重轻 热冷 松紧 买卖 输赢 "
    "胜负 胜败 盈亏 正负 宽窄 严松 难易 贵贱 新旧 赚赔 赚亏 粗细 浓淡 干湿 明暗 稳乱 进退 收支 存取 借还 拆建 "
    "攻守 左右 南北 东西 男女 阴阳 冷暖 浮沉 主客 硬软 富穷 公私 增降 增跌 涨降 升跌 涨减 升减"
).split()
_DEGREE = (
    r"(?:较|更|很|偏|最|也|相对|极|十分|非常|比较|有所|明显|大幅|小幅|持续|进一步|不断|略|稍|仍然|仍|依然|都|均"
    r"|显著|逐步|逐渐|快速|同比|环比|将|会|了){0,2}"
)
_BEHIND = 0.7
"""What the same characters behind alone count."""
_LONGEST = 8
_CLOSED = re.compile(r"[，,;:。、）)”了出]|\d|$")
_LEFT = re.compile(r"[\u3400-\u9fffa-z\d]{2,3}$")
_RIGHT = re.compile(r"^[\u3400-\u9fff]{2}")
_DEGREES = re.compile(rf"{_DEGREE}$")
_IDIOM = re.compile(r"[大小多少高低长短快慢早晚远近深浅轻重东西左右男女买卖进退收支南北]{2}")


@lru_cache(maxsize=1)
def _table() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for pair in _SINGLE:
        one, other = pair[0], pair[1]
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    for left, right in opposites():
        for a in left:
            for b in right:
                if len(a) > 1 and len(b) > 1:
                    found.setdefault(a, set()).add(b)
                    found.setdefault(b, set()).add(a)
    return {word: frozenset(others) for word, others in found.items()}


@lru_cache(maxsize=1)
def _sizes() -> Sizes:
    return sizes(_table())


def replaced(laid: Laid) -> Doubt:
    """The claim's word whose opposite stands between the same characters of the evidence."""
    said, held, table = laid.claim.text, laid.evidence.text, _table()
    best = NO_DOUBT
    for start, end in longest(said, table, _LONGEST, _sizes()):
        word = said[start:end]
        if len(word) == 1 and _IDIOM.search(said[max(0, start - 1) : end + 1]):
            continue
        others = [other for other in table[word] if other in held]
        left = _LEFT.search(_DEGREES.sub("", said[max(0, start - 8) : start])) if others else None
        if left is None:
            continue
        right = _RIGHT.search(said[end:])
        if len(word) > 1 and right and word not in held and right[0][0] not in "了的地得在为是不":
            against = [other for other in others if re.search(f"{other}了?{right[0]}", held)]
            if against:
                best = Doubt(_BEHIND, word, against[0])
        printed = _printed(
            said, held, (start, end), sorted(others), left[0], right[0] if right else ""
        )
        if printed:
            return Doubt(1.0, word, printed)
    return best


def _printed(
    said: str, held: str, at: tuple[int, int], others: list[str], left: str, right: str
) -> str:
    """The opposite that the evidence has between the same characters, if it does not agree anywhere."""
    word = said[at[0] : at[1]]
    if left[-2:] not in held:
        return ""
    if len(word) == 1 and not right and not _CLOSED.match(said[at[1] :]):
        return ""
    before = re.escape(left[-2:]) + _DEGREE
    any_of = "|".join(map(re.escape, sorted(others, key=len, reverse=True)))
    tests = [before + f"({any_of})" + right] if right else []
    if len(left) == 3 or len(word) > 1 or not right:
        tests.append(before + f"({any_of})" + (right if len(word) == 1 else ""))
    for test in tests:
        against = re.search(test, held)
        if against is None:
            continue
        agrees = re.search(before + re.escape(word), held) or (right and word + right in held)
        if not agrees and not re.search(before + f"(?:{any_of})", said):
            return against[1]
    return ""
