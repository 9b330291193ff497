"""The first half of a build: documents come in, are compared, segmented and stored.

One bad document never fails a build: it becomes a line of the report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from rag.errors import LoadError
from rag.index.schema import content_of
from rag.index.store_writer import StoreWriter, check
from rag.types import Chunk, Document, InputRow, Parsed

Load = Callable[[], Iterable[tuple[InputRow, Iterable[Document]]]]
"""Every input of the docs folder once, with the documents in it (none unless it is "indexed")."""

Progress = Callable[[str, int, int | None], None]
"""(stage, done, total or None): read, embed, write, check."""


@dataclass(frozen=True, slots=True)
class TextFunctions:
    """What the index needs to know of text, each a pure function.

    ``parse(document, chunk_size)`` segments; ``passage(parsed, chunk)`` is the text that is
    embedded and tokenised for a chunk (its context, a newline, its reading text); ``tokens`` gives
    lexical tokens without white space; ``sentence_key`` is equal (63 bits) for equal sentences.
    ``recipe`` names the version of them all: an index made by another one is built again.
    """

    parse: Callable[[Document, int], Parsed]
    passage: Callable[[Parsed, Chunk], str]
    tokens: Callable[[str], Sequence[str]]
    sentence_key: Callable[[str], int]
    recipe: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What the generation before holds of a document, to compare with."""

    number: int
    content: bytes
    encoding: str
    source_path: str


def known(fingerprints: Iterable[tuple[Any, ...]]) -> dict[str, Known]:
    """By document id, from :meth:`rag.index.store.SqliteCorpus.fingerprints`."""
    return {row[0]: Known(*row[1:]) for row in fingerprints}


@dataclass(slots=True)
class Intake:
    """What came in. ``kept`` are the unchanged documents, by id, that need only be copied."""

    rows: list[InputRow] = field(default_factory=list)
    kept: dict[str, int] = field(default_factory=dict)
    added: set[str] = field(default_factory=set)
    updated: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)


_Problem = tuple[Literal["skipped", "failed"], str]


def take_in(
    load: Load,
    text: TextFunctions,
    chunk_size: int,
    writer: StoreWriter,
    before: Mapping[str, Known],
    copy: bool,
    progress: Progress,
) -> Intake:
    """Store every new or changed document with ``writer``.

    ``before`` is the generation before; unchanged documents of it are only noted when ``copy``
    is true, and stored anew otherwise. Raises what ``load`` and the disk raise.
    """
    result = Intake()
    for row, documents in load():
        problems: list[_Problem] = []
        good = 0
        if row.status == "indexed":
            for document in _readable(documents, problems):
                problem = _take(document, row.path, text, chunk_size, writer, before, copy, result)
                if problem is None:
                    good += 1
                    progress("read", len(result.seen), None)
                else:
                    problems.append(problem)
            row = _outcome(row, good, problems)
        result.rows.append(row)
    return result


def _take(
    document: Document,
    source_path: str,
    text: TextFunctions,
    chunk_size: int,
    writer: StoreWriter,
    before: Mapping[str, Known],
    copy: bool,
    result: Intake,
) -> _Problem | None:
    """Store or keep one document; a problem says why neither was done."""
    if document.id in result.seen:
        return "failed", f"a second document with the id {document.id}"
    old = before.get(document.id)
    same = old is not None and (old.content, old.encoding, old.source_path) == (
        content_of(document),
        document.encoding,
        source_path,
    )
    if same and copy and old is not None:
        result.kept[document.id] = old.number
    else:
        try:
            parsed = text.parse(document, chunk_size)
            check(parsed)
        except Exception as error:
            return "failed", f"it cannot be segmented: {type(error).__name__}: {error}"
        if not parsed.chunks:
            return "skipped", "there is nothing in it to search"
        writer.add(parsed, source_path)
    result.seen.add(document.id)
    if old is None:
        result.added.add(document.id)
    elif not same:
        result.updated.add(document.id)
    return None


def _readable(documents: Iterable[Document], problems: list[_Problem]) -> Iterator[Document]:
    """The documents up to the first that cannot be read, which becomes a problem."""
    try:
        yield from documents
    except LoadError as error:
        problems.append(("failed", str(error)))


def _outcome(row: InputRow, good: int, problems: list[_Problem]) -> InputRow:
    """The input's row after all of its documents were tried."""
    if good and problems:
        note = f"{len(problems)} of {good + len(problems)} records left out: {problems[0][1]}"
        return replace(row, detail="; ".join(part for part in (row.detail, note) if part))
    if good:
        return row
    if not problems:
        return replace(row, status="skipped", reason="there is no document in it")
    failed = [reason for status, reason in problems if status == "failed"]
    if failed:
        return replace(row, status="failed", reason=failed[0])
    return replace(row, status="skipped", reason=problems[0][1])
