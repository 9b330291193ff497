"""A whole evaluation: the set is read, an index is made where it needs one, every question is
asked, the run is described and saved. What the command line and the page both call."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from rag.errors import EvaluationError
from rag.evaluate import header as about
from rag.evaluate import runs
from rag.evaluate.forms import read_any
from rag.evaluate.forms.passages import COUNT, NOISE
from rag.evaluate.journal import Journal, key_of
from rag.evaluate.measures import model_costs, models
from rag.evaluate.prepare import Prepared, index_bytes, prepare
from rag.evaluate.runner import run
from rag.evaluate.texts import Documents, Texts
from rag.evaluate.types import Header, QuestionSet, Record, Run
from rag.pipeline import Pipeline
from rag.retrieve.calibration import Calibration

Progress = Callable[[str, int, int | None], None]
"""(stage, done, total or None): the stages of a build, then ``ask``."""
ELSEWHERE = ("runs", "feedback", "host", "port", "password", "docs", "index")
"""Settings that no answer depends on: what is read is named by the set and the index."""
MODEL_WORKERS = 4
"""Questions that a language model is asked at once: it is mostly waited for."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to run. ``folder`` is where the run is saved, and its journal until then; None keeps
    nothing. ``limit`` questions are spread over the set, 0 takes all. ``resume`` goes on with the
    journal of an interrupted run. ``label`` goes into the run's name. ``workers`` questions are
    asked at once; 0: one, or four where a language model answers."""

    folder: Path | None = None
    limit: int = 0
    resume: bool = False
    label: str = ""
    workers: int = 0


WHOLE = Options()
"""Every question, nothing kept."""


@dataclass(frozen=True, slots=True)
class Done:
    """A run, and the file that it was saved as."""

    run: Run
    path: Path | None


def read_for(
    pipeline: Pipeline, path: Path, passages: int = COUNT, noise: float = NOISE
) -> QuestionSet:
    """The set of a file or folder; gold over the user's own documents is verified against the
    index. Raises EvaluationError, and IndexMissing where the set needs an index.

    ``passages`` of which the share ``noise`` is irrelevant are shown with a question that brings
    its own.
    """
    documents = Texts(Documents(lambda: pipeline.index().corpus))
    return read_any(path, documents, count=passages, noise=noise)


def evaluate(
    pipeline: Pipeline,
    question_set: QuestionSet,
    progress: Progress = lambda stage, done, total: None,
    options: Options = WHOLE,
) -> Done:
    """The run of a set. Raises a YinjuError; Ctrl-C leaves the journal."""
    return evaluate_prepared(
        prepare(pipeline, question_set, progress), question_set, progress, options
    )


def evaluate_prepared(
    prepared: Prepared, question_set: QuestionSet, progress: Progress, options: Options
) -> Done:
    """:func:`evaluate` with a pipeline that is ready."""
    started, clock = datetime.now(UTC), time.monotonic()
    pipeline, asked = prepared.pipeline, limited(question_set, options.limit)
    asks_model = pipeline.uses_model
    if asks_model:
        pipeline.chat()  # what is wrong with its settings would fail every question
    state = _state(pipeline, asked)
    with contextlib.ExitStack() as stack:
        journal = None
        if options.folder is not None:
            path = (
                options.folder
                / f"{runs.file_name(asked.name)}-{_key(pipeline, asked, state)}.part.jsonl"
            )
            journal = stack.enter_context(Journal(path, options.resume))
        records = run(
            pipeline, asked, lambda n, total: progress("ask", n, total), journal,
            asks_model=asks_model,
            workers=options.workers or (MODEL_WORKERS if asks_model else 1),
        )  # fmt: skip
        if _state(pipeline, asked) != state:
            raise EvaluationError(
                "the index was built anew while the questions were asked", "run the set again"
            )
        before = sum(record.milliseconds for record in journal.done.values()) if journal else 0.0
        seconds = time.monotonic() - clock + before / 1000
        costs = {"seconds": seconds, "peak_mb": about.peak_mb(), **model_costs(records)}
        if prepared.build_s is not None:
            costs["build_s"] = prepared.build_s
        made = Run(_header(pipeline, asked, records, started, costs, options.label), records)
        if options.folder is None or journal is None:
            return Done(made, None)
        saved = runs.save(made, options.folder)
        journal.remove()
        return Done(made, saved)


def limited(question_set: QuestionSet, limit: int) -> QuestionSet:
    """At most ``limit`` questions, evenly spread over the set, in its order."""
    questions = question_set.questions
    if not 0 < limit < len(questions):
        return question_set
    chosen = tuple(questions[n * len(questions) // limit] for n in range(limit))
    return replace(question_set, questions=chosen)


def needs_index(question_set: QuestionSet) -> bool:
    """Whether a question of the set is asked of an index."""
    return question_set.form != "passages" and not all(q.passages for q in question_set.questions)


def _state(pipeline: Pipeline, question_set: QuestionSet) -> str:
    """Names the index that answers, by its content; "" where none is asked."""
    if not needs_index(question_set):
        return ""
    manifest = pipeline.index().manifest
    return " ".join([manifest.generation, *(entry.sha256 for entry in manifest.files.values())])


def _calibration(pipeline: Pipeline, question_set: QuestionSet) -> Calibration | None:
    """The user's own that refuses; questions with passages of their own know none."""
    return pipeline.judge.calibration() if needs_index(question_set) else None


def _key(pipeline: Pipeline, question_set: QuestionSet, state: str) -> str:
    """Equal for runs that would give the same records."""
    settings = about.answering(pipeline.settings, _calibration(pipeline, question_set))
    return key_of(
        question_set.name,
        question_set.checksum,
        state,
        pipeline.embedder.identity,
        about.commit(),
        pipeline.settings.base_url,  # whole: the settings' texts name its host alone
        *(f"{name}={value}" for name, value in settings.items() if name not in ELSEWHERE),
        *(question.id for question in question_set.questions),
    )


def _header(
    pipeline: Pipeline,
    question_set: QuestionSet,
    records: tuple[Record, ...],
    started: datetime,
    costs: dict[str, float],
    label: str,
) -> Header:
    generation, documents, chunks = "", 0, 0
    if needs_index(question_set):
        index = pipeline.index()
        counts = index.manifest.counts
        generation, documents, chunks = index.name, counts.documents, counts.chunks
        costs = costs | {"index_mb": index_bytes(index) / about.MB}
    settings = about.answering(pipeline.settings, _calibration(pipeline, question_set))
    if pipeline.uses_model:
        settings["base_url"] = about.host(pipeline.settings)
        settings["model"] = models(records) or settings["model"]
    return Header(
        name=runs.name_of(started, question_set.name, records, label),
        created=started.isoformat(timespec="seconds"),
        set_name=question_set.name,
        set_form=question_set.form,
        set_checksum=question_set.checksum,
        embedder=pipeline.embedder.identity,
        documents=documents,
        chunks=chunks,
        generation=generation,
        settings=settings,
        versions=about.versions(),
        commit=about.commit(),
        machine=about.machine(),
        costs=about.rounded(costs),
    )
