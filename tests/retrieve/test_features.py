"""Each feature on a tiny example whose value is known; none is ever out of range."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.retrieve.aliases import Aliases
from rag.retrieve.candidates import candidates
from rag.retrieve.features import NAMES, features
from rag.retrieve.question import take_apart
from rag.retrieve.views import (
    QuestionView,
    TextView,
    gram_matches,
    idf_weights,
    longest_run,
    question_view,
    text_view,
    word_match,
    word_matches,
)
from rag.text.normalise import fold_text
from rag.types import FloatMatrix
from tests.fakes.ranking import memory, ranker

NO_VECTORS: FloatMatrix = np.zeros((0, 2), np.float32)
ZERO = np.zeros(2, np.float32)
EAST = np.array([1.0, 0.0], np.float32)


def asking(
    question: str,
    words: Sequence[tuple[str, float]] = (),
    focus: Sequence[str] = (),
    vectors: FloatMatrix | None = None,
    vector: FloatMatrix = ZERO,
    aliases: Sequence[tuple[str, ...]] = (),
) -> QuestionView:
    """A question whose words and rarities are given; every n-gram weighs the same."""
    rows = np.zeros((len(words), 2), np.float32) if vectors is None else vectors
    return question_view(
        take_apart(question),
        words,
        rows,
        vector,
        lambda gram: 1.0,
        Aliases(aliases),
        [(word, ZERO) for word in focus],
    )


def saying(text: str, vectors: FloatMatrix = NO_VECTORS, vector: FloatMatrix = ZERO) -> TextView:
    return text_view(text, fold_text(text), vectors, vector)


def measured(
    question: QuestionView,
    sentence: str | TextView,
    context: str | TextView = "",
    passage: float = 0.0,
    heading: bool = False,
    question_section: bool = False,
    years: frozenset[str] = frozenset(),
) -> dict[str, float]:
    row = features(
        question,
        saying(sentence) if isinstance(sentence, str) else sentence,
        saying(context) if isinstance(context, str) else context,
        passage=passage,
        heading=heading,
        question_section=question_section,
        years=years,
    )
    assert row.dtype == np.float32
    return {name: round(value, 4) for name, value in zip(NAMES, row.tolist(), strict=True)}


def test_coverage_counts_pairs_in_the_sentence_and_around_it() -> None:
    row = measured(asking("青江大桥"), "青江很美。", "有座大桥。")
    assert row["cov"] == pytest.approx(1 / 3, abs=1e-4)  # 青江 of 青江, 江大, 大桥
    assert row["cov_context"] == pytest.approx(2 / 3, abs=1e-4)


def test_an_alias_counts_a_little_less_than_the_gram() -> None:
    question = asking("青科", [("青科", 1.0)], aliases=[("青科", "科创中心")])
    assert gram_matches(question, saying("科创中心开放。")).tolist() == pytest.approx([0.9])
    assert gram_matches(question, saying("青科开放。")).tolist() == [1.0]


def test_a_latin_alias_is_not_found_inside_a_longer_word() -> None:
    question = asking("人工智能", [("人工智能", 1.0)])
    assert gram_matches(question, saying("the chairman said")).tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("word", "text", "exact"),
    [
        ("大桥", "大桥通车", 1.0),
        ("大桥", "水库", 0.0),
        ("博物塔", "博物院", 0.45),  # one of two pairs: 0.9 * 1/2
        ("科创", "青科创", 1.0),
        ("gdp", "gdp增长", 1.0),
        ("gdp", "gdpr", 0.0),
        ("5", "5%", 1.0),
        ("5", "2.5", 0.0),
        ("5", "5.2", 0.0),
        ("人工智能", "发展ai产业", 0.95),
    ],
)
def test_a_word_matches_itself_its_other_name_or_in_part(
    word: str, text: str, exact: float
) -> None:
    question = asking(word, [(word, 1.0)])
    found, soft = word_matches(question, saying(text))
    assert found.tolist() == pytest.approx([exact])
    assert soft.tolist() == pytest.approx([exact])


def test_a_near_vector_matches_softly() -> None:
    question = asking("桥", [("桥", 1.0)], vectors=EAST[None])
    near = np.array([[0.475, 0.88]], np.float32)  # (0.475 - 0.25) / 0.45 * 0.8 = 0.4
    exact, soft = word_matches(question, saying("路", near))
    assert exact.tolist() == [0.0]
    assert soft.tolist() == pytest.approx([0.4])


def test_words_are_weighed_by_their_rarity() -> None:
    question = asking("大桥投资", [("大桥", 0.25), ("投资", 0.75)])
    row = measured(question, "投资很多。", "大桥")
    assert row["word"] == row["soft"] == 0.75
    assert row["soft_context"] == 1.0
    assert row["missing"] == row["missing_exact"] == row["absent"] == 0.0
    assert row["missing_sentence"] == 0.25
    assert row["rare"] == 1.0
    row = measured(question, "大桥很长。")
    assert row["missing"] == row["missing_sentence"] == row["missing_exact"] == 0.75
    assert row["absent"] == 0.25
    assert row["rare"] == 0.0


def test_the_dense_features_are_cosines_and_never_negative() -> None:
    question = asking("桥", vector=EAST)
    row = measured(question, saying("路", vector=EAST * 0.6), saying("路", vector=-EAST))
    assert (row["dense"], row["dense_context"]) == (0.6, 0.0)


def test_the_run_is_the_longest_common_stretch() -> None:
    assert longest_run("青江 大桥", "看青江大路") == 3
    assert longest_run("", "青江") == 0
    assert measured(asking("青江大桥"), "看青江大路")["run"] == 0.75


@pytest.mark.parametrize(
    ("sentence", "context", "quoted"),
    [("绿港计划启动。", "", 1.0), ("计划启动。", "绿港计划", 0.5), ("启动。", "", 0.0)],
)
def test_what_is_quoted_should_be_there(sentence: str, context: str, quoted: float) -> None:
    row = measured(asking("“绿港计划”何时启动"), sentence, context)
    assert (row["quoted"], row["quoted_bad"]) == (quoted, 1 - quoted)


def test_without_a_quotation_nothing_quoted_is_missing() -> None:
    row = measured(asking("绿港计划"), "水库。")
    assert (row["quoted"], row["quoted_bad"]) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("question", "sentence", "ok", "bad", "unit"),
    [
        ("有多少家企业", "有332家企业。", 1, 0, 0),
        ("有多少家企业", "有332项成果。", 0, 1, 1),
        ("占比多少", "占46.4%。", 1, 0, 0),
        ("占比多少", "占一部分。", 0, 1, 0),
        ("46.4%是占比多少", "占46.4%。", 0, 1, 0),
        ("如何申请", "网上申请。", 0, 0, 0),
    ],
)
def test_the_wanted_kind_is_there_or_not(
    question: str, sentence: str, ok: float, bad: float, unit: float
) -> None:
    row = measured(asking(question), sentence)
    assert (row["type_ok"], row["type_bad"], row["unit_bad"]) == (ok, bad, unit)


@pytest.mark.parametrize(
    ("sentence", "ok", "bad"),
    [("一是绿化、净化。", 1.0, 0.0), ("绿化、净化。", 0.5, 0.0), ("绿化。", 0.0, 1.0)],
)
def test_a_list_is_told_by_its_marks(sentence: str, ok: float, bad: float) -> None:
    row = measured(asking("有哪些任务"), sentence)
    assert (row["list_ok"], row["type_bad"]) == (ok, bad)


def test_the_clause_of_the_value_counts_whole_and_the_one_before_half() -> None:
    question = asking("大桥投资多少元", [("大桥", 0.5), ("投资", 0.5)], focus=["投资"])
    row = measured(question, "大桥很美，投资48亿元，全长3公里。")
    assert row["clause"] == 0.75
    assert row["focus_clause"] == 1.0
    row = measured(question, "投资很大，桥，共48亿元。")
    assert (row["clause"], row["focus_clause"]) == (0.0, 0.0)


def test_a_comma_in_a_number_ends_no_clause() -> None:
    question = asking("投资多少元", [("投资", 1.0)])
    assert measured(question, "投资1,604.2亿元。")["clause"] == 1.0


@pytest.mark.parametrize(
    ("sentence", "context", "focus", "around", "exact"),
    [
        ("总投资48亿元。", "", 1.0, 1.0, 1.0),
        ("花了48亿元。", "总投资", 0.0, 1.0, 1.0),
        ("投资48亿元。", "", 0.4, 0.4, 0.0),  # one of two pairs: 0.8 * 1/2
        ("花了48亿元。", "", 0.0, 0.0, 0.0),
    ],
)
def test_the_focus_is_looked_for_here_and_around(
    sentence: str, context: str, focus: float, around: float, exact: float
) -> None:
    row = measured(asking("总投资多少", focus=["总投资"]), sentence, context)
    assert (row["focus"], row["focus_context"], row["focus_exact"]) == (focus, around, exact)


def test_a_focus_that_is_only_near_counts_by_its_vector() -> None:
    near = np.array([[0.55, 0.8]], np.float32)  # (0.55 - 0.4) / 0.3 * 0.7 = 0.35
    assert word_match("桥", frozenset(), EAST, saying("路", near)) == pytest.approx(0.35)
    assert word_match("桥", frozenset({"路"}), EAST, saying("路")) == 0.9


@pytest.mark.parametrize(
    ("sentence", "years", "here", "ok", "bad"),
    [
        ("2024年通车。", frozenset(), 1, 1, 0),
        ("2023年通车。", frozenset({"2024"}), 0, 0, 1),
        ("通车。", frozenset({"2024"}), 0, 1, 0),
        ("通车。", frozenset({"2023"}), 0, 0, 1),
        ("通车。", frozenset(), 0, 0, 0),
    ],
)
def test_the_year_of_the_sentence_stands_above_that_of_its_surroundings(
    sentence: str, years: frozenset[str], here: float, ok: float, bad: float
) -> None:
    row = measured(asking("2024年谁通车"), sentence, years=years)
    assert (row["year_here"], row["year_ok"], row["year_bad"]) == (here, ok, bad)


@pytest.mark.parametrize(
    ("sentence", "bad"),
    [("去年增长5%。", 0), ("2023年增长5%。", 0), ("增长5%。", 1), ("明年增长5%。", 1)],
)
def test_last_year_must_be_spoken_of(sentence: str, bad: float) -> None:
    row = measured(asking("去年增长多少"), sentence, years=frozenset({"2024"}))
    assert row["relative_bad"] == bad


@pytest.mark.parametrize(
    ("sentence", "context", "bad"),
    [
        ("第八届开幕。", "第七届", 0),
        ("第七届开幕。", "第八届", 1),
        ("开幕。", "第八届", 0),
        ("开幕。", "", 1),
    ],
)
def test_another_ordinal_speaks_against(sentence: str, context: str, bad: float) -> None:
    assert measured(asking("第八届在哪里"), sentence, context)["ordinal_bad"] == bad


@pytest.mark.parametrize(
    ("sentence", "context", "bad"),
    [
        ("北京增长。", "", 0.0),
        ("上海增长。", "北京", 0.5),
        ("增长。", "北京", 0.0),
        ("上海增长。", "", 1.0),
        ("增长。", "", 1.0),
    ],
)
def test_another_place_speaks_against(sentence: str, context: str, bad: float) -> None:
    assert measured(asking("北京增长多少"), sentence, context)["place_bad"] == bad


def test_a_latin_name_that_is_missing_speaks_against_but_not_in_english() -> None:
    assert measured(asking("gdp和cpi是多少"), "gdp增长。")["latin_bad"] == 0.5
    assert measured(asking("gdp是多少"), "水库。", "gdp")["latin_bad"] == 0.0
    assert measured(asking("what is gdp"), "水库。")["latin_bad"] == 0.0


@pytest.mark.parametrize(
    ("question", "sentence", "ok", "bad"),
    [
        ("46.4%是什么", "占46.4%。", 1.0, 0.0),
        ("46.4%和3是什么", "占46.4%。", 0.5, 0.5),
        ("2024年如何", "占一半。", 0.0, 0.0),
        ("1604.2是什么", "共1,604.2亿元。", 1.0, 0.0),
    ],
)
def test_numbers_of_the_question_are_looked_for(
    question: str, sentence: str, ok: float, bad: float
) -> None:
    row = measured(asking(question), sentence)
    assert (row["number_ok"], row["number_bad"]) == (ok, bad)


@pytest.mark.parametrize(
    ("text", "short", "long", "truncated"),
    [
        ("字" * 7, 0.5, 0.0, 1.0),
        ("字" * 13 + "。", 0.0, 0.0, 0.0),
        ("字" * 219 + "。", 0.0, 0.5, 0.0),
        ("字" * 400, 0.0, 1.0, 1.0),
        ("", 1.0, 0.0, 0.0),
    ],
)
def test_the_form_of_a_sentence(text: str, short: float, long: float, truncated: float) -> None:
    row = measured(asking("水库"), text)
    assert (row["short"], row["long"], row["truncated"]) == (short, long, truncated)


def test_what_is_given_is_passed_on() -> None:
    row = measured(asking("水库"), "字", passage=0.25, heading=True, question_section=True)
    assert (row["passage"], row["heading"], row["question_section"]) == (0.25, 1.0, 1.0)
    row = measured(asking("水库"), "字")
    assert (row["passage"], row["heading"], row["question_section"]) == (0.0, 0.0, 0.0)


def test_weights_sum_to_one_and_are_equal_where_nothing_is_known() -> None:
    assert idf_weights([0.0, 0.0]).tolist() == [0.5, 0.5]
    assert idf_weights([0.3, 0.1]).tolist() == pytest.approx([0.75, 0.25])
    assert len(idf_weights([])) == 0


WORDS = st.text(
    alphabet="青江大桥投资多少哪年什么谁是的第三届去年北京2024.5%，。？“”《》一是、；gdp ",
    max_size=50,
)


@settings(max_examples=60, deadline=None)
@given(WORDS, WORDS)
def test_every_feature_is_finite_and_in_range(question: str, text: str) -> None:
    model = ranker()
    view = model.view_question(take_apart(question), Aliases())
    corpus = memory({"a": text})
    for scored in model.rank(view, candidates(corpus, corpus.hits())):
        assert np.isfinite(scored.features).all()
        assert (scored.features >= -1e-6).all()
        assert (scored.features <= 1 + 1e-5).all()
        assert np.isfinite(scored.score)
