"""Questions that were written over printed passages: reading them, and examples of them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import astuple, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import EmbedderError
from rag.text.normalise import fold_text
from rag.train.reader.asked import Asked, Passage, of_passage, of_passages, part_of, read_asked
from rag.train.reader.examples import Example
from rag.train.reader.labelled import PARTS
from rag.train.reader.parts import TRAINED
from tests.train.reader.made import article, asked, material, text_of, write_asked, write_corpus

TEXT = "青江大桥全长3.6公里。总投资48.5亿元。"
OWN: dict[str, object] = {
    "text": TEXT,
    "passage": [0, len(TEXT)],
    "questions": [["大桥有多长？", 6, 11], ["谁设计的？"]],
}


def passage_of(i: int) -> Passage:
    """The passage of :func:`tests.train.reader.made.asked`."""
    text = article(i)
    questions = asked(i)["questions"]
    assert isinstance(questions, list)
    return Passage(
        f"news/{i}", text, 0, len(text),
        tuple(Asked(q, (span[0], span[1]) if span else None) for q, *span in questions),
    )  # fmt: skip


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


# ---- reading -------------------------------------------------------------------------------
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


# ---- parts ---------------------------------------------------------------------------------
def test_a_passage_s_part_is_of_its_own_text_alone_and_passages_are_of_all() -> None:
    passages = [passage_of(i) for i in range(60)]
    assert {part_of(p) for p in passages} == set(range(PARTS))
    for p in passages:
        cited = Passage("squad/x/0/0", f"前言。{p.text}后记。", 3, 3 + len(p.text), ())
        assert part_of(cited) == part_of(p)
    assert len({part_of(replace(p, end=20)) for p in passages}) > 1


def test_a_broken_character_has_a_part_as_well() -> None:
    assert part_of(Passage("", "大桥\ud83d通车", 0, 5, ())) in range(PARTS)


def test_only_the_parts_asked_for_by_the_same_seed_the_same() -> None:
    passages = [passage_of(i) for i in range(20)]
    kept = [p for p in passages if part_of(p) in TRAINED]
    assert 0 < len(kept) < 20
    found = of_passages(passages, TRAINED, material(), 1)
    assert sum(e.source == 20 for e in found) == 2 * len(kept)
    assert sum(e.source == 22 for e in found) == len(kept)
    assert flat(found) == flat(of_passages(passages, TRAINED, material(), 1))
    assert flat(found) == flat(of_passages(kept, range(PARTS), material(), 1))
    assert flat(found) != flat(of_passages(passages, TRAINED, material(), 2))
    assert of_passages(passages, (), material(), 1) == of_passages([], TRAINED, material(), 1) == []


# ---- examples ------------------------------------------------------------------------------
def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def flat(examples: Sequence[Example]) -> list[list[object]]:
    return [[v.tolist() if isinstance(v, np.ndarray) else v for v in astuple(e)] for e in examples]


def passage(text: str, *answers: str, unsaid: int = 0) -> Passage:
    spans = [(text.index(answer), text.index(answer) + len(answer)) for answer in answers]
    known = [Asked(f"青江大桥的{i}项是什么？", span) for i, span in enumerate(spans)]
    none = [Asked("大桥的设计师是谁？", None)] * unsaid
    return Passage("", text, 0, len(text), (*known, *none))


def made(p: Passage, seed: int = 1, near: Sequence[str] = ()) -> list[Example]:
    return list(of_passage(p, near, material(), rng(seed)))


def answer_of(e: Example) -> str:
    return text_of(e.window[e.start : e.end + 1])


def sentence_of(e: Example) -> str:
    return text_of(e.window[e.first : e.last + 1])


FOLDED = {
    "as printed": ("青江大桥全长3.6公里。", "3.6公里", "3.6公里"),
    "full width": ("青江大桥全长３．６公里。", "３．６公里", "3.6公里"),
    "traditional": ("青江大橋全長3.6公里，設計師是林遠山。", "林遠山", "林远山"),
    "spaces inside": ("青江大桥全长 3.6 公里。", "3.6 公里", "3.6公里"),
    "spaces before": ("  青江大桥 　全长3.6公里。", "3.6公里", "3.6公里"),
    "lines before": ("青江大桥\n\n全长3.6公里。", "3.6公里", "3.6公里"),
    "longer before": ("由㈱青江承建……全长3.6公里。", "3.6公里", "3.6公里"),
    "longer inside": ("青江大桥全长3㎞，另有两座塔。", "3㎞", "3km"),
    "nothing before": ("青\u200b江\ufeff大桥全长3.6公里。", "3.6公里", "3.6公里"),
    "nothing inside": ("青江大桥全长3.\u200b6公里。", "3.\u200b6公里", "3.6公里"),
    "two code points": ("𠮷野大桥全长3.6公里。", "3.6公里", "3.6公里"),
}


@pytest.mark.parametrize("case", FOLDED)
def test_the_answer_s_tokens_are_pointed_at_where_folding_changes_lengths(case: str) -> None:
    text, printed, folded = FOLDED[case]
    front = "白石水库在上游，總庫容１２億立方米。"
    for whole in (text, front + text + front):
        (e,) = [e for e in made(passage(whole, printed)) if e.source == 20]
        assert answer_of(e) == folded
        assert sentence_of(e).endswith("。") and folded in sentence_of(e)
        assert "水库" not in sentence_of(e)


PIECE = st.text("青江大橋長庫，　 \n３.6㎞㈱…\u200b\ufeffé", max_size=12)


@settings(max_examples=80, deadline=None)
@given(PIECE, st.sampled_from(["48.5亿元", "４８.５億元", "林遠山", "３㎞", "48.5 億元"]), PIECE)
def test_whatever_stands_around_it_the_answer_s_tokens_hold_it_and_little_more(
    before: str, answer: str, after: str
) -> None:
    text = f"{before}为{answer}整{after}。"
    start = len(before) + 1
    p = Passage("", text, 0, len(text), (Asked("是什么？", (start, start + len(answer))),))
    (e,) = [e for e in made(p) if e.source == 20]
    said = fold_text(answer)
    assert said in answer_of(e) and len(answer_of(e)) <= len(said) + 6
    # The window is the whole sentence: the answer stands where it is printed in it.
    at = len(fold_text(before + "为"))
    assert len(text_of(e.window[: e.start]).replace("[UNK]", "?")) <= at


def test_a_passage_gives_what_it_answers_and_what_it_does_not() -> None:
    near = [fold_text(article(i)) for i in (10, 20)]
    seen: set[int] = set()
    for seed in range(12):
        found = made(passage_of(0), seed, near)
        assert [answer_of(e) for e in found if e.start >= 0] == ["40亿元", "3公里"]
        assert [e.source for e in found if e.start >= 0] == [20, 20]
        (unsaid,) = [e for e in found if e.source == 22]
        assert (unsaid.start, unsaid.end, unsaid.first, unsaid.last) == (-1, -1, -1, -1)
        assert text_of(unsaid.question).startswith("青江大桥") and "谁" in text_of(unsaid.question)
        assert all((e.start, e.end, e.first, e.last) == (-1,) * 4 for e in found if e.source > 20)
        seen |= {e.source for e in found}
    assert seen == {20, 21, 22, 23, 24}


def test_an_unanswered_question_is_put_to_the_passage_and_not_to_the_rest_of_its_text() -> None:
    text = "大桥的设计师是林远山。" + TEXT + "大桥的设计师获了奖。"
    start = text.index("青江")
    p = Passage("", text, start, start + len(TEXT), (Asked("大桥的设计师是谁？", None),))
    for seed in range(8):
        (e,) = made(p, seed)
        assert e.source == 22 and text_of(e.window) in TEXT


def test_an_answered_question_s_window_is_of_the_whole_text() -> None:
    text = "白石水库在上游。" + TEXT
    start = text.index("青江")
    p = Passage("", text, start, len(text), (Asked("大桥多长？", (start + 6, start + 11)),))
    windows = {text_of(made(p, seed)[0].window) for seed in range(20)}
    assert text in windows


def test_windows_elsewhere_and_near_never_print_the_answer() -> None:
    near = ["由3.6公里长的大桥说起。大桥的总投资不详。", "青江大桥的另一项是全长3。6公里之外。"]
    text = TEXT + "有人说是3.6公里。也有人说更长。设计师没有说。"
    sources: list[int] = []
    for seed in range(150):
        for e in made(passage(text, "3.6公里"), seed, near):
            sources.append(e.source)
            if e.source in (21, 24):
                assert "3.6公里" not in text_of(e.window)
            if e.source == 24:
                assert text_of(e.window) in near[1]
    assert sources.count(21) > 20 and sources.count(24) > 15


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.lists(st.sampled_from("一二三。！”"), min_size=4, max_size=40))
def test_no_window_without_a_span_prints_the_answer_over_which_sentences_ever(
    seed: int, characters: list[str]
) -> None:
    text = "一二三很长很长。" + "".join(characters)
    for e in made(passage(text, "一二三"), seed, near=[text[4:]]):
        if e.source in (21, 24):
            assert "一二三" not in text_of(e.window)


def test_the_rest_of_a_text_does_not_print_an_answer_where_two_sentences_meet() -> None:
    text = "大桥全长35公里。3。5公里外是另一座大桥。"
    for seed in range(20):
        for e in made(passage(text, "35公里"), seed):
            assert e.source in (20, 23) or "35公里" not in text_of(e.window)


@pytest.mark.parametrize("answer", ["3.6公里。总投资", "公里。总投资48.5亿元。"])
def test_an_answer_that_crosses_a_sentence_s_end_is_left_out(answer: str) -> None:
    for seed in range(6):
        assert made(passage(TEXT, answer), seed, [fold_text(article(0))]) == []
        found = made(passage(TEXT, answer, "48.5亿元"), seed)
        assert [answer_of(e) for e in found if e.start >= 0] == ["48.5亿元"]


@pytest.mark.parametrize("answer", ["\u200b", "\n", " "])
def test_an_answer_of_which_folding_leaves_nothing_is_left_out(answer: str) -> None:
    text = f"青江大桥{answer}全长3.6公里。"
    assert [e for seed in range(6) for e in made(passage(text, answer), seed)] == []


def test_a_passage_beyond_any_sentence_gives_nothing() -> None:
    assert made(passage("。。\n。", unsaid=1)) == made(passage("", unsaid=1)) == []
    assert made(Passage("", "。大桥。", 0, 4, (Asked("？", (0, 1)),))) == []


def test_the_same_seed_gives_the_same_examples_and_another_others() -> None:
    near = [fold_text(article(10))]
    assert flat(made(passage_of(0), 1, near)) == flat(made(passage_of(0), 1, near)) != []
    assert flat(made(passage_of(0), 1, near)) != flat(made(passage_of(0), 2, near))


def test_windows_of_near_articles_are_those_of_an_article_of_the_corpus_alone() -> None:
    known = of_passages([passage_of(0)] * 20, range(PARTS), material(), 1)
    assert 24 in {e.source for e in known}
    others = {text_of(e.window) for e in known if e.source == 24}
    texts = [material().articles[int(i)] for i in material().near[0]]
    assert [w for w in others if not any(w in text for text in texts)] == []
    foreign = replace(passage_of(0), text=passage_of(0).text + "又及。")
    made_of = of_passages([foreign] * 20, range(PARTS), material(), 1)
    assert {e.source for e in made_of} == {20, 21, 22, 23}


def test_questions_are_put_as_written_and_as_people_type_them() -> None:
    said = {text_of(made(passage_of(0), seed)[0].question) for seed in range(40)}
    assert "青江大桥2024年的总投资是多少?" in said and "青江大桥2024年总投资是多少" in said
