"""Cause for effect, before for after, from for to: what a claim turns round.

Each connective parts a text in a former and a latter side: cause and effect, what was first and what
came then, what a change starts from and ends in. A claim whose former words stand on the latter side
of the same kind of connective in the evidence, and the other way round, is turned.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rag.verify.items import Laid
from rag.verify.names import NO_DOUBT, Doubt
from rag.verify.stretches import SENTENCE_END, alike, clause_end, clause_start, says
from rag.verify.words import View

Kind = Literal["cause", "time"]

_EFFECT_BEHIND = re.compile(
    r"因此|因而|所以|从而|导致|致使|使得|以致|造成|引发|促使|引起|带来|故而|为此|由此|这(?:也|将|就|一|无疑)?(?:使|让|令|缓解|导致|意味着|推动|促|加[大剧快重]|带[来动]|引[发起]|减[轻缓少])|迫使|招致|触发|催生"
    r"|(?<=[，,])(?:进而|并|也|就|才|从而)?(?:使得?(?![用命馆节者])|令(?!人)|让(?!人|我们|大家))|(?<=[，,])结果(?!是|为|显示|表明|公布|出炉|[，,])"
)
_CAUSE_BEHIND = re.compile(
    r"是因为|原因(?:是|在于|为)|缘于|源于|源自|归因于|归咎于|得益于|受益于|是由于|起因是|起因于|是受|由(?=[^，;。]{2,20}(?:引起|引发|导致|造成|所致))|出于"
)
_CAUSE_FIRST = re.compile(
    r"因为|由于|鉴于|受(?=[^，;。]{1,20}影响)|随着(?=[^，;。]{2,24}(?:[，,]|而))|(?<![原起病死成诱基外内各])因(?![此而为素果人子地应])"
)
_THEN = re.compile(
    r"随后|随即|遂(?![宁昌溪平])|接着|紧接着|之后|此后|其后|然后|继而|(?<![前最以今落日事战])后(?![来者勤续台卫场期果备代排市面边方院悔人)）])|才|再(?=[^次度三])|以后|最终|次日|第二天"
)
_EARLIER = re.compile(
    r"之前|以前|(?<![目日此提空眼当])前(?=[，,])|(?<=[\u3400-\u9fff])前(?=[已就先曾])"
)
_FIRST = re.compile(r"先(?![生进锋驱后行前])|首先")
_CHANGE = re.compile(
    r"(?:从|由)[“\"'《]?(?P<from>[^，,;。\d]{2,14}?)[”\"'》]?(?:向|转向|转为|变为|改为|变成|转变为|调整为|过渡到|切换到|转到|走向|升级为|更名为|迁至|搬到|飞往|开往|驶往|前往|运往|转移到|到|至)"
    r"[“\"'《]?(?P<to>[^，,;。\d”\"'》]{2,14})"
)
_BACK = 90
"""Characters before a connective that its former side reaches back."""
_BACKWARD = re.compile(r"此前|之前|以前|早在|曾|先|前(?=[，,])")
_TOLD = 0.8
"""How surely what is told first was first."""
_RARE = 3.5
_LEAST = 3.0
"""Weight that each side of the claim must have in the evidence."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """``former`` and ``latter`` are [start, end): cause and effect, or first and then."""

    kind: Kind
    former: tuple[int, int]
    latter: tuple[int, int]
    text: str


def _turns(view: View) -> Iterator[_Turn]:
    text = view.text
    for match in _EFFECT_BEHIND.finditer(text):
        start, end = _sentence(text, match.start())
        before = start if says(text, start, match.start()) else max(0, start - _BACK)
        if match[0] in {"因此", "因而", "所以", "为此", "由此", "故而"}:
            # 苹果因此停售: who stands before the word belongs to the effect.
            clause = clause_start(view, match.start())
            yield _Turn("cause", (max(0, min(before, start - _BACK)) if clause == start else start,
                                  clause), (clause, end), match[0])  # fmt: skip
        else:
            yield _Turn("cause", (before, match.start()), (match.end(), end), match[0])
    for match in _CAUSE_BEHIND.finditer(text):
        start, end = _sentence(text, match.start())
        yield _Turn("cause", (match.end(), end), (start, match.start()), match[0])
    for match in _CAUSE_FIRST.finditer(text):
        if text[match.start() - 1 : match.start()] == "是":
            continue
        start, end = _sentence(text, match.start())
        stop = clause_end(view, match.end())
        if stop < end - 1:
            yield _Turn("cause", (match.end(), stop), (stop, end), match[0])
        else:
            yield _Turn("cause", (match.end(), stop), (start, match.start()), match[0])
    for match in _THEN.finditer(text):
        before = _beside(view, match.start())
        first = _FIRST.search(text, before, match.start())
        before = first.end() if first else before
        if says(text, before, match.start()):
            yield _Turn("time", (before, match.start()), _behind(view, match.end()), match[0])
    for match in _EARLIER.finditer(text):
        before = _beside(view, match.start())
        if says(text, before, match.start()):
            yield _Turn("time", _behind(view, match.end()), (before, match.start()), match[0])


def _sentence(text: str, at: int) -> tuple[int, int]:
    before = [m.end() for m in SENTENCE_END.finditer(text, 0, at)]
    behind = SENTENCE_END.search(text, at)
    return before[-1] if before else 0, behind.end() if behind else len(text)


def _beside(view: View, at: int) -> int:
    """The start of what a word of time follows on: its clause, or the clause before where nothing is
    said in it."""
    start = clause_start(view, at)
    if not says(view.text, start, at) and start and view.text[start - 1] in ",，":
        start = clause_start(view, start - 1)
    return start


def _behind(view: View, at: int) -> tuple[int, int]:
    """What a word of time leads on to: the rest of its sentence."""
    return at, _sentence(view.text, min(at, len(view.text) - 1))[1]


def turned(laid: Laid) -> Doubt:
    """The claim's connective whose two sides stand the other way round in the evidence."""
    changed = _changed(laid)
    if changed.strength:
        return changed
    best = NO_DOUBT
    mine = list(_turns(laid.claim))
    theirs = list(_turns(laid.evidence)) if mine else []
    for turn in mine:
        for other in theirs:
            if other.kind != turn.kind:
                continue
            strength = _crossed(laid, turn, other)
            if strength > best.strength:
                best = Doubt(strength, turn.text, other.text)
    if best.strength and any(
        o.kind == t.kind and _crossed(laid, t, _Turn(o.kind, o.latter, o.former, o.text)) >= best.strength
        for t in mine for o in theirs if t.text == best.said
    ):  # fmt: skip
        return NO_DOUBT  # as well the right way round
    return best if best.strength else _told_first(laid, mine)


def _told_first(laid: Laid, mine: list[_Turn]) -> Doubt:
    """先甲后乙, where the evidence tells 乙 and then 甲 and has no word that turns the order."""
    first = _FIRST.search(laid.claim.text)
    if not first or _BACKWARD.search(laid.evidence.text):
        return NO_DOUBT
    for turn in mine:
        if turn.kind != "time" or turn.former[0] != first.end():
            continue
        former, latter = _spots(laid, turn.former), _spots(laid, turn.latter)
        if former and latter and max(latter) < min(former):
            return Doubt(_TOLD, turn.text, "")
    return NO_DOUBT


def _spots(laid: Laid, said: tuple[int, int]) -> list[int]:
    """Where the claim's rarer words in ``said`` stand in the evidence, if each stands once."""
    found = []
    for word, match in zip(laid.claim.words, laid.matches, strict=True):
        held = match.share >= 0.8 and len(match.places) == 1 and word.weight >= _RARE
        if held and said[0] <= word.start < said[1]:
            found.append(match.places[0])
    return found


def _crossed(laid: Laid, turn: _Turn, other: _Turn) -> float:
    """How far the claim's former words stand only in the evidence's latter side and its latter words
    only in the former."""
    one = _on(laid, turn.former, other.latter, other.former)
    if one < 0.5:
        return 0.0
    two = _on(laid, turn.latter, other.former, other.latter)
    return min(one, two) if two >= 0.5 else 0.0


def _on(
    laid: Laid, said: tuple[int, int], inside: tuple[int, int], outside: tuple[int, int]
) -> float:
    """Of the words of the claim in ``said`` that the evidence has on one side alone, the share by
    weight on the side ``inside``; 0 where they weigh too little."""
    gain = total = 0.0
    for word, match in zip(laid.claim.words, laid.matches, strict=True):
        if not said[0] <= word.start < said[1] or match.share < 0.6:
            continue
        here = any(inside[0] <= place < inside[1] for place in match.places)
        there = any(outside[0] <= place < outside[1] for place in match.places)
        if here != there:
            total += word.weight
            gain += word.weight * here
    return gain / total if total >= _LEAST else 0.0


def _changed(laid: Laid) -> Doubt:
    """从甲到乙 for 从乙到甲."""
    for match in _CHANGE.finditer(laid.claim.text):
        for held in _CHANGE.finditer(laid.evidence.text):
            cross = min(alike(match["from"], held["to"]), alike(match["to"], held["from"]))
            along = max(alike(match["from"], held["from"]), alike(match["to"], held["to"]))
            if cross >= 0.5 and cross > along:
                return Doubt(1.0, match[0], held[0])
    return NO_DOUBT
