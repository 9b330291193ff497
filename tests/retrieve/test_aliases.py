"""Other names of a word: general ones, those of the corpus, and the files that list them."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieve.aliases import DATA, ONE_WAY, Aliases, light_words, mine
from rag.text.normalise import fold_text


def lines(name: str) -> list[str]:
    text = (DATA / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("工信部", "工业和信息化部"),
        ("gdp", "国内生产总值"),
        ("ai", "人工智能"),
        ("北京", "首都"),
        ("wto", "世贸组织"),
        ("最低", "谷值"),
    ],
)
def test_general_names_hold_both_ways(one: str, other: str) -> None:
    aliases = Aliases()
    assert other in aliases.of(one)
    assert one in aliases.of(other)


def test_names_of_the_corpus_hold_both_ways_and_stand_beside_the_general_ones() -> None:
    aliases = Aliases([("青江科创中心", "qstc"), ("ai", "青江智能")])
    assert aliases.of("qstc") == {"青江科创中心"}
    assert aliases.of("青江科创中心") == {"qstc"}
    assert {"人工智能", "青江智能"} <= aliases.of("ai")
    assert "青江智能" not in Aliases().of("ai")


def test_an_unknown_word_has_no_other_name() -> None:
    assert Aliases().of("青江大桥") == frozenset()


def test_an_english_plural_is_looked_up_by_its_singular() -> None:
    aliases = Aliases()
    assert aliases.of("teslas") == aliases.of("tesla") != frozenset()


def test_a_phrase_is_no_name_of_its_single_words() -> None:
    aliases = Aliases()
    assert "世界经济论坛" not in aliases.of("forum")
    assert "economic" not in aliases.of("world")
    assert "世界经济论坛" in aliases.of("wef")


def test_a_latin_word_is_expanded_only_where_it_stands_alone() -> None:
    aliases = Aliases()
    assert "人工智能" in aliases.expand("ai的发展")
    assert "人工智能" not in aliases.expand("chair")
    assert "人工智能" not in aliases.expand("openai2")


def test_expanding_takes_the_longest_word_and_passes_over_those_inside() -> None:
    aliases = Aliases([("青江大学", "青大"), ("大学", "高校")])
    found = aliases.expand("青江大学")
    assert found[0] == "青大"
    assert "高校" not in found


def test_what_people_say_names_what_is_printed_and_not_the_other_way_round() -> None:
    assert "旅行社" in Aliases().of("跟团游公司")
    assert "跟团游公司" not in Aliases().of("旅行社")


@pytest.mark.parametrize(
    ("run", "parts"),
    [
        ("青江人形机器人企业", ["青江", "人形机器人", "企业"]),
        ("人形机器人", ["人形机器人"]),
        ("甲乙港务局电话", ["甲乙港务局", "电话"]),  # the corpus's own name
        ("企业电话", ["企业电话"]),  # two characters may be cut across two words
        ("", []),
    ],
)
def test_a_run_is_cut_where_known_names_begin_and_end(run: str, parts: list[str]) -> None:
    assert Aliases([("甲乙港务局", "甲港")]).cut(run) == parts


@given(st.text("青江人形机器企业家庭旅馆的", max_size=20))
def test_cutting_loses_no_character(run: str) -> None:
    assert "".join(Aliases().cut(run)) == run


def test_expanding_gives_each_name_once() -> None:
    found = Aliases([("甲甲", "乙乙"), ("丙丙", "乙乙")]).expand("甲甲和丙丙")
    assert found.count("乙乙") == 1


def test_a_printed_english_name_is_one_word_of_a_question_whatever_stands_between() -> None:
    aliases = Aliases([("青江园区协会", "association of qingjiang parks")])
    assert aliases.phrases(["association", "qingjiang", "parks"]) == ["association qingjiang parks"]
    assert "青江园区协会" in aliases.of("association qingjiang parks")


@pytest.mark.parametrize(
    ("there", "here"),
    [("软体", "软件"), ("资料库", "数据库"), ("伺服器", "服务器"), ("硬碟", "硬盘")],
)
def test_words_of_taiwan_and_hong_kong_name_the_mainland_ones_and_not_the_other_way_round(
    there: str, here: str
) -> None:
    assert here in Aliases().of(there)
    assert there not in Aliases().of(here)
    assert here in Aliases().expand(f"青江的{there}")


def test_an_english_question_is_searched_for_by_the_likeliest_names() -> None:
    found = Aliases().expand("which city hosted the seminar on march 27?")
    assert {"城市", "研讨会", "3月27日"} <= set(found)
    assert not [name for name in found if name.isascii()]


def test_english_words_that_make_a_known_phrase_are_joined() -> None:
    words = "the world economic forum in beijing".split()
    aliases = Aliases()
    assert aliases.phrases(words) == ["the", "world economic forum", "in", "beijing"]
    assert aliases.phrases([]) == []
    assert aliases.phrases(["world"]) == ["world"]


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("人工智能(ai)发展", [("人工智能", "ai")]),
        ("人工智能（ai）发展", [("人工智能", "ai")]),
        ("iasp(国际科技园协会)", [("iasp", "国际科技园协会")]),
        ("青江科创中心(简称“qstc”)", [("青江科创中心", "qstc")]),
        ("青江大学(简称青大)", []),
        ("由世界组织(world body, wbo)说", [("世界组织", "world body"), ("世界组织", "wbo")]),
        ("青江的科创园(qj-park)", [("科创园", "qj-park")]),
        ("青江科学园及创新区域协会(iasp)", [("青江科学园及创新区域协会", "iasp")]),
        ("iasp(青江科学园及创新区域协会)", [("iasp", "青江科学园及创新区域协会")]),
        ("萨尔瓦·马约(salva mayo)说", [("萨尔瓦·马约", "salva mayo")]),
        ("张三(男)", []),
        ("没有括号", []),
        ("空(),(ai)", []),
    ],
)
def test_a_text_gives_its_own_abbreviations_in_parentheses(
    text: str, pairs: list[tuple[str, str]]
) -> None:
    assert mine(text) == pairs


def test_light_words_are_words_of_the_file() -> None:
    assert {"目前", "举行", "机构"} <= light_words()
    assert "青江" not in light_words()
    assert "#" not in light_words()
    assert "companies" in light_words()  # 公司 is one
    assert "robots" not in light_words()


@pytest.mark.parametrize("name", ["synonyms.txt", "light.txt", *ONE_WAY])
def test_tabs_stand_in_the_one_way_files_only(name: str) -> None:
    for line in lines(name):
        assert line.count("\t") == (1 if name in ONE_WAY else 0), line


@pytest.mark.parametrize("name", ["synonyms.txt", "light.txt"])
def test_no_word_stands_twice_in_a_line(name: str) -> None:
    for line in lines(name):
        assert max(Counter(line.split()).values()) == 1, line


def test_a_line_of_synonyms_holds_two_words_at_least() -> None:
    assert [line for line in lines("synonyms.txt") if len(line.split()) < 2] == []


@pytest.mark.parametrize("name", ONE_WAY)
def test_a_one_way_file_has_each_key_once_and_each_with_other_names(name: str) -> None:
    keys: Counter[str] = Counter()
    for line in lines(name):
        head, _, others = line.partition("\t")
        keys.update(head.split("|"))
        assert others.split(), line
        assert max(Counter(others.split()).values()) == 1, line
    assert [key for key, count in keys.items() if count > 1 or key != key.strip()] == []


@pytest.mark.parametrize("name", ["synonyms.txt", "light.txt", *ONE_WAY])
def test_words_are_stored_as_they_are_compared(name: str) -> None:
    words = {word for line in lines(name) for word in line.replace("|", " ").split()}
    assert {word: fold_text(word) for word in words if fold_text(word) != word} == {}
