"""`rag train-reader` from end to end on made-up news, and what it says of bad input."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.cli import main
from rag.errors import EmbedderError
from rag.read.builtin import BuiltinReader
from rag.train.reader import loop
from rag.train.reader.job import Recipe, train_reader
from tests.read.tiny import TINY, model
from tests.train.reader.made import article, write_corpus, write_questions

RECIPE = Recipe(steps=6, tune_steps=6, tune_rounds=2, batch=8, shard=25, shape=TINY)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_corpus(tmp_path / "news")


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    return write_questions(tmp_path / "q.jsonl")


def train(corpus: Path, questions: Path, out: Path, **changes: Any) -> dict[str, float]:
    recipe = replace(RECIPE, **changes)
    return train_reader(corpus, [questions], [], out, recipe, lambda *done: None)


def interrupt(monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    step, count = loop._step, [0]

    def counted(*given: Any) -> dict[str, float]:
        count[0] += 1
        if count[0] == after + 1:
            raise KeyboardInterrupt
        return step(*given)

    monkeypatch.setattr(loop, "_step", counted)


def weights(out: Path) -> dict[str, Any]:
    with np.load(out / "weights.npz") as held:
        return {name: held[name] for name in held.files}


def test_the_folder_is_one_that_the_reader_opens(
    corpus: Path, questions: Path, tmp_path: Path
) -> None:
    told: list[tuple[str, int, int | None]] = []
    figures = train_reader(
        corpus, [questions], [], tmp_path / "mine", RECIPE, lambda *done: told.append(done)
    )
    assert set(figures) == {"exact", "f1", "sentence", "auc", "auc_summary"}
    assert all(0 <= value <= 1 for value in figures.values())
    about = json.loads((tmp_path / "mine" / "reader.json").read_text(encoding="utf-8"))
    assert about["recipe"]["steps"] == 6 and about["recipe"]["shape"]["width"] == 32
    assert about["figures"] == {name: round(value, 4) for name, value in figures.items()}
    reader = BuiltinReader(model(), tmp_path / "mine")
    (readings,) = reader.read("青江大桥的总投资是多少？", [[article(0)]])
    assert 0 <= readings[0].start < readings[0].end <= len(article(0))
    examples = [done for done in told if done[0] == "examples"]
    assert examples == [("examples", start, 60) for start in (0, 25, 50)]


def test_broken_off_and_run_again_it_ends_with_the_same_weights(
    corpus: Path, questions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(corpus, questions, tmp_path / "whole")
    for after in (2, 7):  # while learning from the corpus, then from the questions
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            interrupt(patch, after)
            train(corpus, questions, tmp_path / "broken")
        assert not (tmp_path / "broken" / "reader.json").exists()
    kept = sorted(p.name.split("-")[0] for p in (tmp_path / "broken" / "work").glob("*.pt"))
    assert kept == ["corpus", "questions"]
    train(corpus, questions, tmp_path / "broken")
    one, other = weights(tmp_path / "whole"), weights(tmp_path / "broken")
    assert one.keys() == other.keys()
    assert [name for name in one if not np.array_equal(one[name], other[name])] == []


def test_done_work_is_kept_but_none_of_another_recipe_corpus_or_set(
    corpus: Path, questions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[int] = []
    step = loop._step

    def counted(*given: Any) -> dict[str, float]:
        steps.append(1)
        return step(*given)

    monkeypatch.setattr(loop, "_step", counted)

    def done(change: Callable[[], object] = lambda: None, **changes: Any) -> int:
        steps.clear()
        change()
        train(corpus, questions, tmp_path / "mine", **changes)
        return len(steps)

    assert done() == 12
    assert done() == 0
    assert done(tune_steps=3) == 3
    assert done(tune_drop=0.3) == done(tune_short=164) == 6
    assert done(steps=4) == 4 + 6
    assert done(seed=2) == 12
    assert done(lambda: write_questions(questions, 30)) == 6
    assert done(lambda: write_corpus(corpus, 58)) == 12
    assert done() == 0


def test_the_seed_decides_the_weights(corpus: Path, questions: Path, tmp_path: Path) -> None:
    train(corpus, questions, tmp_path / "a")
    train(corpus, questions, tmp_path / "b")
    train(corpus, questions, tmp_path / "c", seed=2)
    a, b, c = (weights(tmp_path / name)["project.weight"] for name in "abc")
    assert np.array_equal(a, b) and not np.array_equal(a, c)


def test_questions_that_all_are_trained_on_leave_no_figure(
    corpus: Path, questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from rag.train.reader.labelled import part, read_rows
    from rag.train.reader.parts import TRAINED

    kept = [part(row) in TRAINED for row in read_rows([questions])]
    lines = questions.read_text(encoding="utf-8").splitlines()
    few = [line for line, wanted in zip(lines, kept, strict=True) if wanted]
    questions.write_text("\n".join(few), encoding="utf-8")
    assert train(corpus, questions, tmp_path / "mine") == {}
    assert BuiltinReader(model(), tmp_path / "mine").identity.startswith("reader:mine:")


# ---- the command ---------------------------------------------------------------------------
@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command's own recipe with a small network."""
    from rag.train.reader import job

    def made(**given: Any) -> Recipe:
        return replace(RECIPE, **given)

    monkeypatch.setattr(job, "Recipe", made)


def call(corpus: Path, out: Path, *args: str) -> int:
    return main(["train-reader", "--corpus", str(corpus), "--out", str(out), *args])


@pytest.mark.usefixtures("small")
def test_the_command_says_what_it_wrote_and_what_comes_next(
    corpus: Path, questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ("--passages", str(questions), "--steps", "2", "--tune-steps", "2", "--seed", "5")
    assert call(corpus, tmp_path / "mine", *given) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith(f"已写入 {tmp_path / 'mine'}：exact 0.")
    assert f"rag train-ranker --reader {tmp_path / 'mine'}" in second
    assert call(corpus, tmp_path / "mine", *given, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["reader"] == str(tmp_path / "mine") and "auc" in said["figures"]
    about = json.loads((tmp_path / "mine" / "reader.json").read_text(encoding="utf-8"))
    assert (about["recipe"]["steps"], about["recipe"]["seed"]) == (2, 5)


@pytest.mark.usefixtures("small")
def test_an_interruption_is_one_line_and_keeps_the_checkpoint(
    corpus: Path, questions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    interrupt(monkeypatch, 3)
    assert call(corpus, tmp_path / "mine", "--passages", str(questions)) == 130
    assert capsys.readouterr().err == "rag: interrupted\n"
    import torch

    (kept,) = (tmp_path / "mine" / "work").glob("corpus-*.pt")
    assert torch.load(kept, weights_only=True)["step"] == 3


def failed(code: int, capsys: pytest.CaptureFixture[str]) -> str:
    err = capsys.readouterr().err
    assert code in (1, 2) and err.count("\n") == 1 and "Traceback" not in err
    return err


@pytest.mark.parametrize(("count", "said"), [(0, "0 articles"), (1, "1 articles"), (49, "49 art")])
def test_too_few_articles_are_one_line(
    count: int, said: str, questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = write_corpus(tmp_path / "few", count)
    err = failed(call(corpus, tmp_path / "mine", "--passages", str(questions)), capsys)
    assert said in err and "give at least 50" in err


def test_no_corpus_is_one_line(
    questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ("--passages", str(questions))
    assert "no .jsonl" in failed(call(tmp_path / "none", tmp_path / "mine", *given), capsys)
    (tmp_path / "empty").mkdir()
    assert "no .jsonl" in failed(call(tmp_path / "empty", tmp_path / "mine", *given), capsys)


def test_articles_without_anything_to_ask_for_are_one_line(
    questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bare").mkdir()
    lines = "\n".join(json.dumps({"text": f"天气很好{'啊' * (i % 5)}。"}) for i in range(50))
    (tmp_path / "bare" / "a.jsonl").write_text(lines, encoding="utf-8")
    given = ("--passages", str(questions))
    assert "no sentence" in failed(call(tmp_path / "bare", tmp_path / "mine", *given), capsys)


def test_no_questions_are_one_line_before_anything_is_trained(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "needs questions" in failed(call(corpus, tmp_path / "mine"), capsys)
    (tmp_path / "q.jsonl").write_text("", encoding="utf-8")
    given = ("--passages", str(tmp_path / "q.jsonl"))
    assert "none of 0 questions" in failed(call(corpus, tmp_path / "mine", *given), capsys)
    given = ("--passages", str(tmp_path / "none.jsonl"))
    assert "none.jsonl" in failed(call(corpus, tmp_path / "mine", *given), capsys)
    assert not (tmp_path / "mine").exists()


def test_questions_whose_passages_do_not_hold_their_answers_are_one_error(
    corpus: Path, questions: Path, tmp_path: Path
) -> None:
    lines = [json.loads(line) for line in questions.read_text(encoding="utf-8").splitlines()]
    wrong = (json.dumps(line | {"answer": ["九霄云外"]}) for line in lines)
    questions.write_text("\n".join(wrong), encoding="utf-8")
    with pytest.raises(EmbedderError, match="none of 40 questions has a passage that holds its"):
        train(corpus, questions, tmp_path / "mine")
    assert list((tmp_path / "mine" / "work").glob("*.pt")) == []


def test_each_stage_has_windows_and_dropout_of_its_own(
    corpus: Path, questions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fitted: list[tuple[list[int], float]] = []
    fit = loop.fit

    def watched(network: Any, table: Any, shards: Any, steps: int, **given: Any) -> int:
        fitted.append(([len(e.window) for e in shards(0)], given["drop"]))
        return fit(network, table, shards, steps, **given)

    monkeypatch.setattr(loop, "fit", watched)
    train(corpus, questions, tmp_path / "all", tune_drop=0.25)
    (learnt, none), (tuned, drop) = fitted
    assert (none, drop) == (0.0, 0.25)
    short, tune_short = max(learnt) - 1, max(tuned) - 1
    train(corpus, questions, tmp_path / "short", short=short, tune_short=tune_short)
    assert fitted[2] == ([n for n in learnt if n <= short], 0.0)
    assert fitted[3] == ([n for n in tuned if n <= tune_short], 0.1)


def test_questions_whose_windows_are_all_longer_than_they_may_be_are_one_error(
    corpus: Path, questions: Path, tmp_path: Path
) -> None:
    with pytest.raises(EmbedderError, match="in a window of at most 2 tokens; make more"):
        train(corpus, questions, tmp_path / "mine", tune_short=2)
    assert list((tmp_path / "mine" / "work").glob("*.pt")) == []


def test_windows_all_longer_than_short_are_one_error(
    corpus: Path, questions: Path, tmp_path: Path
) -> None:
    with pytest.raises(EmbedderError, match="nothing to train the reader on"):
        train(corpus, questions, tmp_path / "mine", short=2)
