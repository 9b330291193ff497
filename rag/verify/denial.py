"""What a negation denies: the words behind it, which claim and evidence must both deny.

Against :mod:`rag.verify.polarity`, which asks of every word how far it is denied, this asks of every
negation what became of what it denies.
"""

from __future__ import annotations

import re

from rag.verify.items import Laid
from rag.verify.names import NO_DOUBT, Doubt
from rag.verify.polarity import denials, denies
from rag.verify.words import View, Word

_DENYING = re.compile(
    r"(?P<not>(?:并未|尚未|没有|不能|不会|无法|不再|未能|不|未)(?:能|再|被)?)?(?P<verb>禁止|否认|避免|拒绝|反对|排除|取消|停止|放弃|阻止|解除|影响)"
)
_COMPARED = re.compile(r"相比|相较|比起|不同的是")
_AHEAD = 12
"""Characters behind a negation that it denies at most."""
_SECOND = 0.5
"""What the second denied word counts."""
_KNOWN = 0.5


def _scope(view: View, end: int) -> list[int]:
    """The first two words behind the negation that ends at ``end``; those before it if none."""
    clause = view.clause[end - 1]
    inside = [i for i, word in enumerate(view.words) if view.clause[word.start] == clause]
    # 不接受 may be one word: what is denied is the rest of it.
    behind = [
        i for i in inside if _rest(view.words[i], end) and view.words[i].start - end <= _AHEAD
    ]
    return behind[:2] or [i for i in inside if view.words[i].end <= end][-1:]


def _rest(word: Word, end: int) -> bool:
    """Whether a word goes on behind ``end`` with more than the 到 of 达不到."""
    return word.end > end and word.text[max(0, end - word.start) :] not in {"到", "了", "过"}


def undone(laid: Laid) -> Doubt:
    """The negation of one side whose words the other affirms."""
    ours, theirs = denials(laid.claim), denials(laid.evidence)
    best = _doubled(laid.claim.text, laid.evidence.text)
    for end, text in ours:
        gain = total = 0.0
        named = ""
        for rank, i in enumerate(_scope(laid.claim, end)):
            word, match = laid.claim.words[i], laid.matches[i]
            weight = word.weight * (1.0, _SECOND)[rank]
            total += weight
            if match.share < _KNOWN or not match.places:
                continue
            free = [p for p in match.places[:4] if not denies(laid.evidence, theirs, p)]
            if not free and not rank:
                break  # what it denies first is denied there too
            if len(free) == len(match.places[:4]):
                gain += weight * match.share
                named = named or word.text
        if total and named and gain / total > best.strength:
            best = Doubt(gain / total, text + named, named)
    for end, text in theirs:
        if _COMPARED.search(laid.evidence.text, end, end + _AHEAD):
            continue  # 与不喝咖啡者相比 denies nothing of what follows
        found = _affirmed(laid, end, ours)
        if found.strength > best.strength:
            best = Doubt(found.strength, found.said, text + found.said)
    return best


def _doubled(claim: str, evidence: str) -> Doubt:
    """并未禁止 against 禁止: a word that denies by itself, denied in one of the two alone."""
    for match in _DENYING.finditer(claim):
        printed = [m for m in _DENYING.finditer(evidence) if m["verb"] == match["verb"]]
        if printed and all(bool(m["not"]) != bool(match["not"]) for m in printed):
            return Doubt(1.0, match[0], printed[0][0])
    return NO_DOUBT


def _affirmed(laid: Laid, end: int, ours: list[tuple[int, str]]) -> Doubt:
    """What the evidence's negation ending at ``end`` denies and the claim affirms."""
    gain = total = 0.0
    named = ""
    for rank, j in enumerate(_scope(laid.evidence, end)):
        word = laid.evidence.words[j]
        weight = word.weight * (1.0, _SECOND)[rank]
        total += weight
        for i, match in enumerate(laid.matches):
            if match.share < _KNOWN or not any(
                word.start <= p < word.end or p <= word.start < p + len(laid.claim.words[i].text)
                for p in match.places
            ):
                continue
            at = laid.claim.words[i].start
            if denies(laid.claim, ours, at):
                if not rank:
                    return NO_DOUBT  # what it denies first is denied here too
                break
            # Another place of the word, not denied and as near, may be the one that is meant.
            ties = [(laid.cohesion(at, p, skip=i), p) for p in match.places[:4]]
            top = max(tie for tie, _ in ties)
            clause = laid.evidence.clause[end - 1]
            if all(laid.evidence.clause[p] == clause for tie, p in ties if tie >= 0.85 * top):
                gain += weight * match.share
                named = named or laid.claim.words[i].text
            break
    return Doubt(gain / total, named, "") if total and named else NO_DOUBT
