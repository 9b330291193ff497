"""`rag verify` over the seeds: drafts with sources of their own, quotes, stdin."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from rag.cli import main

ROOT = Path(__file__).parent.parent
KEYS = {"text", "verdict", "why", "citations"}
DRAFT = """# 要点

- **2025年**北京数字经济增加值突破2.4万亿元（001_57fb780a29bd5612.txt）。
- 2025年北京外资研发中心达到332家[1]。
- 首钢冷轧公司落地了76个典型数字化场景。

北京的目标是什么？

## 来源
[1] 001_57fb780a29bd5612.txt
"""

Verify = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of the seeds."""
    folder = tmp_path_factory.mktemp("index")
    assert main(["index", "--docs", str(ROOT / "seeds"), "--index", str(folder), "--json"]) == 0
    return folder


@pytest.fixture
def verify(
    index: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Verify:
    """Runs the command over the seeds: (code, stdout, stderr)."""
    monkeypatch.chdir(ROOT)

    def call(*args: str) -> tuple[int, str, str]:
        code = main(["verify", "--index", str(index), *args])
        out, err = capsys.readouterr()
        return code, out, err

    return call


def sentences(out: str) -> list[dict[str, Any]]:
    found = json.loads(out)["sentences"]
    assert all(set(one) >= KEYS for one in found)
    for one in found:
        for cited in one["citations"]:
            text = (ROOT / "seeds" / cited["doc"]).read_bytes().decode("utf-8-sig")
            assert text[cited["start"] : cited["end"]] == cited["quote"]
    return list(found)


def test_a_draft_is_checked_against_the_sources_that_it_names(
    verify: Verify, tmp_path: Path
) -> None:
    path = tmp_path / "draft.md"
    path.write_text(DRAFT, encoding="utf-8")
    code, out, _ = verify("--file", str(path), "--json")
    found = sentences(out)
    assert code == 0
    assert [one["verdict"] for one in found] == ["wrong_source", "supported", "number_mismatch"]
    assert "000_2b736552c62d5802.txt" in found[0]["why"]
    assert "67" in found[2]["why"]
    assert DRAFT[found[1]["start"] : found[1]["end"]] == "2025年北京外资研发中心达到332家[1]。"


def test_a_draft_may_come_from_stdin(verify: Verify, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(DRAFT.encode("gb18030"))))
    code, out, _ = verify("--file", "-", "--json")
    assert code == 0 and len(sentences(out)) == 3


def test_a_draft_without_claims_has_no_sentences(verify: Verify, tmp_path: Path) -> None:
    path = tmp_path / "draft.md"
    path.write_text("# 标题\n\n这是什么？\n", encoding="utf-8")
    assert sentences(verify("--file", str(path), "--json")[1]) == []
    assert verify("--file", str(path))[1] == "0 句中 0 句可核实\n"


def test_people_get_words_that_say_no_more_than_was_checked(verify: Verify, tmp_path: Path) -> None:
    path = tmp_path / "draft.md"
    path.write_text(DRAFT, encoding="utf-8")
    lines = verify("--file", str(path))[1].splitlines()
    marks = [line.partition("】")[0] + "】" for line in lines if line.startswith("【")]
    assert marks == ["【来源不符】", "【可核实】", "【数字不符】"]
    assert lines[-1] == "3 句中 1 句可核实"


def test_a_quote_is_looked_for_where_it_is_said_to_stand(verify: Verify) -> None:
    quote = "智库联盟新增5国13家理事单位"
    (here,) = sentences(verify("--quote", quote, "--json")[1])
    assert (here["verdict"], here["citations"][0]["doc"]) == (
        "supported",
        "000_2b736552c62d5802.txt",
    )
    (not_here,) = sentences(
        verify("--quote", quote, "--doc", "003_93f3b59a05aff658.txt", "--json")[1]
    )
    assert not_here["verdict"] == "wrong_source"
    assert not_here["citations"][0]["quote"] == quote
