"""Whether the difference of two amounts is explained by what their sentences say beside them."""

from __future__ import annotations

import re

from rag.conflicts.told import Told
from rag.conflicts.values import Value
from rag.verify.amounts import Amount, amounts
from rag.verify.kinds import DATES

_FAR_OFF, _FEW = 2.5, 3
"""How many times the one may be the other, and the difference that is none for counts of a few."""
_SIZED = re.compile(r"[。;、]|，(?!同比|环比|比|较|增|占)")
"""What ends the clauses that a size stands in; a change goes on from its base."""
_SIZES = 1.2
"""How many times one base may be the other and still be its correction."""


def reckoned(one: Value, told: Told, rival: Value, other: Told) -> bool:
    """Whether the difference of two amounts is another one of the two sentences (a part, a sum, a
    step), one is many times the other, or they are said of amounts of two sizes."""
    if not (isinstance(one.what, Amount) and isinstance(rival.what, Amount)):
        return False
    mine, theirs = one.what, rival.what
    least, most = sorted((abs(mine.value), abs(theirs.value)))
    if most > _FAR_OFF * least and most - least > _FEW:
        return True  # a part of it, or another thing
    step = abs(mine.value - theirs.value)
    return _of_other_sizes(one, rival) or any(
        amount.unit == mine.unit
        and amount.value not in (mine.value, theirs.value)
        and abs(amount.value - step) <= 1e-6 * max(1.0, step)
        for source in (told, other)
        for amount in amounts(source.said)
    )


def _of_other_sizes(one: Value, rival: Value) -> bool:
    """Whether both are said of amounts of two sizes: 649亿元，同比增长9.3% is of another thing than
    4522亿元，同比增长6.1%, and 900克装售价198元 than 400克装."""
    clauses = [_SIZED.split(v.lead.rpartition(v.text)[0])[-1] for v in (one, rival)]
    sizes = [{a.unit: abs(a.value) for a in amounts(clause) if a.unit} for clause in clauses]
    return any(
        unit not in DATES and max(value, sizes[1][unit]) > _SIZES * min(value, sizes[1][unit])
        for unit, value in sizes[0].items()
        if unit in sizes[1]
    )
