"""What the first screen says: one sentence, a few figures, and what changed. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.evaluate.compare import Comparison
from rag.evaluate.report.faults import Fault, fault
from rag.evaluate.report.tables import Bar, length, sections
from rag.evaluate.report.words import FAULTS, difference, percent
from rag.evaluate.types import Figure, Record

TILES = ("right_answerable", "refusal_recall", "false_refusals", "hit@5", "p50_ms")


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure in large type; ``en`` is "" where the Chinese name says the same, ``bar`` None where
    a scale would say nothing."""

    zh: str
    en: str
    value: str
    note: str
    bar: Bar | None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of all cases: ``fault`` None for those that are right. ``at`` and ``width`` in percent."""

    fault: Fault | None
    zh: str
    en: str
    count: int
    at: float
    width: float


@dataclass(frozen=True, slots=True)
class Headline:
    """The sentence in Chinese and English; ``change`` is "" where there is no run before."""

    zh: str
    en: str
    tiles: tuple[Tile, ...]
    parts: tuple[Part, ...]
    change: str
    better: tuple[str, ...]
    worse: tuple[str, ...]
    regressions: tuple[str, ...]


def headline(
    records: Sequence[Record], found: Mapping[str, Figure], comparison: Comparison | None
) -> Headline:
    """The headline of a run; ``comparison`` is that with the run before."""
    zh, en = _sentence(records, found)
    flips = comparison.flips if comparison else ()
    return Headline(
        zh,
        en,
        _tiles(found),
        _parts(records),
        _change(comparison) if comparison else "",
        tuple(flip.after.id for flip in flips if flip.better),
        tuple(flip.after.id for flip in flips if not flip.better),
        comparison.regressions if comparison else (),
    )


def _sentence(records: Sequence[Record], found: Mapping[str, Figure]) -> tuple[str, str]:
    zh, en = [], []
    if right := found.get("right_answerable"):
        zh.append(f"可回答的 {right.cases} 题答对并引对 {percent(right.value)}")
        en.append(f"{percent(right.value)} of {right.cases} answerable ones right and well cited")
    if refused := found.get("refusal_recall"):
        zh.append(f"不可回答的 {refused.cases} 题拒答 {percent(refused.value)}")
        en.append(f"{percent(refused.value)} of {refused.cases} unanswerable ones refused")
    if false := found.get("false_refusals"):
        zh.append(f"误拒 {percent(false.value)}")
        en.append(f"{percent(false.value)} refused wrongly")
    if fallen := sum(record.fell_back for record in records):
        zh.append(f"{fallen} 题不是模型所答，改用了抽取式")
        en.append(f"{fallen} not answered by the model but extractively")
    if errors := sum(bool(record.error) for record in records):
        zh.append(f"出错 {errors} 题")
        en.append(f"{errors} failed")
    return f"{len(records)} 题：{'，'.join(zh)}。", f"{len(records)} questions: {', '.join(en)}."


def _tiles(found: Mapping[str, Figure]) -> tuple[Tile, ...]:
    rows = {row.measure.name: row for part in sections(found) for row in part.rows}
    tiles = []
    for name in TILES:
        if name in rows:
            row = rows[name]
            note = length(found) if name == "right_answerable" else ""
            if name == "p50_ms" and "p95_ms" in rows:
                note = f"p95 {rows['p95_ms'].value}"
            bar = row.bar if row.measure.unit == "share" else None
            en = "" if row.measure.en in row.measure.zh else row.measure.en
            tiles.append(Tile(row.measure.zh, en, row.value, note, bar))
    return tuple(tiles)


def _parts(records: Sequence[Record]) -> tuple[Part, ...]:
    counts = Counter(fault(record) for record in records)
    order: tuple[Fault | None, ...] = (None, "miscited", "wrong", "refused", "answered", "error")
    parts = []
    at = 0.0
    for name in order:
        if counts[name]:
            width = counts[name] / len(records) * 100
            zh, en = FAULTS[name] if name else ("通过", "right")
            parts.append(Part(name, zh, en, counts[name], round(at, 3), round(width, 3)))
            at += width
    return tuple(parts)


def _change(comparison: Comparison) -> str:
    """One line; changes that chance explains are said to be so."""
    since = {one.measure.name: one for one in comparison.differences}
    parts = []
    for name in ("right", "refusal_recall", "false_refusals"):
        if name in since:
            one = since[name]
            points = difference(one.change, one.measure.unit)
            sure = "显著" if one.significant else "不显著"
            parts.append(f"{one.measure.zh} {points} 个百分点（{sure}）")
    better = sum(flip.better for flip in comparison.flips)
    parts.append(f"变好 {better} 题，变坏 {len(comparison.flips) - better} 题")
    return "；".join(parts)
