"""`rag eval --ablate`: the parts of the system switched off one by one, side by side."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from rag.cli import evaluation
from rag.cli.output import emit, emit_json, line, progress, table
from rag.config import Settings
from rag.errors import UsageError
from rag.evaluate.ablate import CHUNK_SIZES, Variant, ablate, folder_for, variants
from rag.evaluate.compare import Difference, compare
from rag.evaluate.encode import figures_json
from rag.evaluate.job import read_for
from rag.evaluate.measures import MEASURES, measure
from rag.evaluate.report.words import difference, shown
from rag.evaluate.report.words import settings as settings_words
from rag.evaluate.statistics import figures
from rag.evaluate.types import Figure, Run
from rag.pipeline import Pipeline

COLUMNS = (
    "right", "right_answerable", "cited", "evidence_f1", "hit@1", "hit@5", "mrr@10",
    "refusal_recall", "false_refusals", "refusal_auc", "length_median",
)  # fmt: skip
"""What is set side by side. Not time: the later variants find what the first ones have cached."""


VARIED = ("retrieval", "rerank", "title_context", "chunk_size")
"""Settings that the variants change."""


def run_variants(args: argparse.Namespace, settings: Settings) -> int:
    """Runs every variant; raises YinjuError. What was done before Ctrl-C is saved."""
    sizes = args.chunk_sizes or CHUNK_SIZES
    check_sizes(sizes)
    evaluation.check_targets(args)
    # A calibration holds for one of the variants only: none is used, so that they compare.
    pipeline = Pipeline(settings, calibrated=False)
    question_set = read_for(pipeline, args.set, args.passages, args.noise)
    chosen = variants(settings, sizes)
    folder = None if args.no_save else folder_for(settings.runs, question_set)
    found: list[tuple[Variant, Run]] = []
    with progress() as bar:

        def show(variant: Variant, stage: str, done: int, total: int | None) -> None:
            name = f"{stage}, {variant.zh}（{chosen.index(variant) + 1}/{len(chosen)}）"
            bar(name, done, total)

        limit, workers = args.limit or 0, args.workers or 0
        for variant, done in ablate(pipeline, question_set, chosen, show, folder, limit, workers):
            found.append((variant, done.run))
    first, *others = (run for _, run in found)
    evaluation.report(args, folder or settings.runs, first, others)
    if args.json:
        emit_json({"set": question_set.name, "variants": [variant_json(*one) for one in found]})
    else:
        show_variants(found)
        if folder:
            emit(f"已保存：{line(str(folder))}")
    return max(evaluation.say_fallbacks(run) for _, run in found)


def check_sizes(sizes: Sequence[int]) -> None:
    """Raises UsageError for a chunk size that the settings would not take."""
    bounds = Settings.model_fields["chunk_size"].metadata
    (low,), (high,) = ([getattr(b, n) for b in bounds if hasattr(b, n)] for n in ("ge", "le"))
    for size in sizes:
        if not low <= size <= high:
            raise UsageError(
                f"--chunk-sizes {size} is not from {low} to {high}", "such as 160,320,640"
            )


def variant_json(variant: Variant, run: Run) -> dict[str, Any]:
    """A variant with its figures."""
    return {
        "name": variant.name, "run": run.header.name, "settings": dict(run.header.settings),
        "figures": figures_json(figures(run.records)),
    }  # fmt: skip


def show_variants(found: Sequence[tuple[Variant, Run]]) -> None:
    """A measure a row, a variant a column, the best marked; then what differs for certain."""
    measured = [figures(run.records) for _, run in found]
    names = [m.name for m in MEASURES if m.name in COLUMNS and all(m.name in f for f in measured)]
    rows = [("指标", *(variant.zh for variant, _ in found))]
    for name in names:
        rows.append((measure(name).zh, *marked(name, [f[name] for f in measured])))
    for text in table(rows):
        emit(text)
    base, default = found[0]
    own = {name: default.header.settings.get(name, "") for name in VARIED}
    emit(f"* 最好的一列。{base.zh}：{line(settings_words(own))}\n")
    for variant, run in found[1:]:
        compared = compare(default, run)
        notable = [d for d in compared.differences if d.significant]
        said = "，".join(_difference(d) for d in notable) or "没有显著差别"
        emit(f"{variant.zh} 对 {base.zh}：{said}")


def marked(name: str, values: Sequence[Figure]) -> list[str]:
    """The figures of a measure as cells, the best with a star; what is shown alike is as good, and
    where all is alike nothing is best."""
    of = measure(name)
    texts = [shown(figure.value, of.unit) for figure in values]
    if len(set(texts)) == 1:
        return [f"{text} " for text in texts]
    best = max(figure.value * of.better for figure in values)
    winners = {
        t for t, figure in zip(texts, values, strict=True) if figure.value * of.better == best
    }
    return [f"{text}*" if text in winners else f"{text} " for text in texts]


def _difference(d: Difference) -> str:
    return f"{d.measure.zh} {difference(d.change, d.measure.unit)}（p = {d.adjusted:.3f}）"
