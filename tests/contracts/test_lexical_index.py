"""Every lexical index against BM25 written out."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import IndexDamaged
from rag.index.lexical import LexicalWriter, TantivyLexical

Chunks = Mapping[int, list[str]]
Make = Callable[[Chunks], TantivyLexical]
K1, B = 1.2, 0.75


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    def index(chunks: Chunks) -> TantivyLexical:
        folder = tmp_path_factory.mktemp("lexical")
        writer = LexicalWriter(folder)
        for name, tokens in chunks.items():
            writer.add(name, tokens)
        writer.finish()
        return TantivyLexical(folder)

    return index


def bm25(chunks: Chunks, query: list[str]) -> dict[int, float]:
    """Scores over 0 by chunk id."""
    mean = sum(map(len, chunks.values())) / len(chunks) if chunks else 0.0
    scores: Counter[int] = Counter()
    for term in set(query):
        holders = {name: tokens.count(term) for name, tokens in chunks.items() if term in tokens}
        idf = math.log(1 + (len(chunks) - len(holders) + 0.5) / (len(holders) + 0.5))
        for name, count in holders.items():
            norm = K1 * (1 - B + B * len(chunks[name]) / mean)
            scores[name] += idf * count * (K1 + 1) / (count + norm)  # type: ignore[assignment]
    return dict(scores)


# Lengths up to 40 tokens are kept exactly; ASCII signs and controls must not be taken for syntax.
TOKENS = st.sampled_from(["论坛", "论", "坛", "4.0", "46.4%", "c++", "a:b", '"', "(", "OR", "𠮷"])
LISTS = st.lists(TOKENS, min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(
    chunks=st.dictionaries(st.integers(0, 2**63 - 1), LISTS, max_size=25),
    query=st.lists(TOKENS | st.just("未知"), max_size=6),
    k=st.integers(0, 30),
)
def test_a_search_equals_brute_force(make: Make, chunks: Chunks, query: list[str], k: int) -> None:
    expected = bm25(chunks, query)
    index = make(chunks)
    found = index.search(query, k)
    assert len(found) == min(k, len(expected))
    assert found == sorted(found, key=lambda pair: (-pair[1], pair[0]))
    assert all(score == pytest.approx(expected[name], abs=2e-4) for name, score in found)
    kth = sorted(expected.values(), reverse=True)[: len(found)]
    assert [score for _, score in found] == pytest.approx(kth, abs=2e-4)
    assert len(index) == len(chunks)
    for token in query:
        holders = sum(token in tokens for tokens in chunks.values())
        assert index.document_frequency(token) == holders
        assert index.contains(token) == (holders > 0)


def test_more_equal_chunks_than_asked_for_give_the_smallest_ids(make: Make) -> None:
    index = make({name: ["论", "坛"] for name in range(900, 400, -1)})
    assert [name for name, _ in index.search(["论", "坛"], 3)] == [401, 402, 403]


def test_a_repeated_query_token_counts_once(make: Make) -> None:
    index = make({1: ["论"], 2: ["坛", "会"]})
    assert index.search(["论", "论", "坛"], 5) == index.search(["论", "坛"], 5)


def test_an_empty_or_unknown_query_and_an_empty_index_find_nothing(make: Make) -> None:
    index = make({1: ["论"]})
    assert index.search([], 5) == index.search(["未知"], 5) == index.search([""], 5) == []
    empty = make({})
    assert (len(empty), empty.search(["论"], 5), empty.contains("论")) == (0, [], False)


def test_hostile_tokens_are_only_tokens(make: Make) -> None:
    long = "长" * 70_000
    index = make({1: [long, "a"], 2: ["\ud800", "b"], 3: ["\0", "c"]})
    assert [name for name, _ in index.search([long], 5)] == [1]
    assert [name for name, _ in index.search(["\ud800"], 5)] == [2]
    assert [name for name, _ in index.search(["\0"], 5)] == [3]


def test_deleted_chunks_are_not_found_and_not_counted(tmp_path: Path) -> None:
    writer = LexicalWriter(tmp_path)
    for name in range(10):
        writer.add(name, ["论", f"t{name}"])
    writer.finish()
    writer = LexicalWriter(tmp_path)
    for name in (3, 4, 99):
        writer.remove(name)
    writer.add(20, ["论", "新"])
    writer.finish()
    index = TantivyLexical(tmp_path)
    assert sorted(name for name, _ in index.search(["论"], 99)) == [0, 1, 2, 5, 6, 7, 8, 9, 20]
    assert (index.search(["t3"], 9), index.contains("t3"), len(index)) == ([], False, 9)
    assert (index.document_frequency("论"), index.document_frequency("t4")) == (9, 0)


def test_a_folder_that_is_no_index_is_damaged(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged):
        TantivyLexical(tmp_path)
