"""Written claims: read and resolved."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from rag.errors import EmbedderError
from rag.train.written import Reference, Written, read_written, resolved

NEWS = "青江大桥\u3000２024年启用。\r\n總投資40亿元𠮷。"
ROW: dict[str, Any] = {
    "id": "a1", "claim": "大桥启用。", "context": ["青江"], "verdict": "supported",
    "kind": "own/near", "refs": [["news/n7", 0, 11], ["seeds/甲.txt", 2, 4]],
}  # fmt: skip


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "news").mkdir()
    records = [{"id": "n1", "text": "无关。"}, {"id": "n7", "text": NEWS}, {"text": "没有编号。"}]
    with gzip.open(tmp_path / "news" / "a.jsonl.gz", "wt", encoding="utf-8") as out:
        out.write("\n".join(json.dumps(record) for record in records) + "\n\n")
    return tmp_path / "news"


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "甲.txt").write_bytes("一\r\n二三".encode())
    return tmp_path / "docs"


def written(path: Path, *records: dict[str, Any]) -> list[Written]:
    lines = (json.dumps(record, ensure_ascii=False) for record in records)
    path.write_text("\n".join(lines) + "\n\n", encoding="utf-8")
    return read_written([path])


def test_references_are_code_points_of_the_text_as_it_is_printed(
    tmp_path: Path, corpus: Path, docs: Path
) -> None:
    last = NEWS.index("𠮷")
    more = ROW | {"id": "a2", "refs": [["news/n7", last - 2, last + 2]]}
    rows_ = written(tmp_path / "w.jsonl", ROW, more)
    assert rows_[0].refs == (Reference("news/n7", 0, 11), Reference("seeds/甲.txt", 2, 4))
    found, missing = resolved(rows_, corpus, docs)
    assert missing == 0
    assert found[0].evidence == ("青江大桥\u3000２024年启", "\n二")
    assert found[1].evidence == ("亿元𠮷。"[-4:],)
    assert found[0].claim == ROW["claim"] and found[0].supported and found[0].refs == ()


@pytest.mark.parametrize(
    "ref",
    [
        ["news/n8", 0, 2],
        ["news/n7", 0, 999],
        ["news/n7", 5, 5],
        ["news/n7", -3, 2],
        ["seeds/乙.txt", 0, 2],
        ["seeds/../docs/甲.txt", 0, 2],
        ["other/n7", 0, 2],
    ],
    ids=str,
)
def test_what_is_not_there_is_left_out_and_counted(
    ref: list[Any], tmp_path: Path, corpus: Path, docs: Path
) -> None:
    rows_ = written(tmp_path / "w.jsonl", ROW, ROW | {"refs": [ROW["refs"][0], ref]})
    found, missing = resolved(rows_, corpus, docs)
    assert [row.id for row in found] == ["a1"] and missing == 1


def test_without_a_folder_of_documents_only_articles_are_found(
    tmp_path: Path, corpus: Path
) -> None:
    only = ROW | {"id": "a3", "refs": ROW["refs"][:1]}
    found, missing = resolved(written(tmp_path / "w.jsonl", ROW, only), corpus, None)
    assert [row.id for row in found] == ["a3"] and missing == 1


def test_written_evidence_needs_no_corpus_and_comes_back_as_it_is(tmp_path: Path) -> None:
    whole = {key: value for key, value in ROW.items() if key != "refs"}
    read = written(tmp_path / "w.jsonl", whole | {"evidence": ["大桥启用。"], "verdict": "partial"})
    found, missing = resolved(read, tmp_path / "none", None)
    assert missing == 0 and found == read
    assert found[0].evidence == ("大桥启用。",) and not found[0].supported
    assert found[0].context == ("青江",) and found[0].kind == "own/near"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"refs": [["news/n7", 0]]}, "line 1 is no claim"),
        ({"refs": []}, "one of evidence and refs"),
        ({"evidence": ["大桥启用。"]}, "one of evidence and refs"),
        ({"refs": [], "evidence": "大桥启用。"}, "lists of texts"),
        ({"verdict": None, "context": "青江"}, "lists of texts"),
    ],
    ids=str,
)
def test_a_line_that_is_no_claim_is_one_error(
    change: dict[str, Any], said: str, tmp_path: Path
) -> None:
    with pytest.raises(EmbedderError, match=said):
        written(tmp_path / "w.jsonl", ROW | change)


def test_files_that_cannot_be_read_are_one_error(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match=r"none\.jsonl cannot be read"):
        read_written([tmp_path / "none.jsonl"])
    (tmp_path / "bad.jsonl").write_text("[]\n", encoding="utf-8")
    with pytest.raises(EmbedderError, match="is no claim"):
        read_written([tmp_path / "bad.jsonl"])
