"""Examples of questions that were written over printed passages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.text.normalise import fold_text
from rag.train.reader.asked import Beside, of_passage, of_passages
from rag.train.reader.examples import Example
from rag.train.reader.labelled import PARTS
from rag.train.reader.parts import TRAINED
from rag.train.reader.passages import Asked, Passage, part_of
from tests.train.reader.made import article, material, passage_of, text_of

TEXT = "青江大桥全长3.6公里。总投资48.5亿元。"


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


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def flat(examples: Sequence[Example]) -> list[list[object]]:
    return [[v.tolist() if isinstance(v, np.ndarray) else v for v in astuple(e)] for e in examples]


def passage(text: str, *answers: str, unsaid: int = 0) -> Passage:
    spans = [(text.index(answer), text.index(answer) + len(answer)) for answer in answers]
    known = [Asked(f"青江大桥的{i}项是什么？", span) for i, span in enumerate(spans)]
    none = [Asked("大桥的设计师是谁？", None)] * unsaid
    return Passage("", text, 0, len(text), (*known, *none))


def made(
    p: Passage, seed: int = 1, near: Sequence[str] = (), farther: Sequence[str] = ()
) -> list[Example]:
    return list(of_passage(p, Beside(tuple(near), tuple(farther)), material(), rng(seed)))


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
    farther = [fold_text(article(i)) for i in (11, 21)]
    seen: set[int] = set()
    for seed in range(16):
        found = made(passage_of(0), seed, near, farther)
        assert [answer_of(e) for e in found if e.start >= 0] == ["40亿元", "3公里"]
        assert [e.source for e in found if e.start >= 0] == [20, 20]
        (unsaid,) = [e for e in found if e.source == 22]
        assert (unsaid.start, unsaid.end, unsaid.first, unsaid.last) == (-1, -1, -1, -1)
        assert text_of(unsaid.question).startswith("青江大桥") and "谁" in text_of(unsaid.question)
        assert all((e.start, e.end, e.first, e.last) == (-1,) * 4 for e in found if e.source > 20)
        seen |= {e.source for e in found}
    assert seen == {20, 21, 22, 23, 24, 25}


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


def test_windows_elsewhere_near_and_farther_never_print_the_answer() -> None:
    near = ["由3.6公里长的大桥说起。大桥的总投资不详。", "青江大桥的另一项是全长3。6公里之外。"]
    farther = ["白石大桥的两项都不详。", "青江大桥的0项是3.6公里。"]
    text = TEXT + "有人说是3.6公里。也有人说更长。设计师没有说。"
    sources: list[int] = []
    for seed in range(150):
        for e in made(passage(text, "3.6公里"), seed, near, farther):
            sources.append(e.source)
            if e.source in (21, 24, 25):
                assert "3.6公里" not in text_of(e.window)
            if e.source == 24:
                assert text_of(e.window) in near[1]
            if e.source == 25:
                assert text_of(e.window) in farther[0]
    assert sources.count(21) > 20 and sources.count(24) > 15 and sources.count(25) > 25


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.lists(st.sampled_from("一二三。！”"), min_size=4, max_size=40))
def test_no_window_without_a_span_prints_the_answer_over_which_sentences_ever(
    seed: int, characters: list[str]
) -> None:
    text = "一二三很长很长。" + "".join(characters)
    for e in made(passage(text, "一二三"), seed, near=[text[4:]], farther=[text[4:]]):
        if e.source in (21, 24, 25):
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


def test_windows_of_other_articles_are_of_neighbours_and_of_these_ones_neighbours() -> None:
    known = of_passages([passage_of(0)] * 20, range(PARTS), material(), 1)
    rows = material().near
    near = set(rows[0].tolist())
    second = {j for i in near for j in rows[i].tolist()} - near - {0}
    for source, places in ((24, near), (25, second)):
        others = {text_of(e.window) for e in known if e.source == source}
        texts = [material().articles[i] for i in places]
        assert others and all(any(other in text for text in texts) for other in others)


def test_an_article_that_the_corpus_does_not_hold_has_none_beside_it() -> None:
    foreign = replace(passage_of(0), text=passage_of(0).text + "又及。")
    made_of = of_passages([foreign] * 20, range(PARTS), material(), 1)
    assert {e.source for e in made_of} == {20, 21, 22, 23}


def test_a_text_of_its_own_is_asked_beside_others_of_these_parts() -> None:
    own = [
        replace(passage(f"{name}大桥全长{i}.6公里。由{name}集团建。", f"{i}.6公里"), source="")
        for i, name in enumerate("甲乙丙丁戊己庚辛" * 3, 1)
    ]
    parts = TRAINED
    found = [e for e in of_passages(own, parts, material(), 1) if e.source == 25]
    texts = [fold_text(p.text) for p in own if part_of(p) in parts]
    assert found and all(text_of(e.window) in texts for e in found)
    assert of_passages(own[:1], range(PARTS), material(), 1)
    assert not [e for e in of_passages(own[:1], range(PARTS), material(), 1) if e.source == 25]


def test_questions_are_put_as_written_and_as_people_type_them() -> None:
    said = {text_of(made(passage_of(0), seed)[0].question) for seed in range(40)}
    assert "青江大桥2024年的总投资是多少?" in said and "青江大桥2024年总投资是多少" in said
