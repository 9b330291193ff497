"""`rag train-reader` from end to end on made-up news, and what it says of bad input."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from rag.cli import main
from rag.errors import EmbedderError
from rag.read.builtin import BuiltinReader
from rag.train.reader import job, loop
from rag.train.reader.context import load_context
from rag.train.reader.examples import ASKED, LABELLED, SQUAD
from rag.train.reader.job import Recipe, Sources, train_reader
from rag.train.reader.shape import Noise
from tests.read.tiny import TINY, model
from tests.train.reader.made import (
    article,
    asked,
    question,
    write_asked,
    write_corpus,
    write_questions,
)

RECIPE = Recipe(steps=6, tune_steps=6, tune_rounds=2, batch=8, shard=25, shape=TINY)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_corpus(tmp_path / "news")


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    return write_questions(tmp_path / "q.jsonl")


def silent(*done: object) -> None:
    """No progress is shown."""


def said_never(line: str) -> None:
    raise AssertionError(line)


def train(corpus: Path, questions: Path, out: Path, **changes: Any) -> dict[str, float]:
    recipe = replace(RECIPE, **changes)
    return train_reader(Sources(corpus, (questions,)), out, recipe, silent, said_never)


def interrupt(monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    step, count = loop._step, [0]

    def counted(*given: Any) -> dict[str, float]:
        count[0] += 1
        if count[0] == after + 1:
            raise KeyboardInterrupt
        return step(*given)

    monkeypatch.setattr(loop, "_step", counted)


def network(out: Path) -> bytes:
    return (out / "reader.onnx").read_bytes()


def test_the_folder_is_one_that_the_reader_opens(
    corpus: Path, questions: Path, tmp_path: Path
) -> None:
    told: list[tuple[str, int, int | None]] = []
    sources = Sources(corpus, (questions,))
    figures = train_reader(
        sources, tmp_path / "mine", RECIPE, lambda *done: told.append(done), said_never
    )
    assert set(figures) == {"exact", "f1", "sentence", "auc", "auc_summary"}
    assert all(0 <= value <= 1 for value in figures.values())
    about = json.loads((tmp_path / "mine" / "reader.json").read_text(encoding="utf-8"))
    assert about["recipe"]["steps"] == 6 and about["recipe"]["shape"]["width"] == 32
    assert about["figures"] == {name: round(value, 4) for name, value in figures.items()}
    assert about["style"] == LABELLED
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
    assert network(tmp_path / "whole") == network(tmp_path / "broken")


def steps_done(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for each step from here on."""
    steps: list[int] = []
    step = loop._step

    def counted(*given: Any) -> dict[str, float]:
        steps.append(1)
        return step(*given)

    monkeypatch.setattr(loop, "_step", counted)
    return steps


def test_done_work_is_kept_but_none_of_another_recipe_corpus_or_set(
    corpus: Path, questions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps, work = steps_done(monkeypatch), tmp_path / "mine" / "work"

    def done(change: Callable[[], object] = lambda: None, **changes: Any) -> int:
        steps.clear()
        change()
        train(corpus, questions, tmp_path / "mine", **changes)
        return len(steps)

    assert done() == 12
    assert done() == 0
    assert done(tune_steps=3) == 3
    assert done(tune_noise=Noise(drop=0.3)) == done(tune_short=164) == 6
    assert done(steps=4) == 4 + 6
    assert done(seed=2) == 12
    assert done(lambda: write_questions(questions, 30)) == 6
    assert done(lambda: write_corpus(corpus, 58)) == 12
    assert done() == 0
    kept = max(work.glob("context-*.npz"), key=lambda path: path.stat().st_mtime_ns)
    before, made = kept.read_bytes(), len([*work.glob("context-*.npz")])
    assert done(shape=replace(TINY, bilinear=5)) == 12 and kept.read_bytes() == before
    assert (
        done(shape=replace(TINY, context=9)) == 12
        and len([*work.glob("context-*.npz")]) == made + 1
    )
    # Context vectors that come out otherwise are another network's.
    other = load_context(kept)
    replace(other, numbers=-other.numbers).save(kept)
    assert done() == 12
    monkeypatch.setattr(job, "FORMAT", job.FORMAT + 1)
    assert done() == 12


def test_the_seed_decides_the_weights(corpus: Path, questions: Path, tmp_path: Path) -> None:
    train(corpus, questions, tmp_path / "a")
    train(corpus, questions, tmp_path / "b")
    train(corpus, questions, tmp_path / "c", seed=2)
    a, b, c = (network(tmp_path / name) for name in "abc")
    assert a == b != c


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


def test_weights_that_are_no_numbers_are_one_error_and_no_reader(
    corpus: Path, questions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fit = loop.fit

    def broken(network: Any, *given: Any, **more: Any) -> int:
        done = fit(network, *given, **more)
        with torch.no_grad():
            network.tokens.bias[0] = float("nan")
        return done

    monkeypatch.setattr(loop, "fit", broken)
    with pytest.raises(EmbedderError, match=r"weights that are no numbers .*; train it again"):
        train(corpus, questions, tmp_path / "mine")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["work"]


# ---- questions asked of printed passages ---------------------------------------------------
def examples_of(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """Where the examples of each stage's first load come from, and those that are measured."""
    from rag.train.reader import measure

    seen: list[list[int]] = []
    fit, measured = loop.fit, measure.measure

    def fitting(network: Any, table: Any, shards: Any, steps: int, **given: Any) -> int:
        seen.append([e.source for e in shards(0)])
        return fit(network, table, shards, steps, **given)

    def measuring(network: Any, table: Any, examples: Any, style: int) -> dict[str, float]:
        seen.append([e.source for e in examples])
        return measured(network, table, examples, style)

    monkeypatch.setattr(loop, "fit", fitting)
    monkeypatch.setattr(measure, "measure", measuring)
    return seen


def test_asked_questions_are_trained_on_beside_the_labelled_and_measured(
    corpus: Path, questions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rag.train.reader.parts import REPORTED, TRAINED
    from rag.train.reader.passages import part_of, read_asked

    path = write_asked(tmp_path / "a.jsonl")
    seen = examples_of(monkeypatch)
    sources = Sources(corpus, (questions,), asked=(path,))
    figures = train_reader(sources, tmp_path / "mine", RECIPE, silent, said_never)
    names = {"exact", "f1", "sentence", "auc", "auc_summary"}
    assert set(figures) == names | {f"asked_{name}" for name in names}
    learnt, tuned, labelled, measured = seen
    assert set(labelled) <= {10, 11, 12} and 10 in labelled
    assert set(learnt) <= set(range(5)) and {10, 11, 20, 21, 22, 24} <= set(tuned)
    parts = [part_of(passage) for passage in read_asked([path], corpus, [], said_never)]
    for found, which in ((tuned, TRAINED), (measured, REPORTED)):
        held = sum(part in which for part in parts)
        assert found.count(20) == 2 * held > 0 and found.count(22) == held


def test_asked_questions_alone_are_enough(corpus: Path, tmp_path: Path) -> None:
    sources = Sources(corpus, asked=(write_asked(tmp_path / "a.jsonl"),))
    figures = train_reader(sources, tmp_path / "mine", RECIPE, silent, said_never)
    assert set(figures) == {
        f"asked_{name}" for name in ("exact", "f1", "sentence", "auc", "auc_summary")
    }
    assert BuiltinReader(model(), tmp_path / "mine").identity.startswith("reader:mine:")


def test_other_asked_questions_are_learnt_anew_and_what_the_corpus_taught_is_kept(
    corpus: Path, questions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = steps_done(monkeypatch)

    def done(*asked_of: Path) -> int:
        steps.clear()
        sources = Sources(corpus, (questions,), asked=asked_of)
        train_reader(sources, tmp_path / "mine", RECIPE, silent, said_never)
        return len(steps)

    path = tmp_path / "a.jsonl"
    assert done() == 12
    assert done(write_asked(path)) == 6
    assert done(path) == done() == 0
    assert done(write_asked(path, 39)) == 6


def test_passages_whose_articles_are_not_there_are_told_of_once_and_left_out(
    questions: Path, tmp_path: Path
) -> None:
    said: list[str] = []
    corpus = write_corpus(tmp_path / "news", 55)
    sources = Sources(corpus, (questions,), asked=(write_asked(tmp_path / "a.jsonl", 60),))
    train_reader(sources, tmp_path / "mine", RECIPE, silent, said.append)
    assert [line.split(",")[0] for line in said] == ["a.jsonl: 5 of 60 passages left out"]


def test_questions_are_counted_where_none_has_a_window(corpus: Path, tmp_path: Path) -> None:
    sources = Sources(corpus, asked=(write_asked(tmp_path / "a.jsonl", 10),))
    recipe = replace(RECIPE, tune_short=2)
    with pytest.raises(EmbedderError, match="none of 30 questions has a passage"):
        train_reader(sources, tmp_path / "mine", recipe, silent, said_never)


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
    (kept,) = (tmp_path / "mine" / "work").glob("corpus-*.pt")
    assert torch.load(kept, weights_only=True)["step"] == 3


@pytest.mark.usefixtures("small")
def test_the_command_takes_asked_questions_alone_and_beside_others(
    corpus: Path, questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held: dict[str, Any] = {"context": "甲" * 30 + "。" + article(1), "qas": []}
    squad = tmp_path / "s.json"
    squad.write_text(json.dumps({"data": [{"paragraphs": [held]}]}), encoding="utf-8")
    other = asked(1) | {"source": "squad/s.json/0/0"}
    one, two = write_asked(tmp_path / "a.jsonl"), tmp_path / "b.jsonl"
    two.write_text(json.dumps(other), encoding="utf-8")
    few = ("--steps", "2", "--tune-steps", "2", "--json")
    given = ("--asked", str(one), str(two), "--squad", str(squad))
    assert call(corpus, tmp_path / "alone", *given, *few) == 0
    alone = json.loads(capsys.readouterr().out)
    assert alone["reader"] == str(tmp_path / "alone") and "asked_exact" in alone["figures"]
    assert call(corpus, tmp_path / "both", "--passages", str(questions), *given, *few) == 0
    assert network(tmp_path / "both") != network(tmp_path / "alone")
    held["qas"] = [{"question": question(i)["query"]} for i in range(40)]
    squad.write_text(json.dumps({"data": [{"paragraphs": [held]}]}), encoding="utf-8")
    assert call(corpus, tmp_path / "squad", "--passages", str(questions), *given, *few) == 0
    styles = [
        json.loads((tmp_path / name / "reader.json").read_text(encoding="utf-8"))["style"]
        for name in ("alone", "both", "squad")
    ]
    assert styles == [ASKED, ASKED, SQUAD]


@pytest.mark.usefixtures("small")
def test_the_command_says_on_stderr_what_is_left_out(
    questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus, path = write_corpus(tmp_path / "news", 55), write_asked(tmp_path / "a.jsonl", 60)
    given = ("--passages", str(questions), "--asked", str(path), "--steps", "2", "--json")
    assert call(corpus, tmp_path / "mine", *given) == 0
    told = capsys.readouterr()
    assert told.err.startswith("a.jsonl: 5 of 60 passages left out, their texts are missing; give ")
    assert told.err.count("\n") == 1 and json.loads(told.out)["reader"] == str(tmp_path / "mine")


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


def test_asked_questions_that_cannot_be_used_are_one_line_before_anything_is_trained(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(asked(0)) + "\n" + json.dumps(asked(1) | {"passage": [0, 9]}))
    err = failed(call(corpus, tmp_path / "mine", "--asked", str(path)), capsys)
    assert "a.jsonl, line 2 is no passage with questions" in err and "inside its passage" in err
    path.write_text(json.dumps(asked(0) | {"source": "news/gone"}))
    err = failed(call(corpus, tmp_path / "mine", "--asked", str(path)), capsys)
    assert err.startswith(
        "rag: a.jsonl: 1 of 1 passages left out, their texts are missing; give --corpus"
    )
    err = failed(call(corpus, tmp_path / "mine", "--asked", str(tmp_path / "none")), capsys)
    assert "none cannot be read" in err
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


def test_each_stage_has_windows_and_noise_of_its_own(
    corpus: Path, questions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fitted: list[tuple[list[int], Noise]] = []
    fit = loop.fit

    def watched(network: Any, table: Any, shards: Any, steps: int, **given: Any) -> int:
        fitted.append(([len(e.window) for e in shards(0)], given["noise"]))
        return fit(network, table, shards, steps, **given)

    monkeypatch.setattr(loop, "fit", watched)
    train(corpus, questions, tmp_path / "all", tune_noise=Noise(drop=0.25))
    (learnt, none), (tuned, noise) = fitted
    assert (none, noise) == (Noise(), Noise(drop=0.25))
    short, tune_short = max(learnt) - 1, max(tuned) - 1
    train(corpus, questions, tmp_path / "short", short=short, tune_short=tune_short)
    assert fitted[2] == ([n for n in learnt if n <= short], Noise())
    assert fitted[3] == ([n for n in tuned if n <= tune_short], RECIPE.tune_noise)


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
