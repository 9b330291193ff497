"""Opening a generation: one immutable object, checked before it answers anything."""

from __future__ import annotations

import contextlib
import os
import weakref
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from rag.errors import IndexDamaged, IndexMismatch, IndexMissing
from rag.index import generation as layout
from rag.index.lexical import TantivyLexical
from rag.index.locks import share
from rag.index.manifest import Manifest
from rag.index.store import SqliteCorpus
from rag.index.vectors import FaissVectors

_TRIES = 5


@dataclass(frozen=True, slots=True, weakref_slot=True)
class OpenIndex:
    """One generation, open for reading by any number of threads.

    All that one answer needs comes from one such object. The generation is not deleted while it
    is open; closing is idempotent and happens by itself when the object is dropped.
    """

    manifest: Manifest
    corpus: SqliteCorpus
    vectors: FaissVectors
    lexical: TantivyLexical
    index_dir: Path
    _held: contextlib.ExitStack

    @property
    def name(self) -> str:
        """The generation's name."""
        return self.manifest.generation

    def is_current(self) -> bool:
        """Whether no other generation has become current; true also when that cannot be read.

        Reads one file of 150 bytes: cheap enough for every question.
        """
        try:
            return layout.read_pointer(self.index_dir).current == self.name
        except (IndexDamaged, IndexMissing):
            return True

    def frequency(self, token: str) -> float:
        """The share of the passages that hold a token, in [0, 1]."""
        return self.lexical.document_frequency(token) / max(1, len(self.lexical))

    def close(self) -> None:
        """Release the files; the index cannot be used afterwards."""
        self.corpus.close()
        self._held.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_index(
    index_dir: Path,
    embedder: str | None = None,
    chunk_size: int | None = None,
    recipe: str | None = None,
    *,
    previous: bool = False,
) -> OpenIndex:
    """Open the current generation, or with ``previous`` the newest sound one before it.

    ``embedder`` (an identity), ``chunk_size`` and ``recipe`` (of the text functions) are those of
    the settings; None accepts any.
    Every file's checksum and every count is checked. Raises IndexMissing, IndexDamaged or
    IndexMismatch, each with the command that repairs; nothing is changed on disk.
    """
    if previous:
        return _open_before(index_dir, embedder, chunk_size, recipe)
    for _ in range(_TRIES):
        name = layout.read_pointer(index_dir).current
        folder = layout.folder(index_dir, name)
        try:
            handle = share(folder)
        except OSError as error:
            raise layout.damaged(f"{folder} cannot be read ({error.strerror})") from None
        if handle is not None:
            return open_generation(index_dir, folder, embedder, chunk_size, recipe, handle)
        # Two builds may have run since the pointer was read, and deleted what it named.
        if layout.read_pointer(index_dir).current == name:
            raise layout.damaged(f"{folder} is missing or incomplete")
    raise layout.damaged("its generations change faster than they can be opened")


def _open_before(
    index_dir: Path, embedder: str | None, chunk_size: int | None, recipe: str | None
) -> OpenIndex:
    try:
        pointer = layout.read_pointer(index_dir)
        candidates = [pointer.previous] if pointer.previous else []
    except IndexDamaged:
        candidates = layout.names(index_dir)[::-1]
    for name in candidates:
        folder = layout.folder(index_dir, name)
        handle = share(folder)
        if handle is not None:
            with contextlib.suppress(IndexDamaged):
                return open_generation(index_dir, folder, embedder, chunk_size, recipe, handle)
    raise layout.damaged("and there is no sound generation before it")


def open_generation(
    index_dir: Path,
    folder: Path,
    embedder: str | None,
    chunk_size: int | None,
    recipe: str | None,
    handle: int | None,
) -> OpenIndex:
    """Check and open the generation in ``folder``; ``handle`` is its shared lock, taken over."""
    with contextlib.ExitStack() as stack:
        if handle is not None:
            stack.callback(os.close, handle)
        manifest = layout.read_manifest(folder)
        _check_settings(manifest, embedder, chunk_size, recipe)
        layout.check_files(folder, manifest)
        lexical = TantivyLexical(folder / layout.LEXICAL)
        vectors = FaissVectors(folder / layout.VECTORS)
        corpus = SqliteCorpus(folder / layout.CORPUS, lexical.contains)
        stack.callback(corpus.close)
        _check_counts(manifest, corpus, vectors, lexical)
        held = stack.pop_all()
        index = OpenIndex(manifest, corpus, vectors, lexical, index_dir, held)
        weakref.finalize(index, held.close)
        return index


def check_ids(index: OpenIndex) -> None:
    """Whether documents and vectors hold the same chunks: checked once, when a build ends."""
    chunks = np.sort(np.array([name for _, name in index.corpus.chunk_ids()], dtype=np.int64))
    if not np.array_equal(chunks, np.sort(index.vectors.ids())):
        raise layout.damaged("its vectors are not those of its chunks")


def _check_settings(
    manifest: Manifest, embedder: str | None, chunk_size: int | None, recipe: str | None
) -> None:
    if embedder is not None and manifest.embedder != embedder:
        raise IndexMismatch(
            f"the index was built by the embedder {manifest.embedder}, the setting is {embedder}",
            "run `rag index` to build it again, or set the embedder back",
        )
    if chunk_size is not None and manifest.chunk_size != chunk_size:
        raise IndexMismatch(
            f"the index was built with chunk_size {manifest.chunk_size}, the setting is "
            f"{chunk_size}",
            "run `rag index` to build it again, or set chunk_size back",
        )
    if recipe is not None and manifest.recipe != recipe:
        raise IndexMismatch(
            f"the index was made by the recipe {manifest.recipe!r}, this is {recipe!r} (another "
            "version of the program, or another title_context)",
            "run `rag index` to build it again",
        )


def _check_counts(
    manifest: Manifest, corpus: SqliteCorpus, vectors: FaissVectors, lexical: TantivyLexical
) -> None:
    counts = manifest.counts
    found = corpus.counts() | {"vectors": len(vectors), "lexical entries": len(lexical)}
    said = {
        "documents": counts.documents,
        "sections": counts.sections,
        "sentences": counts.sentences,
        "chunks": counts.chunks,
        "vectors": counts.chunks,
        "lexical entries": counts.chunks,
    }
    for name, number in said.items():
        if found[name] != number:
            raise layout.damaged(f"it has {found[name]} {name} instead of {number}")
    if vectors.dimension != manifest.dimension:
        raise layout.damaged(
            f"its vectors have {vectors.dimension} dimensions instead of {manifest.dimension}"
        )
