"""The second look: what is read as features, and the order by them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from rag.errors import EmbedderError
from rag.read.reading import Reading
from rag.read.stage import READ_NAMES, SURE, Stage
from rag.retrieve.aliases import Aliases
from rag.retrieve.candidates import candidates
from rag.retrieve.features import MOST, NAMES, READ, UNREAD
from rag.retrieve.memory import MemoryCorpus
from rag.retrieve.question import take_apart
from rag.retrieve.scored import Scored
from rag.retrieve.weights import Weights
from tests.fakes.ranking import memory, ranker, weighed
from tests.fakes.reader import ToldReader
from tests.read.tiny import reading_weights

LENGTH, TOWERS, OTHER = "青江大桥全长3.6公里。", "大桥有两座塔。", "白石水库位于上游。"
TEXTS = {"a.txt": f"青江大桥\n\n{LENGTH}{TOWERS}\n", "b.txt": f"白石水库\n\n{OTHER}\n"}
QUESTION = "青江大桥全长多少公里？"


def told(span: float, evidence: float = 0.0, window: float = 0.0) -> Reading:
    return Reading(span, evidence, window, 2, 4)


def first_look(corpus: MemoryCorpus) -> list[Scored]:
    """As they stand, each with features of its own."""
    found = candidates(corpus, corpus.hits())
    rows = [np.full(len(NAMES), i, np.float32) for i in range(len(found))]
    return [Scored(c, -float(i), rows[i], rows[i][:1]) for i, c in enumerate(found)]


def looked(
    readings: Mapping[str, Reading], texts: Mapping[str, str] = TEXTS, **rank: float
) -> list[Scored]:
    reader = ToldReader(readings)
    stage = Stage(reader, reading_weights(reader.identity, rank) if rank else None)
    corpus = memory(texts)
    return stage.order(QUESTION, first_look(corpus), corpus)


def read_of(scored: list[Scored]) -> dict[str, list[float]]:
    return {s.candidate.text: s.features[len(NAMES) :].tolist() for s in scored}


def test_what_is_read_stands_behind_the_features_of_the_first_look() -> None:
    assert (*NAMES, *READ) == READ_NAMES
    assert READ == ("read_span", "read_evidence", "read_window", "read_lead", "unread")
    order = looked({LENGTH: told(5.0, 3.0, -4.0), TOWERS: told(-2.0), OTHER: told(1.0)})
    for i, scored in enumerate(order):
        assert scored.features.shape == (len(READ_NAMES),) and scored.features.dtype == np.float32
        assert set(scored.features[: len(NAMES)].tolist()) == {float(i)}
    read = read_of(order)
    assert read[LENGTH] == pytest.approx([0.5, 0.3, -0.4, 0.4, 0.0])
    assert read[TOWERS] == pytest.approx([-0.2, 0.0, 0.0, -0.7, 0.0])
    assert read[OTHER] == pytest.approx([0.1, 0.0, 0.0, -0.4, 0.0])


def test_a_sentence_that_is_not_read_says_so() -> None:
    read = read_of(looked({LENGTH: told(5.0)}))
    assert read["青江大桥"] == list(UNREAD.values()) == [-MOST, -MOST, -MOST, -MOST, 1.0]


def test_large_logits_are_clipped() -> None:
    read = read_of(looked({LENGTH: told(90.0, -90.0, 25.0), TOWERS: told(-90.0)}))
    assert read[LENGTH] == [MOST, -MOST, MOST, MOST, 0.0]
    assert read[TOWERS][0] == read[TOWERS][3] == -MOST


def test_the_same_sentence_printed_twice_is_no_rival_of_itself() -> None:
    texts = {**TEXTS, "c.txt": f"又一篇\n\n{LENGTH}\n"}
    order = looked({LENGTH: told(5.0), OTHER: told(1.0)}, texts)
    leads = [s.features[-2] for s in order if s.candidate.text == LENGTH]
    assert leads == pytest.approx([0.4, 0.4])


def test_a_sentence_without_a_rival_leads_over_no_answer() -> None:
    corpus = {"b.txt": TEXTS["b.txt"]}
    for span in (-3.0, 4.0):
        read = read_of(looked({OTHER: told(span)}, corpus))[OTHER]
        assert read[3] == read[0] == pytest.approx(span / 10)


def test_the_weights_give_score_and_order() -> None:
    readings = {LENGTH: told(-5.0), TOWERS: told(2.0), OTHER: told(4.0)}
    order = looked(readings, read_span=2.0, unread=-1.0)
    assert [s.candidate.text for s in order[:3]] == [OTHER, TOWERS, LENGTH]
    assert [s.score for s in order] == pytest.approx([0.8, 0.4, -1.0, -5.0, -5.0])


def test_ties_go_by_document_and_position() -> None:
    reader = ToldReader({})
    stage = Stage(reader, reading_weights(reader.identity, {"read_span": 1.0}))
    corpus = memory(TEXTS)
    order = stage.order(QUESTION, first_look(corpus)[::-1], corpus)
    places = [(s.candidate.doc, s.candidate.index) for s in order]
    headings = [("a.txt", 0), ("b.txt", 0)]
    assert [p for p in places if p in headings] == headings
    assert [p for p in places if p not in headings] == [("a.txt", 1), ("a.txt", 2), ("b.txt", 1)]


def test_without_weights_the_order_and_the_scores_stay() -> None:
    order = looked({OTHER: told(9.0)})
    assert [s.score for s in order] == [-float(i) for i in range(len(order))]
    assert [s.candidate.doc for s in order] == ["a.txt"] * 3 + ["b.txt"] * 2


def test_the_answer_is_kept_where_its_span_logit_is_above_sure() -> None:
    order = looked({LENGTH: told(SURE + 0.5), TOWERS: told(SURE - 0.5), OTHER: told(SURE)})
    spans = {s.candidate.text: s.answer for s in order}
    assert spans[LENGTH] == (2, 4)
    assert spans[TOWERS] == spans[OTHER] == spans["青江大桥"] == (0, 0)


def test_nothing_found_is_ordered_into_nothing() -> None:
    reader = ToldReader({})
    assert Stage(reader, None).order(QUESTION, [], memory(TEXTS)) == []


def test_weights_of_another_reader_are_refused() -> None:
    with pytest.raises(EmbedderError, match="belong to other, not fake-told; run `rag train-rank"):
        Stage(ToldReader({}), reading_weights("other", {}))


def test_the_probability_is_that_of_the_weights_and_nought_without() -> None:
    reader = ToldReader({LENGTH: told(5.0)})
    found = weighed(QUESTION, memory(TEXTS))
    stage = Stage(reader, reading_weights(reader.identity, {"read_span": 1.0}, bias=2.0))
    order = stage.order(QUESTION, found.ranked, memory(TEXTS))
    assert stage.probability(found.view, order) == pytest.approx(1 / (1 + np.exp(-2.0)))
    assert stage.probability(found.view, []) == 0.0
    assert Stage(reader, None).probability(found.view, order) == 0.0


def test_the_stage_has_the_last_word_in_an_answer() -> None:
    from rag.answer.engine import weigh
    from rag.types import Query

    corpus = memory(TEXTS)
    reader = ToldReader({OTHER: told(9.0)})
    stage = Stage(reader, reading_weights(reader.identity, {"read_span": 1.0}, bias=-3.0))
    asked = Query(QUESTION, QUESTION)
    with_it = weigh(asked, corpus, corpus.hits(), ranker(), Aliases(), None, stage=stage)
    without = weigh(asked, corpus, corpus.hits(), ranker(), Aliases(), None)
    assert without.ranked[0].candidate.text == LENGTH
    assert with_it.ranked[0].candidate.text == OTHER
    assert with_it.probability == pytest.approx(1 / (1 + np.exp(3.0)))
    assert {text for window in reader.windows for text in window} == {LENGTH, TOWERS, OTHER}


def test_scores_are_brought_to_their_level_and_judged_as_they_were(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reader, corpus = ToldReader({OTHER: told(4.0)}), memory(TEXTS)
    plain = reading_weights(reader.identity, {"read_span": 2.0})
    one, other = (Stage(reader, w) for w in (plain, replace(plain, level=(0.5, 3.0))))
    orders = [stage.order(QUESTION, first_look(corpus), corpus) for stage in (one, other)]
    scores = [[s.score for s in order] for order in orders]
    assert scores[1] == pytest.approx([0.5 * score + 3.0 for score in scores[0]])
    seen: list[list[float]] = []

    def watched(self: Weights, question: object, ranked: list[Scored], unseen: object) -> float:
        seen.append([scored.score for scored in ranked])
        return 0.5

    monkeypatch.setattr(Weights, "probability", watched)
    view = ranker().view_question(take_apart(QUESTION), Aliases())
    for stage, order in zip((one, other), orders, strict=True):
        assert stage.probability(view, order) == 0.5
    assert seen[1] == pytest.approx(seen[0])


def test_last_year_is_asked_by_its_number_of_a_window_that_prints_it_so() -> None:
    texts = {
        "a.txt": "大桥\n\n2025年,大桥投资3亿元。\n\n2026年的计划已经公布。\n",
        "b.txt": "水库\n\n去年,水库投资4亿元。\n",
    }
    reader, corpus = ToldReader({}), memory(texts)
    Stage(reader, None).order("去年大桥投资多少亿元？", first_look(corpus), corpus)
    assert dict(zip(("".join(w) for w in reader.windows), reader.asked, strict=True)) == {
        "2025年,大桥投资3亿元。2026年的计划已经公布。": "2025年大桥投资多少亿元？",
        "去年,水库投资4亿元。": "去年大桥投资多少亿元？",
    }
