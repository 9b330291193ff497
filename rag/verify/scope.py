"""How far a claim reaches, and in which part of a change an amount stands.

One of the best made the best, both made to fall, a first made up; the start of a rise made its end.
"""

from __future__ import annotations

import re

from rag.verify.items import Laid
from rag.verify.names import NO_DOUBT, Doubt, strongest
from rag.verify.polarity import signs
from rag.verify.roles import Role, role

_TOP = re.compile(
    r"最(?!近|终|后|初|新|多\d|高\d|少\d|低\d|为|好是)[\u3400-\u9fff]{1,2}|唯一|独一|第一|首个|首家|首次|首位|居首|榜首|之首|冠军|历史新高|创纪录"
)
_TOPPED = re.compile(
    r"最|唯一|独一|第一|首(?![相尔席都府先要钢页饰脑付款尾长批])|冠|新高|纪录|记录|榜|之最|率先|领先|领跑|头|夺金|金牌|折桂|登顶|不二|仅有|仅此|空前|前所未有|开创|破"
)
_ONE_OF = re.compile(r"之一|其中一|之列")
_ALL = re.compile(r"双双|均|都|全部|全都|一律|悉数|一致|齐|同时")
_PART = r"(?:大?部分|少数|个别|一些|有些|某些|几个|几家|半数|多数|近半|过半|若干)"
_FULL = r"(?:全部|所有|全体|全都|悉数|每(?:个|位|家|名|场|条|项|座)?|各(?:个|家|项|类)?|全(?=[场年省市国程区县校部球港网员天线]))"
_SHARED = re.compile(rf"(?P<part>{_PART})|(?P<full>{_FULL})")
_OFTEN = re.compile(
    r"每(?=[天日周月年晚季]|小时|分钟|人|个月|家|户|股|名|位|台|辆|只|件|次|场|套|秒|公里|平方)|日均|月均|年均|(?<![\d一二三四五六七八九十两双])人均(?![已可在不未被有获表称])|户均|平均|均价|逐年|逐月|天天"
)
_OFTEN_HELD = re.compile(
    r"每|日均|月均|年均|人均|户均|均|逐|天天|年年|一[天日年月周人](?!起)|/(?=[天日周月年季人户次台辆平小分秒只股])|单|各|分别|全天|常|按[日月年天]"
)
_DAILY = r"每[天日]|日均|一[天日]"
_FIRST = re.compile(
    r"首次|首度|第一次|头一次|首家|首个|首创|首例|首款|首座|首条|首位(?!于)|史上|有史以来|前所未有|绝无仅有|全国唯一|独家|史无前例"
)
_FIRST_HELD = re.compile(
    r"首(?![相尔席都府先要钢页饰脑付款尾长])|第[一1]|头一|史|唯一|独家|纪录|记录|从未|前所未有|空前|最早|率先|开创|新"
)
_EXCEPT = re.compile(
    r"除(?!了?此|夕|非|去|名|湿|险|草|尘|雪|冰|害|菌|臭|以)[^，,;。]{1,16}?(?:外|之外|以外)"
)
_BESIDES = re.compile(r"还|也|同时|均未|又")
_CONVERTED = re.compile(r"折合|相当于|平均|合(?=每)|算下来|均")
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
    return strongest(_together(laid), _shared(laid), _rate(laid), _without(laid))


def _shared(laid: Laid) -> Doubt:
    """部分场次, where the evidence says 全场次 of the same noun, or the other way round."""
    said, held = laid.claim.text, laid.evidence.text
    for match in _SHARED.finditer(said):
        noun = said[match.end() :].lstrip("的")[:2]
        if not re.fullmatch(r"[\u3400-\u9fff]{2}", noun):
            continue
        if noun not in held:
            continue
        mine, other = (_PART, _FULL) if match["part"] else (_FULL, _PART)
        # 全场次 has 场 in both the quantifier and the noun: the last character is what they share.
        against = re.search(rf"{other}的?[\u3400-\u9fff]{{0,2}}?{noun}", held)
        if against and not re.search(rf"{mine}的?[\u3400-\u9fff]{{0,2}}?{noun}", held):
            return Doubt(1.0, match[0] + noun, against[0])
    counted = re.search(r"(?:所有|全部|全体)的?(?P<noun>[\u3400-\u9fff]{2})", said)
    if counted and not _EVERY.search(held) and not _WHOLE.search(held):
        some = re.search(rf"\d[万亿]?[多余]?[个家名位座所项条只辆台户]{counted['noun']}", held)
        if some:
            return Doubt(0.9, counted[0], some[0])
    part = re.search(rf"{_PART}(?![\u3400-\u9fff]*?(?:{_PART}))", said)
    if part and not re.search(_PART + r"|有的|其中|[一二三四五六七八九]成|%|除", held):
        used = {laid.evidence.clause[p] for p in _places(laid, part.start())}
        for match in re.finditer(
            r"都[是会要有被能]|均[为是有已]|全部|一律|全都|凡是?|无一例外|悉数|所有", held
        ):
            if laid.evidence.clause[match.start()] in used:
                return Doubt(0.9, part[0], match[0])
    return NO_DOUBT


def _rate(laid: Laid) -> Doubt:
    """每天 before what the evidence counts once; 首次 of what is no first."""
    said, held = laid.claim.text, laid.evidence.text
    often = _OFTEN.search(said)
    told = often and (_OFTEN_HELD.search(held) or _CONVERTED.search(said))
    if often and not told and laid.claim.amounts:
        return Doubt(0.9, said[often.start() : often.end() + 1], "")
    if often:
        unit = re.escape(said[often.end() : often.end() + 1])
        other = re.search(r"每([天日周月年晚季])", held)
        if (
            other
            and re.match("[天日周月年晚季]", unit)
            and not re.search(
                f"每.{{0,2}}{unit}|{unit}均|一{unit}|{_DAILY if unit in '天日' else '■'}", held
            )
        ):
            return Doubt(0.9, said[often.start() : often.end() + 1], other[0])
    first = _FIRST.search(said)
    if first and not _FIRST_HELD.search(held + laid.context.text):
        return Doubt(0.9, first[0], "")
    return NO_DOUBT


def _without(laid: Laid) -> Doubt:
    """All of what the evidence says of all but some."""
    excepted = _EXCEPT.search(laid.evidence.text)
    every = _ALL.search(laid.claim.text) or _EVERY.search(laid.claim.text)
    if not excepted or not every or re.search(r"除|其余|其他|另外|以外", laid.claim.text):
        return NO_DOUBT
    rest = laid.evidence.text[excepted.end() : excepted.end() + 24]
    clause = laid.evidence.clause[excepted.start()]
    used = {laid.evidence.clause[p] for p in _places(laid, every.start())}
    if _BESIDES.search(rest) or not {clause, clause + 1} & used:
        return NO_DOUBT
    return Doubt(0.9, every[0], excepted[0])


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
