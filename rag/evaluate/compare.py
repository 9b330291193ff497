"""Two runs against each other: what changed, which of it is chance, which cases flipped.

Only cases that both runs hold count. The p values of the gated measures are adjusted together
(Holm 1979, Scandinavian Journal of Statistics 6:65-70): with eight independent measures one
comparison in three would show a "significant" change at 0.05 though nothing changed at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.errors import EvaluationError
from rag.evaluate.cases import UNSCORED, by_id, case_scores
from rag.evaluate.measures import MEASURES
from rag.evaluate.statistics import figures, paired
from rag.evaluate.types import Measure, Record, Run

GATED = (
    "right", "cited", "citation_precision", "evidence_f1", "hit@1", "hit@5", "refusal_recall",
    "false_refusals",
)  # fmt: skip
"""Measures whose significant worsening is a regression. Few, and not two of the same thing where
that can be avoided: each more makes every other harder to see. Time never is one."""
ALPHA = 0.05
IRRELEVANT = ("docs", "index", "runs", "feedback", "host", "port", "password")
"""Settings whose change explains no figure."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure in both runs, over the cases of both. ``p`` is two-sided (None for a figure of the
    whole set), ``adjusted`` the same after Holm (None where the measure is not gated)."""

    measure: Measure
    before: float
    after: float
    p: float | None = None
    adjusted: float | None = None

    @property
    def change(self) -> float:
        """After less before."""
        return self.after - self.before

    @property
    def worse(self) -> bool:
        """Whether it went the wrong way; never for what only describes."""
        return self.change * self.measure.better < 0

    @property
    def significant(self) -> bool:
        """Whether a gated measure changed by more than chance explains."""
        return self.adjusted is not None and self.adjusted < ALPHA


@dataclass(frozen=True, slots=True)
class Flip:
    """A case that was right in one run and wrong in the other."""

    before: Record
    after: Record

    @property
    def better(self) -> bool:
        return self.after.right


@dataclass(frozen=True, slots=True)
class Comparison:
    """``common`` cases stand in both runs; ``apart`` says how many do not, and why. ``changed``
    holds (setting or version, before, after). ``regressions`` are lines; none: nothing is worse."""

    before: Run
    after: Run
    common: int
    apart: str
    changed: tuple[tuple[str, str, str], ...]
    differences: tuple[Difference, ...]
    flips: tuple[Flip, ...]
    regressions: tuple[str, ...]


def compare(before: Run, after: Run) -> Comparison:
    """``after`` against ``before``. Raises EvaluationError where no case is the same."""
    ours, theirs = _common(before.records, after.records)
    if not ours:
        raise EvaluationError(
            f"the runs {before.header.name} and {after.header.name} have no case in common",
            "compare runs of one set",
        )
    differences = _differences(ours, theirs)
    pairs = list(zip(ours, theirs, strict=True))
    flips = tuple(Flip(one, other) for one, other in pairs if one.right != other.right)
    return Comparison(
        before=before,
        after=after,
        common=len(ours),
        apart=_apart(before, after, len(ours)),
        changed=_changed(before, after),
        differences=differences,
        flips=flips,
        regressions=(*_regressions(differences), *_faults(pairs)),
    )


def holm(values: Mapping[str, float]) -> dict[str, float]:
    """The p values adjusted for being several (Holm 1979), in [0, 1]."""
    adjusted: dict[str, float] = {}
    least = 0.0
    for rank, name in enumerate(sorted(values, key=lambda name: (values[name], name))):
        least = max(least, min(1.0, (len(values) - rank) * values[name]))
        adjusted[name] = least
    return adjusted


def _common(before: Sequence[Record], after: Sequence[Record]) -> tuple[list[Record], list[Record]]:
    """The records of the same cases: equal id, turns, answerability and gold."""
    known = by_id(before)
    pairs = [(known[r.id], r) for r in after if r.id in known and _same(known[r.id], r)]
    return [one for one, _ in pairs], [other for _, other in pairs]


def _same(one: Record, other: Record) -> bool:
    asked = [(r.turns, r.answerable, r.gold, r.must) for r in (one, other)]
    return asked[0] == asked[1]


def _apart(before: Run, after: Run, common: int) -> str:
    """What is not compared, "" where that is nothing."""
    ids = {r.id for r in before.records}, {r.id for r in after.records}
    only = len(ids[0] - ids[1]), len(ids[1] - ids[0])
    other = len(ids[0] & ids[1]) - common
    if not (any(only) or other):
        return ""
    return f"前者独有 {only[0]} 题，后者独有 {only[1]} 题，同号而改过的 {other} 题"


def _differences(before: list[Record], after: list[Record]) -> tuple[Difference, ...]:
    one, other = figures(before), figures(after)
    chances: dict[str, float] = {}
    for measure in MEASURES:
        if measure.unit == "ms":
            continue  # time depends on the machine's day
        scores = case_scores(measure.name, before), case_scores(measure.name, after)
        both = [id for id in scores[0] if id in scores[1]]
        if both:
            chances[measure.name] = paired(*([s[id] for id in both] for s in scores))
    adjusted = holm({name: p for name, p in chances.items() if name in GATED})
    return tuple(
        Difference(
            m, one[m.name].value, other[m.name].value, chances.get(m.name), adjusted.get(m.name)
        )
        for m in MEASURES
        if m.name in one and m.name in other
    )


def _changed(before: Run, after: Run) -> tuple[tuple[str, str, str], ...]:
    """What else differs: it may be why."""
    found = []
    for one, other in (
        (before.header.settings, after.header.settings),
        (before.header.versions, after.header.versions),
        *(({n: getattr(before.header, n)}, {n: getattr(after.header, n)})
          for n in ("commit", "embedder", "documents", "machine")),
    ):  # fmt: skip
        for name in sorted({*one, *other} - set(IRRELEVANT)):
            values = str(one.get(name, "")), str(other.get(name, ""))
            if values[0] != values[1]:
                found.append((name, *values))
    return tuple(found)


def _regressions(differences: Sequence[Difference]) -> list[str]:
    return [
        f"{d.measure.zh} {d.before:.3f} → {d.after:.3f}（校正后 p = {d.adjusted:.3f}）"
        for d in differences
        if d.worse and d.significant
    ]


def _faults(pairs: Sequence[tuple[Record, Record]]) -> list[str]:
    """Regressions that need no statistics: one is too many."""
    untrue = [b.id for a, b in pairs if _verbatim(b) < _verbatim(a)]
    failed = [b.id for a, b in pairs if b.error and not a.error]
    lines = []
    if untrue:
        lines.append(f"引文与原文不再逐字相同：{_some(untrue)}")
    if failed:
        lines.append(f"提问出错：{_some(failed)}")
    return lines


def _verbatim(record: Record) -> float:
    """1 where every quote is verbatim or there is none."""
    return record.scores.get("verbatim", UNSCORED["verbatim"])


def _some(ids: Sequence[str]) -> str:
    return "、".join(ids[:10]) + (f" 等 {len(ids)} 题" if len(ids) > 10 else "")
