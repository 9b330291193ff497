"""Articles before and after a change, and questions about them: the same for the same arguments."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from rag.bench.prepare import CORRECTION, prepare
from rag.bench.questions import Asked, read
from rag.bench.synthetic import make
from rag.errors import EvaluationError

ROOT = Path(__file__).parent.parent.parent
SENTENCES = ("北京有3家企业参展。", "2025年签约619.91亿元。", "上海和深圳的项目在海淀落地。")


def ask(out: Path, size: int, **given: Any) -> dict[str, Any]:
    told = {"docs": str(ROOT / "seeds"), "corpus": "", "questions": "", "limit": 20}
    return prepare(told | given | {"size": size, "out": str(out)})


def records(folder: Path) -> list[dict[str, str]]:
    return [one for path in sorted(folder.glob("*.jsonl")) for one in records_of(path)]


def records_of(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def everything(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def corpus(folder: Path, count: int, title: str = "") -> Path:
    folder.mkdir()
    with gzip.open(folder / "news.jsonl.gz", "wt", encoding="utf-8") as file:
        for n in range(count):
            text = f"会议开了。会上签约的金额合计是{n}万{n}千元人民币。"
            file.write(json.dumps({"id": f"n{n}", "text": text, "title": title}) + "\n")
    return folder


# ---- made-up articles ----------------------------------------------------------------------
def test_an_article_depends_on_its_number_the_sentences_and_the_seed_alone() -> None:
    assert make(7, SENTENCES, 1) == make(7, SENTENCES, 1)
    assert make(7, SENTENCES, 1) != make(8, SENTENCES, 1)
    assert make(7, SENTENCES, 1) != make(7, SENTENCES, 2)


def test_a_changed_figure_has_as_many_digits_and_a_place_becomes_another_one() -> None:
    texts = [make(n, ("深圳2025年签约619亿元。",), 1).text for n in range(20)]
    lines = [line for text in texts for line in text.split("\n")[1:]]
    assert all(line.count("年签约") == line.count("亿元。") > 0 for line in lines)
    figures = {line.split("年签约")[1].split("亿元")[0] for line in lines}
    assert {len(figure) for figure in figures} == {3}
    assert len(figures) > 20
    assert len({line.split("年签约")[0][:2] for line in lines}) > 5


def test_as_many_articles_are_made_as_are_asked_for_and_each_time_the_same(tmp_path: Path) -> None:
    assert ask(tmp_path / "a", 150)["articles"] == 150
    ask(tmp_path / "b", 150)
    assert everything(tmp_path / "a") == everything(tmp_path / "b")
    made = records(tmp_path / "a/docs")
    assert len({one["id"] for one in made}) == len({one["text"] for one in made}) == 150


def test_a_smaller_size_is_the_beginning_of_a_larger_one(tmp_path: Path) -> None:
    ask(tmp_path / "a", 20)
    ask(tmp_path / "b", 40)
    assert records(tmp_path / "a/docs") == records(tmp_path / "b/docs")[:20]


# ---- the change ----------------------------------------------------------------------------
def test_one_article_in_a_hundred_is_changed_one_removed_and_one_added(tmp_path: Path) -> None:
    ask(tmp_path / "out", 300, corpus=str(corpus(tmp_path / "news", 303)))
    before = {one["id"]: one["text"] for one in records(tmp_path / "out/docs")}
    after = {one["id"]: one["text"] for one in records(tmp_path / "out/after")}
    assert sorted(before.keys() - after.keys()) == ["n1", "n101", "n201"]
    assert sorted(after.keys() - before.keys()) == ["n300", "n301", "n302"]
    changed = {id for id in before.keys() & after.keys() if before[id] != after[id]}
    assert sorted(changed) == ["n0", "n100", "n200"]
    assert after["n100"] == before["n100"] + CORRECTION


def test_a_corpus_that_is_too_small_is_named_with_what_it_holds(tmp_path: Path) -> None:
    folder = corpus(tmp_path / "news", 100)
    with pytest.raises(EvaluationError, match=r"holds 100 articles; a size of 100 needs 101"):
        ask(tmp_path / "out", 100, corpus=str(folder))


def test_a_damaged_line_of_the_corpus_is_named(tmp_path: Path) -> None:
    folder = corpus(tmp_path / "news", 3)
    (folder / "bad.jsonl").write_text(
        '{"id": "x", "text": "好。"}\n{"id": 1, "te\n', encoding="utf-8"
    )
    with pytest.raises(EvaluationError, match=r"bad\.jsonl:2: not JSON"):
        ask(tmp_path / "out", 3, corpus=str(folder))


# ---- questions -----------------------------------------------------------------------------
def test_questions_made_of_the_corpus_name_the_article_that_they_came_from(tmp_path: Path) -> None:
    found = ask(tmp_path / "out", 50, corpus=str(corpus(tmp_path / "news", 60)), limit=5)
    assert (found["questions"], found["answerable"]) == (5, 5)
    asked = records_of(tmp_path / "out/questions.jsonl")
    assert [one["doc"] for one in asked] == [
        f"articles-0000.jsonl#n{n}" for n in (0, 10, 20, 30, 40)
    ]
    assert asked[2]["question"] == "会上签约的金额合计是20万20千元人民币？"


def test_a_title_stands_before_the_clause_that_is_asked(tmp_path: Path) -> None:
    ask(tmp_path / "out", 2, corpus=str(corpus(tmp_path / "news", 3, title="会议通报")), limit=1)
    (asked,) = records_of(tmp_path / "out/questions.jsonl")
    assert asked["question"] == "会议通报：会上签约的金额合计是0万0千元人民币？"


def test_given_questions_whose_answer_stands_in_an_article_come_first(tmp_path: Path) -> None:
    lines = [
        {"question": "有答案吗？", "answer": "没有这样一句话在里面"},
        {"question": "太短的答案？", "answer": "会议"},
        {"turns": ["甲？", "一共签了多少？"], "answer": "20万20千元人民币"},
    ]
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(json.dumps(one) for one in lines) + "\n", encoding="utf-8")
    folder = corpus(tmp_path / "news", 60)
    found = ask(tmp_path / "out", 50, corpus=str(folder), questions=str(file))
    assert (found["questions"], found["answerable"]) == (3, 1)
    asked = records_of(tmp_path / "out/questions.jsonl")
    assert asked[0] == {"question": "一共签了多少？", "answer": "20万20千元人民币"}
    assert {one["question"] for one in asked[1:]} == {"有答案吗？", "太短的答案？"}
    assert all("answer" not in one for one in asked[1:])


def test_both_forms_of_a_question_are_read(tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text(
        '{"question": "甲？", "answer": "乙"}\n\n{"turns": ["丙？", "丁？"]}\n', "utf-8"
    )
    assert read(file) == [Asked(("甲？",), "乙"), Asked(("丙？", "丁？"))]


def test_a_mark_at_the_beginning_and_a_separator_inside_a_text_break_nothing(
    tmp_path: Path,
) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text('\ufeff{"question": "甲\u2028乙？"}\r\n{"question": "丙？"}\r\n', "utf-8")
    assert read(file) == [Asked(("甲\u2028乙？",)), Asked(("丙？",))]


@pytest.mark.parametrize(
    "line", ["{", "[]", "3", "{}", '{"turns": []}', '{"question": " "}', '{"turns": [1]}']
)
def test_a_line_that_asks_nothing_is_named_with_its_number(tmp_path: Path, line: str) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text('{"question": "甲？"}\n' + line + "\n", "utf-8")
    with pytest.raises(EvaluationError, match=r"q\.jsonl:2 holds no question"):
        read(file)


def test_a_file_without_a_question_or_not_of_text_is_named(tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text("\n\n", "utf-8")
    with pytest.raises(EvaluationError, match="holds no question"):
        read(file)
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(EvaluationError, match="cannot be read"):
        read(file)
