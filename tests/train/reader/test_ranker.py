"""The weights over what is read: cases with the reader's features, and what they are fitted on."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from rag.cli import main
from rag.config import Settings
from rag.errors import EmbedderError
from rag.evaluate.types import Gold, Question
from rag.read.builtin import BuiltinReader
from rag.read.load import load_stage
from rag.read.reading import Reading
from rag.read.stage import READ_NAMES, Stage
from rag.retrieve.features import NAMES
from rag.retrieve.weights import Weights
from rag.train.cases import passage_cases
from rag.train.evidence import Case
from rag.train.forest import TREES
from rag.train.ranker import Sources, _fitted, _gather, _kept, _Task, train_ranker
from rag.train.reader.labelled import part, read_rows
from rag.train.reader.parts import FITTED, REPORTED, TRAINED
from rag.train.reader.passages import part_of, read_asked
from tests.fakes.ranking import CHUNK_SIZE, ranker
from tests.fakes.reader import ToldReader
from tests.read.tiny import model, save_tiny_reader
from tests.train.reader.made import (
    article,
    asked,
    question,
    write_asked,
    write_corpus,
    write_questions,
)

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


def over_docs(tmp_path: Path) -> tuple[Path, Path]:
    """A docs folder, and a question set over it."""
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
    return docs, asked


def test_the_weights_that_are_written_are_those_that_the_reader_takes(tmp_path: Path) -> None:
    reader = save_tiny_reader(tmp_path / "reader")
    docs, asked = over_docs(tmp_path)
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
    order = stage.weights.passages
    assert order is not None and len(order.leaf) == TREES
    pooled = [line.split() for line in said if line.endswith("over all passages at once")]
    assert [name for name, *_ in pooled] == ["q.jsonl:", "questions:"]
    assert all(int(count) > 0 for _, count, *_ in pooled)
    assert 0 < stage.weights.threshold(0.05) < 1


# ---- questions asked of printed passages ---------------------------------------------------
def said_never(line: str) -> None:
    raise AssertionError(line)


def gathered(sources: Sources, path: Path) -> list[Case]:
    kept = tuple(_fitted(path, sources, said_never))
    return _gather(_Task(Settings(reader="off"), sources, None, "asked", path, asked=kept))


def test_asked_questions_are_fitted_on_but_for_those_that_figures_are_of(tmp_path: Path) -> None:
    path, corpus = write_asked(tmp_path / "a.jsonl", 20), write_corpus(tmp_path / "news")
    passages = read_asked([path], corpus, [], said_never)
    kept = [p for p in passages if part_of(p) in (*TRAINED, *FITTED)]
    assert 0 < len(kept) < len(passages)
    found = gathered(Sources((), asked=(path,), corpus=corpus), path)
    assert Counter((c.group, c.answerable) for c in found) == {
        ("asked", True): 2 * len(kept), ("asked", False): 2 * len(kept),
        ("asked-unsaid", False): len(kept),
    }  # fmt: skip
    assert {c.weight for c in found} == {0.125}
    texts = {s.candidate.text for c in found for s in c.scored}
    assert texts <= {f"{text}。" for p in kept for text in p.text.split("。")}
    for case in found:
        right = [s for s, good in zip(case.scored, case.right, strict=True) if good]
        assert len(right) == case.answerable


def test_asked_questions_of_squad_paragraphs_are_found_there(tmp_path: Path) -> None:
    squad = tmp_path / "s.json"
    held = [{"context": article(i), "qas": []} for i in range(12)]
    squad.write_text(json.dumps({"data": [{"paragraphs": held}]}), encoding="utf-8")
    lines = [json.dumps(asked(i) | {"source": f"squad/s.json/0/{i}"}) for i in range(12)]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert gathered(Sources((), squad=(squad,), asked=(path,)), path) != []
    with pytest.raises(
        EmbedderError, match=r"a\.jsonl: 12 of 12 passages left out, their texts are missing"
    ):
        gathered(Sources((), asked=(path,)), path)


def test_a_file_whose_passages_are_all_held_back_is_one_error(tmp_path: Path) -> None:
    path, corpus = write_asked(tmp_path / "a.jsonl", 20), write_corpus(tmp_path / "news")
    passages = read_asked([path], corpus, [], said_never)
    (first, *_) = [i for i, p in enumerate(passages) if part_of(p) in REPORTED]
    path.write_text(json.dumps(asked(first)), encoding="utf-8")
    with pytest.raises(
        EmbedderError, match=r"a\.jsonl is all held back for figures \(1 passages\)"
    ):
        gathered(Sources((), asked=(path,), corpus=corpus), path)


def test_the_command_fits_on_asked_questions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docs, questions = over_docs(tmp_path)
    out, corpus = tmp_path / "evidence.json", write_corpus(tmp_path / "news")
    paths = [write_asked(tmp_path / f"{name}.jsonl", 5) for name in "ab"]
    given = ["--docs", str(docs), "--index", str(tmp_path / "index"), "--out", str(out),
             "--questions", str(questions), "--corpus", str(corpus), "--asked", *map(str, paths)]  # fmt: skip
    assert main(["train-ranker", *given, "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["weights"] == str(out)
    counts = [int(line.split()[1]) for line in told.err.splitlines() if line.endswith("cases")]
    assert told.err.startswith(f"a.jsonl: {counts[0]} cases\nb.jsonl: {2 * counts[0]} cases\n")
    about = json.loads(out.read_text(encoding="utf-8"))
    assert about["fitted_on"] == ["asked.jsonl", "a.jsonl", "b.jsonl"]
    assert about["cases"] == counts[2] > 2 * counts[0] > 0
    assert Weights.read(out).passages is None


def test_a_bad_line_of_asked_questions_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docs, questions = over_docs(tmp_path)
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(asked(0) | {"text": "x"}), encoding="utf-8")
    given = ["--docs", str(docs), "--questions", str(questions), "--asked", str(path)]
    assert main(["train-ranker", *given, "--out", str(tmp_path / "out.json")]) == 1
    err = capsys.readouterr().err
    assert err.startswith("rag: a.jsonl, line 1 is no passage with questions (needs one of source")
    assert err.count("\n") == 1 and not (tmp_path / "out.json").exists()


def command(tmp_path: Path, *args: str) -> int:
    docs, questions = over_docs(tmp_path)
    given = ["--docs", str(docs), "--index", str(tmp_path / "index"), "--questions", str(questions),
             "--out", str(tmp_path / "out.json"), "--asked", str(write_asked(tmp_path / "a.jsonl", 7))]  # fmt: skip
    return main(["train-ranker", *given, *args])


def test_articles_that_are_not_all_there_are_told_in_one_line_on_stderr(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(tmp_path, "--corpus", str(write_corpus(tmp_path / "news", 5))) == 0
    first, second, *_ = capsys.readouterr().err.splitlines()
    assert first.startswith(
        "a.jsonl: 2 of 7 passages left out, their texts are missing; give --corp"
    )
    assert second.startswith("a.jsonl: ") and second.endswith(" cases")


@pytest.mark.parametrize("corpus", [False, True], ids=["no corpus", "another corpus"])
def test_articles_of_which_none_is_there_are_one_line_before_anything_is_gathered(
    corpus: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = ["--corpus", str(write_corpus(tmp_path / "news", 0))] if corpus else []
    assert command(tmp_path, *other) == 1
    err = capsys.readouterr().err
    assert err.startswith(
        "rag: a.jsonl: 7 of 7 passages left out, their texts are missing; give --corpus"
    )
    assert err.count("\n") == 1 and not (tmp_path / "out.json").exists()
