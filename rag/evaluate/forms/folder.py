"""A folder that `rag eval-set build` made: questions with the documents they are asked about.

set.json (what it was built from), and questions.jsonl with corpus.jsonl.gz in this project's own
form, or passages.jsonl in the form of :mod:`rag.evaluate.forms.passages`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from rag.errors import EmptyInput, EvaluationError
from rag.evaluate.forms.passages import COUNT, NOISE, read_passages
from rag.evaluate.sets import own_questions
from rag.evaluate.source import Source, checksum, loads, read, reason
from rag.evaluate.types import QuestionSet
from rag.load.document import make_document
from rag.types import Document

ABOUT, QUESTIONS, CORPUS, PASSAGES = (
    "set.json",
    "questions.jsonl",
    "corpus.jsonl.gz",
    "passages.jsonl",
)


def is_built(folder: Path) -> bool:
    """Whether a folder holds such a set."""
    return (folder / ABOUT).is_file()


def read_built(folder: Path, *, count: int = COUNT, noise: float = NOISE) -> QuestionSet:
    """The set, its files as they were built.

    Raises EvaluationError where a file is missing or another than was written, and with file, line
    and reason where a line is wrong.
    """
    about = describe(folder)
    sources = {name: _checked(folder / name, digest) for name, digest in about["files"].items()}
    if PASSAGES in sources:
        made = read_passages(sources[PASSAGES], count=count, noise=noise)
        return replace(made, name=made.name.replace(Path(PASSAGES).stem, folder.name, 1))
    if not {QUESTIONS, CORPUS} <= sources.keys():
        raise damaged(folder / ABOUT, "it names no questions")
    documents = {document.id: document for document in _documents(sources[CORPUS])}
    texts = {id: document.text for id, document in documents.items()}
    questions = own_questions(sources[QUESTIONS], texts)
    return QuestionSet(
        folder.name,
        "yinju",
        checksum(*sources.values()),
        tuple(questions),
        tuple(documents.values()),
    )


def describe(folder: Path) -> dict[str, Any]:
    """What set.json says: recipe, counts, files {name: SHA-256 of the unpacked content}."""
    path = folder / ABOUT
    try:
        about = loads(read(path).data)
        if not isinstance(about["files"], dict):
            raise ValueError("it names no files")
    except (ValueError, KeyError, TypeError) as error:
        raise damaged(path, reason(error)) from None
    return dict(about)


def damaged(path: Path, why: str) -> EvaluationError:
    """The error for a file of a built set that is not what was written."""
    return EvaluationError(
        f"{path} is damaged ({why})", "build the set again: `rag eval-set build`"
    )


def _checked(path: Path, digest: Any) -> Source:
    source = read(path)
    if hashlib.sha256(source.data).hexdigest() != digest:
        raise damaged(path, "its checksum is another")
    return source


def _documents(corpus: Source) -> Iterator[Document]:
    for line, record in corpus.objects("record"):
        try:
            yield make_document(
                str(record["id"]),
                record["text"],
                format="jsonl",
                title=str(record.get("title", "")),
                date=str(record.get("date", "")),
            )
        except (KeyError, TypeError, EmptyInput) as error:
            raise EvaluationError(f"{corpus.at(line)}: not a document ({reason(error)})") from None
