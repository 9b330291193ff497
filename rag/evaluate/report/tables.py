"""The tables of the report: measures by what they are about, and an ablation side by side. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.evaluate.cases import case_scores
from rag.evaluate.compare import ALPHA, Difference, holm
from rag.evaluate.measures import MEASURES
from rag.evaluate.report.series import Measured, changed
from rag.evaluate.report.words import difference, settings, shown
from rag.evaluate.statistics import paired
from rag.evaluate.types import Figure, Measure, Run

SECTIONS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("整体", "overall", ("right", "right_answerable")),
    ("答了什么", "answers", ("said", "key_facts", "exact", "f1", "length", "length_median")),
    ("引了什么", "citations",
     ("cited", "citation_precision", "citation_recall", "evidence_f1", "verbatim")),
    ("找到什么", "retrieval", ("hit@1", "hit@5", "recall@5", "mrr@10", "ndcg@10")),
    ("拒答", "refusals", ("refusal_recall", "false_refusals", "refusal_precision", "refusal_auc",
                         "aurc", "refused")),
    ("模型写的回答", "written by the model",
     ("right_model", "supported", "unsupported", "dropped", "cut_off", "fallbacks")),
    ("用时", "time",
     ("p50_ms", "p95_ms", "ms", "first_p50_ms", "first_p95_ms", "first_ms")),
)  # fmt: skip
"""Title in Chinese and English, and the measures in the order shown; what is in none comes last."""

CONTAINMENT = frozenset({"right", "right_answerable", "said", "key_facts"})
"""A longer answer holds more: these are shown beside the length."""

OVER: Mapping[str, str] = {
    "all": "全部题",
    "answerable": "可回答的题",
    "unanswerable": "不可回答的题",
    "answered": "可回答且作答的题",
}
BETTER: Mapping[int, str] = {1: "越高越好", -1: "越低越好", 0: "只作描述"}
ABLATED = ("right_answerable", "said", "cited", "hit@1", "hit@5", "refusal_recall",
           "false_refusals", "length_median", "p50_ms")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bar:
    """An interval on a scale from 0 to 100: drawn, not read."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Row:
    """A measure. ``beside`` is the answers' length where it matters, ``change`` what changed since
    the run before and ``trend`` its direction: better, worse or "" (no more than chance)."""

    measure: Measure
    about: str
    value: str
    interval: str
    cases: int
    bar: Bar
    beside: str
    change: str
    trend: str


@dataclass(frozen=True, slots=True)
class Section:
    """Measures that belong together."""

    zh: str
    en: str
    rows: tuple[Row, ...]


def sections(
    found: Mapping[str, Figure], differences: Sequence[Difference] = ()
) -> tuple[Section, ...]:
    """The figures of a run in sections; measures without a figure are left out."""
    named = {name for _, _, names in SECTIONS for name in names}
    rest = tuple(one.name for one in MEASURES if one.name not in named)
    by_name = {one.name: one for one in MEASURES}
    since = {one.measure.name: one for one in differences}
    result = []
    for zh, en, names in (*SECTIONS, ("其他", "other", rest)):
        rows = tuple(
            _row(by_name[name], found, since.get(name))
            for name in names
            if name in by_name and name in found
        )
        if rows:
            result.append(Section(zh, en, rows))
    return tuple(result)


def _row(measure: Measure, found: Mapping[str, Figure], since: Difference | None) -> Row:
    figure = found[measure.name]
    unit = measure.unit
    change = trend = ""
    if since is not None:
        change = difference(since.change, unit)
        if since.significant:
            trend = "worse" if since.worse else "better"
    return Row(
        measure,
        f"{OVER[measure.over]}，{BETTER[measure.better]}",
        shown(figure.value, unit),
        f"{shown(figure.low, unit)} – {shown(figure.high, unit)}",
        figure.cases,
        _bar(figure, unit),
        length(found) if measure.name in CONTAINMENT else "",
        change,
        trend,
    )


def length(found: Mapping[str, Figure]) -> str:
    """The answers' length, to stand beside a containment figure; "" where nothing was answered."""
    median, mean = found.get("length_median"), found.get("length")
    if median is None or mean is None:
        return ""
    return f"答案中位 {median.value:.0f} 字，平均 {mean.value:.0f} 字"


def _bar(figure: Figure, unit: str) -> Bar:
    """Shares and scores on their scale from 0 to 1, others on one from 0 to their interval's end."""
    whole = 1.0 if unit in ("share", "score") else max(figure.high, figure.value) * 1.15 or 1.0
    value, low, high = (
        round(min(1.0, max(0.0, x / whole)) * 100, 2)
        for x in (figure.value, figure.low, figure.high)
    )
    return Bar(value, low, high)


# ---- ablation --------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of an ablation; ``trend`` where it differs from this run's by more than chance."""

    value: str
    trend: str
    best: bool


@dataclass(frozen=True, slots=True)
class Ablation:
    """Runs side by side, this one first."""

    measures: tuple[Measure, ...]
    rows: tuple[tuple[str, tuple[Cell | None, ...]], ...]


def ablation(base: Measured, others: Sequence[Measured]) -> Ablation | None:
    """The runs of an ablation beside ``base``; None where there are none."""
    others = [one for one in others if one.run != base.run]
    if not others:
        return None
    runs = (base, *others)
    by_name = {one.name: one for one in MEASURES}
    measures = tuple(by_name[name] for name in ABLATED if name in base.figures)
    labels = ("本次", *(_label(base.run, one.run) for one in others))
    rows = []
    for label, one in zip(labels, runs, strict=True):
        trends = _trends(measures, base.run, one.run)
        cells = tuple(_cell(m, one, runs, trends.get(m.name, "")) for m in measures)
        rows.append((label, cells))
    return Ablation(measures, tuple(rows))


def _cell(measure: Measure, one: Measured, runs: Sequence[Measured], trend: str) -> Cell | None:
    figure = one.figures.get(measure.name)
    if figure is None:
        return None
    values = [r.figures[measure.name].value for r in runs if measure.name in r.figures]
    signed = [value * measure.better for value in values]
    best = figure.value * measure.better == max(signed) > min(signed)
    return Cell(shown(figure.value, measure.unit), trend, best and measure.unit == "share")


def _trends(measures: Sequence[Measure], run: Run, one: Run) -> dict[str, str]:
    """better or worse by measure, where ``one`` differs from ``run`` by more than chance explains:
    paired permutation tests, adjusted together as in a comparison. Time is not tested."""
    chances: dict[str, float] = {}
    changes: dict[str, float] = {}
    for measure in measures:
        base, other = case_scores(measure.name, run.records), case_scores(measure.name, one.records)
        both = [id for id in base if id in other]
        if both and measure.unit != "ms":
            chances[measure.name] = paired([base[id] for id in both], [other[id] for id in both])
            changes[measure.name] = sum(other[id] - base[id] for id in both) * measure.better
    sure = (name for name, p in holm(chances).items() if p < ALPHA)
    return {name: "better" if changes[name] > 0 else "worse" for name in sure}


def _label(run: Run, one: Run) -> str:
    """What differs, or its name where no setting does."""
    return settings(changed(run.header, one.header)) or one.header.name
