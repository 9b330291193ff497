"""Two sides exchanged: who hosts and who runs, who buys from whom, who loses to whom.

By the wording alone, for sides that no list of names has. A verb of a family (主办 and 承办) owns the
text between it and the verb of the family before it; a word between two sides (向, 不敌) has one on
the left and one on the right.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rag.verify.items import Laid
from rag.verify.names import NO_DOUBT, Doubt
from rag.verify.stretches import SENTENCE_END, alike
from rag.verify.words import View

_FAMILIES = (
    "主办 承办 协办 冠名",
    "主持 出席 致辞 列席 作报告 点评 陪同",
    "公诉 判处 判决 宣判 逮捕 立案 侦查 抓获 辩护 批捕",
    "出资 控股 承建 设计 施工 监理 托管",
    "作词 作曲 演唱 导演 执导 编剧 主演 配音 制片 监制",
    "采购 供应 供货 代工 代理 经销",
    "起草 审议 批准 签署 颁布",
    "冠军 亚军 季军 殿军",
    "金牌 银牌 铜牌",
    "兼任 卸任 接任",
    "捐赠 受赠",
    "进球 助攻 扑救",
    "领涨 领跌",
)
_AFTER = re.compile(r"(?:方|单位|者|人|国)?(?:是|为|由|有|系|包括|[:])")
_BETWEEN = re.compile(
    r"不敌|负于|输给|败给|惜败于?|憾负|击败|战胜|力克|险胜|大胜|轻取|淘汰|逆转|横扫|领先于?|落后于?|高于|低于|多于|少于|早于|晚于|超过|不及"
    r"|不如|优于|逊于|收购|起诉|状告|袭击|攻击|指责|批评|邀请|资助|举报|采访|任命|聘请|感谢|警告|制裁|欠"
    r"|(?<![一走方导志意取倾转趋])向(?![上下前后好来往导])|(?<![面相应核配绝])对(?![于此方外内面手比阵])"
    r"|借给|卖给|交给|送给|转让给|租给|赠予|汇给|付给|还给|委托|代替|取代|接替|替换|隶属于|属于|源于|来自于|嫁给|师从|继承"
    r"|走访|看望|慰问|拜访|会见|接见|约谈|训斥|殴打|追赶|帮助|营救|保护|求见|咨询|通知|投靠|追随|模仿|挑战|依赖|供养|照顾|抚养|监督|管理"
    r"|要求|责令|指示|命令|敦促|允许|禁止|授权|指导|支持|反对|赔偿|提醒|称赞|祝贺|击落"
)
_TRAILING = re.compile(
    r"(?:宣布|表示|决定|同意|承诺|准备|计划|已经?|将|正式|逐一|再次|首次|主动|没有|去|先后|曾)+$"
)
_WORDS = re.compile(r"(?:(?![的在年月日了和与及仅只从自这那该其])[\u3400-\u9fffa-z0-9-])+")
_WHEN = re.compile(r"时间|[今昨明当][天晚]|近[日来]|日前|上周|本周|以来|期间|随着|据|经")
_ONWARD = re.compile(r"(?=.*[\u3400-\u9fff].*[\u3400-\u9fff])[\u3400-\u9fff\d]{4}")
_LEADING = re.compile(
    r"(?:\d+年|\d+月|\d+日|其中|此外|另外|同时|而|但|据悉|目前|当时|对此|不过|随后|之后)+"
)
_ON, _SUBJECT = 4, 10
"""Characters that must be the same behind a subject, and those of the subject at most."""
_STOP = re.compile(r"[，,;。!?]")
_LEAST = 4.0
_NAMED = 6
_RIGHT = 10
"""Characters right of a word that are looked at."""


@lru_cache(maxsize=1)
def _verbs() -> tuple[re.Pattern[str], dict[str, int]]:
    family = {verb: n for n, verbs in enumerate(_FAMILIES) for verb in verbs.split()}
    return re.compile("|".join(sorted(family, key=len, reverse=True))), family


@lru_cache(maxsize=256)
def _owned(text: str) -> tuple[tuple[int, str, int, int], ...]:
    """(family, verb, start, end): each verb of a family with the stretch that it owns."""
    pattern, family = _verbs()
    found: list[tuple[int, str, int, int]] = []
    last: dict[int, int] = {}
    matches = list(pattern.finditer(text))
    for match in matches:
        number = family[match[0]]
        sentences = [m.end() for m in SENTENCE_END.finditer(text, 0, match.start())]
        start = max(last.get(number, 0), sentences[-1] if sentences else 0)
        end = match.start()
        if _AFTER.match(text, match.end()):
            start = match.end()
            behind = [m.start() for m in matches if m.start() > start and family[m[0]] == number]
            stop = SENTENCE_END.search(text, start)
            end = min([*behind, stop.start() if stop else len(text)])
        elif sum("\u3400" <= char <= "\u9fff" for char in text[start:end]) < 2:
            stop = _STOP.search(text, match.end())
            start, end = match.end(), stop.start() if stop else len(text)
        found.append((number, match[0], start, end))
        last[number] = max(match.end(), end)
    return tuple(found)


def exchanged(laid: Laid) -> Doubt:
    """What a verb of the claim owns, where in the evidence another of its family owns it; or the two
    sides of a word, each in the other's place."""
    best = _crossed(laid.claim, laid.evidence)
    theirs = _owned(laid.evidence.text)
    for number, verb, start, end in _owned(laid.claim.text):
        own = [(s, e) for n, v, s, e in theirs if n == number and v == verb]
        other = [(v, s, e) for n, v, s, e in theirs if n == number and v != verb]
        if not own or not other:
            continue
        strength, printed = _taken(laid, (start, end), own, other)
        if strength > best.strength:
            best = Doubt(strength, verb, printed)
    return best


def renamed_subject(laid: Laid) -> Doubt:
    """A clause that goes on as one of the evidence does, after another subject."""
    said, held = laid.claim.text, laid.evidence.text
    for start in _starts(laid.claim):
        for size in range(2, _SUBJECT + 1):
            subject, rest = said[start : start + size], said[start + size : start + size + _ON]
            if not _ONWARD.fullmatch(rest) or not _WORDS.fullmatch(subject):
                continue
            at = held.find(rest)
            if at < 0 or held.find(rest, at + 1) >= 0:
                continue
            clause = at
            while clause and laid.evidence.clause[clause - 1] == laid.evidence.clause[at]:
                clause -= 1
            other = held[_behind(held, clause) : at]
            if (
                _WHEN.search(other)
                or not _WORDS.fullmatch(other)
                or not 2 <= len(other) <= _SUBJECT
            ):
                continue
            if subject in held[clause : at + _ON] or subject not in held or other in said:
                continue
            if not set(subject[-2:]) & set(other[-2:]):
                return Doubt(1.0, subject, other)
    return NO_DOUBT


def _starts(view: View) -> list[int]:
    """Where clauses begin, behind dates and link words."""
    starts = [0, *(i for i in range(1, len(view.clause)) if view.clause[i] != view.clause[i - 1])]
    found = []
    for start in starts:
        found.append(_behind(view.text, start))
    return found


def _behind(text: str, start: int) -> int:
    lead = _LEADING.match(text, start)
    return lead.end() if lead else start


def _taken(
    laid: Laid, said: tuple[int, int], own: list[tuple[int, int]], other: list[tuple[str, int, int]]
) -> tuple[float, str]:
    """How far the claim's words in ``said`` stand with another verb alone, and which."""
    mine = theirs = 0.0
    named = other[0][0]
    for word, match in zip(laid.claim.words, laid.matches, strict=True):
        if not said[0] <= word.start < said[1] or match.share < 0.8:
            continue
        here = any(s <= p < e for p in match.places for s, e in own)
        there = [v for v, s, e in other if any(s <= p < e for p in match.places)]
        if here and not there:
            mine += word.weight
        elif there and not here:
            theirs += word.weight
            named = there[0]
    if theirs < _LEAST or theirs <= mine:
        return 0.0, ""
    return (theirs - mine) / (theirs + mine) * min(1.0, theirs / _NAMED), named


def _crossed(claim: View, evidence: View) -> Doubt:
    """甲向乙 for 乙向甲."""
    held = list(_BETWEEN.finditer(evidence.text))
    for match in _BETWEEN.finditer(claim.text):
        left, right = _sides(claim, match.start(), match.end())
        if len(left) < 2 or len(right) < 2:
            continue
        for other in held:
            if other[0] != match[0]:
                continue
            before, behind = _sides(evidence, other.start(), other.end())
            cross = min(alike(left, behind), alike(right, before))
            along = max(alike(left, before), alike(right, behind))
            if cross >= 0.6 and cross > along + 0.2:
                return Doubt(1.0, f"{left}{match[0]}{right}", f"{before[-6:]}{other[0]}{behind}")
    return NO_DOUBT


def _sides(view: View, start: int, end: int) -> tuple[str, str]:
    """What stands left of a word in its clause, and the next few characters right of it."""
    left = start
    while left and view.clause[left - 1] == view.clause[start]:
        left -= 1
    right = end
    while right < min(len(view.text), end + _RIGHT) and view.clause[right] == view.clause[start]:
        right += 1
    return _TRAILING.sub("", view.text[left:start]), view.text[end:right].rstrip("，,。;")
