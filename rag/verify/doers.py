"""Who does what: a claim that gives the deed of one person, firm or country of a text to another.

Each name owns the stretch of text around it that no other of its kind comes between: what follows it,
or what leads up to it in its clause. A claim's words that stand only in another's stretch are that
one's. 前者 and 后者 are the last two names before them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.verify.actors import Actor, actors
from rag.verify.items import Laid
from rag.verify.names import NO_DOUBT, Doubt
from rag.verify.words import View

_LINK = re.compile(r"(?:[、,，]|和|与|及|以及|或|跟|同){1,2}")
_ATTRIBUTE = re.compile(r"[\u3400-\u9fff\d]{4,}的[^，,;。]{0,16}$")
_AFTER = re.compile(r"[，,。;和与及、）)”\"]|$")
_LEAST, _FULL = 4.0, 7.0
"""What another's words must weigh to count, and to count whole."""
_AMOUNT = 4.0
_WHOLE = 2
"""A claim of up to so many clause marks that names one alone is all about it."""


@dataclass(frozen=True, slots=True)
class Owned:
    """``spans`` of a text that belong to the actor."""

    actor: Actor
    spans: tuple[tuple[int, int], ...]
    beside: frozenset[str]
    """The names listed with it."""


def _groups(view: View, kind: str, known: tuple[str, ...]) -> list[list[Actor]]:
    """Actors of a kind, those that are listed together in one group."""
    groups: list[list[Actor]] = []
    for actor in actors(view.text, known):
        if actor.kind != kind:
            continue
        if groups and _LINK.fullmatch(view.text, groups[-1][-1].end, actor.start):
            groups[-1].append(actor)
        else:
            groups.append([actor])
    return groups


def owned(view: View, kind: str, known: tuple[str, ...] = ()) -> list[Owned]:
    """What belongs to each actor of a kind."""
    groups = _groups(view, kind, known)
    found = []
    for at, group in enumerate(groups):
        start, end = group[0].start, group[-1].end
        floor = groups[at - 1][-1].end if at else 0
        before = start
        while before > floor and view.clause[before - 1] == view.clause[start]:
            before -= 1
        if (
            before == floor
            and at
            and _ATTRIBUTE.search(view.text[before:start])
            and _AFTER.match(view.text, end)
        ):
            spans: tuple[tuple[int, int], ...] = ((before, start),)
        elif _ATTRIBUTE.search(view.text[before:start]) and re.match(
            r"和|与|及|、", view.text[end:]
        ):
            spans = ((before, start),)
        else:
            stop = _stop(view, end, groups[at + 1] if at + 1 < len(groups) else None)
            spans = ((before, start), (end, stop))
            if len(groups) == 1 and view.clause[-1] <= _WHOLE:
                spans = ((0, start), (end, stop))  # a short claim about one alone
        names = frozenset(actor.name for actor in group)
        found += [Owned(actor, spans, names) for actor in group]
    return found


def _stop(view: View, end: int, after: list[Actor] | None) -> int:
    """Where the stretch behind a group ends: at the clause of the next one, or in it where nothing
    parts the two."""
    last = len(view.text)
    if after is not None:
        last = after[0].start
        cut = last
        while cut > end and view.clause[cut - 1] == view.clause[last]:
            cut -= 1
        last = cut if cut > end else last
    part = view.part[min(end, len(view.part) - 1)]
    while end < last and view.part[last - 1] != part:
        last -= 1
    return last


def other_doer(laid: Laid) -> Doubt:
    """The claim's name, and the one whose words its evidence are."""
    best = NO_DOUBT
    people = {
        actor.name
        for view in (laid.claim, laid.evidence)
        for actor in actors(view.text)
        if actor.kind == "person" and len(actor.name) > 2
    }
    known = tuple(sorted(people))
    for kind in ("person", "body", "country"):
        mine = owned(laid.claim, kind, known)
        theirs = owned(laid.evidence, kind, known) if mine else []
        for one in mine:
            own = [span for o in theirs if o.actor.name == one.actor.name for span in o.spans]
            if not own:
                continue
            beside = {n for o in theirs if o.actor.name == one.actor.name for n in o.beside}
            for name in sorted({o.actor.name for o in theirs} - beside - one.beside):
                rival = [o for o in theirs if o.actor.name == name]
                strength = _given(laid, one, own, [span for o in rival for span in o.spans])
                if strength > best.strength:
                    actor = rival[0].actor
                    best = Doubt(
                        strength,
                        laid.claim.text[one.actor.start : one.actor.end],
                        laid.evidence.text[actor.start : actor.end],
                    )
    return best


def _given(
    laid: Laid, one: Owned, own: list[tuple[int, int]], others: list[tuple[int, int]]
) -> float:
    """How far the words beside a name of the claim are the rival's alone."""
    mine = theirs = 0.0
    words = [
        (word.start, word.weight, match.places if match.share >= 0.8 else ())
        for word, match in zip(laid.claim.words, laid.matches, strict=True)
    ]
    amounts = laid.evidence.amounts
    words += [
        (amount.start, _AMOUNT, tuple(amounts[i].start for i in held.exact))
        for amount, held in zip(laid.claim.amounts, laid.held, strict=True)
    ]
    for start, weight, places in words:
        if not _in(start, one.spans) or not places:
            continue
        here = any(_in(place, own) for place in places)
        there = any(_in(place, others) for place in places)
        if here and not there:
            mine += weight
        elif there and not here:
            theirs += weight
    if theirs < _LEAST or theirs <= mine:
        return 0.0
    return (theirs - mine) / (theirs + mine) * min(1.0, theirs / _FULL)


def _in(at: int, spans: list[tuple[int, int]] | tuple[tuple[int, int], ...]) -> bool:
    return any(start <= at < end for start, end in spans)
