"""Amounts that a writer gets by counting: the places of a list, a rank by its medal, the months
between two dates, the others and the one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise, permutations

from rag.verify.amounts import Amount
from rag.verify.figures import han_value
from rag.verify.kinds import comparable

_RANKS = {
    1: r"冠军|金牌|夺冠|折桂|夺金|摘金|问鼎|榜首|头名|首位|居首|之首|第1",
    2: r"亚军|银牌|次席|次位|摘银|夺银|榜眼|第2",
    3: r"季军|铜牌|摘铜|夺铜|探花|第3",
    4: r"殿军|第4",
}
_FIRST = re.compile(r"首|冠军|金牌|最|居前|夺冠")
_ONCE = re.compile(r"首[次度个批家届例座款位条位名支项场回]|头一|初次|第1|首")
_TURN = re.compile(r"[次回度遭趟批个家届例座款条支项场]")
_BOTTOM = re.compile(r"垫底|末位|末尾|末席|最后|最低|最少|最差")
_AGAIN = re.compile(r"再[次度]|又一次|卫冕|蝉联|梅开二度|二[次度]")
_NEXT_DAY = re.compile(r"次日|翌日|隔[天日]|后一天|一天后")
_OTHERS = re.compile(r"(?:其余|其他|其它|另外|另有|另|余下)的?$")
_AHEAD = re.compile(r"(?:前面|前头|之前|仅次于|排在?前)的?$")
_LIST = re.compile(r"[^，。;:!?、]{1,18}(?:、[^，。;:!?、]{1,18})+")
_LAST = re.compile(r"(?<=[\u3400-\u9fffa-z\d%])(?:和|与|及|以及|或)(?=[\u3400-\u9fffa-z\d])")
_ROUND = {
    ("hours", 24.0): r"一[天日昼]", ("days", 1.0): r"24小?时", ("days", 7.0): r"一周|一个?星期", ("days", 14.0): "两周",
    ("months", 12.0): r"一年|全年|年度|周年", ("years", 1.0): "12个?月", ("minutes", 60.0): r"一个?小时|1个?小时|一个钟",
    ("months", 6.0): r"半年", ("months", 3.0): r"一个?季度|季度", ("years", 50.0): "半个世纪", ("years", 100.0): "世纪|百年",
    ("years", 10.0): "十年|十载", ("percent", 100.0): "全[部都体员]|所有|悉数|均|都",
}  # fmt: skip
"""Round spans and shares that are told without a number: 24小时 is 一天, 100% is 全部."""
_EACH = re.compile(
    r"每?(?P<whole>\d+|[两二三四五六七八九十百]+)(?:个?人|名|位|家|个|户|例|辆|台)[^，。;\d]{0,6}?有(?P<part>\d+|[一两二三四五六七八九十])"
)
_GAP = re.compile(r"(?:赢|输|胜|负|净胜|分差|险|惨|差|领先|落后|不敌)[^，。;\d]{0,10}$")
_SCORE = re.compile(r"(?<![\d:.-])(\d{1,3})[-:](\d{1,3})(?![\d:.-])")


def placed(claim: Amount, text: str, evidence: Sequence[Amount], whole: str) -> str:
    """A rank by its medal or word, "" where the evidence has none: 第三 of 季军, 第一次 of 首次."""
    rank = int(claim.value)
    if text[: claim.start].endswith("倒数"):
        return "末位" if rank == 1 and _BOTTOM.search(whole) else ""
    if rank == 1 and _TURN.match(text[claim.end - 1 : claim.end + 1].lstrip("一1")):
        return "首次" if _ONCE.search(whole) else ""
    if rank == 1 and not any(other.unit == "ordinal" for other in evidence):
        return "首位" if _FIRST.search(whole) else ""
    if rank == 2 and _TURN.match(text[claim.end - 1 : claim.end]) and _AGAIN.search(whole):
        return "再次"
    if text[claim.start : claim.start + 3] == "第二天":
        return "次日" if _NEXT_DAY.search(whole) else ""
    if rank in _RANKS and re.search(_RANKS[rank], whole):
        return "名次"
    return ""


def months_between(claim: Amount, evidence: Sequence[Amount]) -> str:
    """The months from one date to another, both printed with their days."""
    dates = [
        one.value + other.value / 30.5
        for one, other in pairwise(evidence)
        if one.unit == "month" and other.unit == "day" and one.end == other.start
    ]
    for then, now in permutations(dates, 2):
        gap = (now - then) % 12
        low, high = {"over": (0.0, 1.0), "under": (-1.0, 0.0)}.get(claim.mode, (-0.3, 0.3))
        if low <= gap - claim.value < high + 1e-6:
            return "时段"
    return ""


def told_off(claim: Amount, text: str, evidence: Sequence[Amount], whole: str) -> str:
    """A count that is not printed: the length of a list, the others and the one, the places ahead of
    a rank, the gap of a score."""
    count = int(claim.value)
    if claim.value != count or claim.mode:
        return ""
    if any(
        other.value + 1 == count
        and comparable(claim, other)
        and _OTHERS.search(whole[max(0, other.start - 4) : other.start])
        for other in evidence
    ):
        return "连同"
    before = text[max(0, claim.start - 5) : claim.start]
    if _AHEAD.search(before) and any(
        other.unit == "ordinal" and other.value == count + 1 for other in evidence
    ):
        return "在前"
    if claim.text[-1:] in "分球" and _GAP.search(text[max(0, claim.start - 14) : claim.start]):
        scores = [abs(int(m[1]) - int(m[2])) for m in _SCORE.finditer(whole)]
        return "分差" if count in scores else ""
    if claim.unit == "counter" and claim.han and count >= 2 and count in list_sizes(whole):
        return "列举"
    return ""


def rounded_off(claim: Amount, evidence: Sequence[Amount], whole: str) -> str:
    """A round span or share that the evidence has in a word, and a year of which two digits stand."""
    word = _ROUND.get((claim.unit, claim.value))
    if word and re.search(word, whole):
        return "换算"
    if (
        claim.unit == "years"
        and claim.text.rstrip("年").isdigit()
        and claim.text.isascii() is False
    ):
        years = {other.value for other in evidence if other.unit == "year"}
        return "年份" if 2000 + claim.value in years and 10 <= claim.value < 50 else ""
    return ""


def one_in(claim: Amount, text: str, evidence: Sequence[Amount]) -> str:
    """每五个人就有一个: a share told as one of so many, against the evidence's rate."""
    for match in _EACH.finditer(text):
        if not match.start() <= claim.start < match.end():
            continue
        whole, part = (_count(match[name]) for name in ("whole", "part"))
        share = 100 * part / whole if whole else 0.0
        if any(
            other.unit == "percent" and abs(other.value - share) <= max(1.0, 0.06 * share)
            for other in evidence
        ):
            return "比例"
    return ""


def _count(text: str) -> float:
    return float(text) if text.isascii() else float(han_value(text))


def list_sizes(text: str) -> frozenset[int]:
    """How many things each list of a text names; A、B和C are three."""
    return frozenset(
        len(found[0].split("、")) + (_LAST.search(found[0].rpartition("、")[2]) is not None)
        for found in _LIST.finditer(text)
    )
