"""Names far from what the claim says of them, or in each other's role."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from rag.verify.items import Laid

_ABOVE = (
    "击败 战胜 力克 轻取 险胜 大胜 完胜 横扫 逆转 打败 淘汰 超越 领先于 领先 高于 多于 大于 快于 强于 优于 好于 早于 长于 重于 "
    "远超 超过 反超 胜过 跑赢 赶超"
)
_BELOW = (
    "不敌 负于 输给 败给 惜败 憾负 落后于 落后 低于 少于 小于 慢于 弱于 逊于 差于 晚于 短于 轻于 不及 远不及 不如 远不如 "
    "比不上 跑输"
)
_DEEDS = "收购 起诉 状告 袭击 攻击 指责 批评 邀请 救出 杀害 资助 举报 投诉 采访 任命 聘请 控股 举荐 感谢 祝贺 警告 制裁"
_SENSE = {
    **dict.fromkeys(_ABOVE.split(), (0, 1)),
    **dict.fromkeys(_BELOW.split(), (0, -1)),
    **{word: (number, 1) for number, word in enumerate(_DEEDS.split(), 1)},
}
"""Verbs between two sides: which verbs speak of the same, and whether the first is above."""
_VERSUS = re.compile("|".join(sorted(_SENSE, key=len, reverse=True)))
_OTHER_ORDER = re.compile(r"(?<!同)被$|遭到?$|受到?$|获$")
_FAR = 16


@dataclass(frozen=True, slots=True)
class Doubt:
    """``strength`` in [0, 1]: higher is more surely another's; the two names."""

    strength: float
    said: str
    printed: str


NO_DOUBT = Doubt(0.0, "", "")


def strongest(*doubts: Doubt) -> Doubt:
    """The strongest; of equal ones the first."""
    return max(doubts, key=lambda doubt: doubt.strength)


def loose(laid: Laid) -> Doubt:
    """The rare word of the claim that stands farthest from its neighbours in the evidence."""
    best = NO_DOUBT
    pull = laid.in_claim * laid.weights[None, :]
    for i, (word, match) in enumerate(zip(laid.claim.words, laid.matches, strict=True)):
        if word.weight < 4.0 or match.share < 0.85 or not match.places:
            continue
        if laid.around[i].share > 0.8:
            continue  # the title carries it through the whole text
        total = float(pull[i].sum())
        if total < 1.0:
            continue
        tie = float((pull[i] * np.minimum(1.0, laid.in_evidence[i] * 1.5)).sum()) / total
        strength = (1 - tie) * min(1.0, word.weight / 7)
        if strength > best.strength:
            best = Doubt(strength, word.text, "")
    return best


def versus(laid: Laid) -> tuple[int, Doubt]:
    """Whether claim and evidence put the same two sides in the same relation: 1 the same, -1 each in
    the other's place (with their names), 0 where it cannot be told. 甲击败乙 is 乙不敌甲."""
    agrees = 0
    for match in _VERSUS.finditer(laid.claim.text):
        group, sign = _SENSE[match[0]]
        second = _next(laid, match.end(), 1)
        if second is None:
            continue
        sign *= _passive(laid.claim.text, match.start())
        for held in _VERSUS.finditer(laid.evidence.text):
            kind, theirs = _SENSE[held[0]]
            b = _side(laid, second, held.start())
            first = _opposite(laid, match.start(), held.start(), b) if kind == group else None
            if first is None:
                continue
            if sign * theirs * _passive(laid.evidence.text, held.start()) * b > 0:
                agrees = 1
            elif not agrees and (held[0] == match[0] or group == 0):
                agrees = -1
                said = laid.claim.words[first].text, laid.claim.words[second].text
        if agrees < 0:
            return -1, Doubt(1.0, *said)
    return agrees, NO_DOUBT


def _passive(text: str, at: int) -> int:
    return -1 if _OTHER_ORDER.search(text[max(0, at - 2) : at]) else 1


def reversed_roles(laid: Laid) -> Doubt:
    """甲击败乙 for 乙击败甲: the word before the verb stands behind it in the evidence."""
    return versus(laid)[1]


def _opposite(laid: Laid, at: int, place: int, side: int) -> int | None:
    """The first word before ``at`` in the claim's clause that the evidence has on the other side of
    ``place`` than ``side``."""
    clause = laid.claim.clause[at]
    for i, word in enumerate(laid.claim.words):
        near = laid.claim.clause[word.start] == clause and word.start < at <= word.start + 2 * _FAR
        if near and laid.matches[i].share >= 0.6 and _side(laid, i, place) * side < 0:
            return i
    return None


def _next(laid: Laid, at: int, step: int) -> int | None:
    """The nearest held word before (-1) or behind (1) an offset, within some characters."""
    near = [
        (abs(word.start - at), i)
        for i, word in enumerate(laid.claim.words)
        if laid.matches[i].share >= 0.6 and 0 < step * (word.start - at) + (step > 0) <= _FAR
    ]
    return min(near)[1] if near else None


def _side(laid: Laid, item: int, place: int) -> int:
    """Whether the word's place nearest to ``place`` is before (-1) or behind it (1)."""
    spots = [
        p for p in laid.matches[item].places if laid.evidence.part[p] == laid.evidence.part[place]
    ]
    if not spots:
        return 0
    nearest = min(spots, key=lambda p: abs(p - place))
    return -1 if nearest < place else 1
