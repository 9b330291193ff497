"""The form of a file is seen from what is in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.errors import EvaluationError
from rag.evaluate.forms import read_any
from rag.evaluate.forms.detect import form_of
from rag.evaluate.source import Source
from tests.evaluate.test_sets import DOCUMENTS, case, written

SQUAD = {"data": [{"title": "甲"}]}


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ('{"id": 1, "turns": []}', "yinju"),
        ('\n{"kind": "feedback", "verdict": "up", "turns": ["？"]}', "feedback"),
        ('{"kind": "feedback", "turns": ["？"]}', "yinju"),
        ('{"question": "？", "positive": []}', "passages"),
        ('{"query": "？", "positive": []}', "passages"),
        (json.dumps(SQUAD), "squad"),
        (json.dumps(SQUAD, indent=1), "squad"),
        ('[{"context_text": "甲"}]', "squad"),
        ('[\n{"context_text": "甲"}\n]', "squad"),
        ("{broken", "yinju"),
        ("[1]", "yinju"),
        ("", "yinju"),
    ],
)
def test_the_first_line_that_shows_a_form_tells_it(text: str, form: str) -> None:
    assert form_of(Source(Path("any.txt"), text.encode())) == form


def test_an_own_file_comes_with_name_and_checksum_and_no_documents(tmp_path: Path) -> None:
    path = written(tmp_path, case())
    held = read_any(path, DOCUMENTS)
    assert (held.name, held.form, held.documents) == ("set", "yinju", ())
    assert len(held.checksum) == 64
    assert [q.id for q in held.questions] == ["q1"]


def test_a_file_of_no_known_form_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"set\.jsonl, line 1: not a case"):
        read_any(written(tmp_path, '{"text": "x"}'))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"none\.jsonl cannot be read"):
        read_any(tmp_path / "none.jsonl")
