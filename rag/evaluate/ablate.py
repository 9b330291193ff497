"""The parts of the system switched off one by one, and the size of its passages, side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rag.config import Settings
from rag.evaluate.job import Done, Options, evaluate_prepared, needs_index
from rag.evaluate.job import Progress as Stages
from rag.evaluate.prepare import Prepared, corpus_source, over, prepare, sibling
from rag.evaluate.runs import STAMP, file_name
from rag.evaluate.types import QuestionSet
from rag.pipeline import Pipeline

CHUNK_SIZES = (160, 320, 640)


@dataclass(frozen=True, slots=True)
class Variant:
    """Settings that differ from the user's. ``name`` goes into the run's name, ``zh`` is shown."""

    name: str
    zh: str
    settings: Settings


def variants(settings: Settings, chunk_sizes: Sequence[int] = CHUNK_SIZES) -> list[Variant]:
    """The user's own settings first, then each change; none twice."""

    def changed(name: str, zh: str, **update: object) -> Variant:
        return Variant(name, zh, settings.model_copy(update=update))

    wanted = [
        Variant("default", "现设置", settings),
        changed("lexical", "仅关键词", retrieval="lexical", rerank=False),
        changed("dense", "仅向量", retrieval="dense", rerank=False),
        changed("hybrid", "融合", retrieval="hybrid", rerank=False),
        changed("hybrid-rerank", "融合＋重排", retrieval="hybrid", rerank=True),
        changed("no-titles", "不带标题", title_context=False),
        *(changed(f"chunk-{n}", f"段长 {n}", chunk_size=n) for n in chunk_sizes),
    ]
    found: dict[str, Variant] = {}
    for variant in wanted:
        found.setdefault(repr(variant.settings.model_dump()), variant)
    return list(found.values())


def ablate(
    pipeline: Pipeline,
    question_set: QuestionSet,
    chosen: Sequence[Variant],
    progress: Callable[[Variant, str, int, int | None], None] = lambda *_: None,
    folder: Path | None = None,
    limit: int = 0,
    workers: int = 0,
) -> Iterator[tuple[Variant, Done]]:
    """Each variant's run as it is done, in order, saved in ``folder``; raises what a run raises."""
    for variant in chosen:

        def show(stage: str, done: int, total: int | None, variant: Variant = variant) -> None:
            progress(variant, stage, done, total)

        prepared = _prepared(pipeline, question_set, variant.settings, show)
        options = Options(folder, limit, label=variant.name, workers=workers)
        yield variant, evaluate_prepared(prepared, question_set, show, options)


def _prepared(
    pipeline: Pipeline, question_set: QuestionSet, settings: Settings, progress: Stages
) -> Prepared:
    """A pipeline of these settings; where the user's index does not fit them, over one more."""
    mine = sibling(pipeline, settings)
    if question_set.documents or not needs_index(question_set):
        return prepare(mine, question_set, progress)
    own = pipeline.settings
    if (own.chunk_size, own.title_context) == (settings.chunk_size, settings.title_context):
        return Prepared(mine)
    corpus = pipeline.index().corpus
    return over(
        mine,
        corpus_source(pipeline.index()),
        lambda: (corpus.document(id) for id in corpus.ids()),
        progress,
    )


def folder_for(runs: Path, question_set: QuestionSet) -> Path:
    """A folder of its own, so that the last run stays the last run of the user's settings."""
    stamp = datetime.now(UTC).strftime(STAMP)
    return runs / "ablations" / f"{stamp}-{file_name(question_set.name)}"
