"""Denied or affirmed, rising or falling, done or planned: does a claim say the opposite?"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from rag.verify.items import Laid
from rag.verify.names import NO_DOUBT, Doubt, versus
from rag.verify.opposites import between_two, opposites
from rag.verify.words import View

_NEGATION = re.compile(
    r"没有|并未|尚未|从未|未能|未曾|未|不再|不会|不能|不是|不存在|不|没|无须|无需|无法|无|并非|绝非|非|禁止|从不|否认|避免|无缘|脱离|拒绝|除外|(?<![分特级个性类区告辨离识差门])别(?!的|人|处|墅|克|名|是一|具|出|类|样|致|称|看|说|提)|勿|切莫|莫(?=要|名)"
)
_NOT_NEGATION = re.compile(
    r"不断|不仅|不少|不同|不足|(?<![达看听得做找买拿遇等想要借收用见查赶领抢吃盼感抓学追料])不到|不到(?=[^，。;]*(?:\d|分之|成))|不及|不久|不但|不过|不论|不管|不止|不禁|不只|不等|不妨|不光|不愧|不锈|不乏|不敌|不幸|不慎|不良"
    r"|不法|不动产|不懈|不已|不满|不佳|不力|不实|不当|不利|不错|不明|不可或缺|必不可少|不可缺少|不得不|未来|未成年|未必|并非没有"
    r"|无人[机驾车艇区店值船超配]|无论|无线|无锡|无限|无疑|无数|无不|无非|无障碍|无偿|非常|非洲|非遗|非凡|非农|非法|中非|南非|俄非|是非|除非"
    r"|前所未有|源源不|不分|不清|不在世|不在人世|不省人事|不治|不翼而飞|不辞而别|不间断|不遗余力|不计其数|不得已|不请自来|不期而遇|不景气|不动声色|不相上下|不超过|不低于|不高于|不少于|不多于|不大于|不小于|不时|不约而同|没收|无公害|不知|非归母|扣非|非金融|非税|非机动|非经常"
)
_IMPLICIT = re.compile(
    r"停止|停|取消|放弃|失败|免除|禁|缺|零|离开|退出|避|摆脱|解除|否决|难以|失去|告吹|落空|止步|错过|只剩|仅剩|排除|杜绝|谢绝|未知|至少|超过"
)
"""Words that deny without a negation: a clause with one may say the same as 不 or 没有."""
_FLIP = re.compile(
    r"(?:不|未|非|没有|没|并未|未能|不会|尚未|无法|不再|并不|并没有)(?:再|能|曾|会|太|很|被|有)?$"
)
_ALONE = r"(?=[出了约近超逾]{0,2}\d|得多|很多|一些|一点|[，;。])"
"""A lone 高 or 慢 speaks of an amount, or ends a comparison."""
_COMPARED = re.compile(r"比|较|同样|仍|更|还")
_YEAR_AGO = re.compile(r"^(?:了)?(?:去年|上年|上月|上季|上个|前一|同期|上一)")
_MARK = re.compile(r"[，,;:。!?]")
_REACH = 9.0
"""Characters over which a negation's hold falls to 1/e."""
_AHEAD = 9
_CLOSE = 5
_SHORT = 24


@dataclass(frozen=True, slots=True)
class _Sign:
    pair: int
    side: int
    start: int
    text: str
    flipped: bool


@lru_cache(maxsize=1)
def _opposites() -> tuple[re.Pattern[str], dict[str, list[tuple[int, int]]]]:
    sides: dict[str, list[tuple[int, int]]] = {}
    for number, pair in enumerate(opposites()):
        for side, words in zip((1, -1), pair, strict=True):
            for word in words:
                sides.setdefault(word, []).append((number, side))
    longest = sorted(sides, key=len, reverse=True)
    pattern = "|".join(
        re.escape(word) if len(word) > 1 or word in "均都每已或" else word + _ALONE
        for word in longest
    )
    return re.compile(rf"(?:{pattern})"), sides


def signs(view: View) -> list[_Sign]:
    """The words of the text that have an opposite, with their side; a denied one changes it."""
    pattern, sides = _opposites()
    bounded = {amount.start for amount in view.amounts if amount.mode}
    found = []
    for match in pattern.finditer(view.text):
        start = match.start()
        if view.text[start - 1 : start] in {"原", "得"} or view.text[match.end()] == "值":
            continue  # 原计划 and 增加值 name things
        if match.end() in bounded:
            continue  # a bound of an amount is compared with the amount
        if len(match[0]) == 1 and not _counts(view, match.end()) and not _compares(view, start):
            continue
        flip = -1 if _FLIP.search(view.text[max(0, start - 5) : start]) else 1
        said = view.text[max(0, start - 2) : match.end()] if flip < 0 else match[0]
        pairs = dict(sides[match[0]])
        if 1 in pairs and _YEAR_AGO.search(view.text[match.end() : match.end() + 6]):
            pairs.setdefault(0, pairs[1])  # 低于去年同期 is 同比下降
        found += [_Sign(pair, side * flip, start, said, flip < 0) for pair, side in pairs.items()]
    return found


def _counts(view: View, end: int) -> bool:
    return re.match(r"[出了约近超逾]{0,2}\d", view.text[end : end + 4]) is not None


def _compares(view: View, start: int) -> bool:
    before = view.text[max(0, start - 48) : start]
    return _COMPARED.search(_MARK.split(before)[-1]) is not None


def opposed(laid: Laid) -> Doubt:
    """The claim's word whose opposite the evidence says in its place."""
    theirs, mine = signs(laid.evidence), signs(laid.claim)
    best = _flipped(laid, mine, theirs)
    same = versus(laid)[0] > 0
    for sign in mine:
        if same and sign.pair in between_two():
            continue  # 乙不敌甲 says what 甲击败乙 says
        other = [there for there in theirs if there.pair == sign.pair]
        if not any(there.side != sign.side for there in other):
            continue
        against, agreed, printed = 0.0, 0.0, ""
        ours, marks = denials(laid.claim), denials(laid.evidence)
        for there in other:
            tie = laid.cohesion(sign.start, there.start)
            if there.side == sign.side:
                agreed = max(agreed, tie)
            elif sign.flipped != there.flipped and denies(laid.claim, ours, sign.start) == denies(
                laid.evidence, marks, there.start
            ):
                continue  # both deny it, one of them farther off
            elif tie > against:
                against, printed = tie, there.text
        # One claim may say both (from rise to fall): then the other side is no contradiction.
        here = laid.claim.clause[sign.start]
        both = any(
            s.pair == sign.pair and s.side != sign.side and laid.claim.clause[s.start] == here
            for s in mine
        )
        strength = max(0.0, against - agreed * 1.05) * (0.4 if both else 1.0)
        if strength > best.strength:
            best = Doubt(min(1.0, strength), sign.text, printed)
    return best


def _flipped(laid: Laid, mine: list[_Sign], theirs: list[_Sign]) -> Doubt:
    """An amount that rose in the one and fell in the other, flowed in and flowed out."""
    for amount, held in zip(laid.claim.amounts, laid.held, strict=True):
        said = _before(laid.claim, mine, amount.start)
        places = [laid.evidence.amounts[i].start for i in held.exact]
        printed = [_before(laid.evidence, theirs, place) for place in places]
        for pair, sign in said.items():
            if printed and all(pair in one and one[pair].side != sign.side for one in printed):
                return Doubt(1.0, sign.text, printed[0][pair].text)
    return NO_DOUBT


def _before(view: View, found: list[_Sign], place: int) -> dict[int, _Sign]:
    """By pair, the last word with an opposite within a few characters before an amount, in its
    clause; a change farther off than other words."""
    close = [
        sign
        for sign in found
        if 0 < place - sign.start <= (_AHEAD if sign.pair == 0 else _CLOSE)
        and view.clause[sign.start] == view.clause[place]
    ]
    return {sign.pair: sign for sign in sorted(close, key=lambda sign: sign.start)}


def denials(view: View) -> list[tuple[int, str]]:
    """(end offset, word) of each negation."""
    text = _NOT_NEGATION.sub(lambda m: "■" * len(m[0]), view.text)
    return [(match.end(), match[0]) for match in _NEGATION.finditer(text)]


def denied(view: View, marks: list[tuple[int, str]], place: int) -> float:
    """How strongly the word at ``place`` is denied, in [0, 1]: by the negations before it in its
    clause, less with distance; two undo each other."""
    degree = 0.0
    for end, _ in marks:
        if end <= place and view.clause[end - 1] == view.clause[place]:
            here = math.exp(-(place - end) / _REACH)
            degree = here * (1 - degree) if here > degree else degree * (1 - here * 0.5)
    return degree


def negated(laid: Laid) -> Doubt:
    """The claim's word that only one of claim and evidence denies."""
    ours, theirs = denials(laid.claim), denials(laid.evidence)
    best = NO_DOUBT
    if not ours and not theirs:
        return best
    for amount, held in zip(laid.claim.amounts, laid.held, strict=True):
        # 没有达到332家: a denial of the very amount.
        if not held.exact or amount.mode:
            continue
        here = denied(laid.claim, ours, amount.start)
        places = [laid.evidence.amounts[i].start for i in held.exact]
        gap = min(abs(here - denied(laid.evidence, theirs, place)) for place in places)
        if gap > 0.7 and gap > best.strength:
            best = Doubt(gap, amount.text, "否定" if here < 0.5 else "肯定")
    for i, (word, match) in enumerate(zip(laid.claim.words, laid.matches, strict=True)):
        if match.share < 0.5 or not match.places or word.weight < 2.0:
            continue
        here = denied(laid.claim, ours, word.start)
        ties = [
            (laid.cohesion(word.start, place, skip=i), denied(laid.evidence, theirs, place))
            for place in match.places[:4]
        ]
        top = max(tie for tie, _ in ties)
        # The occurrence that agrees best among those that stand about as near.
        here_too = denies(laid.claim, ours, word.start)
        gap = min(
            # Where both clauses deny, each in its own order of words, the distance says little.
            abs(here - there) * (0.3 if here_too and denies(laid.evidence, theirs, place) else 1.0)
            for (tie, there), place in zip(ties, match.places, strict=False)
            if tie >= 0.8 * top
        )
        # A short claim says one thing: then its denial is the whole of it.
        sure = 1.8 if len(laid.claim.text) <= _SHORT else 1.3
        strength = sure * gap * min(1.0, word.weight / 5) * match.share * min(1.0, 0.3 + 1.5 * top)
        if strength > best.strength:
            best = Doubt(min(1.0, strength), word.text, "否定" if here < 0.5 else "肯定")
    return best


def denies(view: View, marks: list[tuple[int, str]], place: int) -> bool:
    here = view.clause[place]
    if _IMPLICIT.search(_clause_text(view, here)):
        return True
    none = any(amount.value == 0 and view.clause[amount.start] == here for amount in view.amounts)
    return none or any(view.clause[end - 1] == here for end, _ in marks)


def _clause_text(view: View, clause: int) -> str:
    start = view.clause.index(clause)
    end = len(view.clause) - view.clause[::-1].index(clause)
    return view.text[start:end]


def balance(laid: Laid) -> float:
    """How many more negations one of the two has, in the clauses that share words, at most 2."""
    used = {
        laid.evidence.clause[place]
        for match in laid.matches
        if match.share > 0.6
        for place in match.places[:2]
    }
    ours = len(denials(laid.claim))
    theirs = sum(laid.evidence.clause[end - 1] in used for end, _ in denials(laid.evidence))
    if ours == 0 and theirs:
        return min(2.0, theirs) / 2
    return min(2.0, max(0, ours - theirs))
