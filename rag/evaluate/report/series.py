"""What the charts draw: rows of numbers out of records and runs. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.evaluate.compare import IRRELEVANT
from rag.evaluate.statistics import figures
from rag.evaluate.types import Figure, Header, Record, Run


@dataclass(frozen=True, slots=True)
class Measured:
    """A run with its figures: they take seconds where a run is large, so they are taken once."""

    run: Run
    figures: Mapping[str, Figure]


def measured(run: Run) -> Measured:
    """The run with its figures; raises EvaluationError where it has no record."""
    return Measured(run, figures(run.records))


@dataclass(frozen=True, slots=True)
class Scores:
    """Confidences of the cases that did not fail, each group sorted.

    ``border``: between which two confidences refusing turns into answering. ``mixed``: they overlap,
    and it goes from the lowest answered to the highest refused.
    """

    answerable: tuple[float, ...]
    unanswerable: tuple[float, ...]
    border: tuple[float, float] | None
    mixed: bool

    @property
    def any(self) -> bool:
        """Whether there is a confidence at all."""
        return bool(self.answerable or self.unanswerable)


def scores(records: Sequence[Record]) -> Scores:
    """The confidences of a run, by answerability."""
    sound = [record for record in records if not record.error]
    refused = [record.confidence for record in sound if record.refused]
    answered = [record.confidence for record in sound if not record.refused]
    border = (max(refused), min(answered)) if refused and answered else None
    mixed = border is not None and border[0] > border[1]
    return Scores(
        tuple(sorted(record.confidence for record in sound if record.answerable)),
        tuple(sorted(record.confidence for record in sound if not record.answerable)),
        (border[1], border[0]) if border and mixed else border,
        mixed,
    )


def latencies(records: Sequence[Record]) -> list[float]:
    """Milliseconds of the cases that did not fail, ascending; at least 0.1, for a logarithm."""
    return sorted(max(0.1, record.milliseconds) for record in records if not record.error)


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """A run at a chunk size: answerable cases right and cited, and hit@5 (None: not measured)."""

    size: int
    right: Figure
    hit: Figure | None


def chunk_sizes(base: Measured, others: Sequence[Measured]) -> list[CurvePoint]:
    """The runs that differ from ``base`` in the chunk size alone, and it; the shortest first.

    Runs without an answerable case are left out.
    """
    points: dict[int, CurvePoint] = {}
    for one in (*others, base):
        size = one.run.header.settings.get("chunk_size", "")
        right = one.figures.get("right_answerable")
        alone = changed(base.run.header, one.run.header).keys() <= {"chunk_size"}
        if right and alone and size.isdecimal():
            points[int(size)] = CurvePoint(int(size), right, one.figures.get("hit@5"))
    return [points[size] for size in sorted(points)]


def changed(base: Header, other: Header) -> Mapping[str, str]:
    """The settings of ``other`` that differ from those of ``base`` and may change an answer."""
    names = sorted((base.settings.keys() | other.settings.keys()) - set(IRRELEVANT))
    return {
        name: other.settings.get(name, "")
        for name in names
        if base.settings.get(name) != other.settings.get(name)
    }
