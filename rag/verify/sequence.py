"""What a claim says was first, and what the evidence dates or tells first.

Each side of a claim's word of time (先 … 再, 之后, 前) is looked up as the clause of the evidence that
holds most of it. Which of the two clauses was first is read from their dates, from a word that reaches
back (此前) or forth (随后), and last from the order in which they are told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.verify.homes import span
from rag.verify.items import Laid
from rag.verify.names import NO_DOUBT, Doubt
from rag.verify.stretches import SENTENCE_END, clause_start, says
from rag.verify.words import View

_THEN = re.compile(
    r"(?:之后|然后|随后|随即|接着|继而|此后|其后|后来|最后|再|这?才|而?后)(?:又|才|再|是|轮到|着手|开始)*"
)
_NEXT = re.compile(
    r"(?<=[，,])(?:直到)?(?:之后|然后|随后|随即|接着|继而|此后|其后|后来|最后|再)(?:又|才|再)?"
)
_FIRST = re.compile(
    r"(?<!首|优|率|领|预|争|祖|原)先(?![生进锋驱后行前])(?:是|要|让|由|向|把|得)?|首先|率先"
)
_AFTER = re.compile(
    r"(?<=[\u3400-\u9fff])(?:之后|以后|(?<![前最以今落日事战此之随然其而])后)(?=[，,]|才|又|再|就|便|[\u3400-\u9fff]{4})(?![来者勤续台卫场期果备代排市面边方院悔人])"
)
_BEFORE = re.compile(
    r"(?<=[\u3400-\u9fff])(?:之前|以前|(?<![目日此提空眼当年月天周墓门面楼台屋座身跟车床桌镜庭店席])前)(?=[，,]|就|已|先|便)"
)
_BACK = re.compile(
    r"此前|在此之前|早在|之前[，,已曾]|先前|早前|事前|(?<=[建完达成束到行])前[，,]|[也会已将就曾]先(?![生进锋驱后行])|提前"
)
_FORTH = re.compile(
    r"随后|随即|接着|之后|此后|其后|然后|继而|最后|后[，,]|次日|再(?![次度])|遂(?![宁昌溪平])|(?<=[。;，])后(?![来者勤续台卫场期果备排市面边方院悔])"
)
_DATE = re.compile(
    r"(?:(?P<y>\d{4}|今|去|前|明)年)?(?:底|初)?(?:(?P<m>\d{1,2})月)?(?:(?P<d>\d{1,2})[日号])?"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_SAYS = re.compile(r"(?:报道|获悉|消息|电|表示|介绍|称|宣布|通报)")
_LEAST = 2.5
_DATED, _MARKED, _TOLD, _APART = 1.0, 1.0, 0.7, 0.6
"""How surely one was first: by its date, by a word, by what is told first, in one quote or in two."""
_LOOSE = 0.7
"""What counts of it where the claim does not insist on an order."""


@dataclass(frozen=True, slots=True)
class _Order:
    former: tuple[int, int]
    latter: tuple[int, int]
    text: str
    firm: bool
    """Whether the claim insists on the order: 先 … 再, 才."""


def _orders(view: View) -> Iterator[_Order]:
    """What the claim puts first and what then."""
    text = view.text
    for first in _FIRST.finditer(text):
        stop = _sentence(text, first.end())[1]
        for then in _THEN.finditer(text, first.end() + 2, stop):
            if says(text, first.end(), then.start()) and says(text, then.end(), stop):
                yield _Order((first.end(), then.start()), (then.end(), stop), then[0], True)
                break
    for then in _NEXT.finditer(text):
        start = _sentence(text, then.start())[0]
        if _FIRST.search(text, start, then.start()):
            continue
        before = (clause_start(view, max(0, then.start() - 1)), then.start())
        behind = (then.end(), _sentence(text, then.end())[1])
        if before[0] >= start and says(text, *before) and says(text, *behind):
            yield _Order(before, behind, then[0], "才" in then[0])
    for mark, later in ((_AFTER, False), (_BEFORE, True)):
        for match in mark.finditer(text):
            start, stop = _sentence(text, match.start())
            if _FIRST.search(text, start, stop):
                continue
            one = (clause_start(view, match.start()), match.start())
            other = (match.end(), stop)
            if says(text, *one) and says(text, *other):
                only = text.find("才", match.end(), match.end() + 8) >= 0
                sides = (other, one) if later else (one, other)
                yield _Order(*sides, match[0], only)


def _sentence(text: str, at: int) -> tuple[int, int]:
    before = [m.end() for m in SENTENCE_END.finditer(text, 0, at)]
    behind = SENTENCE_END.search(text, at)
    return before[-1] if before else 0, behind.start() if behind else len(text)


def out_of_order(laid: Laid) -> Doubt:
    """The claim's word of time whose sides the evidence has the other way round."""
    best = NO_DOUBT
    for order in _orders(laid.claim):
        one, other = _weights(laid, order.former), _weights(laid, order.latter)
        former, latter = _home(one, other), _home(other, one)
        if former is None or latter is None or former == latter:
            continue
        strength = _earlier(laid, latter, former)
        if not order.firm:
            strength = _LOOSE * strength if strength > _TOLD else 0.0
        if strength > best.strength:
            best = Doubt(strength, order.text, "")
    return best


def _weights(laid: Laid, said: tuple[int, int]) -> dict[int, float]:
    """By clause of the evidence, the weight of the words in ``said`` that stand there."""
    found: dict[int, float] = {}
    for word, match in zip(laid.claim.words, laid.matches, strict=True):
        if said[0] <= word.start < said[1] and match.share >= 0.6:
            for clause in {laid.evidence.clause[p] for p in match.places}:
                found[clause] = found.get(clause, 0.0) + word.weight * match.share
    for amount, held in zip(laid.claim.amounts, laid.held, strict=True):
        if said[0] <= amount.start < said[1]:
            for clause in {
                laid.evidence.clause[laid.evidence.amounts[i].start] for i in held.places
            }:
                found[clause] = found.get(clause, 0.0) + _LEAST
    return found


def _home(own: dict[int, float], other: dict[int, float]) -> int | None:
    """The clause that has most of one side, and more of it than of the other."""
    gain = {clause: weight - other.get(clause, 0.0) for clause, weight in own.items()}
    if not gain:
        return None
    best = max(sorted(gain), key=lambda clause: gain[clause])
    rest = [weight for clause, weight in gain.items() if abs(clause - best) > 1]
    if gain[best] < _LEAST or max(rest, default=0.0) > 0.8 * gain[best]:
        return None
    return best


def _earlier(laid: Laid, first: int, then: int) -> float:
    """How surely the evidence's clause ``first`` was before ``then``; 0 where it was not."""
    one, other = span(laid.evidence, first), span(laid.evidence, then)
    a, b = _date(laid, one), _date(laid, other)
    if a and b and a != b:
        size = min(len(a), len(b))
        if a[:size] != b[:size]:
            return _DATED if a[:size] < b[:size] else 0.0
    text = laid.evidence.text
    back = [
        _BACK.search(text, max(0, s - 1), e) is not None
        for s, e in (_upto(text, one), _upto(text, other))
    ]
    if first > then:
        return _MARKED if back[0] and not back[1] else 0.0
    if back[1] or _BACK.search(text, one[1], other[1]):
        return 0.0
    if laid.evidence.part[one[0]] != laid.evidence.part[other[0]]:
        return _MARKED if _FORTH.search(text, _sentence(text, other[0])[0], other[1]) else _APART
    return _MARKED if _FORTH.search(text, one[0], other[1]) else _TOLD


def _upto(text: str, span: tuple[int, int]) -> tuple[int, int]:
    return _sentence(text, span[0])[0], span[1]


def _date(laid: Laid, span: tuple[int, int]) -> tuple[int, ...]:
    """(year, month, day) as far as told by the last date up to the clause's end in its sentence; empty
    where there is none."""
    text = laid.evidence.text
    start = _sentence(text, span[0])[0]
    found: tuple[int, ...] = ()
    year = 0
    for match in _DATE.finditer(text, start, span[1]):
        if not (match["y"] or match["m"]):
            continue
        if _SAYS.search(text, match.end(), match.end() + 6):
            continue
        year = _year(laid, match["y"]) if match["y"] else year
        found = (year, int(match["m"] or 0), int(match["d"] or 0))
        if not match["m"]:
            found = found[:1]
        elif not match["d"]:
            found = found[:2]
    return found if found and found[0] else ((0, *found[1:]) if found else ())


def _year(laid: Laid, said: str) -> int:
    if said.isdigit():
        return int(said)
    around = _YEAR.search(laid.context.text)
    now = int(around[0]) if around else 0
    step = {"今": 0, "去": -1, "前": -2, "明": 1}[said]
    return now + step if now else (2100 + step)
