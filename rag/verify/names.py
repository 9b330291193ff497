"""Names far from what the claim says of them, or in each other's role."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from rag.verify.items import Laid
from rag.verify.words import occurrences

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
