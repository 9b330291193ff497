"""Which amounts of the evidence could be taken for the one that is meant."""

from __future__ import annotations

import re

from rag.verify.amounts import Amount
from rag.verify.kinds import DATES
from rag.verify.roles import role
from rag.verify.words import View

_RANGE = re.compile(r"(?:底|初|日|晚)?(?:至|到|-|~|—|–|～|由|从)+(?:晚上|下午)?")
_TOTAL = re.compile(r"共|合计|总计|累计|总额|总数")


def rivalling(claim: View, mine: Amount, evidence: View, own: Amount, other: Amount) -> bool:
    """Whether the evidence's ``other`` could have been meant by the claim's ``mine``."""
    if not other.value or other.unit not in {own.unit, mine.unit}:
        return False
    if re.match(r"[a-z]", evidence.text[other.start - 1 : other.start]):
        return False  # the 60 of K60 is a name
    if mine.han and mine.value <= 3 and mine.unit == "counter":
        return False  # 两人, 两家: counted by the writer as often as printed
    if other.mode and own.unit not in DATES and abs(other.value - own.value) <= 0.03 * own.value:
        return False  # 突破13亿、达到13.22亿 are one
    if _TOTAL.search(evidence.text[max(0, own.start - 5) : own.start]) and _TOTAL.search(
        claim.text[max(0, mine.start - 5) : mine.start]
    ):
        return False  # a sum says itself what it is
    if evidence.part[own.start] == evidence.part[other.start]:
        low, high = sorted((own, other), key=lambda amount: amount.start)
        if _RANGE.fullmatch(evidence.text[low.end : high.start]):
            return False  # the two ends of one range
    if mine.text[-1:] in {"死", "伤"} and mine.text[-1] in evidence.text[own.end : own.end + 4]:
        return False  # 6死11伤 of 6人死亡，11人受伤
    if own.unit == "grade":
        return False  # 92号 and 95号 name two things
    if _per(evidence, own) != _per(evidence, other):
        return False  # 9.68元/股 is a price, 2.72亿元 a sum
    if (
        own.unit == "ordinal"
        and evidence.text[own.end : own.end + 1] != evidence.text[other.end : other.end + 1]
    ):
        return False
    mine_role, own_role = role(claim, mine), role(evidence, own)
    if own_role != role(evidence, other) and mine_role in {own_role, "", "gap"}:
        return False  # what rose to it, and by how much
    if own.unit == "counter":
        kinds = {counted(evidence, own), counted(claim, mine)}
        return counted(evidence, other) in kinds
    return True


def _per(view: View, amount: Amount) -> bool:
    return view.text[amount.end : amount.end + 1] == "/"


def counted(view: View, amount: Amount) -> str:
    """What is counted: 名, 位 and 人 are one; 个 takes the noun that follows."""
    last = amount.text.rstrip("多余来几")[-1:]
    if last in "个家项种":
        noun = re.match(r"[\u3400-\u9fff]{1,2}", view.text[amount.end : amount.end + 2])
        return last + (noun[0] if noun else "")
    return "人" if last in "名位人" else last
