"""Question sets: what is wrong is named with file and line; those of the repository are sound."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from rag.errors import EvaluationError
from rag.evaluate.sets import Gold, Question, read_set

ROOT = Path(__file__).parents[2]
DOCUMENTS = {"a.txt": "青江大桥全长3.6公里。", "b.txt": "白石水库很深。"}


def case(**changes: Any) -> dict[str, Any]:
    """A sound case, changed."""
    return {
        "id": "q1",
        "kind": "fact",
        "turns": ["大桥多长？"],
        "answerable": True,
        "gold": [[{"doc": "a.txt", "quote": "全长3.6公里"}]],
        "must": [["3.6公里"]],
    } | changes


def written(tmp_path: Path, *lines: str | dict[str, Any]) -> Path:
    path = tmp_path / "set.jsonl"
    rows = [r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in lines]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_a_set_is_read_in_order_past_blank_lines(tmp_path: Path) -> None:
    other = case(id=2, answerable=False, gold=[], must=[], turns=["大桥多长？", "多宽？"])
    assert read_set(written(tmp_path, case(), "", other), DOCUMENTS) == [
        Question(
            "q1",
            "fact",
            ("大桥多长？",),
            True,
            ((Gold("a.txt", "全长3.6公里"),),),
            (("3.6公里",),),
            line=1,
        ),
        Question("2", "fact", ("大桥多长？", "多宽？"), False, (), (), line=3),
    ]


BAD = [
    ("{not json", "not a case"),
    ("[1]", "not a case"),
    ('"text"', "not a case"),
    ("7", "not a case"),
    ("null", "not a case"),
    ({"id": "q2"}, "not a case"),
    (case(id="q2", turns=[]), "no turns"),
    (case(id="q2", gold=[]), "answerable, but no gold"),
    (case(id="q2", gold=[[{"doc": "a.txt"}]]), "not a case"),
    (case(id="q2", gold=[["a.txt"]]), "not a case"),
    (case(id="q2", gold=3), "not a case"),
    (case(id="q2", must=None), "not a case"),
    (case(), "the id q1 stands twice"),
    (case(id="q2", gold=[[{"doc": "c.txt", "quote": "x"}]]), "there is no document c.txt"),
    (
        case(id="q2", gold=[[{"doc": "b.txt", "quote": "全长3.6公里"}]]),
        "the quote '全长3.6公里' does not stand in b.txt",
    ),
]


@pytest.mark.parametrize(("line", "reason"), BAD)
def test_a_bad_line_is_named_with_file_line_and_reason(
    tmp_path: Path, line: str | dict[str, Any], reason: str
) -> None:
    path = written(tmp_path, case(), "", line)
    with pytest.raises(EvaluationError) as caught:
        read_set(path, DOCUMENTS)
    assert str(caught.value).startswith(f"{path}, line 3: ")
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    "changes",
    [
        {"answerable": "false"},
        {"turns": "大桥多长？"},
        {"must": ["3.6公里"]},
        {"must": []},
        {"gold": [[]]},
        {"gold": [[{"doc": "a.txt", "quote": ""}]]},
        {"gold": [[{"doc": "a.txt", "quote": "全长3.6公里", "start": "4"}]]},
        {"gold": [[{"doc": "a.txt", "quote": "全长3.6公里", "start": -8}]]},
        {"answers": []},
        {"passages": "青江大桥全长3.6公里。"},
    ],
)
def test_what_would_be_scored_wrongly_is_refused(tmp_path: Path, changes: dict[str, Any]) -> None:
    """A string for a list would be read letter by letter; an empty group can never be met, an
    empty quote or list of facts always is."""
    with pytest.raises(EvaluationError, match="line 1"):
        read_set(written(tmp_path, case(**changes)), DOCUMENTS)


def test_without_documents_quotes_are_not_checked(tmp_path: Path) -> None:
    path = written(tmp_path, case(gold=[[{"doc": "c.txt", "quote": "x"}]]))
    assert read_set(path)[0].gold == ((Gold("c.txt", "x"),),)


def test_a_start_must_be_where_the_quote_stands(tmp_path: Path) -> None:
    def at(start: int) -> Path:
        gold = [[{"doc": "a.txt", "quote": "全长3.6公里", "start": start}]]
        return written(tmp_path, case(gold=gold))

    assert read_set(at(4), DOCUMENTS)[0].gold == ((Gold("a.txt", "全长3.6公里", 4),),)
    with pytest.raises(EvaluationError, match=r"line 1: the quote .* in a\.txt at 5"):
        read_set(at(5), DOCUMENTS)


def test_passages_are_the_documents_of_their_question(tmp_path: Path) -> None:
    gold = [[{"doc": "passage#1", "quote": "全长3.6公里"}]]
    held = case(
        passages=["白石水库很深。", "青江大桥全长3.6公里。"], gold=gold, answers=["3.6公里"]
    )
    for documents in (None, DOCUMENTS):
        (question,) = read_set(written(tmp_path, held), documents)
        assert question.passages == ("白石水库很深。", "青江大桥全长3.6公里。")
        assert question.answers == ("3.6公里",)
    swapped = held | {"passages": held["passages"][::-1]}
    with pytest.raises(EvaluationError, match="does not stand in passage#1"):
        read_set(written(tmp_path, swapped))


def test_a_line_separator_inside_a_text_ends_no_line(tmp_path: Path) -> None:
    """JSON allows U+2028 and U+0085 in a text; str.splitlines cuts there."""
    turns = ["大桥\u2028多长\u0085？"]
    assert read_set(written(tmp_path, case(turns=turns)))[0].turns == tuple(turns)


def test_a_lone_surrogate_in_a_set_does_not_reach_the_pipeline(tmp_path: Path) -> None:
    line = json.dumps(case(turns=["大桥\ud83d多长？"]))
    assert read_set(written(tmp_path, line))[0].turns == ("大桥\ufffd多长？",)


@pytest.mark.parametrize("content", ["", "\n \n"])
def test_an_empty_set_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"set\.jsonl is empty"):
        read_set(path)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"none\.jsonl cannot be read"):
        read_set(tmp_path / "none.jsonl")
    path = tmp_path / "set.jsonl"
    path.write_bytes(b"{}\n\xff\xfe\x00")
    with pytest.raises(EvaluationError, match=r"set\.jsonl, line 2: not UTF-8: .* 0xff; save it"):
        read_set(path)


@cache
def seeds() -> dict[str, str]:
    return {p.name: p.read_bytes().decode("utf-8") for p in (ROOT / "seeds").glob("*.txt")}


SETS = ["seeds.jsonl", "seeds_test.jsonl"]


@pytest.mark.parametrize("name", SETS)
def test_every_quote_of_the_sets_of_the_repository_is_verbatim(name: str) -> None:
    questions = read_set(ROOT / "eval" / name, seeds())
    assert {q.answerable for q in questions} == {True, False}
    for question in questions:
        assert all(turn.strip() for turn in question.turns), question.id
        if question.answerable:
            assert question.must, question.id
            assert all(group and all(group) for group in (*question.must, *question.gold))
        else:
            assert not question.gold, question.id


def test_the_two_sets_share_no_id_and_no_question() -> None:
    one, other = (read_set(ROOT / "eval" / name) for name in SETS)
    assert {q.id for q in one} & {q.id for q in other} == set()
    assert {q.turns for q in one} & {q.turns for q in other} == set()
