"""What a build reports, reuses and leaves behind."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.errors import EmbedderError, IndexBusy, IndexMissing
from rag.index import fill
from rag.index.build import build
from rag.index.locks import building
from rag.index.reader import OpenIndex, open_index
from rag.types import Document, FloatMatrix, InputRow, Place
from tests.fakes.index import (
    CHUNK_SIZE,
    TEXT,
    HashEmbedder,
    build_index,
    document,
    loads,
    sentence_key,
    tokens,
)

FORUM = (
    "论坛三月开幕。共有一百家企业参加，签约四十项。\n记者在现场看到机器人表演，观众很多，掌声不断。"
)
MARKET = "股市今日上涨。成交额达到八千亿元。"


def found(index: OpenIndex, question: str) -> list[str]:
    """The documents of the chunks that hold a token of the question, best first."""
    return [index.corpus.chunk(chunk)[0] for chunk, _ in index.lexical.search(tokens(question), 10)]


def test_a_first_build_stores_documents_sentences_chunks_and_vectors(tmp_path: Path) -> None:
    report = build_index(tmp_path, {"a/论坛.txt": FORUM, "b.txt": MARKET})
    assert (report.documents, report.chunks, report.added) == (2, 3, 2)
    assert (report.updated, report.removed, report.generation) == (0, 0, "000001")
    assert (report.embedder, report.rebuilt) == ("fake", "first build")
    with open_index(tmp_path, "fake", CHUNK_SIZE) as index:
        assert index.corpus.ids() == ["a/论坛.txt", "b.txt"]
        assert index.corpus.document("b.txt") == document("b.txt", MARKET)
        first = index.corpus.sentences("b.txt", 0, 0)[0]
        assert MARKET[first.start : first.end] == "股市今日上涨。"
        assert len(index.corpus.sentences("b.txt", -5, 99)) == 2
        chunk_id, chunk = index.corpus.chunks("b.txt")[0]
        assert index.corpus.chunk(chunk_id) == ("b.txt", chunk)
        assert index.corpus.section("b.txt", chunk.section).end == len(MARKET)
        vector = HashEmbedder().encode_queries(["\n" + MARKET])
        best, score = index.vectors.search(vector, 1)[0]
        assert (best, round(score, 5)) == (chunk_id, 1.0)
        assert found(index, "成交额") == ["b.txt"]
        assert index.corpus.contains("签约") and not index.corpus.contains("首相")


def test_nothing_changed_keeps_the_generation_and_embeds_nothing(tmp_path: Path) -> None:
    build_index(tmp_path, {"a.txt": FORUM})
    embedder = HashEmbedder()
    report = build_index(tmp_path, {"a.txt": FORUM}, embedder=embedder)
    assert (report.generation, report.documents, report.chunks) == ("000001", 1, 2)
    assert (report.added, report.updated, report.removed, embedder.encoded) == (0, 0, 0, [])
    assert os.listdir(tmp_path / "generations") == ["000001"]


def test_only_new_and_changed_documents_are_embedded_again(tmp_path: Path) -> None:
    build_index(tmp_path, {"a.txt": FORUM, "b.txt": MARKET, "c.txt": "旧闻一则。"})
    embedder = HashEmbedder()
    texts = {"a.txt": FORUM, "b.txt": "股市下跌。", "d.txt": "新来的。"}
    report = build_index(tmp_path, texts, embedder=embedder)
    assert (report.added, report.updated, report.removed, report.rebuilt) == (1, 1, 1, "")
    assert embedder.encoded == ["\n股市下跌。", "\n新来的。"]


def test_a_deleted_document_cannot_be_found(tmp_path: Path) -> None:
    build_index(tmp_path, {"a.txt": FORUM, "b.txt": MARKET})
    build_index(tmp_path, {"a.txt": FORUM})
    with open_index(tmp_path) as index:
        vector = HashEmbedder().encode_queries(["\n" + MARKET])
        assert {index.corpus.chunk(i)[0] for i, _ in index.vectors.search(vector, 10)} == {"a.txt"}
        assert found(index, "成交额") == []
        assert not index.corpus.contains("成交")
        assert index.corpus.ids() == ["a.txt"]


def test_when_every_document_is_gone_the_index_is_empty_and_valid(tmp_path: Path) -> None:
    build_index(tmp_path, {"a.txt": FORUM})
    report = build_index(tmp_path, {})
    assert (report.documents, report.chunks, report.removed) == (0, 0, 1)
    with open_index(tmp_path, "fake", CHUNK_SIZE) as index:
        assert found(index, "论坛") == []
        assert index.vectors.search(HashEmbedder().encode_queries(["x"]), 5) == []
    assert build_index(tmp_path, {}).generation == "000002"
    assert build_index(tmp_path, {"a.txt": FORUM}).documents == 1


def test_a_folder_that_never_held_a_document_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing) as caught:
        build_index(tmp_path, {"a.txt": "……"})
    assert "a.txt: there is nothing in it to search" in str(caught.value)
    assert "run `rag index`" in str(caught.value) and "\n" not in str(caught.value)
    assert os.listdir(tmp_path / "generations") == []


def test_rows_say_what_became_of_each_input(tmp_path: Path) -> None:
    def load() -> Iterable[tuple[InputRow, Iterable[Document]]]:
        yield InputRow("a.txt", "indexed", detail="GB18030"), [document("a.txt", FORUM)]
        yield InputRow("b.bin", "skipped", "not text"), []
        records = [document("c.jsonl#1", MARKET), document("c.jsonl#1", "又一个。")]
        yield InputRow("c.jsonl", "indexed"), [*records, document("c.jsonl#2", "坏的。")]
        yield InputRow("d.txt", "indexed"), [document("d.txt", "坏")]
        yield InputRow("e.txt", "indexed"), [document("e.txt", "——")]
        yield InputRow("f.txt", "indexed"), []
        yield InputRow("g.txt", "indexed"), [document("g.txt", "好。")]

    report = build(tmp_path, CHUNK_SIZE, load=load, text=TEXT, embedder=HashEmbedder())
    status = {row.path: row.status for row in report.rows}
    assert status == {
        "a.txt": "indexed",
        "b.bin": "skipped",
        "c.jsonl": "indexed",
        "d.txt": "failed",
        "e.txt": "skipped",
        "f.txt": "skipped",
        "g.txt": "indexed",
    }
    rows = {row.path: row for row in report.rows}
    assert rows["a.txt"].detail == "GB18030"
    note = "2 of 3 records left out: a second document with the id c.jsonl#1"
    assert rows["c.jsonl"].detail == note
    assert rows["d.txt"].reason == "it cannot be segmented: ValueError: bad text"
    assert report.documents == 3


def test_a_document_with_a_lone_surrogate_fails_alone(tmp_path: Path) -> None:
    report = build_index(tmp_path, {"a.txt": FORUM, "b.txt": "坐标\ud800。"})
    assert [row.status for row in report.rows] == ["indexed", "failed"]
    assert report.documents == 1


def test_a_segmentation_that_leaves_the_text_fails_its_document_alone(tmp_path: Path) -> None:
    def parse(doc: Document, chunk_size: int) -> object:
        parsed = TEXT.parse(doc, chunk_size)
        if doc.id == "b.txt":
            longer = replace(parsed.chunks[0], end=999)
            return replace(parsed, chunks=(longer,))
        return parsed

    text = replace(TEXT, parse=parse)  # type: ignore[arg-type]
    report = build_index(tmp_path, {"a.txt": FORUM, "b.txt": MARKET}, text=text)
    assert [row.status for row in report.rows] == ["indexed", "failed"]
    assert "a chunk ends outside of the text (0, 999)" in report.rows[1].reason


def test_equal_documents_are_searched_once_and_both_cited(tmp_path: Path) -> None:
    embedder = HashEmbedder()
    report = build_index(tmp_path, {"b.txt": MARKET, "a.txt": MARKET}, embedder=embedder)
    assert (report.documents, report.chunks) == (2, 1)
    assert embedder.encoded == ["\n" + MARKET]
    with open_index(tmp_path) as index:
        assert found(index, "成交额") == ["a.txt"]
        assert index.corpus.repeats("a.txt", 0) == [Place("b.txt", 0, 7)]
        assert index.corpus.repeats("b.txt", 0) == [Place("a.txt", 0, 7)]


def test_when_the_first_of_equal_documents_goes_the_second_is_searched(tmp_path: Path) -> None:
    build_index(tmp_path, {"a.txt": MARKET, "b.txt": MARKET, "c.txt": FORUM})
    report = build_index(tmp_path, {"b.txt": MARKET, "c.txt": FORUM})
    assert (report.removed, report.updated, report.chunks) == (1, 0, 3)
    with open_index(tmp_path) as index:
        assert found(index, "成交额") == ["b.txt"]
        assert index.corpus.repeats("b.txt", 0) == []
        vector = HashEmbedder().encode_queries(["\n" + MARKET])
        assert index.corpus.chunk(index.vectors.search(vector, 1)[0][0])[0] == "b.txt"


def test_a_sentence_printed_twice_in_a_document_repeats_within_it(tmp_path: Path) -> None:
    build_index(tmp_path, {"a.txt": "开幕了。很热闹。开幕了。"})
    with open_index(tmp_path) as index:
        assert index.corpus.repeats("a.txt", 0) == [Place("a.txt", 8, 12)]
        assert index.corpus.repeats("a.txt", 1) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"embedder": HashEmbedder("other")}, "another embedder"),
        ({"chunk_size": 20}, "another chunk_size"),
        ({"text": replace(TEXT, recipe="fake 2")}, "another version of the program"),
        ({"rebuild": True}, "asked for"),
    ],
)
def test_a_change_of_what_built_it_builds_all_again(
    tmp_path: Path, change: dict[str, object], reason: str
) -> None:
    build_index(tmp_path, {"a.txt": MARKET})
    report = build_index(tmp_path, {"a.txt": MARKET}, **change)  # type: ignore[arg-type]
    assert (report.rebuilt, report.generation) == (reason, "000002")
    assert (report.added, report.updated, report.removed) == (0, 0, 0)


def test_a_second_builder_is_told_that_one_is_at_work(tmp_path: Path) -> None:
    build_index(tmp_path, {"a.txt": MARKET})
    with building(tmp_path), pytest.raises(IndexBusy, match="another process is building"):
        build_index(tmp_path, {"a.txt": FORUM})
    with open_index(tmp_path) as index:
        assert index.name == "000001"


def test_an_interrupt_leaves_the_old_generation_and_nothing_half_made(tmp_path: Path) -> None:
    build_index(tmp_path, {"a.txt": MARKET})

    def interrupt(stage: str, done: int, total: int | None) -> None:
        if stage == "embed":
            raise KeyboardInterrupt

    for _ in range(8):  # tantivy's threads may still be writing: this was a race
        with pytest.raises(KeyboardInterrupt):
            build_index(tmp_path, {"a.txt": FORUM}, progress=interrupt)
        assert os.listdir(tmp_path / "generations") == ["000001"]
    with open_index(tmp_path) as index:
        assert found(index, "成交额") == ["a.txt"]


def test_an_embedder_that_gives_nonsense_leaves_the_old_generation(tmp_path: Path) -> None:
    class Broken(HashEmbedder):
        def encode_documents(self, texts: object) -> FloatMatrix:
            return self.encode_queries(["x"]) * float("nan")

    build_index(tmp_path, {"a.txt": MARKET})
    with pytest.raises(EmbedderError, match="not finite"):
        build_index(tmp_path, {"a.txt": "新的。"}, embedder=Broken())
    with open_index(tmp_path) as index:
        assert index.name == "000001"


def test_the_last_two_generations_are_kept(tmp_path: Path) -> None:
    for number in range(5):
        build_index(tmp_path, {"a.txt": f"第{number}版。"})
    assert sorted(os.listdir(tmp_path / "generations")) == ["000004", "000005"]


def test_a_build_with_progress_names_its_stages(tmp_path: Path) -> None:
    seen: list[tuple[str, int, int | None]] = []
    build_index(tmp_path, {"a.txt": MARKET}, progress=lambda *step: seen.append(step))
    assert seen[0] == ("read", 1, None)
    assert ("embed", 1, 1) in seen
    assert list(dict.fromkeys(stage for stage, _, _ in seen)) == ["read", "embed", "write", "check"]


TEXTS = st.text(alphabet="甲乙丙丁戊。\n ", max_size=60)
FOLDERS = st.dictionaries(st.sampled_from("abcdefg"), TEXTS, max_size=6)


def contents(index: OpenIndex, queries: list[str]) -> object:
    """All that a reader can see: rows, chunks, both searches, document frequencies."""
    corpus, embedder = index.corpus, HashEmbedder()
    return (
        [corpus.parsed(doc) for doc in corpus.ids()],
        corpus.chunk_ids(),
        [corpus.repeats(doc, 0) for doc in corpus.ids()],
        [index.vectors.search(embedder.encode_queries([query]), 5) for query in queries],
        [{chunk for chunk, _ in index.lexical.search(list(query), 99)} for query in queries],
        [index.lexical.document_frequency(token) for token in "甲乙丙丁戊"],
    )


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(FOLDERS, min_size=2, max_size=3), small=st.sampled_from([0, 5000]))
def test_an_incremental_build_equals_a_fresh_one(
    tmp_path_factory: pytest.TempPathFactory, steps: list[dict[str, str]], small: int
) -> None:
    base = tmp_path_factory.mktemp("index")
    texts = {"z": "甲乙丙丁。", **steps[-1]}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fill, "SMALL", small)  # 0: the lexical index is copied and edited
        patch.setattr(fill, "DRIFT", 99.0)
        patch.setattr(fill, "CHANGED", 99.0)
        for step in steps[:-1]:
            build_index(base / "grown", {"z": "甲乙丙丁。", **step})
        build_index(base / "grown", texts)
    build_index(base / "fresh", dict(reversed(texts.items())))
    with open_index(base / "grown") as grown, open_index(base / "fresh") as fresh:
        queries = ["甲乙", "丙。", "戊甲丁"]
        assert contents(grown, queries) == contents(fresh, queries)


def test_the_sentence_key_of_the_fakes_has_63_bits() -> None:
    assert 0 <= sentence_key("开幕了。") < 2**63


def test_loads_yields_the_rows_of_what_cannot_be_read(tmp_path: Path) -> None:
    row = InputRow("x.pdf", "failed", "password needed")
    load = loads({"a.txt": MARKET}, [row])
    report = build(tmp_path, CHUNK_SIZE, load=load, text=TEXT, embedder=HashEmbedder())
    assert report.rows[1] == row
