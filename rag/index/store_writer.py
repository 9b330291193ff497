"""Writing ``corpus.sqlite``: one transaction, indexes at the end, no journal.

A build that fails throws the file away, so SQLite need not be able to roll back.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

from rag.index.schema import INDEXES, TABLES, chunk_id, content_of, pages
from rag.types import Chunk, Document, Parsed, Section, Sentence

Row = tuple[object, ...]


class StoreWriter:
    """Builds a new file at ``path``. ``first`` is the first document number to give out.

    Raises sqlite3.Error (also for a full disk), and ValueError from :meth:`add` for a
    segmentation that does not fit its document; nothing of that document is then kept.
    """

    def __init__(self, path: Path, sentence_key: Callable[[str], int], first: int = 1) -> None:
        self._key = sentence_key
        self._next = first
        self._connection = sqlite3.connect(f"file:{quote(str(path.absolute()))}", uri=True)
        self._connection.isolation_level = None  # we say where the transaction begins
        for setting in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-65536"):
            self._connection.execute(f"PRAGMA {setting}")
        self._connection.executescript(TABLES)
        self._connection.execute("BEGIN")

    def add(self, parsed: Parsed, source_path: str) -> None:
        """Add a document with all that was found in it."""
        check(parsed)
        document, number = parsed.document, self._next
        sentences = [_sentence(number, i, s, self._key(document.text[s.start : s.end]))
                     for i, s in enumerate(parsed.sentences)]  # fmt: skip
        self._insert("documents", [_document(number, document, source_path)])
        self._insert("sections", [_section(number, i, s) for i, s in enumerate(parsed.sections)])
        self._insert("sentences", sentences)
        self.add_chunks(number, document, parsed.chunks)
        self._next += 1

    def add_chunks(self, number: int, document: Document, chunks: Sequence[Chunk]) -> None:
        """Add chunks of the document with that number."""
        self._insert("chunks", [_chunk(number, document, chunk) for chunk in chunks])

    def copy(self, previous: Path, numbers: Sequence[int]) -> None:
        """Copy whole documents, by number, from the file of the generation before."""
        run = self._connection.execute
        run("COMMIT")  # ATTACH is refused inside a transaction
        run("ATTACH ? AS old", (f"file:{quote(str(previous.absolute()))}?mode=ro&immutable=1",))
        run("BEGIN")
        run("CREATE TEMP TABLE kept (n INTEGER PRIMARY KEY)")
        self._connection.executemany("INSERT INTO kept VALUES (?)", ((n,) for n in numbers))
        for table, column in (("documents", "n"), ("sections", "doc"), ("sentences", "doc"),
                              ("chunks", "doc")):  # fmt: skip
            run(f"INSERT INTO {table} SELECT t.* FROM kept JOIN old.{table} t ON t.{column}=kept.n")
        run("DROP TABLE kept")
        run("COMMIT")
        run("DETACH old")
        run("BEGIN")

    def settle(self) -> list[str]:
        """Index the tables, then leave of equal documents only the first by id its chunks.

        Returns the ids of documents that are to be searched but have no chunks yet (the equal
        document that stood for them is gone), sorted.
        """
        for statement in INDEXES:
            self._connection.execute(statement)
        self._connection.execute(
            "CREATE TEMP TABLE searched AS SELECT n FROM documents WHERE id IN "
            "(SELECT min(id) FROM documents GROUP BY content)"
        )
        self._connection.execute("DELETE FROM chunks WHERE doc NOT IN (SELECT n FROM searched)")
        rows = self._connection.execute(
            "SELECT id FROM documents WHERE n IN (SELECT n FROM searched) "
            "AND NOT EXISTS (SELECT 1 FROM chunks WHERE doc = documents.n) ORDER BY id"
        ).fetchall()
        self._connection.execute("DROP TABLE searched")
        return [row[0] for row in rows]

    def number(self, doc: str) -> int:
        """The number of the document ``doc``."""
        row = self._connection.execute("SELECT n FROM documents WHERE id = ?", (doc,)).fetchone()
        return int(row[0])

    def commit(self) -> None:
        """End the transaction, so that others can read the file; a new one begins."""
        self._connection.execute("COMMIT")
        self._connection.execute("BEGIN")

    def close(self) -> None:
        """Close the file; what was not committed is lost."""
        self._connection.close()

    def _insert(self, table: str, rows: Sequence[Row]) -> None:
        if rows:
            marks = ",".join("?" * len(rows[0]))
            self._connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)


def check(parsed: Parsed) -> None:
    """Raise ValueError unless every span and reference lies within its document."""
    document = parsed.document
    for text in (document.id, document.title, document.date, document.text):
        text.encode()  # a lone surrogate is a UnicodeEncodeError, which is a ValueError
    for name, part in _parts(parsed):
        if not 0 <= part.start <= part.end <= len(document.text):
            raise ValueError(f"a {name} ends outside of the text ({part.start}, {part.end})")
        if not isinstance(part, Section) and not 0 <= part.section < len(parsed.sections):
            raise ValueError(f"a {name} is in section {part.section}, which does not exist")
        if isinstance(part, Chunk) and not 0 <= part.first <= part.last < len(parsed.sentences):
            raise ValueError(f"a chunk has sentences {part.first} to {part.last}")
    if len({(chunk.start, chunk.end) for chunk in parsed.chunks}) < len(parsed.chunks):
        raise ValueError("two chunks have the same span")


def _parts(parsed: Parsed) -> Iterator[tuple[str, Section | Sentence | Chunk]]:
    yield from (("section", section) for section in parsed.sections)
    yield from (("sentence", sentence) for sentence in parsed.sentences)
    yield from (("chunk", chunk) for chunk in parsed.chunks)


def _document(number: int, document: Document, source_path: str) -> Row:
    return (number, document.id, content_of(document), document.title, document.date,
            document.content_hash, document.format, document.encoding, pages(document),
            source_path.encode("utf-8", "replace").decode(), document.text)  # fmt: skip


def _section(number: int, i: int, section: Section) -> Row:
    titles = json.dumps(section.titles)
    return (number, i, section.start, section.end, titles, section.kind, section.byline,
            section.speaker)  # fmt: skip


def _sentence(number: int, i: int, sentence: Sentence, key: int) -> Row:
    return (number, i, sentence.start, sentence.end, sentence.section, sentence.heading, key)


def _chunk(number: int, document: Document, chunk: Chunk) -> Row:
    name = chunk_id(document.id, document.content_hash, chunk.start, chunk.end)
    return (name, number, chunk.start, chunk.end, chunk.section, chunk.first, chunk.last,
            chunk.context)  # fmt: skip
