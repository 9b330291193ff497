"""What is wrong with a case, how bad it is, and which kinds of question are worst. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.evaluate.types import Record

Fault = Literal["error", "answered", "refused", "wrong", "miscited"]
"""error: no answer came; answered: should have been refused; refused: should have been answered;
wrong: does not say what it must; miscited: says it, but its citations miss the gold."""

FEW = 5
"""Kinds with fewer cases say little; they are named as worst only where there are not enough others."""


def fault(record: Record) -> Fault | None:
    """The fault of a case; None where it is right."""
    if record.error:
        return "error"
    if record.right:
        return None
    if not record.answerable:
        return "answered"
    if record.refused:
        return "refused"
    said = record.scores.get("said", 1.0) >= 1.0
    return "miscited" if said and record.scores.get("cited", 1.0) < 1.0 else "wrong"


def severity(record: Record) -> float:
    """How sure the system was of its mistake, in [0, 1]; higher is worse, an error is worst (2).

    The confidence of what should not have been said, its complement where it refused.
    """
    if record.error:
        return 2.0
    return 1.0 - record.confidence if record.refused else record.confidence


def failures(records: Sequence[Record]) -> list[Record]:
    """The cases that are not right, the worst first."""
    failed = [record for record in records if fault(record)]
    return sorted(failed, key=lambda record: (-severity(record), record.id))


@dataclass(frozen=True, slots=True)
class WorstKind:
    """A kind that does badly. ``faults`` counts what goes wrong in it, the commonest first;
    ``example`` is the worst case of the commonest fault."""

    kind: str
    cases: int
    failed: int
    faults: tuple[tuple[Fault, int], ...]
    example: Record


def worst_kinds(records: Sequence[Record], count: int = 3) -> list[WorstKind]:
    """At most ``count`` kinds, that with the lowest share of right answers first.

    Among equal shares, the one with more failures; kinds without a failure are never there.
    """
    kinds: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        kinds[record.kind].append(record)
    found = [_worst(kind, members) for kind, members in kinds.items()]
    bad = [kind for kind in found if kind is not None]
    bad.sort(key=lambda k: (k.cases < FEW, -k.failed / k.cases, -k.failed, k.kind))
    return sorted(bad[:count], key=lambda k: (-k.failed / k.cases, -k.failed, k.kind))


def _worst(kind: str, members: Sequence[Record]) -> WorstKind | None:
    failed = failures(members)
    named = [(record, name) for record in failed if (name := fault(record)) is not None]
    if not named:
        return None
    counted = Counter(name for _, name in named)
    faults = tuple(sorted(counted.items(), key=lambda item: (-item[1], item[0])))
    example = next(record for record, name in named if name == faults[0][0])
    return WorstKind(kind, len(members), len(failed), faults, example)
