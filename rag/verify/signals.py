"""The signals by which a claim is weighed against its evidence, as numbers with their wording."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.verify.amounts import Amount
from rag.verify.antonyms import replaced
from rag.verify.binding import bound_amounts
from rag.verify.bounds import misbounded, misquantified
from rag.verify.clashes import clashing
from rag.verify.coverage import clauses, new_cause, novel, strange
from rag.verify.crossings import crossed
from rag.verify.denial import undone
from rag.verify.doers import other_doer
from rag.verify.exchanges import interchanged, misplaced, swapped, traded
from rag.verify.exclusive import excluded
from rag.verify.gazetteer import CLOSED, HARD, absent
from rag.verify.items import Laid, lay
from rag.verify.labels import chained, miscounted, mislabelled
from rag.verify.levels import other_rate, step_as_level
from rag.verify.modality import other_mode
from rag.verify.names import Doubt, loose, reversed_roles, strongest
from rag.verify.order import turned
from rag.verify.organisations import speaker_elsewhere, unheld_body, unheld_speaker
from rag.verify.parallels import other_field, other_label
from rag.verify.periods import misdated
from rag.verify.places import covers, elsewhere, slotted
from rag.verify.polarity import balance, negated, opposed
from rag.verify.scope import other_role, overreach
from rag.verify.sequence import out_of_order
from rag.verify.sides import exchanged, renamed_subject
from rag.verify.subjects import foreign_subject, other_speaker
from rag.verify.trends import other_trend

_RELATIVE = re.compile(
    r"次月|次年|翌年|当年|去年|上年|前一年|今年|当月|次日|翌日|同期|同日|昨|今日|当天|当日"
)

NAMES = (
    "amount_missing", "amount_missing_small", "amount_turned", "amount_derived", "dated", "rival",
    "swap", "rival_date", "label", "label_date", "chained", "counted", "role", "opposed", "negated", "undone",
    "balance", "reach", "uncovered", "uncovered_worst", "uncovered_last", "strange", "novel",
    "cause", "named", "renamed", "retitled", "body", "unknown", "speaker", "elsewhere", "loose",
    "reversed", "foreign", "field", "listed", "trend", "misdated",
    "replaced", "mode", "turned", "place", "doer", "excluded", "clash",
)  # fmt: skip

BOUND = ("rival", "swap", "rival_date")
"""Margins, from -0.5: how much the claimed amount is preferred to its rivals, or they to it."""
_NOVEL = 25.0
"""The weight of a run of new words that counts as a whole: three or four of them."""


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
    found |= _bound(laid)
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
        if held.places or held.how:
            continue
        if (amount.value, amount.unit) in around:
            rival = [a.text for a in laid.evidence.amounts if a.unit == amount.unit]
            if amount.unit == "day" and rival:
                found["dated"] = Signal(1.0, f"引文是 {rival[0]}，不是 {amount.text}")
            continue
        # A date may be told by another: 次月, 上年同期.
        told = (
            amount.unit in {"year", "month", "day"}
            and _RELATIVE.search(laid.evidence.text)
            and _next_to(amount, (*laid.evidence.amounts, *laid.context.amounts))
        )
        graded = amount.unit == "counter" and amount.text.endswith("级")
        lone = amount.han and not graded  # 两人, 三家: counted by the writer
        small = (
            bool(told)
            or (lone and amount.unit == "counter" and amount.text[0] in laid.evidence.text)
            or (lone and amount.value <= 3 and amount.unit in {"counter", "years", "degree"})
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


def _next_to(date: Amount, others: Sequence[Amount]) -> bool:
    """Whether a year, month or day is the one before or behind another, or there is no other."""
    values = [other.value for other in others if other.unit == date.unit]
    return not values or any(abs(value - date.value) == 1 for value in values)


def _bound(laid: Laid) -> dict[str, Signal]:
    label, chain, count = mislabelled(laid), chained(laid), miscounted(laid)
    parts = (other_role(laid), step_as_level(laid), other_rate(laid))
    part = max(parts, key=lambda doubt: doubt.strength)
    day = mislabelled(laid, dates=True)
    far, entry, turn = other_field(laid), other_label(laid), other_trend(laid)
    when = misdated(laid)
    return {
        "misdated": Signal(when.strength, f"引文是{when.printed}的，不是{when.said}"),
        "field": Signal(far.strength, f"“{far.said}”在引文对应的是{far.printed}"),
        "listed": Signal(entry.strength, f"“{entry.said}”在引文对应的是{entry.printed}"),
        "trend": Signal(turn.strength, f"引文是{turn.printed}，与“{turn.said}”不合"),
        "label_date": Signal(day.strength, f"“{day.said}”在引文对应的是{day.printed}"),
        "label": Signal(label.strength, f"“{label.said}”在引文对应的是{label.printed}"),
        "chained": Signal(chain.strength, f"引文{chain.printed}，不是{chain.said}"),
        "counted": Signal(count.strength, f"引文是“{count.printed}”，不是“{count.said}”"),
        "role": Signal(part.strength, f"“{part.said}”在引文是{part.printed}"),
    }


def _polarity(laid: Laid) -> dict[str, Signal]:
    against, denied, lost = opposed(laid), negated(laid), undone(laid)
    instead, mode, clash = replaced(laid), other_mode(laid), clashing(laid)
    order = strongest(turned(laid), out_of_order(laid))
    reach = strongest(overreach(laid), misbounded(laid), misquantified(laid))
    other = excluded(laid)
    return {
        "replaced": Signal(instead.strength, f"引文是“{instead.printed}”，不是“{instead.said}”"),
        "excluded": Signal(other.strength, f"引文是“{other.printed}”，不是“{other.said}”"),
        "clash": Signal(clash.strength, f"引文是“{clash.printed}”，不是“{clash.said}”"),
        "mode": Signal(mode.strength, f"引文说的是“{mode.printed}”，不是“{mode.said}”"),
        "turned": Signal(order.strength, f"与引文的因果或先后相反（“{order.said}”）"),
        "undone": Signal(lost.strength, f"引文是“{lost.printed}”，不是“{lost.said}”"),
        "reach": Signal(reach.strength, _reach(reach)),
        "opposed": Signal(against.strength, f"引文是“{against.printed}”，不是“{against.said}”"),
        "negated": Signal(denied.strength, f"与引文的肯定、否定或升降相反：“{denied.said}”"),
        "balance": Signal(balance(laid), "与引文的否定不一致"),
    }


def _reach(doubt: Doubt) -> str:
    if not doubt.printed:
        return f"引文没有说到“{doubt.said}”的程度"
    return f"引文是“{doubt.printed}”，不是“{doubt.said}”"


def _coverage(laid: Laid) -> dict[str, Signal]:
    parts = clauses(laid)
    total = sum(part.weight for part in parts) or 1.0
    overall = sum(part.share * part.weight for part in parts) / total
    heavy = [part for part in parts if part.weight >= 8.0] or parts
    worst = min(heavy, key=lambda part: part.share)
    run, odd = strange(laid)
    weight, news = novel(laid)
    cause = new_cause(laid)
    lacking = "、".join(worst.missing)
    return {
        "uncovered": Signal(1 - overall, f"引文只含这句话的{overall:.0%}"),
        "uncovered_worst": Signal(1 - worst.share, f"引文没有说到“{lacking or worst.text}”"),
        "uncovered_last": Signal(1 - parts[-1].share if parts else 0.0, f"引文没有说到“{lacking}”"),
        "strange": Signal(min(run, 5) / 5, f"引文没有提到“{odd}”"),
        "novel": Signal(min(1.0, weight / _NOVEL), f"引文没有说到“{news}”"),
        "cause": Signal(float(bool(cause)), f"引文没有说这一因果（“{cause}”）"),
    }


def _names(laid: Laid) -> dict[str, Signal]:
    speaker, alien = other_speaker(laid), foreign_subject(laid)
    far, roles = loose(laid), reversed_roles(laid)
    doer = strongest(
        other_doer(laid),
        swapped(laid),
        interchanged(laid),
        traded(laid),
        misplaced(laid),
        crossed(laid),
        exchanged(laid),
        renamed_subject(laid),
    )
    where = strongest(elsewhere(laid), slotted(laid))
    body, stranger, other = unheld_body(laid), unheld_speaker(laid), speaker_elsewhere(laid)
    found = {
        "speaker": Signal(speaker.strength, f"引文不是“{speaker.said}”说的"),
        "loose": Signal(far.strength, f"“{far.said}”在引文说的是别的事"),
        "foreign": Signal(alien.strength, f"引文这句说的是“{alien.printed}”，不是“{alien.said}”"),
        "reversed": Signal(roles.strength, f"“{roles.said}”与“{roles.printed}”的位置相反"),
        "doer": Signal(doer.strength, f"引文说的是“{doer.printed}”，不是“{doer.said}”"),
        "place": Signal(
            where.strength,
            f"引文是“{where.printed}”，不是“{where.said}”"
            if where.printed
            else f"引文没有提到“{where.said}”",
        ),
        "body": Signal(body.strength, f"引文没有提到“{body.said}”"),
        "unknown": Signal(stranger.strength, f"引文没有提到“{stranger.said}”"),
        "elsewhere": Signal(other.strength, f"引文是“{other.printed}”说的，不是“{other.said}”"),
    }
    for lack in absent(laid.claim.text, laid.evidence.text, laid.context.text):
        if lack.around or covers(lack.name.text, laid.evidence.text):
            continue
        why = f"引文没有提到“{lack.name.text}”"
        if lack.rival:
            why = f"引文是“{lack.rival}”，不是“{lack.name.text}”"
        if lack.name.kind in HARD:
            found["renamed" if lack.rival else "named"] = Signal(1.0, why)
        elif lack.name.kind in CLOSED:
            if lack.rival:
                found["renamed"] = Signal(1.0, why)
        else:
            found["retitled"] = Signal(1.0 if lack.rival else 0.6, why)
    return found
