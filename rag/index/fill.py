"""The second half of a build: vectors and the lexical index of a stored corpus.

What the generation before has of unchanged documents is taken from there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from rag.index import generation as layout
from rag.index.fs import Files
from rag.index.intake import Progress, TextFunctions
from rag.index.lexical import LexicalWriter
from rag.index.reader import OpenIndex
from rag.index.store import SqliteCorpus
from rag.index.vectors import VectorWriter
from rag.seams import Embedder

BATCH = 2_000
"""Chunks embedded at once: 2,000 x 320 characters are a few megabytes."""
SMALL = 5_000
"""With fewer chunks the lexical index is always built whole (a second): its statistics are exact."""
DRIFT = 0.1
"""Share of entries deleted since the last whole build above which it is built whole again."""
CHANGED = 1 / 3
"""Share of new entries above which building whole costs little more."""


def fill(
    part: Path,
    corpus: SqliteCorpus,
    kept: set[str],
    before: OpenIndex | None,
    text: TextFunctions,
    embedder: Embedder,
    files: Files,
    progress: Progress,
) -> int:
    """Write ``vectors.faiss`` and ``lexical/`` into ``part``; returns the lexical index's drift.

    ``kept`` names the documents that are the same in ``before`` (None: nothing is reused). Raises
    OSError, and what the embedder raises.
    """
    places = corpus.chunk_ids()
    old_ids = set(before.vectors.ids().tolist()) if before else set()
    reused = {chunk for doc, chunk in places if doc in kept and chunk in old_ids}
    gone = old_ids - reused
    new = len(places) - len(reused)
    drift = before.manifest.drift + len(gone) if before else 0
    whole = (
        before is None
        or len(places) <= SMALL
        or drift > DRIFT * len(places)
        or new > CHANGED * len(places)
    )
    if before is not None and not whole:
        _copy_lexical(files, before, part)
    with closing(LexicalWriter(part / layout.LEXICAL)) as lexical:
        if not whole:
            for chunk in sorted(gone):
                lexical.remove(chunk)

        vectors = VectorWriter(embedder.dimension, len(places))
        texts = _texts(places, corpus, text, set() if whole else reused)
        for batch in _batches(texts):
            for chunk, passage in batch:
                if passage is not None:
                    lexical.add(chunk, text.tokens(passage))
            ready = [chunk for chunk, _ in batch if chunk in reused]
            if before is not None and ready:
                vectors.add(ready, before.vectors.vectors(ready))
            fresh = [(chunk, p) for chunk, p in batch if chunk not in reused and p is not None]
            if fresh:
                matrix = embedder.encode_documents([passage for _, passage in fresh])
                vectors.add([chunk for chunk, _ in fresh], matrix)
            progress("embed", len(vectors), len(places))
        lexical.finish()
    files.write(part / layout.VECTORS, vectors.dump())
    return 0 if whole else drift


def _texts(
    places: list[tuple[str, int]], corpus: SqliteCorpus, text: TextFunctions, known: set[int]
) -> Iterator[tuple[int, str | None]]:
    """(chunk id, passage) in order; the passage is None for ``known`` chunks: nobody needs it."""
    for doc, group in groupby(places, key=itemgetter(0)):
        chunks = [chunk for _, chunk in group]
        if known.issuperset(chunks):
            yield from ((chunk, None) for chunk in chunks)
            continue
        parsed = corpus.parsed(doc)
        for chunk, span in zip(chunks, parsed.chunks, strict=True):
            yield chunk, None if chunk in known else text.passage(parsed, span)


def _batches(
    texts: Iterable[tuple[int, str | None]],
) -> Iterator[list[tuple[int, str | None]]]:
    batch: list[tuple[int, str | None]] = []
    for pair in texts:
        batch.append(pair)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _copy_lexical(files: Files, before: OpenIndex, part: Path) -> None:
    """Copied, not linked: damage to one generation's files must not reach another's."""
    old = layout.folder(before.index_dir, before.name)
    for name in before.manifest.files:
        if name.startswith(layout.LEXICAL + "/"):
            files.copy(old / name, part / name)
