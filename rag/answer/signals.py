"""The signals by which a claim is weighed against its evidence, as numbers with their wording."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.answer.binding import bound_amounts
from rag.answer.coverage import clauses, missing_place, new_cause, strange
from rag.answer.items import Laid, lay
from rag.answer.names import exchanged, loose, replaced, reversed_roles
from rag.answer.polarity import balance, negated, opposed
from rag.answer.subjects import foreign_subject, other_speaker

_RELATIVE = re.compile(
    r"次月|次年|翌年|当年|去年|上年|前一年|今年|当月|次日|翌日|同期|同日|昨|今日|当天|当日"
)

NAMES = (
    "amount_missing", "amount_missing_small", "amount_turned", "amount_derived", "rival", "swap",
    "rival_date", "opposed", "negated", "balance", "uncovered", "uncovered_worst", "uncovered_last",
    "scattered", "missing_word", "strange", "cause", "place", "speaker", "replaced", "exchanged", "loose",
    "reversed", "foreign", "length",
)  # fmt: skip

BOUND = ("rival", "swap", "rival_date")
"""Margins, from -0.5: how much the claimed amount is preferred to its rivals, or they to it."""


@dataclass(frozen=True, slots=True)
class Signal:
    """``value`` mostly in [0, 1]; higher speaks against the claim. ``why`` in Chinese."""

    value: float
    why: str = ""


def signals(claim: str, evidence: Sequence[str], context: Sequence[str]) -> dict[str, Signal]:
    """All of ``NAMES`` for one claim."""
    laid = lay(claim, evidence, context)
    found = {name: Signal(0.0) for name in NAMES}
    found |= _amounts(laid)
    found |= _polarity(laid)
    found |= _coverage(laid)
    found |= _names(laid)
    return found


def _amounts(laid: Laid) -> dict[str, Signal]:
    found: dict[str, Signal] = {}
    around = {(a.value, a.unit) for a in laid.context.amounts}
    held_units = {a.unit for a in laid.evidence.amounts}
    for amount, held in zip(laid.claim.amounts, laid.held, strict=True):
        if held.turned:
            found["amount_turned"] = Signal(1.0, f"引文里“{held.turned}”是另一侧的界限")
        if held.how:
            found["amount_derived"] = Signal(1.0)
        if held.places or held.how or (amount.value, amount.unit) in around:
            continue
        # A date may be told by another: 次月, 上年同期.
        told = amount.unit in {"year", "month", "day"} and _RELATIVE.search(laid.evidence.text)
        small = (
            bool(told)
            or (amount.han and amount.value <= 3 and amount.unit in {"counter", "years", "degree"})
            or (amount.unit in {"month", "year", "quarter"} and amount.unit not in held_units)
        )
        near = [
            a
            for a in laid.evidence.amounts
            if a.unit == amount.unit and (a.unit != "counter" or a.text[-1:] == amount.text[-1:])
        ]
        name = "amount_missing_small" if small else "amount_missing"
        why = f"引文里没有“{amount.text}”"
        if len(near) == 1:
            why = f"引文是 {near[0].text}，不是 {amount.text}"
        found[name] = Signal(1.0, why)
    for bound in bound_amounts(laid.claim, laid.held, laid.matches, laid.evidence):
        name = "rival_date" if bound.date else "swap" if bound.swapped else "rival"
        why = f"“{bound.word or bound.amount}”在引文对应的是 {bound.rival}，不是 {bound.amount}"
        if name not in found or bound.margin > found[name].value:
            found[name] = Signal(bound.margin, why)
    for name in BOUND:
        # Without a rival there is nothing to fear: as calm as a clear margin.
        found[name] = found.get(name, Signal(-0.5))
        found[name] = Signal(max(-0.5, found[name].value), found[name].why)
    return found


def _polarity(laid: Laid) -> dict[str, Signal]:
    against, denied = opposed(laid), negated(laid)
    return {
        "opposed": Signal(against.strength, f"引文是“{against.printed}”，不是“{against.said}”"),
        "negated": Signal(denied.strength, f"与引文的肯定、否定或升降相反：“{denied.said}”"),
        "balance": Signal(balance(laid), "与引文的否定不一致"),
    }


def _coverage(laid: Laid) -> dict[str, Signal]:
    parts = clauses(laid)
    total = sum(part.weight for part in parts) or 1.0
    overall = sum(part.share * part.weight for part in parts) / total
    heavy = [part for part in parts if part.weight >= 8.0] or parts
    worst = min(heavy, key=lambda part: part.share)
    scattered = min(heavy, key=lambda part: part.together / max(part.share, 0.05))
    missing = max(
        (w.weight * (1 - max(m.share, a.share)) for w, m, a in zip(
            laid.claim.words, laid.matches, laid.around, strict=True)),
        default=0.0,
    )  # fmt: skip
    run, novel = strange(laid)
    cause, place = new_cause(laid), missing_place(laid)
    lacking = "、".join(worst.missing)
    return {
        "uncovered": Signal(1 - overall, f"引文只含这句话的{overall:.0%}"),
        "uncovered_worst": Signal(1 - worst.share, f"引文没有说到“{lacking or worst.text}”"),
        "uncovered_last": Signal(1 - parts[-1].share if parts else 0.0, f"引文没有说到“{lacking}”"),
        "scattered": Signal(1 - scattered.together / max(scattered.share, 0.05), "各处拼合"),
        "missing_word": Signal(missing / 10, f"引文没有提到“{lacking}”"),
        "strange": Signal(min(run, 5) / 5, f"引文没有提到“{novel}”"),
        "cause": Signal(float(bool(cause)), f"引文没有说这一因果（“{cause}”）"),
        "place": Signal(float(bool(place)), f"引文没有提到“{place}”"),
        "length": Signal(min(1.0, len(laid.claim.text) / 80)),
    }


def _names(laid: Laid) -> dict[str, Signal]:
    speaker, other = other_speaker(laid), replaced(laid)
    alien = foreign_subject(laid)
    pair, far, roles = exchanged(laid), loose(laid), reversed_roles(laid)
    return {
        "speaker": Signal(speaker.strength, f"引文不是“{speaker.said}”说的"),
        "replaced": Signal(other.strength, f"引文是“{other.printed}”，不是“{other.said}”"),
        "exchanged": Signal(pair.strength, f"“{pair.said}”与“{pair.printed}”似乎对调了"),
        "loose": Signal(far.strength, f"“{far.said}”在引文说的是别的事"),
        "foreign": Signal(alien.strength, f"引文这句说的是“{alien.printed}”，不是“{alien.said}”"),
        "reversed": Signal(roles.strength, f"“{roles.said}”与“{roles.printed}”的位置相反"),
    }
