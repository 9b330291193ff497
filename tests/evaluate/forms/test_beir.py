"""BEIR folders: queries, corpus and judgements that must fit one another."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from rag.errors import EvaluationError
from rag.evaluate.forms import read_any
from rag.evaluate.types import Question

CORPUS = [
    {"_id": "d1", "title": "大桥", "text": "青江大桥全长3.6公里。"},
    {"_id": "d2", "title": "水库", "text": ""},
    {"_id": "d3", "title": "", "text": ""},
]
QUERIES = [
    {"_id": "q1", "text": "大桥多长？"},
    {"_id": "q2", "text": "水库多深？"},
    {"_id": 3, "text": "？"},
]
HEADER = "query-id\tcorpus-id\tscore\n"
QRELS = HEADER + "q1\td1\t2\nq1\td3\t0\nq2\td2\t1\r\n3\td1\t0\n"


def lines(rows: list[dict[str, object]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "scifact"
    (path / "qrels").mkdir(parents=True)
    (path / "corpus.jsonl").write_text(lines(CORPUS), encoding="utf-8")  # type: ignore[arg-type]
    (path / "queries.jsonl").write_text(lines(QUERIES), encoding="utf-8")  # type: ignore[arg-type]
    (path / "qrels" / "test.tsv").write_text(QRELS, encoding="utf-8")
    return path


def test_judged_queries_are_read_with_their_grades_and_the_whole_corpus(folder: Path) -> None:
    held = read_any(folder)
    assert (held.name, held.form) == ("scifact", "beir")
    assert held.questions == (
        Question("q1", "scifact", ("大桥多长？",), True, relevance={"d1": 2, "d3": 0}, line=1),
        Question("q2", "scifact", ("水库多深？",), True, relevance={"d2": 1}, line=2),
    )
    assert [(d.id, d.title, d.text) for d in held.documents] == [
        ("d1", "大桥", "青江大桥全长3.6公里。"),
        ("d2", "水库", "水库"),
    ]


def test_a_packed_corpus_gives_the_same_set(folder: Path) -> None:
    before = read_any(folder)
    plain = folder / "corpus.jsonl"
    (folder / "corpus.jsonl.gz").write_bytes(gzip.compress(plain.read_bytes()))
    plain.unlink()
    assert read_any(folder) == before


def test_judgements_without_a_header_lose_no_line(folder: Path) -> None:
    before = read_any(folder)
    (folder / "qrels" / "test.tsv").write_text(QRELS.removeprefix(HEADER), encoding="utf-8")
    assert read_any(folder).questions == before.questions


def test_the_test_judgements_are_preferred_and_a_lone_file_will_do(folder: Path) -> None:
    qrels = folder / "qrels"
    (qrels / "dev.tsv").write_text(HEADER + "q2\td2\t1\n", encoding="utf-8")
    assert [q.id for q in read_any(folder).questions] == ["q1", "q2"]
    (qrels / "test.tsv").unlink()
    assert [q.id for q in read_any(folder).questions] == ["q2"]
    (qrels / "train.tsv").write_text(HEADER, encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"dev\.tsv, train\.tsv.*not clear"):
        read_any(folder)


@pytest.mark.parametrize(
    ("file", "content", "reason"),
    [
        ("qrels/test.tsv", HEADER + "q1\td9\t1\n", "line 2: there is no document d9"),
        ("qrels/test.tsv", HEADER + "q9\td1\t1\n", "line 2: there is no query q9"),
        ("qrels/test.tsv", HEADER + "q1\td1\thigh\n", "line 2: not a query, a document"),
        ("qrels/test.tsv", "q1 d1 1\n", "line 1: not a query, a document"),
        ("qrels/test.tsv", HEADER + "q1\td1\t1\nq1\td1\t0\n", "line 3: d1 is judged twice"),
        ("qrels/test.tsv", HEADER + "q1\td1\t0\n", "test.tsv judges no document relevant"),
        ("corpus.jsonl", lines([CORPUS[0]] * 2), "line 2: the id d1 stands twice"),  # type: ignore[list-item]
        ("corpus.jsonl", '{"text": "x"}\n', "line 1: it has no _id"),
        ("corpus.jsonl", "[]\n", "line 1: not a record"),
        ("queries.jsonl", '{"_id": "q1"}\n', "line 1: the query q1 has no text"),
        ("queries.jsonl", lines([QUERIES[0]] * 2), "line 2: the id q1 stands twice"),  # type: ignore[list-item]
    ],
)
def test_what_does_not_fit_is_named_with_file_and_line(
    folder: Path, file: str, content: str, reason: str
) -> None:
    (folder / file).write_text(content, encoding="utf-8")
    with pytest.raises(EvaluationError) as caught:
        read_any(folder)
    assert reason in str(caught.value)
    assert str(folder) in str(caught.value)


def test_a_set_without_judgements_is_named(folder: Path) -> None:
    (folder / "qrels" / "test.tsv").unlink()
    with pytest.raises(EvaluationError, match=r"qrels holds no \.tsv file.*as test\.tsv"):
        read_any(folder)


def test_bytes_that_are_no_text_are_named_by_their_line_and_not_printed(folder: Path) -> None:
    (folder / "corpus.jsonl").write_bytes(b'{"_id": "d1", "text": "' + b"x" * 500 + b'\xff"}\n')
    with pytest.raises(EvaluationError, match=r"line 1: not a record \(not UTF-8: .* 0xff\)$"):
        read_any(folder)


def test_a_folder_that_is_no_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="holds no question set"):
        read_any(tmp_path)
