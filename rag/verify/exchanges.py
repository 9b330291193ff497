"""Two names of a claim exchanged: in one clause, each with the other's clause, or one in the other's
slot. Words of one closed group are exchanged as names are: 父亲 and 母亲."""

from __future__ import annotations

import re
from collections import Counter
from itertools import combinations, pairwise

from rag.verify.actors import Actor, everyone
from rag.verify.exclusive import grouped
from rag.verify.items import Laid
from rag.verify.names import NO_DOUBT, Doubt
from rag.verify.places import places
from rag.verify.stretches import SENTENCE_END
from rag.verify.words import View

_PASSIVE = re.compile(r"[被遭受获由]")
_PRONOUN = re.compile(r"前者|后者")
_BETWEEN = 14
"""Characters between two names at most."""
_LEAST, _LEAST_GROUPED = 4.0, 3.0
"""What the words that stand with the other name, or the other of a group, must weigh."""
_PREPOSITION = frozenset("从向由被与和对为给让把在赴跟同")
_BESIDE = re.compile(r"[\u3400-\u9fff\d]{2}")
_VERB = re.compile(r"[\u3400-\u9fff][^\W的和与及、在了是]")
_SLOT = r"[^\W的是在了\d_]{2,6}?"
_OBJECT = 0.9
"""How surely the subject of a verb is another where the evidence has the name behind the verb."""


def swapped(laid: Laid) -> Doubt:
    """甲求见乙 for 乙求见甲: two names with the same words between them, each in the other's place."""
    theirs = _pairs(laid.evidence)
    for first, second, between in _pairs(laid.claim):
        for one, other, middle in theirs:
            if (
                first.name == second.name
                or (first.name, second.name) != (other.name, one.name)
                or _PASSIVE.search(between + middle)
            ):
                continue
            if any(between[i : i + 2] in middle for i in range(len(between) - 1)):
                said = laid.claim.text[first.start : second.end]
                return Doubt(1.0, said, laid.evidence.text[one.start : other.end])
    return NO_DOUBT


def interchanged(laid: Laid) -> Doubt:
    """Two names of the claim in clauses of their own, each with the words that are the other's in the
    evidence."""
    mine = {a.name: a for a in everyone(laid.claim.text)}
    theirs: dict[str, list[Actor]] = {}
    for actor in everyone(laid.evidence.text):
        theirs.setdefault(actor.name, []).append(actor)
    shared = [a for a in mine.values() if len(theirs.get(a.name, [])) == 1]
    for one, other in combinations(shared, 2):
        here, there = theirs[one.name][0], theirs[other.name][0]
        if one.kind != other.kind:
            continue
        ones, others = _stretches(laid.claim, one, other)
        first, second = _stretches(laid.evidence, here, there)
        names = (one, other)
        leaning = _leaning(laid, names, ones, first, second)
        if leaning >= _LEAST and _leaning(laid, names, others, second, first) >= _LEAST:
            said = laid.claim.text[one.start : one.end]
            return Doubt(1.0, said, laid.evidence.text[there.start : there.end])
    return NO_DOUBT


def traded(laid: Laid) -> Doubt:
    """Two words of a group, each with the words that are the other's in the evidence: 父亲 and 母亲."""
    ours, theirs = grouped(laid.claim.text), grouped(laid.evidence.text)
    often = Counter((kind, name) for kind, name, _, _ in ours)
    there: dict[tuple[str, str], list[Actor]] = {}
    for found in theirs:
        there.setdefault(found[:2], []).append(Actor(*found))
    once = [Actor(*f) for f in ours if often[f[:2]] == 1 and len(there.get(f[:2], [])) == 1]
    for one, other in combinations(once, 2):
        if one.kind != other.kind or one.name == other.name:
            continue
        here, far = there[one.kind, one.name][0], there[other.kind, other.name][0]
        ones, others = _stretches(laid.claim, one, other)
        first, second = _stretches(laid.evidence, here, far)
        if first == second:  # in one clause: what follows each
            first, second = _following(laid.evidence, here, far)
        names = (one, other)
        if (
            _leaning(laid, names, ones, first, second) >= _LEAST_GROUPED
            and _leaning(laid, names, others, second, first) >= _LEAST_GROUPED
        ):
            return Doubt(
                1.0,
                laid.claim.text[one.start : one.end],
                laid.evidence.text[far.start : far.end],
            )
    return NO_DOUBT


def _following(view: View, one: Actor, other: Actor) -> tuple[tuple[int, int], tuple[int, int]]:
    """What follows each of two words of a clause, as far behind the latter as behind the former."""
    if one.start > other.start:
        behind, before = _following(view, other, one)
        return before, behind
    reach = other.start - one.end
    return (one.end, other.start), (other.end, min(len(view.text), other.end + reach))


def misplaced(laid: Laid) -> Doubt:
    """A name of the evidence between the same words as another of its names, 在甲相识 for 在乙相识; or
    before a verb that the evidence has before the name alone, 甲参股乙 for 参股甲."""
    said, held = laid.claim.text, laid.evidence.text
    mine = _names(laid.claim)
    theirs = {held[start:end] for start, end in _names(laid.evidence)} if mine else set()
    for start, end in mine:
        name, right = said[start:end], said[end : end + 2]
        if name not in held or not _BESIDE.fullmatch(right) or name + right in held:
            continue
        left = said[max(0, start - 2) : start]
        near = left[-1:] if left[-1:] in _PREPOSITION else ""
        if near and near + name not in held:
            # 向那里投送: what stands behind the same preposition need be no name.
            slot = re.search(rf"{near}(?P<other>{_SLOT}){right}", held)
            if slot and slot["other"] not in name and name not in slot["other"]:
                return Doubt(1.0, near + name + right, slot[0])
        if not _BESIDE.fullmatch(left) or left + name in held:
            left = near
        for other in sorted(theirs) if left else ():
            if left + other + right in held and other not in name and name not in other:
                return Doubt(1.0, left + name + right, left + other + right)
    for (first, stop), (start, end) in pairwise(mine):
        subject, verb, between = (
            said[first:stop],
            said[max(stop, start - 2) : start],
            said[stop:start],
        )
        if laid.claim.clause[first] != laid.claim.clause[start] or not _VERB.fullmatch(verb):
            continue
        thing = said[start:end]
        if _PASSIVE.search(between) or subject in thing or thing in subject:
            continue
        if verb + subject in held and verb + thing not in held:
            return Doubt(_OBJECT, subject + between + thing, verb + subject)
    return NO_DOUBT


def _names(view: View) -> list[tuple[int, int]]:
    """Where names of people, bodies and places stand, the longest at each point."""
    spans = {(actor.start, actor.end) for actor in everyone(view.text)}
    spans |= {(place.start, place.end) for place in places(view.text)}
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not found or start >= found[-1][1]:
            found.append((start, end))
    return found


def _stretches(view: View, one: Actor, other: Actor) -> tuple[tuple[int, int], tuple[int, int]]:
    """From the clause of each of two names on to the other's, or the end of its sentence; empty where
    one clause has both."""
    if one.start > other.start:
        behind, before = _stretches(view, other, one)
        return before, behind
    starts = [actor.start for actor in (one, other)]
    for at in (0, 1):
        while starts[at] and view.clause[starts[at] - 1] == view.clause[starts[at]]:
            starts[at] -= 1
    if starts[0] == starts[1]:
        return (0, 0), (0, 0)
    stop = SENTENCE_END.search(view.text, other.end)
    end = stop.start() if stop else len(view.text)
    first = SENTENCE_END.search(view.text, one.end)
    return (starts[0], min(starts[1], first.start() if first else end)), (starts[1], end)


def _leaning(
    laid: Laid,
    names: tuple[Actor, Actor],
    said: tuple[int, int],
    own: tuple[int, int],
    other: tuple[int, int],
) -> float:
    """The weight of the claim's words in ``said``, the names aside, that stand in ``other`` alone, less twice those that
    stand in ``own`` alone."""
    total = 0.0
    for word, match in zip(laid.claim.words, laid.matches, strict=True):
        if not said[0] <= word.start < said[1] or match.share < 0.95:
            continue
        if any(name.start < word.end and word.start < name.end for name in names):
            continue
        mine = any(own[0] <= place < own[1] for place in match.places)
        theirs = any(other[0] <= place < other[1] for place in match.places)
        if mine != theirs:
            total += word.weight * (1.0 if theirs else -2.0)
    return total


def _pairs(view: View) -> list[tuple[Actor, Actor, str]]:
    """Names that follow each other in a clause, with the words between."""
    found = []
    names = [a for a in everyone(view.text) if not _PRONOUN.match(view.text, a.start)]
    for one, other in pairwise(names):
        between = view.text[one.end : other.start]
        if view.clause[one.start] == view.clause[other.start] and 2 <= len(between) <= _BETWEEN:
            found.append((one, other, between))
    return found
