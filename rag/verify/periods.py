"""The year, quarter or month that an amount is of: the right number of another year is wrong.

A date holds for the amounts behind it until the next of its kind in the sentence. One that is only
compared with (比2021年末减少) holds for nothing but the amount that is its own (比2021年的3520亿).
"""

from __future__ import annotations

import re

from rag.verify.amounts import Amount
from rag.verify.items import Laid
from rag.verify.kinds import DATES
from rag.verify.lists import listings
from rag.verify.names import NO_DOUBT, Doubt
from rag.verify.roles import role
from rag.verify.words import View

_ENDS = set("。!?")
_RELATIVE = re.compile(r"今年|去年|上年|前年|本年度?|上一年|本月|上月|今日|昨日|本季度?|上季度?")
_SAME = {
    "上年": "去年",
    "上一年": "去年",
    "本年": "今年",
    "本年度": "今年",
    "本季": "本季度",
    "上季": "上季度",
}
_BASE = re.compile(
    r"(?:比|较|相比于?|相较于?|对比|超过|超|[高低多少大小快慢好优强弱早晚]于|不及|刷新|打破|追平|创|自|从|由)$"
)
_AGO = re.compile(r"^(?:年?[末底初]|全年|同期)?的?(?:同期)?")
_SPAN = re.compile(
    r"^(?:至|到|-|~|—|以来|起|后|之后|以后|前|之前|以前|间|期间|代|[^，。;]{0,2}(?:计划|规划|愿景|标准|款|版|型))"
)
_UNTIL = re.compile(r"以来|至今|目前|累计|已经?(?!成)")
_COMPARED = re.compile(r"同比|环比")
_NEXT = re.compile(r"次年|翌年|第二年|隔年|同年|次月|下月|下一")
_KINDS = ("year", "quarter", "month")


def misdated(laid: Laid) -> Doubt:
    """The amount that the claim gives another year or quarter than the evidence, wherever the
    evidence has it."""
    lists = {i for one in listings(laid.evidence) for group in one.amounts for i in group}
    theirs: dict[int, dict[str, str]] = {}
    for amount, held in zip(laid.claim.amounts, laid.held, strict=True):
        if amount.unit in DATES | {"ordinal", ""} or not held.exact or set(held.exact) & lists:
            continue
        if role(laid.claim, amount) in {"from", "gap"}:
            continue
        mine = periods(laid.claim, amount)
        for kind, said in mine.items():
            found = []
            for i in held.exact:
                if i not in theirs:
                    theirs[i] = periods(laid.evidence, laid.evidence.amounts[i])
                found.append(theirs[i].get(kind, ""))
            printed = said.strip("年季度月") in laid.evidence.text or kind == "base"
            if not printed or "" in found or said in found:
                continue
            return Doubt(1.0, f"{said}的{amount.text}", found[0])
    return NO_DOUBT


def periods(view: View, amount: Amount) -> dict[str, str]:
    """By kind ("year", "quarter", "relative") what the amount is of; none where it is not said."""
    start = amount.start
    while start and view.text[start - 1] not in _ENDS:
        start -= 1
    found: dict[str, str] = {}
    marks = [
        (other.start, other.end, other.unit, _said(other))
        for other in view.amounts
        if start <= other.start < amount.start
        and other.unit in _KINDS
        and (other.unit != "year" or other.value >= 1900)
        and (other.unit != "month" or not view.text[other.end : other.end + 1].isdigit())
    ]
    marks += [
        (match.start(), match.end(), "relative", _SAME.get(match[0], match[0]))
        for match in _RELATIVE.finditer(view.text, start, amount.start)
    ]
    marks += [
        (match.start(), match.end(), "base", match[0])
        for match in _COMPARED.finditer(view.text, start, amount.start)
        if view.clause[match.start()] == view.clause[amount.start]
    ]
    marks += [(m.start(), m.end(), "", "") for m in _NEXT.finditer(view.text, start, amount.start)]
    if _UNTIL.search(view.text[max(start, amount.start - 16) : amount.start]):
        return found
    for at, end, kind, said in sorted(marks):
        if not kind:
            found.clear()  # 次年: another than was named
            continue
        behind = view.text[end : amount.start]
        if kind != "base" and _SPAN.match(view.text[end : end + 6]):
            found.pop(kind, None)
            continue
        if view.clause[amount.start] - view.clause[at] > (1 if kind == "month" else 3):
            found.pop(kind, None)  # whatever it was said of, it is too far away
            continue
        based = _BASE.search(view.text[max(0, at - 4) : at])
        own = len(_AGO.sub("", behind)) <= 3 and not re.search(r"[增减升降涨跌多少高低]", behind)
        if based and not own:
            continue
        found[kind] = said
    return found


def _said(date: Amount) -> str:
    return f"{date.value:g}" + {"year": "年", "quarter": "季度", "month": "月"}[date.unit]
