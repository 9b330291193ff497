"""Names taken for each other: replaced, exchanged, in each other's role."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from rag.answer.items import Laid
from rag.answer.words import View, occurrences

_HEAD = frozenset(
    "大学 公司 集团 银行 央行 证券 医院 学院 机构 队 团队 代表队 代表团 基金 科技 电子 国际 市 省 县 州 部 局 委 总统 总理 主席 "
    "部长 教授 专家 研究院 研究所 协会 联盟 俱乐部 选手 队员 发言人 交易所 控股 股份 汽车 铁路 机场 大会 论坛 联合会 杯 山 岛 "
    "医生 记者 院长 董事长 先生 女士 某".split()
)
_VERSUS = re.compile(
    r"击败|战胜|不敌|负于|输给|败给|力克|轻取|险胜|大胜|逆转|收购|起诉|告|袭击|攻击|指责|批评|邀请|救|杀|打败|淘汰|超越|领先|落后于|高于|低于|多于|少于"
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """``strength`` in [0, 1]: higher is more surely another's; the two names."""

    strength: float
    said: str
    printed: str


NO_DOUBT = Doubt(0.0, "", "")


def replaced(laid: Laid) -> Doubt:
    """A modifier that the evidence lacks before a head that it has with another: 剑桥大学 for
    牛津大学."""
    best = NO_DOUBT
    claim, evidence = laid.claim, laid.evidence
    ends = {word.start: word for word in claim.words}
    before = {word.end: word for word in evidence.words}
    held = set(evidence.text) | set(laid.context.text)
    for word, match, around in zip(claim.words, laid.matches, laid.around, strict=True):
        if max(match.share, around.share) >= 0.5 or len(word.text) < 2:
            continue
        absent = sum(char not in held for char in word.text) / len(word.text)
        if len(word.text) > 3 and word.text[-2:] in _HEAD:
            kin = [w.text for w in evidence.words if w.text.endswith(word.text[-2:])]
            kin = [text for text in kin if len(text) > 3 and text not in claim.text]
            if kin and best.strength < 0.9:
                best = Doubt(0.9, word.text, kin[0])
        head = ends.get(word.end)
        if head is None:
            continue
        others = [
            before[place]
            for place in occurrences(head.text, evidence.text)
            if place in before and before[place].text not in claim.text
        ]
        if others:
            strength = (0.5 + 0.5 * absent) * min(1.0, word.weight / 5)
            strength *= 1.0 if head.text in _HEAD else 0.6
            if strength > best.strength:
                best = Doubt(strength, word.text + head.text, others[0].text + head.text)
    return best


def exchanged(laid: Laid) -> Doubt:
    """Two names of the claim whose neighbours stand, in the evidence, each by the other.

    A name holds for what follows it until the other name comes.
    """
    named = [
        i
        for i, word in enumerate(laid.claim.words)
        if laid.matches[i].share >= 0.85 and 0 < len(laid.places[i]) <= 3 and word.weight >= 4.5
    ]
    weights = laid.weights
    pull_near, ties = laid.in_claim * weights[None, :], laid.in_evidence
    best = NO_DOUBT
    for a, i in enumerate(named):
        for j in named[a + 1 :]:
            first, second = laid.claim.words[i], laid.claim.words[j]
            if second.start - first.end < 2:
                continue
            pro = contra = 0.0
            for v, weight in enumerate(weights):
                if v in (i, j) or weight < 2.0 or len(laid.places[v]) > 3:
                    continue
                pull = _hold(laid.claim, (first.start,), (second.start,), (int(laid.starts[v]),))
                if abs(pull) < 0.15:
                    continue
                there = _hold(laid.evidence, laid.places[i], laid.places[j], laid.places[v])
                step = float(weight) * pull * there
                pro, contra = pro + max(0.0, -step), contra + max(0.0, step)
            strength = (pro - contra) / (pro + contra + 2.0)
            if strength > best.strength:
                # Both readings have to agree: who holds what, and what stands how near.
                step = (pull_near[i] - pull_near[j]) * (ties[j] - ties[i])
                step[[i, j]] = 0.0
                beside = float(step.sum()) / (float(np.abs(step).sum()) + 2.0)
                if min(strength, beside) > best.strength:
                    best = Doubt(min(strength, beside), first.text, second.text)
    return best


def _hold(
    view: View, ones: tuple[int, ...], others: tuple[int, ...], places: tuple[int, ...]
) -> float:
    """In [-1, 1]: how much more the one name holds the nearest of ``places`` than the other."""
    found = 0.0
    for place in places:
        one = max(_held(view, at, others, place) for at in ones)
        other = max(_held(view, at, ones, place) for at in others)
        if abs(one - other) > abs(found):
            found = one - other
    return found


def _held(view: View, name: int, rivals: tuple[int, ...], place: int) -> float:
    if view.part[name] != view.part[place]:
        return 0.0
    marks = min(abs(view.clause[name] - view.clause[place]), 5)
    if name > place:
        return 0.35 * float(0.3**marks)
    if any(name < rival < place for rival in rivals):
        return 0.2 * float(0.5**marks)
    return float(0.8**marks)


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


def reversed_roles(laid: Laid) -> Doubt:
    """甲击败乙 for 乙击败甲: the word before the verb stands behind it in the evidence."""
    for match in _VERSUS.finditer(laid.claim.text):
        places = occurrences(match[0], laid.evidence.text)
        if not places:
            continue
        subject = _next(laid, match.start(), -1)
        object_ = _next(laid, match.end(), 1)
        if subject is None or object_ is None:
            continue
        for place in places:
            s = _side(laid, subject, place)
            o = _side(laid, object_, place)
            if s > 0 and o < 0:
                said = laid.claim.words[subject].text
                return Doubt(1.0, said, laid.claim.words[object_].text)
    return NO_DOUBT


def _next(laid: Laid, at: int, step: int) -> int | None:
    """The nearest held word before (-1) or behind (1) an offset, within some characters."""
    near = [
        (abs(word.start - at), i)
        for i, word in enumerate(laid.claim.words)
        if laid.matches[i].share >= 0.6 and 0 < step * (word.start - at) + (step > 0) <= 16
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
