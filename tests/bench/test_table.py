"""The tables of a run over several sizes: ratios to our own search, and no silent gap."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from rag.bench.plot import draw, series
from rag.bench.result import PeerResult, Scale, Size
from rag.bench.table import growth, head, peers, tables

OURS = {"build_s": 2.0, "p50_ms": 10.0, "p95_ms": 20.0, "mb": 400.0, "asked": 5.0,
        "gold": 4.0, "hit_at_5": 0.75}  # fmt: skip
FIGURES = {"questions": 5.0, "passages": 2100.0, "build_s": 2.5, "build_mb": 300.0, "disk_mb": 12.0,
           "update_s": 1.0, "update_mb": 250.0, "cold_s": 0.7, "cold_mb": 240.0,
           "answer_p50_ms": 12.0, "answer_p95_ms": 30.0, "answer_mb": 420.0,
           "answers_per_s_8": 40.0, "answers_per_s_32": 39.0, "answers_per_s_1": 60.0}  # fmt: skip


def result(**changed: object) -> Scale:
    first = Size(1000, dict(FIGURES), dict(OURS), {"p50_ms": 1.0, "mb": 200.0}, load=[0.5, 1.25])
    first.peers = [
        PeerResult("bm25s", "ok", figures={"build_s": 1.0, "p50_ms": 0.2, "mb": 100.0, "asked": 5.0,
                                           "gold": 4.0, "hit_at_5": 0.5}),
        PeerResult("faiss", "failed", "ValueError: a | b"),
        PeerResult("haystack", "overdue", "900"),
        PeerResult("llama-index", "missing", "pip"),
    ]  # fmt: skip
    second = Size(10_000, {"passages": 21_000.0, "build_s": 20.0}, load=[0.7])
    values = {"machine": "M", "version": "0", "corpus": "", "questions": "", "repeat": 3,
              "packages": {"bm25s": "1.2"}, "sizes": [first, second], "complete": True}  # fmt: skip
    return Scale(**values | changed)  # type: ignore[arg-type]


def row(table: str, start: str) -> str:
    return next(line for line in table.splitlines() if line.startswith(f"| {start}"))


def test_a_size_is_a_column_and_what_is_not_measured_a_dash() -> None:
    table = growth(result(), "en")
    assert table.splitlines()[0] == "| articles | 1,000 | 10,000 |"
    assert row(table, "passages") == "| passages | 2,100 | 21,000 |"
    assert row(table, "`rag index`, from") == "| `rag index`, from nothing | 2.50 s | 20.00 s |"
    assert row(table, "warm answer, p50") == "| warm answer, p50 | 12.0 ms | – |"


def test_rates_stand_in_the_order_of_their_threads() -> None:
    rates = [line for line in growth(result(), "zh").splitlines() if "每秒回答数" in line]
    assert rates == [
        "| 每秒回答数，1 个线程 | 60.0 | – |",
        "| 每秒回答数，8 个线程 | 40.0 | – |",
        "| 每秒回答数，32 个线程 | 39.0 | – |",
    ]


def test_a_peer_is_a_ratio_to_our_search_with_what_was_measured_beside_it() -> None:
    table = peers(result().sizes[0], "en")
    assert row(table, "Yinju") == "| Yinju, search | 2.00 s | 10.0 ms | 400 MB | 75% (4) |"
    assert row(table, "bm25s") == (
        "| bm25s | 0.50× (1.00 s) | 0.020× (0.2 ms) | 0.25× (100 MB) | 50% (4) |"
    )
    assert row(table, "not reranked") == (
        "| not reranked (`rerank = false`) |  | 0.10× (1.0 ms) | 0.50× (200 MB) |  |"
    )
    assert row(table, "the whole") == "| the whole answer |  | 1.2× (12.0 ms) | 1.1× (420 MB) |  |"


def test_a_peer_without_figures_says_why() -> None:
    english, chinese = (peers(result().sizes[0], language) for language in ("en", "zh"))
    assert "| FAISS + StaticEmbedding | failed: ValueError: a / b |" in english
    assert "| Haystack InMemoryBM25Retriever | ended after 900 s |" in english
    assert "| LlamaIndex BM25Retriever | not installed: pip install -e '.[peers]' |" in english
    assert "| LlamaIndex BM25Retriever | 未安装：pip install -e '.[peers]' |" in chinese


def test_the_head_says_that_the_articles_are_made_up_and_how_busy_the_machine_was() -> None:
    said = head(result(), "en")
    assert "articles made up: sentences of the first documents shuffled" in said
    assert said.endswith("Load average up to 1.25.")
    assert "文章是合成的" in head(result(), "zh")
    real = head(result(corpus="news", questions="asked.jsonl"), "en")
    assert "articles of news; questions of asked.jsonl, at most 5 a size" in real
    assert "made up" not in real


def test_a_run_that_was_broken_off_says_so() -> None:
    assert tables(result(complete=False), "en").startswith("**Not complete.** M")
    assert tables(result(complete=False), "zh").startswith("**未完成。**M")


def test_only_the_peers_that_ran_are_explained_with_their_versions() -> None:
    text = tables(result(), "en")
    assert "- bm25s (bm25s 1.2): given this project's tokens: characters and their pairs" in text
    assert "- FAISS" not in text


def test_the_plot_has_a_line_for_each_peer_that_ran_and_each_number_of_threads() -> None:
    panels = series(json.loads(json.dumps(asdict(result()))))
    titles = [title for title, _, _ in panels]
    assert titles == ["Index and first answer", "Memory and disk", "Warm query, p50", "Throughput"]
    assert panels[0][2][0] == ("build", [(1000, 2.5), (10_000, 20.0)])
    searches = [label for label, _ in panels[2][2]]
    assert searches == [
        "Yinju, search",
        "Yinju, search, not reranked",
        "Yinju, whole answer",
        "bm25s",
    ]
    assert [label for label, _ in panels[3][2]] == ["1 thread", "8 threads", "32 threads"]


def test_the_same_figures_give_the_same_pictures(tmp_path: Path) -> None:
    found = asdict(result())
    first = [path.read_bytes() for path in draw(found, tmp_path / "a")]
    second = [path.read_bytes() for path in draw(found, tmp_path / "b")]
    assert first == second
    assert first[0].startswith(b"\x89PNG")
    assert b"<svg" in first[1]


def test_a_result_is_put_in_place_whole(tmp_path: Path) -> None:
    path = tmp_path / "scale.json"
    result().save(path)
    assert json.loads(path.read_text("utf-8"))["sizes"][0]["ours"]["p50_ms"] == 10.0
    assert [file.name for file in tmp_path.iterdir()] == ["scale.json"]
