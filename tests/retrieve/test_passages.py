"""What a passage is told by beside the others: columns by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.read.stage import READ_NAMES
from rag.retrieve.aliases import Aliases
from rag.retrieve.features import NAMES, UNREAD
from rag.retrieve.passages import (
    LENGTH,
    PASSAGE,
    by_passage,
    leads,
    passage_features,
    passage_names,
)
from rag.retrieve.question import take_apart
from rag.retrieve.scored import Candidate, Scored
from rag.retrieve.views import QuestionView
from rag.types import Chunk, ScoredChunk, Section, Sentence
from tests.fakes.ranking import ranker


def hit(
    doc: str, first: int, last: int, score: float = 0.5, dense: float = 0.0, lexical: float = 0.0
) -> ScoredChunk:
    return ScoredChunk(doc, first, Chunk(0, 80, 0, first, last), score, dense, lexical)


def scored(doc: str, index: int, score: float, fill: float = 0.0, **named: float) -> Scored:
    """A sentence with the features of ``READ_NAMES``, all ``fill`` but the ``named`` ones."""
    candidate = Candidate(doc, index, Sentence(0, 9, 0), Section(0, 9), "句", "", 0.5)
    row = np.array([named.get(name, fill) for name in READ_NAMES], np.float32)
    return Scored(candidate, score, row, np.zeros(0, np.float32))


def view(question: str = "投资多少亿元") -> QuestionView:
    return ranker().view_question(take_apart(question), Aliases())


def columns(hits: list[ScoredChunk], ranked: list[Scored]) -> dict[str, list[float]]:
    rows = passage_features(view(), hits, ranked, READ_NAMES)
    assert rows.dtype == np.float32 and rows.shape == (len(hits), len(passage_names(READ_NAMES)))
    return dict(zip(passage_names(READ_NAMES), rows.T.tolist(), strict=True))


def test_every_column_has_one_name() -> None:
    for names in (NAMES, READ_NAMES):
        assert len(set(passage_names(names))) == len(passage_names(names))
    assert passage_names(NAMES) == PASSAGE
    assert set(passage_names(READ_NAMES)) - set(PASSAGE) == {
        *(f"{name}{end}" for name in ("read_span", "read_evidence", "read_window") for end in ("", "_lead")),
        *(f"top_{name}" for name in UNREAD),
    }  # fmt: skip


def test_what_search_found_stands_beside_how_far_it_leads() -> None:
    got = columns([hit("a", 0, 0, 0.9, 0.25, 8.0), hit("b", 0, 0, 0.5, 0.5, 2.0)], [])
    assert got["score"] == pytest.approx([0.9, 0.5])
    assert got["score_lead"] == pytest.approx([0.4, -0.4])
    assert got["lexical"] == [1.0, 0.25]
    assert (got["dense"], got["dense_lead"]) == ([0.25, 0.5], [-0.25, 0.25])
    assert got["length"] == [80 / LENGTH] * 2


def test_a_passage_has_the_scores_and_the_features_of_its_best_sentences() -> None:
    ranked = [scored("b", 4, 6.0, 0.5), scored("a", 1, 5.0, 0.25), scored("a", 0, 2.0, 0.125)]
    got = columns([hit("a", 0, 1), hit("b", 4, 4), hit("c", 0, 3)], ranked)
    assert got["best"] == [5.0, 6.0, 2.0]
    assert got["second"] == [2.0, 2.0, 2.0]
    assert got["best_lead"] == [-1.0, 1.0, -4.0]
    assert got["top_cov"] == [0.25, 0.5, 0.0]


def test_of_what_was_read_the_most_in_any_sentence_counts() -> None:
    ranked = [scored("a", 0, 6.0, read_span=-1.5), scored("a", 1, 5.0, read_span=0.5)]
    got = columns([hit("a", 0, 1), hit("none", 0, 0)], ranked)
    assert got["read_span"] == [0.5, UNREAD["read_span"]]
    assert got["top_read_span"] == [-1.5, UNREAD["read_span"]]
    assert got["top_unread"] == [0.0, 1.0]


def test_the_kind_of_answer_asked_for_is_told() -> None:
    got = columns([hit("a", 0, 0)], [scored("a", 0, 1.0)])
    wanted = [name for name, values in got.items() if name.startswith("want_") and values == [1.0]]
    assert wanted == ["want_number"]


def test_a_sentence_in_two_passages_counts_for_both() -> None:
    hits = [hit("a", 0, 2), hit("a", 2, 3), hit("b", 2, 2)]
    ranked = [scored("a", 2, 3.0), scored("a", 3, 2.0), scored("x", 0, 1.0)]
    found = [[s.candidate.index for s in own] for own in by_passage(hits, ranked)]
    assert found == [[2], [2, 3], []]


def test_no_passage_gives_no_row() -> None:
    assert passage_features(view(), [], []).shape == (0, len(PASSAGE))


@given(st.lists(st.integers(-50, 50), min_size=2, max_size=9))
def test_a_lead_is_the_distance_to_the_best_of_the_others(values: list[int]) -> None:
    found = leads(np.array(values, np.float32)).tolist()
    for i, (value, lead) in enumerate(zip(values, found, strict=True)):
        assert lead == value - max(values[:i] + values[i + 1 :])


def test_what_is_alone_leads_nothing() -> None:
    assert leads(np.array([3.0], np.float32)).tolist() == [0.0]
