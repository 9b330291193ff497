"""The weights over what is read: cases with the reader's features, and what they are fitted on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.config import Settings
from rag.evaluate.types import Gold, Question
from rag.read.builtin import BuiltinReader
from rag.read.load import load_stage
from rag.read.reading import Reading
from rag.read.stage import READ_NAMES, Stage
from rag.retrieve.features import NAMES
from rag.train.cases import passage_cases
from rag.train.ranker import Sources, _kept, train_ranker
from rag.train.reader.labelled import part, read_rows
from rag.train.reader.parts import FITTED
from tests.fakes.ranking import CHUNK_SIZE, ranker
from tests.fakes.reader import ToldReader
from tests.read.tiny import model, save_tiny_reader
from tests.train.reader.made import article, question, write_questions

LENGTH = "青江大桥全长3.6公里。"


def test_cases_have_the_features_of_both_looks() -> None:
    asked = Question(
        "q", "made", ("青江大桥有多长？",), True, ((Gold("passage#0", LENGTH),),), (("3.6公里",),),
        passages=(LENGTH + "大桥有两座塔。", "白石水库位于上游。"),
    )  # fmt: skip
    stage = Stage(ToldReader({LENGTH: Reading(5.0, 2.0, 1.0, 6, 11)}), None)
    (plain,) = passage_cases([asked], CHUNK_SIZE, ranker(), 1.0, "made")
    (read,) = passage_cases([asked], CHUNK_SIZE, ranker(), 1.0, "made", stage)
    assert {len(s.features) for s in plain.scored} == {len(NAMES)}
    assert {len(s.features) for s in read.scored} == {len(READ_NAMES)}
    assert [s.candidate.text for s in read.scored] == [s.candidate.text for s in plain.scored]
    assert read.right.tolist() == plain.right.tolist() and read.right.sum() == 1
    (right,) = [s for s, good in zip(read.scored, read.right, strict=True) if good]
    named = dict(zip(READ_NAMES, right.features.tolist(), strict=True))
    assert named["read_span"] == pytest.approx(0.5) and named["unread"] == 0.0


def test_questions_are_kept_by_the_part_that_their_passage_falls_in(tmp_path: Path) -> None:
    path = write_questions(tmp_path / "q.jsonl", 60)
    keep = _kept([path], FITTED)
    expected = {row.question for row in read_rows([path]) if part(row) in FITTED}
    kept = {str(question(i)["query"]) for i in range(60) if keep(str(question(i)["query"]))}
    assert kept == expected and 0 < len(kept) < 30
    assert not keep("另一个问题？")


def test_the_weights_that_are_written_are_those_that_the_reader_takes(tmp_path: Path) -> None:
    reader = save_tiny_reader(tmp_path / "reader")
    docs = tmp_path / "docs"
    docs.mkdir()
    lines = []
    for i in range(6):
        (docs / f"{i}.txt").write_text(f"第{i}篇\n\n{article(i)}\n", encoding="utf-8")
        known = i != 5
        quote = article(i).split("。")[1] + "。"
        lines.append({
            "id": f"q{i}", "kind": "fact", "turns": [str(question(i)["query"])],
            "answerable": known, "gold": [[{"doc": f"{i}.txt", "quote": quote}]] if known else [],
            "must": [[f"{40 + i}亿元"]] if known else [],
        })  # fmt: skip
    asked = tmp_path / "asked.jsonl"
    asked.write_text(
        "\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8"
    )
    settings = Settings(docs=docs, index=tmp_path / "index", reader="off")
    said: list[str] = []
    sources = Sources((asked,), passages=(write_questions(tmp_path / "q.jsonl", 20),))
    out = reader / "evidence.json"
    weights = train_ranker(settings, sources, out, said.append, reader)
    identity = BuiltinReader(model(), reader).identity
    assert weights.embedder == identity and weights.features == READ_NAMES
    stage = load_stage(str(reader), model())
    assert stage is not None and stage.weights is not None
    assert stage.weights.embedder == identity
    assert stage.weights.fitted_on == ("asked.jsonl", "q.jsonl")
    assert 0 < stage.weights.threshold(0.05) < 1
