"""The English lexicon: entries, inflected forms, phrases, names in pinyin."""

from __future__ import annotations

import pytest

from rag.retrieve.english import content_words
from rag.retrieve.lexicon import (
    english_names,
    english_words,
    entry,
    lexicon_key,
    lines,
    understood,
)


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("minister", "部长"),
        ("ministers", "部长"),
        ("ministry education", "教育部"),
        ("think tanks", "智库"),
        ("took part", "参加"),
        ("brain computer interface", "脑机接口"),
        ("percentage", "百分比"),
        ("9th", "第九"),
        ("2.4 trillion", "2.4万亿"),
        ("zhang weimin", "张伟民"),
    ],
)
def test_words_phrases_figures_and_names_are_looked_up(phrase: str, name: str) -> None:
    assert name in english_names(phrase)


def test_a_single_character_is_no_name_where_there_is_a_longer_one() -> None:
    assert [name for name in english_names("university") if len(name) < 2] == []
    assert english_names("silicon")[-1] == "硅"  # it stands in few texts


def test_known_words_are_no_name_in_pinyin() -> None:
    assert english_names("long song") == ()


def test_the_longest_phrases_are_joined_and_lone_particles_go() -> None:
    assert english_words("which ministry of education plan was set up over time?") == [
        "ministry education",
        "plan",
        "set up",
        "time",
    ]


def test_only_entries_and_figures_are_understood() -> None:
    assert understood("robots")
    assert understood("march 27")
    assert not understood("qingjiang")


def test_the_short_way_to_a_key_agrees_with_the_long_one() -> None:
    for line in lines("english.txt"):
        for key in line.partition("\t")[0].split("|"):
            assert lexicon_key(key) == " ".join(content_words(key)), key


def test_entries_of_the_lexicon_are_found_by_what_they_are_asked_by() -> None:
    heads = [line.partition("\t")[0].split("|")[0] for line in lines("english.txt")]
    lost = [head for head in heads if lexicon_key(head) and not entry(lexicon_key(head))]
    assert lost == []
