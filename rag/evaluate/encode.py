"""Runs as JSON values and back. What is read is what was written, or a ValueError."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from rag.evaluate.types import Cited, Figure, Found, Gold, Header, Record, Run, Written
from rag.types import Usage


def record_json(record: Record) -> dict[str, Any]:
    """A record as JSON has it; ``right`` stands beside its scores for whoever reads the file."""
    return asdict(record) | {"right": record.right}


def record_of(data: Mapping[str, Any]) -> Record:
    """The record of :func:`record_json`. Raises ValueError, KeyError or TypeError."""
    values = {name: value for name, value in data.items() if name != "right"}
    values["turns"] = tuple(values["turns"])
    values["gold"] = tuple(tuple(Gold(**gold) for gold in group) for group in values["gold"])
    values["must"] = tuple(tuple(group) for group in values["must"])
    values["citations"] = tuple(
        Cited(**{**cited, "also": tuple(cited["also"])}) for cited in values["citations"]
    )
    values["passages"] = tuple(Found(**found) for found in values["passages"])
    if written := values.get("written"):
        values["written"] = Written(**{**written, "verdicts": tuple(written["verdicts"])})
    if usage := values.get("usage"):
        values["usage"] = Usage(**usage)
    record = Record(**values)
    scores = record.scores
    if not isinstance(scores, dict) or "right" not in scores:
        raise ValueError(f"the record {record.id} is not judged")
    if not all(isinstance(value, int | float) for value in scores.values()):
        raise ValueError(f"a score of the record {record.id} is no number")
    return record


def run_json(run: Run) -> dict[str, Any]:
    """A run as JSON has it."""
    return {"header": asdict(run.header), "records": [record_json(r) for r in run.records]}


def run_of(data: Mapping[str, Any]) -> Run:
    """The run of :func:`run_json`. Raises ValueError, KeyError or TypeError."""
    return Run(Header(**data["header"]), tuple(record_of(r) for r in data["records"]))


def figures_json(figures: Mapping[str, Figure]) -> dict[str, dict[str, float | int]]:
    """Figures by name, to four places."""
    return {
        name: {
            "value": round(f.value, 4),
            "low": round(f.low, 4),
            "high": round(f.high, 4),
            "cases": f.cases,
        }
        for name, f in figures.items()
    }
