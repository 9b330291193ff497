"""So much, by so much, or so much for each: three things that one number can be.

"市值达3900亿" is no reading of "增加了3900亿", nor "募资5.01元" of "5.01元/股".
"""

from __future__ import annotations

import re

from rag.verify.amounts import Amount
from rag.verify.items import Laid
from rag.verify.kinds import DATES
from rag.verify.names import NO_DOUBT, Doubt
from rag.verify.roles import role
from rag.verify.words import View

_CUT = re.compile(r"[，,;:。!?、()（）]")
_LEVEL = re.compile(r"(?:报|收于|收报|报收|达到?|为|至)$")
_EACH = re.compile(r"[每价均各费速]|单|率|一(?:天|股|人|件|张|克|吨|升|年|个)")
_SHARE = re.compile(r"(?:占|比重|份额|率)[^，。;、\d]{0,10}$")
_TIME = set("年月天日")
_ALIKE = 3.0
"""Up to this ratio two sums of money are of one kind."""
_CHANGE = re.compile(
    r"[增减升降涨跌加扩缩变调超多少高低新差领落提延推补额幅续]|优势|此外|另外|其中"
)


def step_as_level(laid: Laid) -> Doubt:
    """An amount that the claim says is so much, and the evidence that something changed by so much,
    while it has another that is the level; or the other way round."""
    for amount, held in zip(laid.claim.amounts, laid.held, strict=True):
        if not held.exact or amount.unit in DATES | {"point", "times", "ordinal", ""}:
            continue
        own = [laid.evidence.amounts[i] for i in held.exact]
        if role(laid.claim, amount) == "by":
            level = all(_level(laid.evidence, one) for one in own)
            if amount.unit == "percent":
                level = all(_share(laid.evidence, one) for one in own)
            steps = [
                other
                for other in laid.evidence.amounts
                if other.unit == amount.unit and role(laid.evidence, other) == "by"
            ]
            if level and steps:
                return Doubt(1.0, amount.text, f"水平，{steps[0].text}才是变化量")
            continue
        if amount.unit == "percent" or amount.mode:
            continue
        clause = laid.claim.clause[amount.start]
        said = "".join(
            char
            for at, char in enumerate(laid.claim.text)
            if clause - 1 <= laid.claim.clause[at] <= clause
        )
        if _CHANGE.search(said):
            continue
        if any(role(laid.evidence, one) != "by" for one in own):
            continue
        for other in laid.evidence.amounts:
            away = abs(laid.evidence.clause[other.start] - laid.evidence.clause[own[0].start])
            same = other.unit == amount.unit and other.value > amount.value and away <= 2
            if same and role(laid.evidence, other) in {"", "to"}:
                return Doubt(1.0, amount.text, f"变化量，{other.text}才是")
    return NO_DOUBT


def other_rate(laid: Laid) -> Doubt:
    """A price for each made a sum, or a sum made a price: 5.01元/股 and 3.76亿元."""
    for amount, held in zip(laid.claim.amounts, laid.held, strict=True):
        if not held.exact or amount.unit in DATES | {"percent", "point", "times", "ordinal", ""}:
            continue
        own = [laid.evidence.amounts[i] for i in held.exact]
        others = [other for other in laid.evidence.amounts if other.unit == amount.unit]
        mine, theirs = _each(laid.claim, amount), {_each(laid.evidence, one) for one in own}
        if mine and theirs == {False} and any(_each(laid.evidence, other) for other in others):
            return Doubt(1.0, amount.text, "总数，不是每个的数")
        clause = laid.claim.clause[amount.start]
        said = (
            char
            for char, at in zip(laid.claim.text, laid.claim.clause, strict=True)
            if at == clause
        )
        sums = any(not _each(laid.evidence, other) and not _like(other, amount) for other in others)
        if not mine and theirs == {True} and sums and not _EACH.search("".join(said)):
            return Doubt(1.0, amount.text, "每个的数，不是总数")
    return NO_DOUBT


def _like(one: Amount, other: Amount) -> bool:
    """Whether two amounts are of one size: then both are a price, whether it is said or not."""
    low, high = sorted((one.value, other.value))
    return 0 < high <= _ALIKE * low


def _each(view: View, amount: Amount) -> bool:
    start = max(0, amount.start - 8)
    before = _CUT.split(view.text[start : amount.start])[-1]
    behind = view.text[amount.end : amount.end + 2]
    # 4952件/套 counts things by two words.
    return "每" in before or (
        behind[:1] == "/" and (amount.unit != "counter" or behind[1:] in _TIME)
    )


def _level(view: View, amount: Amount) -> bool:
    return _LEVEL.search(view.text[max(0, amount.start - 4) : amount.start]) is not None


def _share(view: View, amount: Amount) -> bool:
    """Whether it is a share or a rate that stands, not one by which something changed."""
    found = _SHARE.search(view.text[max(0, amount.start - 16) : amount.start])
    return found is not None and not _CHANGE.search(found[0])
