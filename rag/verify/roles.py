"""The part an amount plays in a change: from it, to it, by it.

升至3.7% is not 从3.7%升, and 增长到40% is not 增长40%.
"""

from __future__ import annotations

import re
from typing import Literal

from rag.verify.amounts import Amount
from rag.verify.words import View

Role = Literal["", "from", "to", "by", "gap"]

_CHANGE = (
    r"增|升|降|涨|跌|减|提高|提升|扩大|扩|缩|延长|缩短|改|调|上调|下调|下滑|滑|回落|攀升|调整|变|转|跨|翻|跃|扩充|压缩|增长|增加|减少|下降|上升|"
    r"上涨|下跌|推迟|延期|延|提前|收窄|放宽|加快|放缓|降低|减弱|增强"
)
_NEAR = r"(?:了|约|近|超|逾|超过|将近|至少|大约|约为|的|最高|最低|只有|仅有|仅)*"
_TO = re.compile(rf"(?:{_CHANGE})(?:为|至|到|成|入|上){_NEAR}$")
_BY = re.compile(
    rf"(?:增|升|降|涨|跌|减|提高|提升|扩大|缩短|延长|上调|下调|下滑|回落|增长|增加|减少|下降|上升|上涨|下跌|降低|"
    rf"增幅|降幅|涨幅|跌幅){_NEAR}$"
)
_FROM = re.compile(r"(?:从|由|自)[^，;。]{0,16}$")
_BASE = re.compile(r"(?:相比于?|相较于?|比|较)(?!例|重)[^，;。、增长降涨跌升减]{0,44}$")
_ONWARD = re.compile(rf"^[^，;。]{{0,16}}?，?(?:{_CHANGE})|^[^，;。]{{0,8}}?(?:到|至)")


_GAP = re.compile(
    r"(?:高|低|(?<![至最不])多|(?<![至最不])少|快|慢|差|领先|落后|差距|优势|相差)(?:出)?(?:了|约|近|超|逾|超过|将近|至少|大约)*$"
)


def role(view: View, amount: Amount) -> Role:
    """What the wording around an amount makes of it; "" where it says nothing of a change."""
    clause = view.clause[amount.start]
    start = amount.start
    while start and view.clause[start - 1] == clause and amount.start - start < 48:
        start -= 1
    before, behind = view.text[start : amount.start], view.text[amount.end : amount.end + 24]
    if _TO.search(before):
        return "to"
    if _FROM.search(before) and _ONWARD.search(behind):
        return "from"
    if _BY.search(before):
        return "by"
    if _GAP.search(before):
        return "gap"
    return "from" if _BASE.search(before) else ""
