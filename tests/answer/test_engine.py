"""Refusals and doubts: in the language of the question, naming what was not understood."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rag.answer.engine import Weighed, doubt, nothing_known, refuse, weigh
from rag.retrieve.aliases import Aliases
from rag.retrieve.question import take_apart
from rag.retrieve.views import question_view
from rag.types import Query
from tests.fakes.ranking import memory, ranker


def weighed(question: str, unseen: tuple[str, ...], probability: float = 0.3) -> Weighed:
    """A question all of whose words are as rare as can be."""
    asked = take_apart(question)
    words = [(run, 1.0) for run in asked.runs]
    zeros = np.zeros((len(words), 2), np.float32)
    view = question_view(asked, words, zeros, zeros.sum(axis=0), lambda _: 1.0, Aliases())
    return Weighed(view, (), (), probability, unseen)


def test_an_english_refusal_names_the_words_that_were_not_understood() -> None:
    question = "Which zorblat won the volleyball cup?"
    answer = refuse(Query(question, question), weighed(question, ("zorblat", "volleyball")))
    assert answer.answer == (
        "The documents do not answer this question. Neither understood nor found in them: zorblat."
    )
    assert answer.unknown_terms == ("zorblat", "volleyball")


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Who founded Qingjiang AI (青江智能)?", "The documents"),
        ("What’s the price?", "The documents"),
        ("青江智能是谁创办的？", "文件中"),
        ("AI（人工智能）", "文件中"),
    ],
)
def test_a_refusal_is_in_the_language_of_the_question(question: str, first: str) -> None:
    assert refuse(Query(question, question), weighed(question, ())).answer.startswith(first)
    english = doubt(Query(question, question), weighed(question, ())).startswith("not certain")
    assert english == (first == "The documents")


@pytest.mark.parametrize(
    ("question", "unseen", "known"),
    [
        ("How many robots joined the forum?", (), True),
        ("How many robots joined the forum?", ("joined", "forum"), False),
        ("How many robots joined the laser exhibition in Qingdao?", ("robots",), False),
        ("How many robots joined the laser exhibition in Qingdao?", ("laser",), True),
        ("青江机器人展览有多少名教师", ("教师",), True),
    ],
)
def test_an_english_question_that_is_not_carried_is_refused(
    question: str, unseen: tuple[str, ...], known: bool
) -> None:
    assert nothing_known(weighed(question, unseen)) != known
    assert not nothing_known(weighed(question, unseen, probability=0.9))


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("写一首关于秋天的诗", "这个问题不能用文件里的原文来回答。请就文件里写的事情提问。"),
        (
            "tell me a joke",
            "No passage of the documents can answer this. Ask about something they say.",
        ),
    ],
)
def test_what_is_no_question_is_refused_without_a_list_of_words(question: str, line: str) -> None:
    found = replace(weighed(question, ("秋天",), probability=0.9), beside=True)
    assert nothing_known(found)
    answer = refuse(Query(question, question), found)
    assert (answer.answer, answer.unknown_terms) == (line, ())


def test_whether_it_is_a_question_is_seen_in_the_users_words() -> None:
    query = Query("谢谢", "青江大桥全长，谢谢")
    corpus = memory({"a": "青江大桥全长3.6公里。"})
    assert weigh(query, corpus, corpus.hits(), ranker(), Aliases(), None).beside
