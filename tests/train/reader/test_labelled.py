"""Examples from questions with known answers."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rag.errors import EmbedderError
from rag.text.normalise import fold_text
from rag.train.reader.examples import style
from rag.train.reader.labelled import (
    PARTS,
    SIBLINGS,
    Row,
    of_row,
    of_rows,
    part,
    read_rows,
    shortened,
)
from rag.train.reader.parts import FITTED, REPORTED, TRAINED
from tests.train.reader.made import article, material, question, text_of, write_questions

ANSWERS = ("40亿元",)


def row(**changes: object) -> Row:
    given: dict[str, object] = {"answers": ANSWERS, "positive": (article(0),), "negative": ()}
    return Row("青江大桥的总投资是多少？", **(given | changes))  # type: ignore[arg-type]


# ---- reading -------------------------------------------------------------------------------
def test_rows_are_read_in_order_and_blank_lines_are_none(tmp_path: Path) -> None:
    path = write_questions(tmp_path / "q.jsonl", 3)
    path.write_text(path.read_text(encoding="utf-8") + "\n \n", encoding="utf-8")
    rows = read_rows([path, path])
    assert len(rows) == 6
    assert rows[0] == Row(
        "青江大桥的总投资是多少？", ANSWERS, (article(0),), (article(1), article(7))
    )


def test_an_answer_alone_and_lists_in_lists_are_read_as_well(tmp_path: Path) -> None:
    line = {"question": "多少？", "answer": "40亿元", "positive": [["a"], ["b"]], "negative": []}
    (tmp_path / "q.jsonl").write_text(json.dumps(line), encoding="utf-8")
    assert read_rows([tmp_path / "q.jsonl"]) == [Row("多少？", ANSWERS, ("a", "b"), ())]


def test_questions_that_no_passage_answers_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text(json.dumps(question(0) | {"positive": []}), encoding="utf-8")
    assert read_rows([tmp_path / "q.jsonl"]) == []


@pytest.mark.parametrize(
    "line",
    ["{", "[]", "{}", '"x"', "\ud83d", json.dumps(question(0) | {"answer": 40}),
     json.dumps(question(0) | {"positive": [1]}), json.dumps(question(0) | {"negative": None})],
)  # fmt: skip
def test_a_file_of_another_form_is_one_error(line: str, tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_bytes(line.encode("utf-8", "surrogatepass"))
    with pytest.raises(EmbedderError, match=r"q\.jsonl is no set of questions with passages"):
        read_rows([path])


def test_a_missing_file_is_one_error(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match="rag eval-set build --passages"):
        read_rows([tmp_path / "none.jsonl"])


# ---- siblings ------------------------------------------------------------------------------
def squad(path: Path, *paragraphs: str) -> Path:
    asked = [{"question": str(question(0)["query"]), "answers": []}]
    held = [{"context": p, "qas": asked if i == 0 else []} for i, p in enumerate(paragraphs)]
    path.write_text(json.dumps({"data": [{"paragraphs": held}]}), encoding="utf-8")
    return path


FAR = "这一段讲的是别的事情，和前面没有关系，只是写得很长，好让它够得上六十个字，还要再写下去，直到写够为止，天气也好，还有大风。"
NEAR = (
    "青江大桥的总投资曾经调整，青江大桥的总投资究竟是多少，当"
    "时众说纷纭，没有定论，各方说法不一，直到最后才有人向社会作了说明。"
)
HOLDING = NEAR + "青江大桥总投资40亿元。"


def test_siblings_come_before_other_negatives_nearest_first(tmp_path: Path) -> None:
    path = write_questions(tmp_path / "q.jsonl", 2)
    (first, second) = read_rows([path], [squad(tmp_path / "s.json", article(0), FAR, NEAR)])
    assert first.negative == (NEAR, FAR, article(1), article(7))
    assert second.negative == (article(2), article(8))


def test_each_file_in_squad_form_has_a_style_of_its_own_up_to_the_last(tmp_path: Path) -> None:
    path = write_questions(tmp_path / "q.jsonl", 2)
    other = tmp_path / "other.json"
    other.write_text('{"data": []}', encoding="utf-8")
    own = squad(tmp_path / "s.json", article(0), FAR)
    (first, second) = read_rows([path], [own])
    assert (first.source, second.source) == (30, 10)
    found = list(of_row(first, material(), rng()))
    assert [e.source for e in found][:3] == [30, 31, 31]
    assert [style(e.source) for e in found][:3] == [3, 3, 3]
    assert read_rows([path], [other, other, own])[0].source == 50
    assert read_rows([path], [*[other] * 9, own])[0].source == 70


def test_no_sibling_holds_the_answer_and_short_ones_are_none(tmp_path: Path) -> None:
    path = write_questions(tmp_path / "q.jsonl", 1)
    folded = HOLDING.replace("40", "４０").replace("亿", "億")
    (found,) = read_rows([path], [squad(tmp_path / "s.json", article(0), HOLDING, folded, "短。")])
    assert found.negative == (article(1), article(7))


def test_what_stands_around_a_cut_passage_is_a_sibling(tmp_path: Path) -> None:
    path = write_questions(tmp_path / "q.jsonl", 1)
    (found,) = read_rows([path], [squad(tmp_path / "s.json", FAR + article(0) + NEAR)])
    assert found.negative[:2] == (NEAR, FAR)


def test_no_more_siblings_than_are_tried(tmp_path: Path) -> None:
    path = write_questions(tmp_path / "q.jsonl", 1)
    many = [f"{FAR}{i}" for i in range(SIBLINGS + 3)]
    (found,) = read_rows([path], [squad(tmp_path / "s.json", article(0), *many)])
    assert len(found.negative) == SIBLINGS + 2 and set(found.negative[:SIBLINGS]) <= set(many)


@pytest.mark.parametrize("text", ["", "[]", '{"data": 1}', '{"data": [{"paragraphs": [1]}]}'])
def test_a_file_that_is_not_of_squad_is_one_error(text: str, tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text(text, encoding="utf-8")
    with pytest.raises(EmbedderError, match=r"s\.json is no file in SQuAD form"):
        read_rows([write_questions(tmp_path / "q.jsonl", 1)], [tmp_path / "s.json"])


# ---- parts ---------------------------------------------------------------------------------
def test_questions_over_one_passage_are_of_one_part_and_passages_of_all() -> None:
    rows = [row(positive=(article(i),)) for i in range(60)]
    others = [Row("另一个问题？", ("x",), r.positive, ("b",)) for r in rows]
    assert [part(r) for r in rows] == [part(r) for r in others]
    assert {part(r) for r in rows} == set(range(PARTS))


def test_a_passage_with_a_broken_character_has_a_part_and_examples_as_well(tmp_path: Path) -> None:
    broken = {"query": "大桥\ud83d多长？", "positive": ["大桥\ud83d长3公里。"], "answer": ["3公里"]}
    (tmp_path / "q.jsonl").write_text(json.dumps(question(0) | broken), encoding="utf-8")
    (found,) = read_rows([tmp_path / "q.jsonl"])
    assert found.positive == ("大桥\ud83d长3公里。",) and part(found) in range(PARTS)
    (answered,) = [e for e in of_rows([found], range(PARTS), material(), 1) if e.start >= 0]
    assert text_of(answered.window[answered.start : answered.end + 1]) == "3公里"


def test_every_part_serves_one_purpose() -> None:
    assert sorted([*TRAINED, *FITTED, *REPORTED]) == list(range(PARTS))


# ---- examples ------------------------------------------------------------------------------
def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_a_row_gives_its_answer_and_windows_without_one() -> None:
    asked = replace(row(negative=tuple(map(article, (1, 2, 3)))), question="2024年总投资是多少？")
    sources = []
    for seed in range(8):
        found = list(of_row(asked, material(), rng(seed)))
        (answered,) = [e for e in found if e.start >= 0]
        held = text_of(answered.window[answered.start : answered.end + 1])
        assert held == "40亿元" and answered.source == 10
        sources.append([e.source for e in found])
    assert all(s[:3] == [10, 11, 11] for s in sources)
    assert {tuple(s[3:]) for s in sources} == {(), (12,)}


def test_of_several_sentences_that_print_the_answer_the_nearest_to_the_question_is_taken() -> None:
    passage = "水库花了40亿元。青江大桥的总投资是40亿元。港口也花了40亿元。"
    (found, *_) = of_row(row(positive=(passage,)), material(), rng())
    said = text_of(found.window[found.first : found.last + 1])
    assert said == fold_text("青江大桥的总投资是40亿元。")


def test_an_answer_that_stands_in_no_sentence_gives_nothing() -> None:
    assert list(of_row(row(answers=("99元",)), material(), rng())) == []
    assert list(of_row(row(answers=("",)), material(), rng())) == []
    across = row(answers=("公里。项目",))
    assert list(of_row(across, material(), rng())) == []


def test_only_the_parts_asked_for_by_the_same_seed_the_same() -> None:
    rows = [row(positive=(article(i),), answers=(f"{40 + i}亿元",)) for i in range(20)]
    trained = of_rows(rows, TRAINED, material(), 1)
    kept = [r for r in rows if part(r) in TRAINED]
    assert 0 < len(kept) < 20
    assert sum(e.start >= 0 for e in trained) == len(kept)
    again = of_rows(rows, TRAINED, material(), 1)
    assert [e.window.tolist() for e in again] == [e.window.tolist() for e in trained]
    assert of_rows([], TRAINED, material(), 1) == []


def test_a_shortened_question_loses_particles_alone() -> None:
    seen = {shortened("请问大桥的总投资是多少呢?", rng(seed)) for seed in range(60)}
    assert "大桥总投资是多少" in seen and len(seen) > 4
    for text in seen:
        bare = text.replace("请问", "").replace("的", "").replace("呢", "").replace("?", "")
        assert bare == "大桥总投资是多少"
