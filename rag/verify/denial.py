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
_DONE_OR_NOT = re.compile(
    r"(?:(?P<not>没有|并未|尚未|还未|未能|未曾|没能|从未|未)|(?P<done>已经|均已|早已|已))(?P<verb>[\u3400-\u9fff]{2})"
)
_STRESSED = re.compile(
    r"并没有|并未|并不(?!断|少见|仅|只)|并非|从未|从来没有?|从来不|根本没|没能|未能|绝不|绝非|仍未|仍没有|拒不|丝毫没有|毫不|不曾|未曾"
)
_SAID_NO = re.compile(
    r"[不未没无非否禁拒莫勿缺免]|停止|失败|取消|放弃|避免|除外|零|落空|难|失去|错过|只|仅|假|虚|谣|少"
)
_STRONG = re.compile(
    r"不会|不要|没有|并未|尚未|未能|不再|无法|不能|并不|并非|尚不|从未|没能|不是|不予|不得|不可能|不应"
)
_FAR, _LEAST, _MOST = 18, 8.0, 0.6
"""Characters behind a negation, and the weight and the share of their words that must be told."""
_STRESS = 0.9
"""How surely 并没有 is wrong where the evidence denies nothing."""
_COMPARED = re.compile(r"相比|相较|比起|不同的是")
_AHEAD = 12
"""Characters behind a negation that it denies at most."""
_SECOND = 0.5
"""What the second denied word counts."""
_KNOWN, _WELL = 0.5, 0.7


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
    stressed = _STRESSED.search(laid.claim.text)
    if stressed and not theirs and not _SAID_NO.search(laid.evidence.text + laid.context.text):
        best = Doubt(_STRESS, stressed[0], "肯定")
    for end, text in ours:
        gain = total = 0.0
        named = ""
        for rank, i in enumerate(_scope(laid.claim, end)):
            word, match = laid.claim.words[i], laid.matches[i]
            weight = word.weight * (1.0, _SECOND)[rank]
            total += weight
            if match.share < _KNOWN or not match.places:
                continue
            if word.start < end and word.text not in laid.evidence.text:
                break  # 不见了 is 不翼而飞
            free = [p for p in match.places[:4] if not denies(laid.evidence, theirs, p)]
            if not free and not rank:
                break  # what it denies first is denied there too
            if len(free) == len(match.places[:4]):
                gain += weight * match.share
                named = named or word.text
        if total and named and gain / total > best.strength:
            best = Doubt(gain / total, text + named, named)
    flat = _done_or_not(laid.claim.text, laid.evidence.text)
    if flat.strength > best.strength:
        best = flat
    dropped = _dropped(laid, ours, theirs)
    if dropped.strength > best.strength:
        best = dropped
    for end, text in theirs:
        if _COMPARED.search(laid.evidence.text, end, end + _AHEAD):
            continue  # 与不喝咖啡者相比 denies nothing of what follows
        found = _affirmed(laid, end, ours)
        if found.strength > best.strength:
            best = Doubt(found.strength, found.said, text + found.said)
    return best


def _done_or_not(claim: str, evidence: str) -> Doubt:
    """没有要求 against 已要求, or the other way round."""
    for match in _DONE_OR_NOT.finditer(claim):
        verb = match["verb"]
        held = [m for m in _DONE_OR_NOT.finditer(evidence) if m["verb"] == verb]
        if held and all(bool(m["not"]) != bool(match["not"]) for m in held):
            return Doubt(1.0, match[0], held[0][0])
    return NO_DOUBT


def _dropped(laid: Laid, ours: list[tuple[int, str]], theirs: list[tuple[int, str]]) -> Doubt:
    """不会导致抛售 told as 将迫使抛售: most of what the evidence denies, in a claim that denies nothing."""
    if ours or _SAID_NO.search(laid.claim.text):
        return NO_DOUBT
    for end, text in theirs:
        if not _STRONG.search(laid.evidence.text[max(0, end - 4) : end + 2]):
            continue
        clause = laid.evidence.clause[end - 1]
        behind = [
            word
            for word in laid.evidence.words
            if laid.evidence.clause[word.start] == clause and 0 <= word.start - end <= _FAR
        ]
        total = sum(word.weight for word in behind)
        gain = 0.0
        for word in behind:
            for match in laid.matches:
                if match.share >= 0.8 and any(
                    word.start <= p < word.end or p <= word.start < p + 2 for p in match.places
                ):
                    gain += word.weight if len(match.places) == 1 else 0.0
                    break
        if total >= _LEAST and gain / total >= _MOST:
            return Doubt(_STRESS, behind[0].text, text + behind[0].text)
    return NO_DOUBT


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
            if match.share < _WELL or not any(
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
