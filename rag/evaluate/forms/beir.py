"""BEIR folders: corpus.jsonl, queries.jsonl and qrels/*.tsv (Thakur et al. 2021, arXiv:2104.08663).

Queries have graded documents and no reference answers: what is measured is retrieval.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from rag.errors import EmptyInput, EvaluationError
from rag.evaluate.source import Source, checksum, read
from rag.evaluate.types import Question, QuestionSet
from rag.load.document import make_document
from rag.types import Document

CORPUS, QUERIES, QRELS = "corpus.jsonl", "queries.jsonl", "qrels"
PREFERRED = "test.tsv"


def is_beir(folder: Path) -> bool:
    """Whether a folder holds such a set."""
    return _file(folder, CORPUS) is not None and _file(folder, QUERIES) is not None


def read_beir(folder: Path) -> QuestionSet:
    """The judged queries, in the order of queries.jsonl, with the whole corpus.

    Judged are those of qrels/test.tsv, or of the only file in qrels/. A query none of whose grades
    is above 0 measures nothing and is left out. A record without text has its title as text; one
    with neither is no document. Raises EvaluationError with file, line and reason.
    """
    corpus, queries, qrels = (
        read(_file(folder, CORPUS) or folder / CORPUS),
        read(_file(folder, QUERIES) or folder / QUERIES),
        read(_qrels(folder)),
    )
    known: set[str] = set()
    documents = tuple(_documents(corpus, known))
    asked = dict(_texts(queries))
    relevance = _relevance(qrels, known, asked)
    questions = tuple(
        Question(
            id=id,
            kind=folder.name,
            turns=(text,),
            answerable=True,
            relevance=relevance[id],
            line=line,
        )
        for id, (text, line) in asked.items()
        if any(grade > 0 for grade in relevance.get(id, {}).values())
    )
    if not questions:
        raise EvaluationError(
            f"{qrels.path} judges no document relevant to a query: the question set is empty"
        )
    return QuestionSet(
        folder.name,
        "beir",
        checksum(corpus, queries, qrels),
        questions,
        documents,
    )


def _file(folder: Path, name: str) -> Path | None:
    return next((p for p in (folder / name, folder / f"{name}.gz") if p.is_file()), None)


def _qrels(folder: Path) -> Path:
    files = sorted((folder / QRELS).glob("*.tsv"))
    if len(files) == 1:
        return files[0]
    if folder / QRELS / PREFERRED in files:
        return folder / QRELS / PREFERRED
    if not files:
        raise EvaluationError(
            f"{folder / QRELS} holds no .tsv file: the queries are not judged",
            f"put the judgements there, as {PREFERRED}",
        )
    held = ", ".join(file.name for file in files)
    raise EvaluationError(
        f"{folder / QRELS} holds {held}: which judgements to use is not clear",
        f"leave one of them there, or name it {PREFERRED}",
    )


def _documents(corpus: Source, known: set[str]) -> Iterator[Document]:
    """The documents; ``known`` collects the ids of all records, empty ones too."""
    for line, record in corpus.objects("record"):
        id = _id(record, corpus.at(line))
        if id in known:
            raise EvaluationError(f"{corpus.at(line)}: the id {id} stands twice")
        known.add(id)
        title, text = (str(record.get(name) or "") for name in ("title", "text"))
        try:
            yield make_document(id, text if text.strip() else title, format="beir", title=title)
        except EmptyInput:
            continue


def _texts(queries: Source) -> Iterator[tuple[str, tuple[str, int]]]:
    """(id, (text, line)) of every query."""
    seen: set[str] = set()
    for line, record in queries.objects("query"):
        id, text = _id(record, queries.at(line)), record.get("text")
        if not isinstance(text, str) or not text.strip():
            raise EvaluationError(f"{queries.at(line)}: the query {id} has no text")
        if id in seen:
            raise EvaluationError(f"{queries.at(line)}: the id {id} stands twice")
        seen.add(id)
        yield id, (text, line)


def _id(record: Mapping[str, Any], where: str) -> str:
    id = record.get("_id")
    if not isinstance(id, (str, int)) or isinstance(id, bool) or id == "":
        raise EvaluationError(f"{where}: it has no _id")
    return str(id)


def _relevance(
    qrels: Source, documents: set[str], queries: Iterable[str]
) -> dict[str, dict[str, int]]:
    """Grades by query, then document. A first line without a grade is the header."""
    known = set(queries)
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    for number, (line, data) in enumerate(qrels.lines()):
        where = qrels.at(line)
        try:
            query, document, score = data.decode("utf-8").strip("\r\n").split("\t")
            grade = int(score)
        except ValueError:
            if number == 0 and data.count(b"\t") == 2:
                continue
            raise EvaluationError(f"{where}: not a query, a document and a whole grade") from None
        if query not in known:
            raise EvaluationError(f"{where}: there is no query {query}")
        if document not in documents:
            raise EvaluationError(f"{where}: there is no document {document} in the corpus")
        if document in grades[query]:
            raise EvaluationError(f"{where}: {document} is judged twice for the query {query}")
        grades[query][document] = grade
    return grades
