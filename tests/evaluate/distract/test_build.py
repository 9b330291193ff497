"""Sets with distractors: deterministic, cached, whole or not there, and true to what they claim."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from rag.errors import EvaluationError
from rag.evaluate.distract import build
from rag.evaluate.forms import read_any
from rag.evaluate.types import QuestionSet
from tests.evaluate.distract.made import recipe, write_world


@pytest.fixture
def world(tmp_path: Path) -> Path:
    write_world(tmp_path)
    return tmp_path


def held(world: Path, **changes: Any) -> QuestionSet:
    build(recipe(world, **changes), world / "set")
    return read_any(world / "set")


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_set_is_asked_of_its_own_corpus(world: Path) -> None:
    made = held(world)
    assert (made.name, made.form) == ("set", "yinju")
    assert [len(made.questions), sum(not q.answerable for q in made.questions)] == [5, 2]
    texts = {d.id: d.text for d in made.documents}
    for question in made.questions:
        for gold in (gold for group in question.gold for gold in group):
            assert texts[gold.doc].startswith(gold.quote, gold.start or 0)
        assert question.kind == ("squad" if question.answerable else "unanswerable")


def test_no_document_near_an_unanswerable_question_prints_its_answer(world: Path) -> None:
    """About the bridge a news article prints both answers; it goes, the other about it stays."""
    for seed in range(6):
        made = held(world, seed=seed, questions=4, unanswerable=0.5, articles=9)
        lost = {q.id for q in made.questions if not q.answerable}
        ids = {d.id for d in made.documents}
        if lost == {"大桥-0", "大桥-1"}:
            assert ids & {"squad.json#大桥", "b.jsonl#n1"} == set()
            assert "b.jsonl#n2" in ids
            break
    else:
        raise AssertionError("no seed took the bridge")


def test_the_same_recipe_gives_the_same_bytes_and_another_seed_another_set(world: Path) -> None:
    build(recipe(world), world / "one")
    build(recipe(world), world / "two")
    assert content(world / "one") == content(world / "two")
    questions = {repr(held(world, seed=seed).questions) for seed in range(4)}
    assert len(questions) > 1


def test_what_is_built_is_left_as_it_is(world: Path) -> None:
    first = build(recipe(world), world / "set")
    stamp = (world / "set" / "set.json").stat()
    again = build(recipe(world), world / "set")
    assert (first.already, again.already) == (False, True)
    assert first.counts == again.counts == {"questions": 5, "unanswerable": 2, "documents": 8}
    assert (world / "set" / "set.json").stat() == stamp


def test_another_recipe_changed_sources_or_damage_build_again(world: Path) -> None:
    out = world / "set"
    build(recipe(world), out)
    assert not build(recipe(world, seed=8), out).already
    with (world / "news" / "b.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"id": "n9", "text": "新的一篇。"}\n')
    assert not build(recipe(world, seed=8), out).already
    (out / "questions.jsonl").write_text("", encoding="utf-8")
    assert not build(recipe(world, seed=8), out).already
    assert build(recipe(world, seed=8), out).already


def test_a_damaged_set_is_named(world: Path) -> None:
    build(recipe(world), world / "set")
    (world / "set" / "questions.jsonl").write_text("{}\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"questions\.jsonl is damaged"):
        read_any(world / "set")
    (world / "set" / "questions.jsonl").unlink()
    with pytest.raises(EvaluationError, match=r"questions\.jsonl cannot be read"):
        read_any(world / "set")
    for about in ("{", '{"files": {}}', '{"files": 3}'):
        (world / "set" / "set.json").write_text(about, encoding="utf-8")
        with pytest.raises(EvaluationError, match=r"set\.json is damaged"):
            read_any(world / "set")


def test_an_interrupted_build_leaves_the_old_set_and_no_litter(world: Path) -> None:
    build(recipe(world), world / "set")
    before = content(world / "set")

    def interrupt(stage: str, done: int, total: int | None) -> None:
        if stage == "write":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(recipe(world, seed=8), world / "set", interrupt)
    assert content(world / "set") == before
    assert sorted(os.listdir(world)) == ["asked.jsonl", "news", "set", "squad.json"]


def test_a_folder_with_something_else_in_it_is_not_touched(world: Path) -> None:
    with pytest.raises(EvaluationError, match="something else than a built set"):
        build(recipe(world), world / "news")
    with pytest.raises(EvaluationError, match="something else than a built set"):
        build(recipe(world), world / "squad.json")


def test_an_empty_folder_is_filled(world: Path) -> None:
    (world / "set").mkdir()
    assert len(held(world).questions) == 5


def test_news_questions_stand_on_the_articles_that_answer_them(world: Path) -> None:
    made = held(
        world, squad=(), news_questions=world / "asked.jsonl", questions=2, unanswerable=0.0, articles=6
    )  # fmt: skip
    assert {
        (q.id, q.kind, q.turns[0], tuple((g.doc, g.quote) for g in q.gold[0]), q.answers)
        for q in made.questions
    } == {
        (
            "asked-1", "asked", "乒乓球公开赛有多少名选手参赛？",
            (("a.jsonl.gz#n4", "乒乓球公开赛昨日在东港市开幕，共有120名选手参赛。"),), ("120名",),
        ),
        (
            "asked-2", "asked", "东港市新建公园多少座？",
            (("a.jsonl.gz#n5", "东港市新建公园18座，市民称好。"),), ("18座",),
        ),
    }  # fmt: skip
    assert {d.date for d in made.documents} == {"2023-08-01"}


def test_passages_come_with_near_ones_without_the_answer(world: Path) -> None:
    out = world / "set"
    build(recipe(world, passages=True, articles=0, questions=6, unanswerable=0.0), out)
    rows = {
        row["id"]: row
        for row in map(
            json.loads, (out / "passages.jsonl").read_text(encoding="utf-8").splitlines()
        )
    }
    bridge = rows["大桥-0"]
    assert bridge["query"] == "大桥全长多少？"
    assert bridge["answer"] == ["3.6公里"]
    assert bridge["positive"] == ["青江大桥全长3.6公里，2019年建成通车，由林远设计。"]
    assert bridge["negative"][0] == "青江大桥今晚亮灯，市民前来观看。大桥夜景很美。"
    assert not any("3.6公里" in text for text in bridge["negative"])
    made = read_any(out, count=2, noise=0.5)
    assert (made.form, made.name) == ("passages", "set (2 × 0.5)")
    assert all(len(q.passages) <= 2 and q.gold for q in made.questions)


def test_passages_without_the_answer_make_a_question_unanswerable(world: Path) -> None:
    made = held(world, passages=True, articles=0, questions=4, unanswerable=0.5)
    assert sorted(q.answerable for q in made.questions) == [False, False, True, True]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"questions": 60}, "questions to choose from, not 60"),
        ({"articles": 1, "unanswerable": 0.0}, "the questions need 3 documents, more than 1"),
        ({"squad": ()}, "there are no questions"),
        ({"questions": 0}, "cannot be built"),
        ({"unanswerable": 1.5}, "cannot be built"),
    ],
)
def test_what_cannot_be_built_is_named(world: Path, changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(EvaluationError, match=reason):
        build(recipe(world, **changes), world / "set")
    assert not (world / "set").exists()


def test_bad_sources_are_named_with_file_and_line(world: Path) -> None:
    (world / "news" / "c.jsonl").write_text('{"id": 1, "text": "甲"}\n{"id": 1, "text": "乙"}\n')
    with pytest.raises(EvaluationError, match=r"c\.jsonl, line 2: not an article .*stands twice"):
        held(world)
    (world / "news" / "c.jsonl").write_text('{"id": 1, "text": null}\n')
    with pytest.raises(EvaluationError, match=r"c\.jsonl, line 1: not an article"):
        held(world)
    (world / "news" / "c.jsonl").write_text('{"id": 1, "text": " "}\n')  # empty: left out
    assert len(held(world).questions) == 5
    (world / "asked.jsonl").write_text('{"question": "？"}\n')
    with pytest.raises(
        EvaluationError, match=r"asked\.jsonl, line 1: it has no question or no answer"
    ):
        held(world, news_questions=world / "asked.jsonl")
    (world / "empty").mkdir()
    with pytest.raises(EvaluationError, match=r"holds no \.jsonl"):
        held(world, news=world / "empty")


def test_two_files_with_one_question_id_are_named(world: Path) -> None:
    (world / "copy.json").write_bytes((world / "squad.json").read_bytes())
    with pytest.raises(EvaluationError, match="stands in two files"):
        held(world, squad=(world / "squad.json", world / "copy.json"))
    with pytest.raises(EvaluationError, match="two files have the same name"):
        held(world, squad=(world / "squad.json",) * 2)


def test_progress_is_reported_by_stage(world: Path) -> None:
    stages: list[str] = []
    build(recipe(world), world / "set", lambda stage, done, total: stages.append(stage))
    assert list(dict.fromkeys(stages)) == ["tokenise", "check", "write"]
