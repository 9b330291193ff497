"""The scores of every case at the time when the floors were taken: what a drop is named against.

A JSON file with a case a line, kept under version control, so that a change of it can be read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import EvaluationError
from rag.evaluate.types import Run

FORMAT = 1
PLACES = 3
"""Of a score in the file."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """``cases``: case to score by name, in the order of the set."""

    set_name: str
    set_checksum: str
    cases: Mapping[str, Mapping[str, float]]


def baseline_of(run: Run, names: Sequence[str]) -> Baseline:
    """The baseline that a run makes of the scores ``names``."""
    cases = {
        record.id: {name: record.scores[name] for name in names if name in record.scores}
        for record in run.records
    }
    return Baseline(run.header.set_name, run.header.set_checksum, cases)


def write(baseline: Baseline, path: Path) -> None:
    """A case a line, scores to three places. Raises EvaluationError."""
    head = {"format": FORMAT, "set": baseline.set_name, "checksum": baseline.set_checksum}
    lines = [f"  {_json(id)}: {_json(_short(row))}" for id, row in baseline.cases.items()]
    cases = ",\n".join(lines)
    aside = path.with_name(path.name + ".part")
    try:
        aside.write_text(f'{_json(head)[:-1]}, "cases": {{\n{cases}\n}}}}\n', encoding="utf-8")
        aside.replace(path)
    except OSError as error:
        raise EvaluationError(f"{path} cannot be written ({error.strerror})") from None


def read(path: Path) -> Baseline | None:
    """The baseline of a file, None where there is no file. Raises EvaluationError."""
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8"))
        if data["format"] != FORMAT:
            raise ValueError(f"format {data['format']!r} is not {FORMAT}")
        cases = {
            id: {name: float(value) for name, value in row.items()}
            for id, row in data["cases"].items()
        }
        return Baseline(data["set"], data["checksum"], cases)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise EvaluationError(f"{path} cannot be read ({error.strerror})") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EvaluationError(
            f"the baseline {path} is damaged ({type(error).__name__}: {error})",
            "`rag eval --gate --rebase` makes it anew",
        ) from None


def _short(scores: Mapping[str, float]) -> dict[str, float]:
    return {n: int(v) if v == int(v) else round(v, PLACES) for n, v in scores.items()}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
