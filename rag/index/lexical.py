"""BM25 over given tokens, on disk, with tantivy.

The only module that imports tantivy. Tokens are joined by spaces and split again by tantivy's
white-space tokenizer, so that what is indexed is exactly what :func:`rag.text.tokens.tokens` gave.
k1 = 1.2, b = 0.75, idf = ln(1 + (N - n + 0.5) / (n + 0.5)) (Robertson & Zaragoza 2009); lengths
over 40 tokens are kept in one byte, as in Lucene.
"""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import IndexDamaged
from rag.index.ranking import best

if TYPE_CHECKING:
    import tantivy

HEAP = 200_000_000
"""Bytes of memory that the writer fills before it writes a segment."""
LONGEST = 8_000
"""Characters kept of a token: tantivy drops terms over 65,530 bytes."""
_ID, _TOKENS, _OPTION = "id", "tokens", "freq"
_SPARE = 16
_LOCK, _LOCK_SUFFIX = ".tantivy-meta.lock", ".lock"


class LexicalWriter:
    """Adds to and deletes from the index in ``folder`` (made if it is empty). One at a time.

    One indexing thread: the same calls give the same index. What tantivy cannot write is an
    OSError.
    """

    def __init__(self, folder: Path) -> None:
        import tantivy

        if tantivy.Index.exists(str(folder)):
            index = tantivy.Index.open(str(folder))
        else:
            schema = tantivy.SchemaBuilder()
            schema.add_integer_field(_ID, indexed=True, fast=True)
            schema.add_text_field(_TOKENS, tokenizer_name="whitespace", index_option=_OPTION)
            index = tantivy.Index(schema.build(), path=str(folder))
        self._document = tantivy.Document
        self._folder = folder
        self._open = True
        with _writing():
            self._writer = index.writer(heap_size=HEAP, num_threads=1)

    def add(self, chunk_id: int, tokens: Sequence[str]) -> None:
        """Add one chunk; ``tokens`` keep their multiplicity."""
        if max(map(len, tokens), default=0) > LONGEST:
            tokens = [token[:LONGEST] for token in tokens]
        document = self._document()
        document.add_integer(_ID, chunk_id)
        document.add_text(_TOKENS, _encodable(" ".join(tokens)))
        with _writing():
            self._writer.add_document(document)

    def remove(self, chunk_id: int) -> None:
        """Delete one chunk; no fault if it is not there."""
        self._writer.delete_documents_by_term(_ID, chunk_id)

    def finish(self) -> None:
        """Commit all and wait for the merges. The writer cannot be used any more."""
        self._open = False
        with _writing():
            self._writer.commit()
            self._writer.wait_merging_threads()
        # tantivy makes some files for their owner alone; another user may serve the index.
        for path in self._folder.iterdir():
            path.chmod(self._folder.stat().st_mode & 0o666)

    def close(self) -> None:
        """Unless :meth:`finish` was called, stop without committing.

        tantivy's threads would otherwise go on making files in a folder that is being removed.
        """
        if self._open:
            self._open = False
            with contextlib.suppress(ValueError):
                self._writer.wait_merging_threads()


class TantivyLexical:
    """Read access. Safe for many threads; implements ``LexicalIndex``."""

    def __init__(self, folder: Path) -> None:
        """Raises IndexDamaged when tantivy cannot read ``folder``."""
        import tantivy

        self._tantivy = tantivy
        try:
            with _lockable(folder) as path:
                self._index = tantivy.Index.open(str(path))
                # A generation never changes: without this a thread would poll its files for ever.
                self._index.config_reader(reload_policy="manual")
                self._index.reload()
                self._searcher = self._index.searcher()
        except (ValueError, OSError) as error:
            raise IndexDamaged(
                f"the index is damaged: {folder} is no lexical index ({error})",
                "run `rag index --rebuild`",
            ) from None
        self._schema = self._index.schema

    def __len__(self) -> int:
        """The number of chunks."""
        return int(self._searcher.num_docs)

    def search(self, tokens: Sequence[str], k: int) -> list[tuple[int, float]]:
        """At most ``k`` (chunk id, BM25 score > 0) pairs, best first; ties by id.

        A token counts once however often it is asked for. No token, or none that the index
        knows: [].
        """
        terms = [self._term(token) for token in dict.fromkeys(tokens)]
        k = min(k, len(self))
        if k <= 0 or not terms:
            return []
        should = self._tantivy.Occur.Should
        query = self._tantivy.Query.boolean_query([(should, term) for term in terms])
        # As with the vectors: read on until the tie at the end of the list is whole.
        wanted = k
        while True:
            wanted = min(wanted + _SPARE, len(self))
            hits = self._searcher.search(query, wanted, count=False).hits
            if len(hits) < wanted or wanted == len(self):
                break
            if _rounded(hits[-1][0]) < _rounded(hits[k - 1][0]):
                break
            wanted *= 4
        ids: list[Any] = self._searcher.fast_field_values(_ID, [address for _, address in hits])
        scores = (_rounded(score) for score, _ in hits)
        return best(zip(ids, scores, strict=True), k)

    def contains(self, token: str) -> bool:
        """Whether any chunk holds ``token``; deleted ones do not count."""
        if not token or not len(self):
            return False
        return bool(self._searcher.search(self._term(token), 1, count=False).hits)

    def document_frequency(self, token: str) -> int:
        """The number of chunks that hold ``token``; deleted ones do not count."""
        if not token or not len(self):
            return 0
        return int(self._searcher.search(self._term(token), 1, count=True).count)  # type: ignore[attr-defined]

    def _term(self, token: str) -> tantivy.Query:
        value = _encodable(token[:LONGEST])
        return self._tantivy.Query.term_query(self._schema, _TOKENS, value, _OPTION)


@contextlib.contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except ValueError as error:  # all that tantivy raises, a full disk too
        raise OSError(errno.EIO, f"the lexical index cannot be written: {error}") from None


@contextlib.contextmanager
def _lockable(folder: Path) -> Iterator[Path]:
    """``folder``, or where it is read-only a temporary one with links to its files.

    tantivy opens a lock file for writing even to read; once opened it has all files mapped.
    """
    if os.access(folder, os.W_OK) and os.access(folder / _LOCK, os.W_OK):
        yield folder
        return
    with tempfile.TemporaryDirectory() as aside:
        for path in folder.iterdir():
            if path.suffix != _LOCK_SUFFIX:
                (Path(aside) / path.name).symlink_to(path.absolute())
        yield Path(aside)


def _encodable(text: str) -> str:
    """What tantivy takes: no lone surrogate (a question can hold one)."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _rounded(score: float) -> float:
    """Scores are sums of float32 in an order that differs by segment: equal chunks must tie."""
    return round(score, 4)
