"""Parallel statements: "A为x，B为y" gives x to A, and a claim that gives x to B is wrong.

What tells the fields of two amounts apart are the words and amounts that only one of them has;
those that the claim has beside its amount must be of the field that the amount is taken from.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.verify.amounts import Amount
from rag.verify.fields import CUTS, Item, field, head, items_of
from rag.verify.items import Laid
from rag.verify.kinds import DATES
from rag.verify.labels import joined
from rag.verify.lists import Span, listings
from rag.verify.names import NO_DOUBT, Doubt
from rag.verify.rivals import rivalling
from rag.verify.roles import role
from rag.verify.words import View

_NAME = 6
_LETTER = 3.0
"""What a character more of the one label than of the other weighs."""
_LEAST = 3.0


def other_field(laid: Laid) -> Doubt:
    """The amount whose neighbours in the claim are those of another in the evidence."""
    best = NO_DOUBT
    spans = {i: field(laid.evidence, i) for i in range(len(laid.evidence.amounts))}
    told = {i for one in listings(laid.evidence) for group in one.amounts for i in group}
    heads = [head(laid.evidence, one) for one in laid.evidence.amounts]
    for at, (amount, held) in enumerate(zip(laid.claim.amounts, laid.held, strict=True)):
        if not held.places or amount.unit in DATES | {""} or told & set(held.places):
            continue
        items = list(items_of(laid, at))
        mine = [laid.evidence.amounts[i] for i in held.places]
        own = [span for i in held.places for span in (spans[i], heads[i].part, heads[i].opening)]
        for i, other in enumerate(laid.evidence.amounts):
            if i in held.places or other.unit in DATES:
                continue
            if not rivalling(laid.claim, amount, laid.evidence, mine[0], other):
                continue
            if _one_change(laid.evidence, mine, other):
                continue
            theirs = [spans[i]]
            if all(heads[j].part != heads[i].part for j in held.places):
                theirs.append(heads[i].part)
            if any(heads[j].opening == heads[i].opening for j in held.places):
                theirs.append(heads[i].opening)
            apart = all(heads[j].lead != heads[i].lead for j in held.places)
            leads = [heads[j].lead for j in held.places] if apart else []
            theirs += [heads[i].lead] if apart else []
            said = [_short(laid.claim, amount), _short(laid.evidence, mine[0])]
            said.append(_short(laid.evidence, other))
            common = [_common(said[0], label) if all(said) else "" for label in said[1:]]
            doubt = _weigh(items, own + leads, theirs, *common)
            if doubt.strength > best.strength:
                printed = f"{other.text}，不是{amount.text}"
                best = Doubt(doubt.strength, doubt.said, printed)
    return best


def _short(view: View, amount: Amount) -> str:
    """The few characters that name an amount right before it: 中雨 of 中雨7站; "" where more do."""
    start = amount.start
    while start and view.text[start - 1] not in CUTS and amount.start - start <= _NAME:
        start -= 1
    said = view.text[start : amount.start]
    return said if 2 <= len(said) <= _NAME else ""


def _one_change(view: View, ones: Sequence[Amount], other: Amount) -> bool:
    """Whether the two are of one statement: from the one to the other, 15.5%、18.4%."""
    return any(
        joined(view, one, other)
        or (
            view.clause[one.start] == view.clause[other.start]
            and bool({role(view, one), role(view, other)} & {"from", "to"})
        )
        for one in ones
    )


def other_label(laid: Laid) -> Doubt:
    """The amount of a list (分别, 前者 and 后者) that the claim gives to another of its labels."""
    best = NO_DOUBT
    mine = {
        at: span
        for one in listings(laid.claim)
        for span, group in zip(one.labels, one.amounts, strict=True)
        for at in group
    }
    for listing in listings(laid.evidence):
        for at, (amount, held) in enumerate(zip(laid.claim.amounts, laid.held, strict=True)):
            groups = [k for k, group in enumerate(listing.amounts) if set(group) & set(held.places)]
            if len(groups) != 1 or set(held.places) - set(listing.amounts[groups[0]]):
                continue
            if role(laid.claim, amount) == "from":
                continue  # what was is of another year than the sentence
            items = list(items_of(laid, at))
            if at in mine:
                items = [item for item in items if _within(laid.claim, item.text, mine[at])]
            own = listing.labels[groups[0]]
            for k, label in enumerate(listing.labels):
                if k == groups[0]:
                    continue
                said = laid.claim.text[slice(*(mine.get(at) or field(laid.claim, at)))]
                texts = [laid.evidence.text[slice(*span)] for span in (own, label)]
                doubt = _weigh(items, [own], [label], *(_common(said, text) for text in texts))
                if doubt.strength > best.strength:
                    there = laid.evidence.amounts[listing.amounts[k][0]].text
                    best = Doubt(doubt.strength, doubt.said, f"{there}，不是{amount.text}")
    return best


def _within(view: View, text: str, span: Span) -> bool:
    return text in view.text[span[0] : span[1]]


def _common(said: str, label: str) -> str:
    """The longest stretch of a label that the claim has."""
    for size in range(len(label), 1, -1):
        for at in range(len(label) - size + 1):
            if label[at : at + size] in said:
                return label[at : at + size]
    return ""


def _weigh(
    items: Sequence[Item],
    own: Sequence[Span],
    theirs: Sequence[Span],
    ours_said: str = "",
    theirs_said: str = "",
) -> Doubt:
    """How much more of the items stands only in ``theirs`` than only in ``own``, in [0, 1]."""
    step = _LETTER * (len(theirs_said) - len(ours_said))
    here, there = max(0.0, -step), max(0.0, step)
    heaviest, named = there, theirs_said if there else ""
    beside = [0.0, there]
    for item in items:
        ours = any(a <= p < b for p in item.places for a, b in own)
        others = any(a <= p < b for p in item.places for a, b in theirs)
        if ours and not others:
            here += item.weight
            beside[0] += item.weight * item.beside
        elif others and not ours:
            there += item.weight
            beside[1] += item.weight * item.beside
            if item.weight > heaviest:
                named, heaviest = item.text, item.weight
    if there < _LEAST or there <= here or (beside[0] >= _LEAST and not beside[1]):
        return NO_DOUBT
    return Doubt((there - here) / (there + here + 2.0), named, "")
