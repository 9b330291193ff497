"""The built-in reader over a folder that is damaged, or that belongs to another model."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.errors import EmbedderError
from rag.read.builtin import BuiltinReader
from tests.read.tiny import (
    INPUTS,
    TINY,
    Form,
    Sizes,
    forged,
    graph,
    model,
    put,
    save_tiny_reader,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return save_tiny_reader(tmp_path / "tiny")


def refused(folder: Path) -> str:
    with pytest.raises(EmbedderError) as caught:
        BuiltinReader(model(), folder)
    line = str(caught.value)
    assert 'set reader = "off"' in line
    return line


def described(folder: Path, **changes: Any) -> None:
    path = folder / "reader.json"
    about = json.loads(path.read_text(encoding="utf-8")) | changes
    kept = {name: value for name, value in about.items() if value is not ...}
    path.write_text(json.dumps(kept), encoding="utf-8")


@pytest.mark.parametrize("name", ["reader.json", "reader.onnx"])
def test_a_missing_file_is_named(name: str, folder: Path) -> None:
    (folder / name).unlink()
    line = refused(folder)
    assert str(folder) in line and name in line


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert str(tmp_path / "none") in refused(tmp_path / "none")


def test_a_flipped_byte_is_found_wherever_it_is(folder: Path) -> None:
    data = (folder / "reader.onnx").read_bytes()
    for at in (0, len(data) // 2, len(data) - 1):
        broken = bytearray(data)
        broken[at] ^= 1
        (folder / "reader.onnx").write_bytes(broken)
        assert "checksum" in refused(folder)


OTHERS: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "no model that can be run"),
    "no model": (lambda: b"nothing", "no model that can be run"),
    "cut off": (lambda: graph()[:-100], "no model that can be run"),
    "cut in half": (lambda: graph()[: len(graph()) // 2], "no model that can be run"),
    "other inputs": (lambda: forged({"input_ids": (np.int64, ("b", "t"))}), "than a reader's"),
    "five features": (lambda: forged(with_features(("t", 5))), "5 features, not 6"),
    "many windows at once": (lambda: forged(with_features(("b", "t", 6))), "(features)"),
    "features of any form": (lambda: forged(with_features(None)), "(features)"),
    "an older version": (
        lambda: forged(
            {name: form for name, form in INPUTS.items() if name != "ids"},
            {"tokens": (10, 3), "answers": (1,)},
        ),
        "of an older version",
    ),
    "other outputs": (
        lambda: forged(outputs={"logits": (1, 2)}),
        "(answers, evidence, logits, spans)",
    ),
}


def with_features(sizes: Sizes) -> dict[str, Form]:
    return INPUTS | {"features": (np.float32, sizes)}


@pytest.mark.parametrize("other", OTHERS)
def test_another_network_is_refused_though_its_checksum_holds(other: str, folder: Path) -> None:
    made, said = OTHERS[other]
    put(folder, made())
    line = refused(folder)
    assert "cannot be read" in line and said in line and "\n" not in line
    assert "; train it again with `rag train-reader`, or set" in line


@pytest.mark.parametrize("text", ["", "[]", "null", "{", '"x"'])
def test_a_description_that_is_none_is_refused(text: str, folder: Path) -> None:
    (folder / "reader.json").write_text(text, encoding="utf-8")
    assert "cannot be read" in refused(folder)


@pytest.mark.parametrize("key", ["name", "sha256", "embedder", "scale"])
def test_a_description_without_one_of_its_keys_is_refused(key: str, folder: Path) -> None:
    described(folder, **{key: ...})
    assert key in refused(folder)


@pytest.mark.parametrize(
    "changes",
    [{"scale": 0.0}, {"scale": -1.0}, {"scale": float("nan")}, {"scale": float("inf")},
     {"scale": "large"}, {"scale": None}, {"sha256": 0}, {"sha256": None}],
    ids=str,
)  # fmt: skip
def test_a_description_with_a_bad_value_is_refused(changes: dict[str, Any], folder: Path) -> None:
    described(folder, **changes)
    assert "cannot be read" in refused(folder)


def test_a_reader_of_another_static_model_is_refused(folder: Path) -> None:
    described(folder, embedder="static:other:0")
    line = refused(folder)
    assert "static:other:0" in line and model().identity in line


def test_a_reader_of_vectors_of_another_length_is_refused(tmp_path: Path) -> None:
    folder = save_tiny_reader(tmp_path / "narrow", shape=replace(TINY, vectors=64))
    assert "of 64 dimensions" in refused(folder)


def test_the_identity_is_the_weights_own(folder: Path, tmp_path: Path) -> None:
    one = BuiltinReader(model(), folder).identity
    assert one == BuiltinReader(model(), folder).identity
    assert one.startswith("reader:tiny:")
    other = BuiltinReader(model(), save_tiny_reader(tmp_path / "more" / "tiny", seed=8)).identity
    assert other.startswith("reader:tiny:") and other != one


def test_a_machine_that_cannot_load_the_library_is_told_in_one_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    assert "onnxruntime cannot be loaded" in refused(folder)
