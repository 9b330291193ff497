"""The setting `reader`: what is loaded, and what happens where it cannot be."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from rag.cli import main
from rag.cli.doctor import findings
from rag.config import Settings
from rag.errors import EmbedderError
from rag.indexing import build_index
from rag.pipeline import Pipeline
from rag.read.builtin import BuiltinReader
from rag.read.load import load_stage
from rag.read.stage import READ_NAMES
from rag.types import Answer
from tests.fakes.ranking import ranker
from tests.read.tiny import forged, model, put, save_reading_weights, save_tiny_reader

BRIDGE = "青江大桥通车\n\n青江大桥2024年5月1日正式通车。大桥全长3.6公里，总投资48.5亿元。\n"
QUESTION = "青江大桥全长多少公里？"
Spoil = Callable[[Path], object]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A whole reader; its weights go by the first look's features and say yes to all."""
    held = save_tiny_reader(tmp_path / "tiny")
    identity = BuiltinReader(model(), held).identity
    save_reading_weights(held, identity, {"cov": 3.0, "type_ok": 2.0, "heading": -5.0}, bias=4.0)
    return held


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "bridge.txt").write_text(BRIDGE, encoding="utf-8")
    made = Settings(docs=tmp_path / "docs", index=tmp_path / "index", reader="off")
    build_index(made)
    return made


def with_reader(settings: Settings, reader: object) -> Pipeline:
    return Pipeline(settings.model_copy(update={"reader": str(reader)}), ranker=ranker())


def spoilt(name: str) -> Spoil:
    def spoil(folder: Path) -> None:
        data = bytearray((folder / name).read_bytes())
        data[len(data) // 2] ^= 1
        (folder / name).write_bytes(data)

    return spoil


DAMAGE: dict[str, tuple[Spoil, str]] = {
    "network flipped": (spoilt("reader.onnx"), "checksum"),
    "no network": (lambda folder: (folder / "reader.onnx").unlink(), "reader.onnx"),
    "another network": (lambda folder: put(folder, forged({})), "than a reader's"),
    "no evidence": (lambda folder: (folder / "evidence.json").unlink(), "evidence.json"),
    "broken evidence": (
        lambda folder: (folder / "evidence.json").write_text("{", encoding="utf-8"),
        "evidence.json",
    ),
    "evidence of another reader": (
        lambda folder: save_reading_weights(folder, "reader:other:0", {}),
        "belong to reader:other:0",
    ),
}


def test_off_is_no_reader() -> None:
    assert load_stage("off", model()) is None


def test_a_folder_is_read_with_its_weights(folder: Path) -> None:
    stage = load_stage(str(folder), model())
    assert stage is not None and stage.weights is not None
    assert (
        stage.reader.identity == stage.weights.embedder == BuiltinReader(model(), folder).identity
    )
    assert stage.weights.features == READ_NAMES
    assert stage.weights.rank[READ_NAMES.index("cov")] == pytest.approx(3.0)
    assert np.count_nonzero(stage.weights.rank) == 3


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_folder_is_one_error(damage: str, folder: Path) -> None:
    spoil, said = DAMAGE[damage]
    spoil(folder)
    with pytest.raises(EmbedderError) as caught:
        load_stage(str(folder), model())
    assert said in str(caught.value) and caught.value.do != ""


# ---- in answers ----------------------------------------------------------------------------
def plain(answer: Answer) -> tuple[str, float]:
    return answer.answer, answer.confidence


def test_off_answers_as_ever_and_nothing_is_at_fault(settings: Settings) -> None:
    pipeline = with_reader(settings, "off")
    answer = pipeline.ask([QUESTION])
    assert "3.6公里" in answer.answer and not answer.refused
    assert pipeline.judge.stage is None and pipeline.judge.faults() == []
    assert pipeline.judge.weights is ranker().weights
    assert "阅读模型" not in pipeline.status()


def test_a_folder_has_the_last_word(settings: Settings, folder: Path) -> None:
    pipeline = with_reader(settings, folder)
    answer = pipeline.ask([QUESTION])
    assert "3.6公里" in answer.answer
    assert answer.confidence == pytest.approx(1 / (1 + np.exp(-4.0)))
    assert pipeline.judge.faults() == [] and pipeline.judge.stage is not None
    assert pipeline.judge.weights is pipeline.judge.stage.weights
    assert pipeline.judge.fitted_for()["reader"] == pipeline.judge.stage.reader.identity
    assert pipeline.status().split(" · ")[3] == "阅读模型"


def test_its_threshold_is_the_one_that_refuses(settings: Settings, folder: Path) -> None:
    identity = BuiltinReader(model(), folder).identity
    save_reading_weights(folder, identity, {"cov": 3.0}, bias=-1.0)
    assert with_reader(settings, folder).ask([QUESTION]).refused
    save_reading_weights(folder, identity, {"cov": 3.0}, bias=1.0)
    assert not with_reader(settings, folder).ask([QUESTION]).refused


@pytest.mark.parametrize("damage", DAMAGE)
def test_with_a_damaged_folder_answers_go_on_and_the_fault_is_told(
    damage: str, settings: Settings, folder: Path
) -> None:
    spoil, said = DAMAGE[damage]
    spoil(folder)
    pipeline = with_reader(settings, folder)
    expected = with_reader(settings, "off").ask([QUESTION])
    assert plain(pipeline.ask([QUESTION])) == plain(expected)
    (fault,) = pipeline.judge.faults()
    assert isinstance(fault, EmbedderError) and said in str(fault)
    assert (
        pipeline.judge.weights is ranker().weights and "reader" not in pipeline.judge.fitted_for()
    )
    assert "（阅读模型不可用）" in pipeline.status()


def test_rag_ask_says_the_fault_in_one_line_on_stderr(
    settings: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setenv("RAG_READER", str(folder))
    given = ["--docs", str(settings.docs), "--index", str(settings.index), "--json"]
    assert main(["ask", *given, QUESTION]) == 0
    assert capsys.readouterr().err == ""
    spoilt("reader.onnx")(folder)
    assert main(["ask", *given, QUESTION]) == 0
    out, err = capsys.readouterr()
    assert "3.6公里" in json.loads(out)["answer"]
    assert err.count("\n") == 1 and err.startswith("rag: the reader in ") and "checksum" in err


# ---- rag doctor ----------------------------------------------------------------------------
def doctor(settings: Settings, reader: object) -> tuple[bool, str, str]:
    checked = findings(settings.model_copy(update={"reader": str(reader)}))
    (found,) = [one for one in checked if one.name == "阅读模型"]
    return found.ok, found.detail, found.do


def test_the_doctor_reads_one_window(settings: Settings, folder: Path) -> None:
    identity = BuiltinReader(model(), folder).identity
    assert doctor(settings, folder) == (True, f"{identity}，可以阅读", "")
    assert doctor(settings, "off") == (True, "未启用", "")


def test_the_doctor_names_a_damaged_reader(settings: Settings, folder: Path) -> None:
    spoilt("reader.onnx")(folder)
    ok, detail, do = doctor(settings, folder)
    assert not ok and "checksum" in detail and 'reader = "off"' in do
