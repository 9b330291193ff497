"""The gate: floors that a run must not fall below, and the baseline that says which cases fell.

Floors stand in a TOML file, each with its reason; the baseline beside it holds the scores of every
case of the run that the floors were taken from.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import EvaluationError
from rag.evaluate.baseline import PLACES, Baseline, baseline_of
from rag.evaluate.cases import UNSCORED, counts, score_of
from rag.evaluate.measures import measure
from rag.evaluate.statistics import figures
from rag.evaluate.types import Figure, Run

FLOORS = Path("eval/floors.toml")
_KEYS = {"measure", "at_least", "at_most", "why"}


@dataclass(frozen=True, slots=True)
class Floor:
    """A measure's bound, in its own unit; one of the two is None. ``why`` is its reason."""

    measure: str
    at_least: float | None
    at_most: float | None
    why: str

    def holds(self, value: float) -> bool:
        """Whether a value is within it."""
        if self.at_least is not None:
            return value >= self.at_least
        return self.at_most is not None and value <= self.at_most


@dataclass(frozen=True, slots=True)
class Floors:
    """The floors of a set, named by ``set_name``."""

    set_name: str
    floors: tuple[Floor, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A floor and what was measured. ``lost`` are the cases that did better in the baseline, in
    the order of the set; they are looked for where the floor is broken."""

    floor: Floor
    figure: Figure
    lost: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        return self.floor.holds(self.figure.value)


def read_floors(path: Path) -> Floors:
    """The floors of a file. Raises EvaluationError with file, number of the floor and reason."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise EvaluationError(f"the floors {path} cannot be read ({error.strerror})") from None
    except ValueError as error:  # not UTF-8 or not TOML; the latter names line and column
        raise EvaluationError(f"the floors {path} are not TOML: {error}", "mend it") from None
    set_name, rows = data.get("set"), data.get("floor")
    if not isinstance(set_name, str) or not set_name:
        raise EvaluationError(f'{path} names no set: it begins with set = "NAME"')
    if not isinstance(rows, list) or not rows or set(data) != {"set", "floor"}:
        raise EvaluationError(f"{path} holds something else than set and [[floor]]", "mend it")
    found: dict[str, Floor] = {}
    for number, row in enumerate(rows, start=1):
        try:
            floor = _floor(row)
        except (EvaluationError, ValueError) as error:
            raise EvaluationError(f"{path}, floor {number}: {error}") from None
        if floor.measure in found:
            raise EvaluationError(f"{path}, floor {number}: {floor.measure} stands twice")
        found[floor.measure] = floor
    return Floors(set_name, tuple(found.values()))


def _floor(row: Any) -> Floor:
    if not isinstance(row, dict):
        raise ValueError("it is no table")
    if unknown := sorted(set(row) - _KEYS):
        raise ValueError(f"unknown key {unknown[0]!r}")
    name, why = row.get("measure"), row.get("why")
    if not isinstance(name, str):
        raise ValueError("it names no measure")
    at_least, at_most = row.get("at_least"), row.get("at_most")
    given = [bound for bound in (at_least, at_most) if bound is not None]
    if len(given) != 1 or not _is_number(given[0]):
        raise ValueError(f"{name} needs one number, at_least or at_most")
    if not isinstance(why, str) or not why.strip():
        raise ValueError(f"{name} gives no reason: why")
    return Floor(measure(name).name, at_least, at_most, why.strip())


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def check_set(floors: Floors, set_name: str) -> None:
    """Raises EvaluationError where the floors are those of another set."""
    if set_name != floors.set_name:
        raise EvaluationError(
            f"the floors are those of the set {floors.set_name}, this is {set_name}",
            "give --gate a file with floors of its own",
        )


def judge(run: Run, floors: Floors, baseline: Baseline | None) -> tuple[Judged, ...]:
    """Every floor against the run, in the order of the file.

    Raises EvaluationError where the run is of another set, or has no case that a floor is about.
    """
    check_set(floors, run.header.set_name)
    measured = figures(run.records)
    judged = []
    for floor in floors.floors:
        figure = measured.get(floor.measure)
        if figure is None:
            raise EvaluationError(f"no case of {floors.set_name} measures {floor.measure}")
        one = Judged(floor, figure)
        if not one.holds and baseline is not None:
            one = Judged(floor, figure, lost(run, floor, baseline))
        judged.append(one)
    return tuple(judged)


def lost(run: Run, floor: Floor, baseline: Baseline) -> tuple[str, ...]:
    """The cases whose score was better in the baseline, as the floor sees it; a case that failed
    has lost what it had. Empty for a figure of the whole set, such as an AUC: no single case is at
    fault."""
    of, name = measure(floor.measure), score_of(floor.measure)
    sign, worst = (1.0, 0.0) if floor.at_least is not None else (-1.0, 1.0)
    found = []
    for record in run.records:
        known = baseline.cases.get(record.id)
        before = None if known is None else known.get(name, UNSCORED.get(name))
        now = record.scores.get(name, worst if record.error else None)
        if before is None or now is None or not counts(record, of):
            continue
        if sign * (now - before) < -(10.0**-PLACES):  # the baseline is rounded
            found.append(record.id)
    return tuple(found)


def new_baseline(run: Run, floors: Floors) -> Baseline:
    """The run as the baseline of these floors."""
    return baseline_of(run, list(dict.fromkeys(score_of(f.measure) for f in floors.floors)))
