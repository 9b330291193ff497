"""Indexes for evaluation: one for the documents that a set brings, one for another chunk size.

Each lies in ``<index>/sets/KEY``, where builds of the user's own index never look, and is used
again as long as it is sound and what it was made from is the same.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rag.config import Settings
from rag.errors import IndexDamaged, IndexMismatch, IndexMissing
from rag.evaluate.types import QuestionSet
from rag.index.build import build
from rag.index.intake import Load, Progress
from rag.index.reader import OpenIndex
from rag.indexing import text_functions
from rag.pipeline import Pipeline
from rag.recipe import recipe_of
from rag.types import Document, InputRow

SETS = "sets"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A pipeline that can be asked. ``build_s``: seconds that its index took, None if it was
    there."""

    pipeline: Pipeline
    build_s: float | None = None


def prepare(pipeline: Pipeline, question_set: QuestionSet, progress: Progress) -> Prepared:
    """The pipeline for a set: over the set's documents where it brings some, else as it is.

    Raises what a build raises.
    """
    if not question_set.documents:
        return Prepared(pipeline)
    return over(pipeline, question_set.checksum, lambda: question_set.documents, progress)


def over(
    pipeline: Pipeline,
    source: str,
    documents: Callable[[], Iterable[Document]],
    progress: Progress,
) -> Prepared:
    """The pipeline over these documents alone, their ids unchanged, with the same settings.

    ``source`` names their content (equal content, equal name); ``documents`` is called only where
    there is no index of them yet.
    """
    folder = pipeline.settings.index / SETS / key_of(pipeline, source)
    settings = pipeline.settings.model_copy(update={"index": folder})
    there = sibling(pipeline, settings)
    try:
        there.index()
        return Prepared(there)
    except (IndexMissing, IndexDamaged, IndexMismatch):
        started = time.monotonic()
    build(
        folder,
        settings.chunk_size,
        load=_load(source, documents),
        text=text_functions(settings),
        embedder=pipeline.embedder,
        progress=progress,
    )
    there.index()
    return Prepared(there, time.monotonic() - started)


def sibling(pipeline: Pipeline, settings: Settings) -> Pipeline:
    """A pipeline with other settings that shares what is slow to load."""
    chat = pipeline.chat() if pipeline.uses_model else None
    return Pipeline(
        settings,
        ranker=pipeline.ranker,
        embedder=pipeline.embedder,
        chat=chat,
        reranker=pipeline.reranker,
        verifier=pipeline.verifier,
        stage=pipeline.judge.stage if settings.reader == pipeline.settings.reader else None,
        calibrated=pipeline.judge.calibrated,
    )


def key_of(pipeline: Pipeline, source: str) -> str:
    """Sixteen hexadecimal digits of all that an index is made from."""
    size, recipe = pipeline.settings.chunk_size, recipe_of(pipeline.settings)
    parts = (source, pipeline.embedder.identity, str(size), recipe)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def corpus_source(index: OpenIndex) -> str:
    """A name for the documents of an index, by their content."""
    rows = sorted((id, content.hex()) for id, _, content, *_ in index.corpus.fingerprints())
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def index_bytes(index: OpenIndex) -> int:
    """What the index takes on disk."""
    return sum(entry.size for entry in index.manifest.files.values())


def _load(name: str, documents: Callable[[], Iterable[Document]]) -> Load:
    return lambda: [(InputRow(name, "indexed"), documents())]
