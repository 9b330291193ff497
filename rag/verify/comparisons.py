"""A above B, where the evidence prints A's amount and B's, or by how much A is below it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.verify.amounts import Amount
from rag.verify.fields import Item, field, items_between
from rag.verify.items import Laid
from rag.verify.kinds import DATES, comparable
from rag.verify.lists import Span
from rag.verify.names import NO_DOUBT, Doubt
from rag.verify.roles import role
from rag.verify.words import View

SIGNED = re.compile(r"负|零下|-$|第|名次|排名|跌幅|降幅")
LOSS = re.compile(r"亏|逆差|赤字")
UNCOUNTED = frozenset("ordinal age hour day month year quarter".split())
MORE = re.compile(
    r"高于|多于|大于|超过|超出|高过|多过|领先于?|快于|强于|胜过|优于|压过|反超|赶超|盖过"
    r"|(?P<below>低于|少于|小于|不及|不如|逊于|落后于?|慢于|弱于|赶不上|比不上|不敌|没有赶上|未及|尚未达到)"
)
_THAN = re.compile(
    r"比(?P<other>[^，。;比]{2,24}?)(?:还|更|都|要|略|稍|明显|远)*(?:(?P<up>高|多|大|快|强|贵|重|长)|(?P<down>低|少|小|慢|弱|便宜|轻|短))"
)
_RATE = re.compile(r"[增降涨跌升]幅|增速|增长率")
_CLEAR = 1.6
"""How much surer a comparison is than its words that only one of the two has."""
_HIGH = set("高多大快强重长")
_GAP_THAN = re.compile(
    r"(?:比|较|相比于?|相较于?)(?P<base>[^，。;比较]{2,20}?)(?:还|要|略|偏|水平)?(?P<word>[高多大快强重长低少小慢弱轻短])(?:出|了|约|近|逾)*$"
)
_GAP_OVER = re.compile(
    r"(?P<word>[高多大快强重长低少小慢弱轻短])(?:于|过)(?P<base>[^，。;]{2,20}?)(?:约|近|逾)?$"
)


def compared(laid: Laid) -> Doubt:
    """A above B, where A's amount is below B's."""
    text = laid.claim.text
    for match in MORE.finditer(text):
        start, end = clause_of(text, match.start())
        side = -1 if match["below"] else 1
        doubt = _against(laid, (start, match.start()), (match.end(), end), side, match[0])
        if doubt.strength:
            return doubt
    for match in _THAN.finditer(text):
        start, _ = clause_of(text, match.start())
        side = 1 if match["up"] else -1
        said = text[match.end() - 1 : match.end()]
        doubt = _against(laid, (start, match.start()), match.span("other"), side, said)
        if doubt.strength:
            return doubt
    return NO_DOUBT


def other_gap(laid: Laid) -> Doubt:
    """More than the same by so much, where the evidence says less: 低0.3个百分点, 高0.3个百分点."""
    for amount, held in zip(laid.claim.amounts, laid.held, strict=True):
        mine = _gaps(laid.claim, amount)
        if not mine or not held.exact:
            continue
        others = [_gaps(laid.evidence, laid.evidence.amounts[i]) for i in held.exact]
        if all(other and other.side != mine.side and mine.like(other) for other in others):
            printed = laid.evidence.amounts[held.exact[0]].text
            return Doubt(1.0, mine.word, f"{others[0].word if others[0] else ''}{printed}")
    return NO_DOUBT


@dataclass(frozen=True, slots=True)
class _Gap:
    """``word`` says on which ``side`` of ``base`` something is, by an amount."""

    word: str
    side: int
    base: str

    def like(self, other: _Gap) -> bool:
        """Whether both are measured from the same."""
        pairs = {self.base[i : i + 2] for i in range(len(self.base) - 1)}
        return any(pair in other.base for pair in pairs if not set(pair) & set("的了"))


def _gaps(view: View, amount: Amount) -> _Gap | None:
    start, _ = clause_of(view.text, amount.start)
    before = view.text[start : amount.start]
    for pattern in (_GAP_THAN, _GAP_OVER):
        found = pattern.search(before)
        if found:
            return _Gap(found["word"], 1 if found["word"] in _HIGH else -1, found["base"])
    return None


def clause_of(text: str, at: int) -> Span:
    start, end = at, at
    while start and text[start - 1] not in "，。;:!?":
        start -= 1
    while end < len(text) and text[end] not in "，。;:!?":
        end += 1
    return start, end


def _against(laid: Laid, one: Span, other: Span, side: int, said: str) -> Doubt:
    """Whether the amounts of what stands in the two spans of the claim are the other way round."""
    ones, others = (list(items_between(laid, *span)) for span in (one, other))
    if not ones or not others:
        return NO_DOUBT
    found = []
    for i, amount in enumerate(laid.evidence.amounts):
        before = laid.evidence.text[max(0, amount.start - 6) : amount.start]
        if amount.unit in DATES | UNCOUNTED | {""} or SIGNED.search(before) or LOSS.search(before):
            continue
        if (role(laid.evidence, amount) in {"by", "gap"}) != bool(_RATE.search(laid.claim.text)):
            continue
        span = field(laid.evidence, i)
        found.append((i, inside(ones, span), inside(others, span)))
    best = NO_DOUBT
    for i, mine, not_mine in found:
        for j, not_theirs, theirs in found:
            first, second = laid.evidence.amounts[i], laid.evidence.amounts[j]
            if i == j or not comparable(first, second) or first.value == second.value:
                continue
            if laid.evidence.clause[first.start] == laid.evidence.clause[second.start]:
                continue
            clear = min(mine - not_theirs, theirs - not_mine)
            if _CLEAR * clear > max(0.3, best.strength) and (first.value > second.value) != (
                side > 0
            ):
                if _otherwise(laid, found, i, j, side, clear):
                    continue
                best = Doubt(min(1.0, _CLEAR * clear), said, f"{first.text}对{second.text}")
    return best


def _otherwise(
    laid: Laid, found: list[tuple[int, float, float]], i: int, j: int, side: int, clear: float
) -> bool:
    """Whether another pair of amounts of the same two bears the claim as well."""
    for k, mine, not_mine in found:
        for m, not_theirs, theirs in found:
            one, other = laid.evidence.amounts[k], laid.evidence.amounts[m]
            if {k, m} == {i, j} or k == m or not comparable(one, other):
                continue
            if min(mine - not_theirs, theirs - not_mine) > 0.8 * clear and (
                one.value > other.value
            ) == (side > 0):
                return True
    return False


def inside(items: list[Item], span: Span) -> float:
    total = sum(item.weight for item in items)
    held = sum(item.weight for item in items if any(span[0] <= p < span[1] for p in item.places))
    return held / total if total else 0.0
