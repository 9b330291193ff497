"""How far a claim reaches, and in which part of a change an amount stands.

One of the best made the best, both made to fall, a first made up; the start of a rise made its end.
"""

from __future__ import annotations

import re

from rag.verify.items import Laid
from rag.verify.names import NO_DOUBT, Doubt
from rag.verify.polarity import signs
from rag.verify.roles import Role, role

_TOP = re.compile(
    r"最(?!近|终|后|初|新|多\d|高\d|少\d|低\d|为|好是)[\u3400-\u9fff]{1,2}|唯一|独一|第一|首个|首家|首次|首位|居首|榜首|之首|冠军|历史新高|创纪录"
)
_TOPPED = re.compile(
    r"最|唯一|独一|第一|首|冠|新高|纪录|记录|榜|之最|率先|领先|领跑|头|夺金|金牌|折桂|登顶|不二|仅有|仅此|空前|前所未有|开创|破"
)
_ONE_OF = re.compile(r"之一|其中一|之列")
_ALL = re.compile(r"双双|均|都|全部|全都|一律|悉数|一致|齐|同时")
_EVERY = re.compile(r"所有|全部|全都|全体|悉数|一律|无一例外")
_WHOLE = re.compile(r"均|都|各|每|皆|一致|统一|100%|唯一")
_PARTLY = re.compile(r"部分|多数|半数|有的|一些|个别|少数|[一二三四五六七八九]成|\d%")
_RISE = 0
"""The pair of rising and falling words."""


def overreach(laid: Laid) -> Doubt:
    """A reach that the evidence does not give: its words, and what the evidence has."""
    said, held = laid.claim.text, laid.evidence.text + laid.context.text
    top = _TOP.search(said)
    if top and not _ONE_OF.search(said):
        places = [p for p in _places(laid, top.start()) if p >= 0]
        one_of = _ONE_OF.search(laid.evidence.text)
        if (
            one_of
            and places
            and laid.evidence.clause[one_of.start()] in {laid.evidence.clause[p] for p in places}
        ):
            return Doubt(1.0, top[0], one_of[0])
    listed = len(laid.evidence.amounts) >= 3 and top is not None and top[0].startswith("最")
    if top and not listed and not _TOPPED.search(held):
        return Doubt(0.8, top[0], "")
    every = _EVERY.search(said)
    if every and not _EVERY.search(held) and not _WHOLE.search(held):
        part = _PARTLY.search(laid.evidence.text)
        if part:
            return Doubt(0.8, every[0], part[0])
    return _together(laid)


def _places(laid: Laid, start: int) -> list[int]:
    """Where the words of the claim's clause at ``start`` stand in the evidence."""
    clause = laid.claim.clause[start]
    return [
        place
        for word, match in zip(laid.claim.words, laid.matches, strict=True)
        if laid.claim.clause[word.start] == clause and match.share > 0.6
        for place in match.places[:2]
    ]


def _together(laid: Laid) -> Doubt:
    """双双下降, where one of the clauses that are meant says 增长."""
    for mark in _ALL.finditer(laid.claim.text):
        mine = [
            sign
            for sign in signs(laid.claim)
            if sign.pair == _RISE and 0 <= sign.start - mark.end() <= 6
        ]
        if not mine:
            continue
        used = {laid.evidence.clause[p] for p in _places(laid, mark.start())}
        against = [
            sign
            for sign in signs(laid.evidence)
            if sign.pair == _RISE
            and sign.side != mine[0].side
            and laid.evidence.clause[sign.start] in used
        ]
        if against:
            return Doubt(0.9, mark[0] + mine[0].text, against[0].text)
    return NO_DOUBT


def other_role(laid: Laid) -> Doubt:
    """An amount of the claim whose part in a change is another in all places of the evidence."""
    for amount, held in zip(laid.claim.amounts, laid.held, strict=True):
        mine = role(laid.claim, amount)
        if mine not in _AGAINST or not held.exact:
            continue
        theirs = {role(laid.evidence, laid.evidence.amounts[i]) for i in held.exact}
        if theirs <= _AGAINST[mine]:
            return Doubt(
                1.0, amount.text, {"from": "起点", "to": "终点", "by": "变化量"}[next(iter(theirs))]
            )
    return NO_DOUBT


_AGAINST: dict[Role, frozenset[str]] = {
    "from": frozenset({"to"}), "to": frozenset({"from", "by"}), "by": frozenset({"to", "from"}),
}  # fmt: skip
