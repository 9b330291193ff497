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
from tests.read.tiny import TINY, model, rewrite, save_tiny_reader


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


@pytest.mark.parametrize("name", ["reader.json", "weights.npz"])
def test_a_missing_file_is_named(name: str, folder: Path) -> None:
    (folder / name).unlink()
    line = refused(folder)
    assert str(folder) in line and name in line


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert str(tmp_path / "none") in refused(tmp_path / "none")


def test_a_flipped_byte_is_found_wherever_it_is(folder: Path) -> None:
    data = (folder / "weights.npz").read_bytes()
    for at in (0, len(data) // 2, len(data) - 1):
        broken = bytearray(data)
        broken[at] ^= 1
        (folder / "weights.npz").write_bytes(broken)
        assert "checksum" in refused(folder)


def test_a_file_that_is_no_archive_is_refused_though_its_checksum_holds(folder: Path) -> None:
    import hashlib

    (folder / "weights.npz").write_bytes(b"nothing")
    described(folder, sha256=hashlib.sha256(b"nothing").hexdigest())
    assert "cannot be read" in refused(folder)


@pytest.mark.parametrize("text", ["", "[]", "null", "{", '"x"'])
def test_a_description_that_is_none_is_refused(text: str, folder: Path) -> None:
    (folder / "reader.json").write_text(text, encoding="utf-8")
    assert "cannot be read" in refused(folder)


@pytest.mark.parametrize("key", ["name", "sha256", "embedder", "heads", "scale"])
def test_a_description_without_one_of_its_keys_is_refused(key: str, folder: Path) -> None:
    described(folder, **{key: ...})
    assert key in refused(folder)


@pytest.mark.parametrize(
    "changes",
    [{"heads": 0}, {"heads": 5}, {"heads": None}, {"heads": "x"}, {"scale": 0.0},
     {"scale": float("nan")}, {"scale": "large"}],
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


def _without(name: str) -> Callable[[dict[str, Any]], None]:
    return lambda weights: weights.__delitem__(name)


def _with(name: str, value: object) -> Callable[[dict[str, Any]], None]:
    return lambda weights: weights.update({name: np.asarray(value)})


@pytest.mark.parametrize(
    "change",
    [
        _without("side.weight"),
        _without("project.weight"),
        _with("summary.bias", 1.0),
        _with("local.weight", np.zeros((32, 5))),
        _with("distance.weight", 0.0),
        _with("layers.0.qkv.weight", np.zeros((32, 32))),
        _with("tokens.bias", [1.0, np.inf, 0.0]),
        _with("norm.bias", ["a", "b"]),
        _with("layers.nine.up.bias", [0.0]),
    ],
)
def test_weights_of_a_wrong_shape_or_value_are_refused(
    change: Callable[[dict[str, Any]], None], folder: Path
) -> None:
    rewrite(folder, change)
    assert "cannot be read" in refused(folder)


def test_the_identity_is_the_weights_own(folder: Path, tmp_path: Path) -> None:
    one = BuiltinReader(model(), folder).identity
    assert one == BuiltinReader(model(), folder).identity
    assert one.startswith("reader:tiny:")
    other = BuiltinReader(model(), save_tiny_reader(tmp_path / "more" / "tiny", seed=8)).identity
    assert other.startswith("reader:tiny:") and other != one
