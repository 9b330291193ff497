"""Who said it, who it is about: a claim that gives one's words or deeds to another."""

from __future__ import annotations

import re

from rag.verify.actors import actors
from rag.verify.anonymous import called, generic, speaks
from rag.verify.gazetteer import HARD, named
from rag.verify.homes import holder
from rag.verify.items import Laid
from rag.verify.names import NO_DOUBT, Doubt
from rag.verify.places import places
from rag.verify.words import View, occurrences

_SPEECH = re.compile(
    r"(?<![被所难据听])(?:表示|指出|认为|强调|透露|介绍|建议|提醒|宣布|报道|警告|呼吁|坚称|声称|预计|预测|回应|通报|称(?!号|为|作|呼)|说(?!法|明|服|定|得|不[准上定清好太出]))"
)
_PRONOUN = re.compile(r"(?:[他她它我其]|[他她它我]们|自己)[还也又仍则曾]?$")
_SAME = re.compile(r"(?:据悉|目前|同时|此外|其中)?[，,]?(?:该|本|其|这|它|他|她|此)")
_QUOTED = re.compile(r"《[^》]{1,16}》|“[^”]{1,8}”|[a-z][a-z0-9.-]{2,}")
_NAME = re.compile(r"[\u3400-\u9fff]{3}")


def speakers(view: View) -> list[tuple[int, int, int]]:
    """(start, end, part) of what stands before a verb of speech in its clause, and in the clause
    before it where that is short."""
    found = []
    for match in _SPEECH.finditer(view.text):
        clause, part = view.clause[match.start()], view.part[match.start()]
        start = match.start()
        while start > 0 and view.clause[start - 1] == clause and view.part[start - 1] == part:
            start -= 1
        if match.start() - start >= 2:
            found.append((start, match.start(), part))
    return found


def other_speaker(laid: Laid) -> Doubt:
    """The claim names who said it, and the evidence for what was said names another."""
    mine = speakers(laid.claim)
    if not mine or _PRONOUN.search(laid.claim.text[: mine[0][1]]):
        return NO_DOUBT
    start, end, _ = mine[0]
    who = laid.claim.text[start:end]
    if generic(who[-6:]):
        return NO_DOUBT  # 那家公司: the evidence may name it otherwise
    until = mine[1][0] if len(mine) > 1 and mine[1][0] > end else len(laid.claim.text)
    inside = [i for i, word in enumerate(laid.claim.words) if start <= word.start < end]
    told = laid.claim.clause[end]
    rest = [
        i
        for i, word in enumerate(laid.claim.words)
        if end <= word.start < until and laid.claim.clause[word.start] <= told + 1
    ]
    same = [i for i in rest if laid.claim.clause[laid.claim.words[i].start] == told]
    rest = same if len(same) >= 3 else rest
    if not inside or not rest:
        return NO_DOUBT
    home = holder(laid, rest)
    theirs = [(s, e) for s, e, part in speakers(laid.evidence) if part == home]
    total = sum(laid.claim.words[i].weight for i in inside)
    held = 0.0
    for i in inside:
        match, around = laid.matches[i], laid.around[i]
        here = any(laid.evidence.part[place] == home for place in match.places)
        share = match.share if here else (0.0 if theirs else around.share)
        held += laid.claim.words[i].weight * share
    lacking = 1 - held / total
    # A name is what counts: its words are the rarest of what stands before the verb.
    rarest = max(inside, key=lambda i: laid.claim.words[i].weight)
    match = laid.matches[rarest]
    away = not any(laid.evidence.part[place] == home for place in match.places)
    printed = laid.evidence.text[theirs[0][0] : theirs[0][1]][-12:] if theirs else ""
    strength = lacking * (1.0 if theirs else 0.5) * (1.0 if away else 0.6)
    strength *= called(who, laid.evidence.text) * speaks(who, _verb(laid, end))
    return Doubt(min(1.0, strength), laid.claim.text[start:end][-12:], printed)


def _verb(laid: Laid, at: int) -> str:
    found = _SPEECH.match(laid.claim.text, at)
    return found[0] if found else ""


def foreign_subject(laid: Laid) -> Doubt:
    """A clause whose words stand in a text of the evidence that is about someone else."""
    if max(laid.evidence.part, default=0) == 0:
        return NO_DOUBT
    best = NO_DOUBT
    words, matches = laid.claim.words, laid.matches
    for clause in sorted(set(laid.claim.clause)):
        inside = [i for i, w in enumerate(words) if laid.claim.clause[w.start] == clause]
        if len(inside) < 3:
            continue
        home = holder(laid, inside)
        upto = [i for i, w in enumerate(words) if laid.claim.clause[w.start] <= clause]
        lead = _lead(laid, clause, home)
        if not lead:
            leading = [*inside[:2], *upto[:2]]
            named = [i for i in leading if words[i].weight >= 5.5 and matches[i].share >= 0.85]
            if not named or any(laid.evidence.part[p] == home for p in matches[named[0]].places):
                continue
            lead = words[named[0]].text
        own = [
            word
            for word in laid.evidence.words
            if laid.evidence.part[word.start] == home and word.weight >= 5.5
        ][:2]
        begun = laid.evidence.part.index(home)
        if _SAME.match(laid.evidence.text, begun):
            continue  # 该游戏 may be what the claim names
        names = _names(laid.evidence.text)
        own = [w for w in own if w.text not in laid.claim.text and w.start in names]
        if own:
            strength = min(1.0, own[0].weight / 8) * (0.6 if lead in laid.context.text else 1.0)
            if strength > best.strength:
                best = Doubt(strength, lead, own[0].text)
    return best


def _names(text: str) -> frozenset[int]:
    """Where names stand in a text."""
    spans = [(name.start, name.end) for name in named(text) if name.kind in HARD]
    spans += [(actor.start, actor.end) for actor in actors(text)]
    spans += [(place.start, place.end) for place in places(text)]
    spans += [match.span() for match in _QUOTED.finditer(text)]
    return frozenset(at for start, end in spans for at in range(start, end))


def _lead(laid: Laid, clause: int, home: int) -> str:
    """The clause's first characters where another text of the evidence has them, ``home`` not."""
    start = laid.claim.clause.index(clause)
    begun = laid.claim.text[start : start + 3]
    if not _NAME.fullmatch(begun):
        return ""
    parts = {laid.evidence.part[p] for p in occurrences(begun, laid.evidence.text)}
    return begun if parts and home not in parts else ""
