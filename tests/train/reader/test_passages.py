"""Questions over printed passages as files hold them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from rag.errors import EmbedderError
from rag.train.reader.labelled import PARTS
from rag.train.reader.passages import Asked, Passage, part_of, read_asked
from tests.train.reader.made import article, asked, passage_of, write_asked, write_corpus

TEXT = "青江大桥全长3.6公里。总投资48.5亿元。"
OWN: dict[str, object] = {
    "text": TEXT,
    "passage": [0, len(TEXT)],
    "questions": [["大桥有多长？", 6, 11], ["谁设计的？"]],
}


def write(path: Path, *records: object) -> Path:
    lines = (r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in records)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def read(*files: Path, corpus: Path | None = None, squad: Sequence[Path] = ()) -> list[Passage]:
    """Where nothing is left out."""
    said: list[str] = []
    found = read_asked(files, corpus, squad, said.append)
    assert said == []
    return found


def squad(path: Path, *articles: Sequence[str]) -> Path:
    data = [{"paragraphs": [{"context": text, "qas": []} for text in held]} for held in articles]
    path.write_text(json.dumps({"data": data}), encoding="utf-8")
    return path


def test_articles_are_read_from_the_corpus_in_order_of_the_lines(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "news")
    path = write_asked(tmp_path / "a.jsonl", 3)
    path.write_text(path.read_text(encoding="utf-8") + "\n \n", encoding="utf-8")
    found = read(path, path, corpus=corpus)
    assert found == [passage_of(i) for i in (0, 1, 2, 0, 1, 2)]
    spans = [q.answer for q in found[1].questions]
    said = [found[1].text[slice(*span)] for span in spans if span]
    assert said == ["41亿元", "4公里"] and spans[2] is None


def test_packed_files_and_packed_corpora_are_read_as_well(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "news")
    plain = corpus / "news.jsonl"
    (corpus / "news.jsonl.gz").write_bytes(gzip.compress(plain.read_bytes()))
    plain.unlink()
    lines = write_asked(tmp_path / "a.jsonl", 2).read_bytes()
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(lines))
    assert read(tmp_path / "a.jsonl.gz", corpus=corpus) == [passage_of(0), passage_of(1)]


def test_a_text_of_its_own_needs_no_corpus(tmp_path: Path) -> None:
    asked_of = (Asked("大桥有多长？", (6, 11)), Asked("谁设计的？", None))
    found = read(write(tmp_path / "a.jsonl", OWN))
    assert found == [Passage("", TEXT, 0, len(TEXT), asked_of)]
    assert TEXT[6:11] == "3.6公里"


def test_a_paragraph_of_a_squad_file_is_found_by_its_place(tmp_path: Path) -> None:
    held = squad(tmp_path / "s.json", ["甲文。", "乙文。"], ["丙文。", TEXT])
    record = OWN | {"source": "squad/s.json/1/1"}
    del record["text"]
    (found,) = read(write(tmp_path / "a.jsonl", record), squad=[held])
    assert (found.source, found.text) == ("squad/s.json/1/1", TEXT)


DO = "give --corpus the folder of the articles, --squad the files of the paragraphs"


def test_passages_whose_texts_are_not_there_are_left_out_and_told_in_a_line_a_file(
    tmp_path: Path,
) -> None:
    corpus, held = write_corpus(tmp_path / "news", 2), squad(tmp_path / "s.json", ["短文。"])
    other = {"passage": [0, 5], "questions": [["谁？"]]}
    one = write(
        tmp_path / "a.jsonl", asked(0), asked(5), other | {"source": "squad/t.json/0/0"},
        other | {"source": "squad/s.json/0/0"}, other | {"source": "news/"},
        asked(1) | {"passage": [0, len(article(1)) + 1]},
    )  # fmt: skip
    two, three = write(tmp_path / "b.jsonl", OWN), write(tmp_path / "c.jsonl", asked(5), OWN)
    said: list[str] = []
    found = read_asked([one, two, three], corpus, [held], said.append)
    assert [p.source for p in found] == ["news/0", "", ""] and found[0] == passage_of(0)
    assert said == [
        f"a.jsonl: 5 of 6 passages left out, their texts are missing; {DO}",
        f"c.jsonl: 1 of 2 passages left out, their texts are missing; {DO}",
    ]


def test_a_file_of_which_nothing_is_left_is_one_error(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", asked(0), asked(1))
    own = write(tmp_path / "b.jsonl", OWN)
    empty = write(tmp_path / "c.jsonl", "", " ")
    corpus = write_corpus(tmp_path / "news", 0)
    for folder in (None, corpus):
        with pytest.raises(EmbedderError) as caught:
            read(own, path, corpus=folder)
        assert (
            str(caught.value) == f"a.jsonl: 2 of 2 passages left out, their texts are missing; {DO}"
        )
    with pytest.raises(EmbedderError, match=r"c\.jsonl holds no passage with questions; a line is"):
        read(own, empty)
    assert read() == []


def test_what_is_no_record_of_the_corpus_is_passed_over(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "news", 2)
    bad = '\n\n{\n[]\n"x"\n{"id": 7}\n{"text": "a"}\n'
    (corpus / "more.jsonl").write_text(bad, encoding="utf-8")
    path, said = write(tmp_path / "a.jsonl", asked(1), asked(7)), list[str]()
    assert read_asked([path], corpus, [], said.append) == [passage_of(1)]
    assert [line.split(" passages")[0] for line in said] == ["a.jsonl: 1 of 2"]


SPANS = "has no span inside its passage"
BAD: dict[str, tuple[object, str]] = {
    "no JSON": ("{", "Expecting"),
    "no object": ("[]", "needs one of source and text"),
    "a number": ("7", ""),
    "neither source nor text": ({"passage": [0, 5], "questions": []}, "needs one of source"),
    "both source and text": (OWN | {"source": "news/1"}, "needs one of source and text"),
    "no passage": ({"text": TEXT, "questions": []}, "'passage'"),
    "no questions": ({"text": TEXT, "passage": [0, 5]}, "'questions'"),
    "a passage of one number": (OWN | {"passage": [5]}, ""),
    "a passage without numbers": (OWN | {"passage": ["a", "b"]}, "invalid literal"),
    "a passage without end": (OWN | {"passage": [0, float("inf")]}, ""),
    "a passage before the text": (OWN | {"passage": [-5, 21]}, SPANS),
    "an empty passage": (OWN | {"passage": [5, 5], "questions": [["谁？"]]}, SPANS),
    "a span before the passage": (OWN | {"passage": [7, 21]}, f"'大桥有多长？' {SPANS}"),
    "a span behind the passage": (OWN | {"passage": [0, 10]}, f"'大桥有多长？' {SPANS}"),
    "an empty span": (OWN | {"questions": [["多长？", 6, 6]]}, f"'多长？' {SPANS}"),
    "a span backwards": (OWN | {"questions": [["多长？", 11, 6]]}, SPANS),
    "a span of one number": (OWN | {"questions": [["多长？", 6]]}, ""),
    "a span of three numbers": (OWN | {"questions": [["多长？", 6, 8, 9]]}, ""),
    "a span of words": (OWN | {"questions": [["多长？", "6公里", "x"]]}, "invalid literal"),
    "a question that is no text": (OWN | {"questions": [[6, 6, 11]]}, f"6 {SPANS}"),
    "a question alone": (OWN | {"questions": ["大桥有多长？"]}, ""),
    "no question": (OWN | {"questions": [[]]}, ""),
    "a text shorter than the passage": (OWN | {"passage": [0, len(TEXT) + 1]}, "its text ends"),
    "questions that are none": (OWN | {"questions": 7}, ""),
}


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_line_is_named_in_one_line(bad: str, tmp_path: Path) -> None:
    record, said = BAD[bad]
    path = write(tmp_path / "a.jsonl", OWN, "", record, OWN)
    with pytest.raises(EmbedderError) as caught:
        read(path)
    line = str(caught.value)
    assert line.startswith("a.jsonl, line 3 is no passage with questions (") and said in line
    assert "\n" not in line and "a line is {source or text, passage, questions" in line


def test_a_file_that_is_not_there_or_no_text_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match=r"none\.jsonl cannot be read"):
        read(tmp_path / "none.jsonl")
    (tmp_path / "a.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(EmbedderError, match=r"a\.jsonl cannot be read"):
        read(tmp_path / "a.jsonl")


@pytest.mark.parametrize("text", ["", "[]", '{"data": 1}', '{"data": [{"paragraphs": [1]}]}'])
def test_a_file_that_is_not_of_squad_is_one_error_where_it_is_wanted(
    text: str, tmp_path: Path
) -> None:
    (tmp_path / "s.json").write_text(text, encoding="utf-8")
    record = {"source": "squad/s.json/0/0", "passage": [0, 5], "questions": [["谁？"]]}
    path = write(tmp_path / "a.jsonl", record)
    with pytest.raises(EmbedderError, match=r"s\.json is no file in SQuAD form"):
        read(path, squad=[tmp_path / "s.json"])
    unwanted = read(write(tmp_path / "b.jsonl", OWN), squad=[tmp_path / "s.json"])
    assert len(unwanted) == 1


def test_a_passage_s_part_is_of_its_own_text_alone_and_passages_are_of_all() -> None:
    passages = [passage_of(i) for i in range(60)]
    assert {part_of(p) for p in passages} == set(range(PARTS))
    for p in passages:
        cited = Passage("squad/x/0/0", f"前言。{p.text}后记。", 3, 3 + len(p.text), ())
        assert part_of(cited) == part_of(p)
    assert len({part_of(replace(p, end=20)) for p in passages}) > 1


def test_a_broken_character_has_a_part_as_well() -> None:
    assert part_of(Passage("", "大桥\ud83d通车", 0, 5, ())) in range(PARTS)
