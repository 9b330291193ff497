"""Pins: a set says for which version of the documents it was written."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from rag.errors import EvaluationError
from rag.evaluate.forms import read_any
from rag.evaluate.pins import pin, sidecar
from rag.evaluate.sets import read_set
from tests.evaluate.test_sets import DOCUMENTS, ROOT, case, seeds, written


@pytest.fixture
def pinned(tmp_path: Path) -> Path:
    path = written(tmp_path, case())
    pin(path, DOCUMENTS)
    return path


def test_the_sidecar_holds_the_checksum_of_every_document(pinned: Path) -> None:
    assert sidecar(pinned).name == "set.documents.json"
    pins = json.loads(sidecar(pinned).read_text(encoding="utf-8"))
    assert pins == {id: hashlib.sha256(t.encode()).hexdigest() for id, t in DOCUMENTS.items()}


def test_the_documents_that_were_pinned_are_accepted_and_others_beside_them(pinned: Path) -> None:
    documents = DOCUMENTS | {"new.txt": "新的"}
    assert [q.id for q in read_set(pinned, documents)] == ["q1"]
    assert [q.id for q in read_any(pinned, documents).questions] == ["q1"]


@pytest.mark.parametrize(
    ("documents", "state"),
    [
        (DOCUMENTS | {"b.txt": "白石水库不深。"}, "another version of b.txt, which has changed"),
        ({"a.txt": DOCUMENTS["a.txt"]}, "another version of b.txt, which is not among"),
    ],
)
def test_another_version_is_named_with_what_to_do(
    pinned: Path, documents: dict[str, str], state: str
) -> None:
    for reader in (read_set, read_any):
        with pytest.raises(EvaluationError) as caught:
            reader(pinned, documents)
        assert state in caught.value.what
        assert f"rag eval-set pin {pinned}" in caught.value.do


def test_the_version_is_checked_before_the_quotes(pinned: Path) -> None:
    with pytest.raises(EvaluationError, match=r"another version of a\.txt"):
        read_set(pinned, DOCUMENTS | {"a.txt": "别的。"})


def test_without_documents_nothing_is_checked(pinned: Path) -> None:
    sidecar(pinned).write_text("{", encoding="utf-8")
    assert len(read_set(pinned)) == 1


@pytest.mark.parametrize("content", ["{", "[]", '{"a.txt": 3}'])
def test_a_damaged_sidecar_is_named(pinned: Path, content: str) -> None:
    sidecar(pinned).write_text(content, encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"set\.documents\.json is damaged"):
        read_set(pinned, DOCUMENTS)


def test_a_sidecar_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"set\.documents\.json cannot be written"):
        pin(tmp_path / "none" / "set.jsonl", DOCUMENTS)


@pytest.mark.parametrize("name", ["seeds", "seeds_test"])
def test_the_sets_of_the_repository_are_pinned_to_the_seeds(name: str) -> None:
    pins = json.loads((ROOT / "eval" / f"{name}.documents.json").read_text(encoding="utf-8"))
    assert pins == {id: hashlib.sha256(t.encode()).hexdigest() for id, t in seeds().items()}
