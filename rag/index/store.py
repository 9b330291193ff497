"""Read access to the documents of a generation: the ``Corpus`` of :mod:`rag.types` over SQLite.

The file is opened read-only and immutable: SQLite then takes no locks and writes nothing beside it.
"""

from __future__ import annotations

import json
import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import quote

from rag.errors import IndexDamaged, UsageError
from rag.index.schema import COUNTED
from rag.types import Chunk, Document, Parsed, Place, Section, Sentence

CACHED_CHARACTERS = 16_000_000
"""Characters of document text kept in memory (the last document always is)."""


class SqliteCorpus:
    """The documents of one generation; safe for many threads.

    ``contains`` answers for lexical tokens (the lexical index knows them). Unknown documents raise
    UsageError (users name them); unknown chunks, sections and sentences KeyError.
    """

    def __init__(self, path: Path, contains: Callable[[str], bool]) -> None:
        """Raises IndexDamaged when ``path`` is no such file."""
        self.contains = contains
        self._path = path
        self._lock = Lock()
        self._numbers: dict[str, int] = {}
        self._cache: OrderedDict[int, Document] = OrderedDict()
        self._cached = 0
        try:
            self._connection = sqlite3.connect(
                f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1",
                uri=True,
                check_same_thread=False,
            )
            self._numbers = dict(self._all("SELECT id, n FROM documents"))
        except sqlite3.Error as error:
            raise self._damaged(error) from None

    def close(self) -> None:
        """Close the file; nothing can be read afterwards."""
        with self._lock:
            self._connection.close()

    def counts(self) -> dict[str, int]:
        """Rows by table."""
        return {name: self._all(f"SELECT count(*) FROM {name}")[0][0] for name in COUNTED}

    # ---- documents ---------------------------------------------------------------------------
    def ids(self) -> list[str]:
        """All document ids, sorted."""
        return sorted(self._numbers)

    def document(self, doc: str) -> Document:
        """The document ``doc`` with its text. Raises UsageError."""
        number = self._number(doc)
        with self._lock:
            if number in self._cache:
                self._cache.move_to_end(number)
                return self._cache[number]
        row = self._all(
            "SELECT id, text, content_hash, title, date, format, encoding, page_starts "
            "FROM documents WHERE n = ?",
            number,
        )[0]
        name, text, content_hash, title, date, form, encoding, starts = row
        document = Document(
            name, text, content_hash, title, date, form, encoding, tuple(json.loads(starts))
        )
        with self._lock:
            if number not in self._cache:
                self._cache[number] = document
                self._cached += len(document.text)
            while self._cached > CACHED_CHARACTERS and len(self._cache) > 1:
                _, old = self._cache.popitem(last=False)
                self._cached -= len(old.text)
        return document

    # ---- parts of a document -------------------------------------------------------------------
    def section(self, doc: str, index: int) -> Section:
        """The section ``index`` of ``doc``. Raises UsageError, KeyError."""
        rows = self._all(
            f"SELECT {_SECTION} FROM sections WHERE doc = ? AND i = ?", self._number(doc), index
        )
        if not rows:
            raise KeyError((doc, index))
        return _section(rows[0])

    def sections(self, doc: str) -> list[Section]:
        """All sections of ``doc`` in order."""
        number = self._number(doc)
        rows = self._all(f"SELECT {_SECTION} FROM sections WHERE doc = ? ORDER BY i", number)
        return [_section(row) for row in rows]

    def sentences(self, doc: str, first: int, last: int) -> list[Sentence]:
        """Sentences ``first..last`` (inclusive, clamped to the document)."""
        rows = self._all(
            'SELECT "start", "end", section, heading FROM sentences '
            "WHERE doc = ? AND i BETWEEN ? AND ? ORDER BY i",
            self._number(doc),
            first,
            last,
        )
        return [Sentence(start, end, section, bool(h)) for start, end, section, h in rows]

    def sentence_count(self, doc: str) -> int:
        """The number of sentences of ``doc``."""
        rows = self._all("SELECT count(*) FROM sentences WHERE doc = ?", self._number(doc))
        return int(rows[0][0])

    # ---- chunks ------------------------------------------------------------------------------
    def chunk(self, chunk_id: int) -> tuple[str, Chunk]:
        """The document's id and the chunk. Raises KeyError."""
        rows = self._all(
            f"SELECT d.id, {_CHUNK} FROM chunks c JOIN documents d ON d.n = c.doc WHERE c.id = ?",
            chunk_id,
        )
        if not rows:
            raise KeyError(chunk_id)
        return rows[0][0], Chunk(*rows[0][1:])

    def chunks(self, doc: str) -> list[tuple[int, Chunk]]:
        """The (chunk id, chunk) of ``doc`` in order; none where an equal document stands for it."""
        rows = self._all(
            f'SELECT c.id, {_CHUNK} FROM chunks c WHERE c.doc = ? ORDER BY c."start", c."end"',
            self._number(doc),
        )
        return [(row[0], Chunk(*row[1:])) for row in rows]

    def chunk_ids(self) -> list[tuple[str, int]]:
        """(document id, chunk id) of every chunk, by document and offset."""
        return self._all(
            "SELECT d.id, c.id FROM chunks c JOIN documents d ON d.n = c.doc "
            'ORDER BY d.id, c."start", c."end"'
        )

    def parsed(self, doc: str) -> Parsed:
        """The document as it was segmented (no chunks where an equal document stands for it)."""
        return Parsed(
            self.document(doc),
            tuple(self.sections(doc)),
            tuple(self.sentences(doc, 0, self.sentence_count(doc))),
            tuple(chunk for _, chunk in self.chunks(doc)),
        )

    # ---- repeats -----------------------------------------------------------------------------
    def repeats(self, doc: str, sentence: int, limit: int = 100) -> list[Place]:
        """At most ``limit`` other places that print the same sentence, by document and offset."""
        rows = self._all(
            'SELECT d.id, s."start", s."end" FROM sentences s JOIN documents d ON d.n = s.doc '
            'WHERE s."key" = (SELECT "key" FROM sentences WHERE doc = ?1 AND i = ?2) '
            'AND NOT (s.doc = ?1 AND s.i = ?2) ORDER BY d.id, s."start" LIMIT ?3',
            self._number(doc),
            sentence,
            limit,
        )
        return [Place(*row) for row in rows]

    # ---- SQLite ------------------------------------------------------------------------------
    def fingerprints(self) -> Iterator[tuple[Any, ...]]:
        """(id, n, content, encoding, source_path) of each document: what a build compares."""
        yield from self._all("SELECT id, n, content, encoding, source_path FROM documents")

    def _number(self, doc: str) -> int:
        try:
            return self._numbers[doc]
        except KeyError:
            raise UsageError(
                f"there is no document {doc!r} in the index", "check its name or run `rag index`"
            ) from None

    def _all(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock, closing(self._connection.execute(statement, values)) as cursor:
            return cursor.fetchall()

    def _damaged(self, error: sqlite3.Error) -> IndexDamaged:
        return IndexDamaged(
            f"the index is damaged: {self._path}: {error}", "run `rag index --rebuild`"
        )


_SECTION = '"start", "end", titles, kind, byline, speaker'
_CHUNK = 'c."start", c."end", c.section, c."first", c."last", c.context'


def _section(row: tuple[Any, ...]) -> Section:
    start, end, titles, kind, byline, speaker = row
    return Section(start, end, tuple(json.loads(titles)), kind, byline, speaker)
