"""A trained network as a folder."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np

from rag.read.builtin import BuiltinReader
from rag.train.reader.export import export
from tests.read.tiny import SCALE, model, tiny_network


def test_the_folder_holds_every_weight_and_what_they_belong_to(tmp_path: Path) -> None:
    network = tiny_network()
    export(network, SCALE, model().identity, tmp_path / "mine", {"recipe": {"steps": 3}})
    about = json.loads((tmp_path / "mine" / "reader.json").read_text(encoding="utf-8"))
    data = (tmp_path / "mine" / "weights.npz").read_bytes()
    assert about == {
        "name": "mine",
        "sha256": hashlib.sha256(data).hexdigest(),
        "embedder": model().identity,
        "heads": 2,
        "scale": SCALE,
        "recipe": {"steps": 3},
    }
    with np.load(tmp_path / "mine" / "weights.npz") as held:
        names = set(held.files)
        assert {held[name].dtype for name in names} == {np.dtype(np.float16)}
        kept = held["project.weight"].astype(np.float32)
    expected = network.state_dict()
    assert names == set(expected)
    np.testing.assert_allclose(kept, expected["project.weight"].numpy(), rtol=1e-3)
    assert BuiltinReader(model(), tmp_path / "mine").identity.startswith("reader:mine:")


def test_the_same_weights_have_the_same_identity(tmp_path: Path) -> None:
    for name in ("a", "b"):
        export(tiny_network(), SCALE, model().identity, tmp_path / name / "mine", {})
    one, other = (BuiltinReader(model(), tmp_path / name / "mine") for name in ("a", "b"))
    assert one.identity == other.identity
