"""One suite over every peer that is installed; one that is not is named, not left out."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from rag.bench import scale
from rag.bench.options import Options
from rag.bench.peers import PEERS, Build, Peer, peer
from rag.bench.processes import ChildFailed, Overdue, Run
from rag.bench.result import PeerResult, Size

TEXTS = [
    "北京数字经济增加值突破2.4万亿元，占地区生产总值比重达到46.4%。",
    "投资北京大会签约34个重大项目，总金额达619.91亿元。",
    "技术出口成交额1604.2亿元，签订合同1068项。",
    "人工智能企业超过2500家，备案大模型183款。",
]
ABSENT = Peer("absent", "Absent", ("yinju-no-such-package",), "rag.bench.peers.absent", ("", ""))


@pytest.mark.parametrize("one", PEERS, ids=lambda one: one.name)
def test_a_peer_finds_the_text_that_was_asked_for_first(one: Peer) -> None:
    if not one.installed:
        pytest.skip(f"{one.title} is not installed")
    build: Build = import_module(one.module).build
    search = build(TEXTS)
    assert search("签约项目总金额", 2)[0] == 1
    assert search("备案的大模型有几款", 2)[0] == 3
    assert len(search("技术出口", 10)) <= len(TEXTS)


def test_the_flat_index_with_the_built_in_vectors_ranks_as_their_inner_products() -> None:
    from rag.embed import StaticEmbedder

    build: Build = import_module(peer("faiss").module).build
    ours = StaticEmbedder()
    question = "大模型和数字经济"
    products = ours.encode_documents(TEXTS) @ ours.encode_queries([question])[0]
    assert build(TEXTS)(question, 4) == products.argsort()[::-1].tolist()


def job(tmp_path: Path, said: list[str]) -> scale._Job:
    options = Options(docs="", out="")
    return scale._Job(options, tmp_path / "size", Size(30), lambda: None, said.append)


def test_a_peer_that_is_not_installed_is_named_with_what_installs_it(tmp_path: Path) -> None:
    said: list[str] = []
    one = job(tmp_path, said)
    one.peer(ABSENT)
    assert one.size.peers == [PeerResult("absent", "missing", "pip install -e '.[peers]'")]
    assert said == ["30 篇 · Absent: not installed: pip install -e '.[peers]'"]


@pytest.mark.parametrize(
    ("error", "state"),
    [(ChildFailed("it failed: MemoryError"), "failed"), (Overdue("too late"), "overdue")],
)
def test_a_peer_that_fails_is_a_row_and_the_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: ChildFailed, state: str
) -> None:
    def fail(*_: Any, **__: Any) -> Run:
        raise error

    monkeypatch.setattr(scale, "run", fail)
    found = job(tmp_path, []).try_peer(Peer("some", "Some", ("pytest",), "some", ("", "")))
    assert (found.name, found.state, found.figures) == ("some", state, {})
    assert found.why == ("it failed: MemoryError" if state == "failed" else "0")


def test_a_hit_is_a_gold_passage_among_the_first_five_of_the_questions_that_have_one(
    tmp_path: Path,
) -> None:
    one = job(tmp_path, [])
    (one.folder / "gold.json").write_text("[[7], [], [8], [9], [1]]", encoding="utf-8")
    found = {"ms": [3.0, 1.0, 2.0, 5.0], "cpu_ms": [1.0, 1.0, 1.0, 4.0],
             "found": [[1, 2, 3, 4, 7], [5], [1, 2, 3, 4, 5, 8], [9]]}  # fmt: skip
    figures = one.search_figures(found, Run(1.0, 1.0, 100.0, ""))
    assert figures == {"p50_ms": 2.0, "p95_ms": 5.0, "cpu_p50_ms": 1.0, "cpu_p95_ms": 4.0, "mb": 100.0, "asked": 4.0,
                       "gold": 3.0, "hit_at_5": 2 / 3}  # fmt: skip


def test_without_a_known_answer_there_is_no_hit_rate(tmp_path: Path) -> None:
    one = job(tmp_path, [])
    (one.folder / "gold.json").write_text("[[]]", encoding="utf-8")
    figures = one.search_figures(
        {"ms": [1.0], "cpu_ms": [1.0], "found": [[3]]}, Run(1.0, 1.0, 100.0, "")
    )
    assert "hit_at_5" not in figures


def test_packages_of_a_peer_that_is_there_have_their_versions() -> None:
    need: Callable[[str], Peer] = peer
    assert set(need("faiss").versions()) == {"faiss-cpu", "sentence-transformers"}
    assert ABSENT.versions() == {}
    assert not ABSENT.installed
