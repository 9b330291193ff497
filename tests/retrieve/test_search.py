"""Fusing the rankings: scores by hand, and what each side contributes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieve.search import Searchable, dense_text, fuse, lexical_tokens, search
from rag.types import FloatMatrix, Query
from tests.fakes.ranking import memory

Ranking = list[tuple[int, float]]

TEXTS = {"a": "青江大桥通车。", "b": "白石水库蓄水。", "c": "青江论坛开幕。", "d": "绿港计划启动。"}


class Vectors:
    """A dense side that always gives the same ranking; ``further`` are cosines beyond it."""

    def __init__(self, ranking: Ranking, further: dict[int, float] | None = None) -> None:
        self.ranking = ranking
        self.further = further or {}

    def search(self, vector: FloatMatrix, k: int) -> Ranking:
        return self.ranking[:k]

    def vectors(self, ids: Sequence[int]) -> FloatMatrix:
        """Rows whose product with a vector of ones is the cosine."""
        return np.array([[self.further.get(i, 0.0), 0.0] for i in ids], np.float32).reshape(-1, 2)


class Lexical:
    """A lexical side that knows a ranking for a token; notes what it was asked."""

    def __init__(self, rankings: dict[str, Ranking]) -> None:
        self.rankings = rankings
        self.asked: list[tuple[tuple[str, ...], int]] = []

    def search(self, tokens: Sequence[str], k: int) -> Ranking:
        self.asked.append((tuple(tokens), k))
        return next((self.rankings[t][:k] for t in tokens if t in self.rankings), [])


class Embedding:
    """One direction for every text that is not empty of meaning."""

    identity, dimension = "fake", 2

    def __init__(self, known: bool = True) -> None:
        self.known = known

    def encode_documents(self, texts: Sequence[str]) -> FloatMatrix:
        return np.full((len(texts), 2), float(self.known), dtype=np.float32)

    encode_queries = encode_documents


def found(
    question: str,
    lexical: Lexical,
    dense: Ranking,
    k: int = 10,
    known: bool = True,
    expansion: str = "",
    mode: str = "hybrid",
    further: dict[int, float] | None = None,
) -> list[tuple[str, int, float, float, float]]:
    index = Searchable(memory(TEXTS), Vectors(dense, further), lexical)
    hits = search(Query(question, question), index, Embedding(known), k, expansion, mode=mode)
    return [(h.doc, h.chunk_id, round(h.score, 6), h.dense, h.lexical) for h in hits]


@pytest.mark.parametrize(
    ("lexical", "expanded", "dense", "fused"),
    [
        ([(7, 3.0)], [], [], [(7, 1 / 1.4)]),
        ([(1, 8.0), (2, 4.0)], [], [], [(1, 1 / 1.4), (2, 0.5 / 1.4)]),
        # Best on both sides, and with a cosine of 1, is 1.
        (
            [(1, 8.0), (2, 4.0)],
            [],
            [(1, 1.0), (3, 0.5)],
            [(1, 1.0), (2, 0.5 / 1.4), (3, 0.2 / 1.4)],
        ),
        # The better of both rankings counts, not their sum; a cosine below 0 counts nothing.
        ([(1, 8.0), (2, 6.0)], [(2, 5.0)], [(1, -0.5)], [(1, 1 / 1.4), (2, 0.9 / 1.4)]),
        ([(5, 2.0), (4, 2.0)], [], [], [(4, 1 / 1.4), (5, 1 / 1.4)]),
        ([], [], [(4, 0.5)], [(4, 0.2 / 1.4)]),
        ([], [], [], []),
    ],
)
def test_fused_scores_are_those_by_hand(
    lexical: Ranking, expanded: Ranking, dense: Ranking, fused: Ranking
) -> None:
    got = fuse(lexical, expanded, dense)
    assert [item for item, _ in got] == [item for item, _ in fused]
    assert [score for _, score in got] == pytest.approx([score for _, score in fused])


RANKING = st.lists(
    st.tuples(st.integers(0, 9), st.floats(0.01, 9)), unique_by=lambda p: p[0], max_size=6
).map(lambda pairs: sorted(pairs, key=lambda pair: -pair[1]))
COSINES = st.lists(
    st.tuples(st.integers(0, 9), st.floats(-1, 1)), unique_by=lambda p: p[0], max_size=6
)


@given(RANKING, RANKING, COSINES)
def test_fused_scores_are_in_0_to_1_best_first_and_ties_by_id(
    lexical: Ranking, expanded: Ranking, dense: Ranking
) -> None:
    got = fuse(lexical, expanded, dense)
    assert {item for item, _ in got} == {i for part in (lexical, expanded, dense) for i, _ in part}
    assert all(0 <= score <= 1 + 1e-9 for _, score in got)
    assert got == sorted(got, key=lambda pair: (-pair[1], pair[0]))


@pytest.mark.parametrize(
    ("question", "tokens"),
    [
        ("大桥什么时候通车？", ["大", "桥", "大桥", "通", "车", "通车"]),
        ("大桥的大桥", ["大", "桥", "大桥"]),
        ("GDP是多少", ["gdp"]),
        ("是什么？", ["是", "什", "么", "是什", "什么"]),
        ("？", []),
    ],
)
def test_tokens_are_those_of_the_content_or_of_all(question: str, tokens: list[str]) -> None:
    assert lexical_tokens(question) == tokens


def test_both_sides_are_fused_and_each_score_is_kept() -> None:
    lexical = Lexical({"大桥": [(0, 5.0), (2, 1.5)]})
    assert found("大桥", lexical, [(2, 0.9), (1, 0.4)]) == [
        ("a", 0, round(1 / 1.4, 6), 0.0, 5.0),
        ("c", 2, round((0.3 + 0.36) / 1.4, 6), 0.9, 1.5),
        ("b", 1, round(0.16 / 1.4, 6), 0.4, 0.0),
    ]


def test_what_only_words_found_counts_with_its_cosine_as_well() -> None:
    lexical = Lexical({"大桥": [(0, 5.0), (2, 2.5)]})
    assert found("大桥", lexical, [(1, 0.5)], further={2: 0.25, 3: 0.9}) == [
        ("a", 0, round(1 / 1.4, 6), 0.0, 5.0),
        ("c", 2, round((0.5 + 0.1) / 1.4, 6), 0.25, 2.5),
        ("b", 1, round(0.2 / 1.4, 6), 0.5, 0.0),
    ]


class Static(Embedding):
    """A static model, which notes what it was asked to embed."""

    identity = "static:fake:0"

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def encode_queries(self, texts: Sequence[str]) -> FloatMatrix:
        self.asked += texts
        return self.encode_documents(texts)


def test_a_static_model_gets_the_content_words_twice_another_one_the_question_as_it_is() -> None:
    static = Static()
    index = Searchable(memory(TEXTS), Vectors([]), Lexical({}))
    search(Query("青江大桥什么时候通车？", "青江大桥什么时候通车？"), index, static, 3)
    assert static.asked == ["青江大桥什么时候通车？ 青江大桥 通车"]
    assert dense_text("青江大桥什么时候通车？", Embedding()) == "青江大桥什么时候通车？"


@pytest.mark.parametrize(("mode", "docs"), [("lexical", ["a", "d"]), ("dense", ["b"])])
def test_one_side_can_be_left_out(mode: str, docs: list[str]) -> None:
    lexical = Lexical({"大桥": [(0, 5.0)], "计划": [(3, 5.0)]})
    hits = found("大桥", lexical, [(1, 0.4)], expansion="计划", mode=mode)
    assert [doc for doc, *_ in hits] == docs


def test_three_times_k_of_each_side_are_fused_and_k_are_given() -> None:
    lexical = Lexical({"大桥": [(0, 5.0)]})
    assert len(found("大桥", lexical, [(1, 0.9), (2, 0.8), (3, 0.7)], k=1)) == 1
    assert lexical.asked == [(("大", "桥", "大桥"), 3)]


def test_an_expansion_is_a_ranking_of_its_own() -> None:
    lexical = Lexical({"大桥": [(0, 5.0)], "水库": [(1, 4.0)]})
    assert found("大桥", lexical, [], expansion="水库") == [
        ("a", 0, round(1 / 1.4, 6), 0.0, 5.0),
        ("b", 1, round(0.9 / 1.4, 6), 0.0, 0.0),
    ]


def test_words_that_neither_side_knows_find_nothing() -> None:
    assert found("火星", Lexical({}), [(1, 0.9)], known=False) == []
    assert found("火星", Lexical({}), []) == []
