"""Cases of a few sentences, cut from those of many."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rag.read.stage import READ_NAMES
from rag.retrieve.features import NAMES
from rag.retrieve.scored import Scored
from rag.train.evidence import Case
from rag.train.few import ANSWERED, EVERY, SIZES, alone, with_few
from tests.train.test_evidence import case, scored


def read(index: int, passage: float, span: float, lead: float, unread: float = 0.0) -> Scored:
    """A sentence with the reader's features behind the others."""
    one = scored(index, passage=passage)
    candidate = replace(one.candidate, text=f"第{index}句")
    return replace(
        one, candidate=candidate, features=np.append(one.features, [span, 0.1, 0.2, lead, unread])
    )


def of(found: Scored, name: str) -> float:
    return float(found.features[READ_NAMES.index(name)])


MANY = [case(*({"passage": 1 - i / 12} for i in range(12)), right=i % 12) for i in range(240)]


def test_every_so_often_a_case_of_a_few_sentences_stands_behind_its_own() -> None:
    found = list(with_few(MANY, NAMES, 1))
    few = [i for i, one in enumerate(found) if one.group == "g-few"]
    assert few == [number * (EVERY + 1) + 1 for number in range(len(MANY) // EVERY)]
    assert [one for one in found if one.group == "g"] == MANY
    assert {len(found[i].scored) for i in few} <= set(SIZES)
    again = list(with_few(MANY, NAMES, 1))
    assert [len(one.scored) for one in again] == [len(one.scored) for one in found]


def test_a_few_sentences_answer_where_one_of_them_does() -> None:
    found = [one for one in with_few(MANY * 20, NAMES, 2) if one.group == "g-few"]
    for one in found:
        assert one.answerable == bool(one.right.any())
        assert len(one.right) == len(one.scored)
    share = np.mean([one.answerable for one in found])
    assert share == pytest.approx(ANSWERED, abs=0.06)
    none = [replace(one, answerable=False, right=one.right & False) for one in MANY]
    assert not any(one.answerable for one in with_few(none, NAMES, 1))


def test_where_every_sentence_answers_none_may_be_left() -> None:
    every = [replace(one, right=one.right | True) for one in MANY]
    found = [one for one in with_few(every, NAMES, 1) if one.group == "g-few"]
    assert {one.answerable for one in found} == {True, False}
    assert all(one.answerable == bool(one.scored) for one in found)


def test_the_same_sentence_printed_twice_is_no_rival_of_itself() -> None:
    one = read(0, 1.0, 0.5, 0.0)
    twice = alone([one, one, read(1, 0.5, 0.2, 0.0)], [one], READ_NAMES)
    assert [of(found, "read_lead") for found in twice] == pytest.approx([0.3, 0.3, -0.3])


def test_a_case_without_sentences_is_left_as_it_is() -> None:
    empty = Case(MANY[0].view, (), np.zeros(0, bool), False, 1.0, "g")
    assert list(with_few([empty], NAMES, 1)) == [empty]


def test_alone_the_best_passage_has_the_best_share_and_none_leads_but_over_none() -> None:
    among = [read(0, 1.0, 0.5, 0.3), read(1, 0.6, -0.4, -0.9), read(2, 0.3, -0.6, -1.1)]
    one, other = alone(among[1:], among, READ_NAMES)
    assert of(one, "passage") == pytest.approx(1.0) and of(other, "passage") == pytest.approx(0.5)
    assert of(one, "read_lead") == pytest.approx(0.2) == -of(other, "read_lead")
    (single,) = alone(among[2:], among, READ_NAMES)
    assert of(single, "read_lead") == pytest.approx(-0.6) == of(single, "read_span")
    assert of(among[2], "read_lead") == pytest.approx(-1.1)  # what it was cut from is as it was


def test_what_was_not_read_leads_and_rivals_nothing() -> None:
    among = [read(0, 1.0, -2.0, -2.0, 1.0), read(1, 0.9, 0.3, 0.1)]
    unread, one = alone(among, among, READ_NAMES)
    assert of(unread, "read_lead") == -2.0 and of(one, "read_lead") == pytest.approx(0.3)


def test_without_a_reader_only_the_passage_s_share_is_changed() -> None:
    (found,) = alone([scored(1, passage=0.4, cov=0.7)], [scored(0, passage=0.8)], NAMES)
    changed = {
        name
        for name, a, b in zip(
            NAMES, found.features, scored(1, passage=0.4, cov=0.7).features, strict=True
        )
        if a != b
    }
    assert changed == {"passage"} and of(found, "passage") == pytest.approx(0.8)
