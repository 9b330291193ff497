"""A trained network as a folder."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
import torch

from rag.errors import EmbedderError
from rag.read.builtin import BuiltinReader
from rag.train.reader.export import export
from rag.train.reader.graph import graph_of
from tests.read.tiny import SCALE, STYLE, TINY, model, over, tiny_context, tiny_network, weights_of


def test_the_folder_holds_the_network_and_what_it_belongs_to(tmp_path: Path) -> None:
    network = tiny_network()
    export(network, over(), STYLE, tmp_path / "mine", {"recipe": {"steps": 3}})
    about = json.loads((tmp_path / "mine" / "reader.json").read_text(encoding="utf-8"))
    data = (tmp_path / "mine" / "reader.onnx").read_bytes()
    assert data == graph_of(weights_of(network), TINY, tiny_context(), STYLE)
    assert about == {
        "name": "mine",
        "sha256": hashlib.sha256(data).hexdigest(),
        "embedder": model().identity,
        "shape": {
            "vectors": 256,
            "context": 8,
            "width": 32,
            "layers": 1,
            "heads": 2,
            "inner": 48,
            "reach": 24,
            "bilinear": 4,
            "styles": 8,
        },
        "style": STYLE,
        "scale": SCALE,
        "recipe": {"steps": 3},
    }
    assert sorted(path.name for path in (tmp_path / "mine").iterdir()) == [
        "reader.json", "reader.onnx",
    ]  # fmt: skip
    assert BuiltinReader(model(), tmp_path / "mine").identity.startswith("reader:mine:")


def test_the_same_weights_have_the_same_bytes_and_identity(tmp_path: Path) -> None:
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        export(tiny_network(seed), over(), STYLE, tmp_path / name / "mine", {})
    a, b, c = ((tmp_path / name / "mine" / "reader.onnx").read_bytes() for name in "abc")
    assert a == b != c
    one, other, third = (BuiltinReader(model(), tmp_path / n / "mine").identity for n in "abc")
    assert one == other != third


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_network_with_a_weight_that_is_no_number_is_not_written(
    value: float, tmp_path: Path
) -> None:
    network = tiny_network()
    with torch.no_grad():
        network.norm.weight[5] = value
    with pytest.raises(EmbedderError, match=r"no numbers \(norm\.weight\); train it again"):
        export(network, over(), STYLE, tmp_path / "mine", {})
    assert list((tmp_path / "mine").iterdir()) == []
