"""What opening an index accepts, refuses and protects."""

from __future__ import annotations

import gc
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rag.errors import IndexDamaged, IndexMismatch, IndexMissing, UsageError
from rag.index.reader import OpenIndex, open_index
from tests.fakes.index import CHUNK_SIZE, HashEmbedder, build_index, tokens


def version(number: int) -> dict[str, str]:
    """A folder whose three documents all say which version they are of."""
    return {name: f"这里是{name}文，版本v{number}。" for name in ("甲", "乙", "丙")}


def answer(index: OpenIndex) -> set[str]:
    """The versions that show when every part of the index is asked."""
    seen: set[str] = set()
    for name in ("甲", "乙", "丙"):
        text = index.corpus.document(name).text
        found = index.lexical.search(tokens(f"{name}文"), 1)[0][0]
        doc, chunk = index.corpus.chunk(found)
        near = index.vectors.search(HashEmbedder().encode_queries(["\n" + text]), 1)[0]
        assert (doc, chunk.end, near[0], round(near[1], 4)) == (name, len(text), found, 1.0)
        seen.add(text[text.index("v") :])
    return seen


def test_no_index_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="run `rag index`"):
        open_index(tmp_path / "none")


def test_another_embedder_of_the_same_dimension_is_refused(tmp_path: Path) -> None:
    build_index(tmp_path, version(1), embedder=HashEmbedder("first"))
    with pytest.raises(IndexMismatch, match="embedder first, the setting is second; run `rag"):
        open_index(tmp_path, "second")
    with open_index(tmp_path, "first") as index:
        assert index.manifest.embedder == "first"


def test_another_chunk_size_is_refused(tmp_path: Path) -> None:
    build_index(tmp_path, version(1))
    with pytest.raises(IndexMismatch, match="chunk_size 40, the setting is 320"):
        open_index(tmp_path, None, 320)


def test_another_recipe_is_refused(tmp_path: Path) -> None:
    build_index(tmp_path, version(1))
    with pytest.raises(IndexMismatch, match=r"recipe 'fake 1', this is 'fake 2'.*run `rag index`"):
        open_index(tmp_path, recipe="fake 2")
    with open_index(tmp_path, recipe="fake 1") as index:
        assert index.manifest.recipe == "fake 1"


def test_an_unknown_document_is_a_usage_error_and_an_unknown_chunk_a_key_error(
    tmp_path: Path,
) -> None:
    build_index(tmp_path, version(1))
    with open_index(tmp_path) as index:
        with pytest.raises(UsageError, match="no document '丁'"):
            index.corpus.document("丁")
        with pytest.raises(KeyError):
            index.corpus.chunk(1)
        with pytest.raises(KeyError):
            index.corpus.section("甲", 9)
        with pytest.raises(IndexMismatch, match="3 dimensions and the index 16"):
            index.vectors.search(HashEmbedder(dimension=3).encode_queries(["x"]), 1)


def test_an_open_index_notices_a_newer_generation_and_goes_on_answering(tmp_path: Path) -> None:
    build_index(tmp_path, version(1))
    with open_index(tmp_path) as index:
        assert index.is_current()
        build_index(tmp_path, version(2))
        assert not index.is_current()
        assert answer(index) == {"v1。"}
    with open_index(tmp_path) as index:
        assert answer(index) == {"v2。"}


def test_a_generation_is_not_deleted_while_a_reader_has_it_open(tmp_path: Path) -> None:
    build_index(tmp_path, version(1))
    index = open_index(tmp_path)
    for number in (2, 3, 4):
        build_index(tmp_path, version(number))
    assert sorted(os.listdir(tmp_path / "generations")) == ["000001", "000003", "000004"]
    assert answer(index) == {"v1。"}
    index.close()
    index.close()
    build_index(tmp_path, version(5))
    assert sorted(os.listdir(tmp_path / "generations")) == ["000004", "000005"]


def test_an_index_that_is_dropped_lets_go_of_its_generation(tmp_path: Path) -> None:
    build_index(tmp_path, version(1))
    index = open_index(tmp_path)
    del index
    gc.collect()
    for number in (2, 3):
        build_index(tmp_path, version(number))
    assert sorted(os.listdir(tmp_path / "generations")) == ["000002", "000003"]


def test_a_damaged_index_is_refused_and_the_one_before_is_served_on_request(
    tmp_path: Path,
) -> None:
    build_index(tmp_path, version(1))
    build_index(tmp_path, version(2))
    (tmp_path / "generations/000002/vectors.faiss").write_bytes(b"")
    with pytest.raises(IndexDamaged, match="rag index --rebuild") as caught:
        open_index(tmp_path)
    assert "\n" not in str(caught.value)
    with open_index(tmp_path, "fake", CHUNK_SIZE, previous=True) as index:
        assert (index.name, answer(index)) == ("000001", {"v1。"})
    assert sorted(os.listdir(tmp_path / "generations")) == ["000001", "000002"]


def test_with_a_damaged_pointer_the_newest_sound_generation_is_served_on_request(
    tmp_path: Path,
) -> None:
    build_index(tmp_path, version(1))
    build_index(tmp_path, version(2))
    (tmp_path / "CURRENT").write_text("000001")
    with pytest.raises(IndexDamaged, match="CURRENT"):
        open_index(tmp_path)
    with open_index(tmp_path, previous=True) as index:
        assert index.name == "000002"


def test_without_a_generation_before_that_is_said(tmp_path: Path) -> None:
    build_index(tmp_path, version(1))
    with pytest.raises(IndexDamaged, match="no sound generation before"):
        open_index(tmp_path, previous=True)


@pytest.mark.parametrize("name", ["CURRENT", "generations/000001/manifest.json"])
def test_a_build_repairs_a_damaged_index(tmp_path: Path, name: str) -> None:
    build_index(tmp_path, version(1))
    (tmp_path / name).unlink()
    with pytest.raises(IndexDamaged):
        open_index(tmp_path)
    report = build_index(tmp_path, version(1))
    assert report.generation == "000002" and report.rebuilt.startswith("the index is damaged")
    with open_index(tmp_path) as index:
        assert answer(index) == {"v1。"}


def test_an_index_on_a_read_only_disk_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_index(tmp_path, version(1))
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    with open_index(tmp_path) as index:
        assert answer(index) == {"v1。"}


def test_32_threads_read_one_index_at_once(tmp_path: Path) -> None:
    build_index(tmp_path, version(7))
    with open_index(tmp_path) as index, ThreadPoolExecutor(32) as pool:
        assert set.union(*pool.map(lambda _: answer(index), range(320))) == {"v7。"}


def test_every_answer_comes_from_exactly_one_generation(tmp_path: Path) -> None:
    """Readers open, ask and close while the index is rebuilt under them."""
    build_index(tmp_path, version(0))
    done = threading.Event()
    answers: list[set[str]] = []

    def read() -> None:
        while not done.is_set():
            with open_index(tmp_path) as index:
                answers.append(answer(index))

    with ThreadPoolExecutor(6) as pool:
        readers = [pool.submit(read) for _ in range(6)]
        try:
            for number in range(1, 13):
                build_index(tmp_path, version(number))
        finally:
            done.set()
        for reader in readers:
            reader.result()
    assert {len(seen) for seen in answers} == {1}
    assert len(set.union(*answers)) > 3
