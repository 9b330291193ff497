"""The trained network as a model file: what is kept in 8 bits, and what is refused.

That the file says what the trained network says is tested in tests/read/test_network.py.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import onnx
import pytest
from onnx import numpy_helper

from rag.errors import EmbedderError
from rag.train.reader.graph import graph_of
from rag.train.reader.shape import Shape
from tests.read.tiny import STYLE, TINY, graph, tiny_context, tiny_network, weights_of

WIDE = Shape(context=8, width=64, layers=1, heads=4, inner=96, bilinear=4)


def constants(data: bytes) -> list[npt.NDArray[np.generic]]:
    return [numpy_helper.to_array(held) for held in onnx.load_from_string(data).graph.initializer]


def in_8_bits(data: bytes) -> list[npt.NDArray[np.generic]]:
    """But for how tokens are used, which is 8 bits from the start."""
    used = tiny_context().numbers.shape
    kept = [held for held in constants(data) if held.dtype == np.int8]
    return [held for held in kept if held.shape != (used[0] + 1, used[1])]


def test_a_matrix_with_both_sides_of_64_or_more_is_kept_in_8_bits_and_no_other() -> None:
    sizes = [held.shape for held in in_8_bits(graph(shape=WIDE))]
    assert sizes == [(256, 64), (64, 192), (64, 64), (64, 96), (96, 64)]
    assert in_8_bits(graph(shape=TINY)) == []
    assert [held.shape for held in in_8_bits(graph(shape=replace(WIDE, inner=63)))] == sizes[:3]


def test_what_8_bits_keep_is_the_weight_to_half_a_step_of_its_column() -> None:
    weights = weights_of(tiny_network(shape=WIDE))
    kept = in_8_bits(graph_of(weights, WIDE, tiny_context(), STYLE))[0].astype(np.float32)
    matrix = weights["project.weight"].T
    step = np.abs(matrix).max(axis=0) / 63
    assert np.abs(kept).max(axis=0).tolist() == [63.0] * 64
    assert np.abs(kept * step - matrix).max() <= step.max() / 2 * 1.001
    (steps,) = [
        held for held in constants(graph_of(weights, WIDE, tiny_context(), STYLE))
        if held.shape == (64,) and np.allclose(held, step)
    ]  # fmt: skip
    assert steps.dtype == np.float32


def test_a_column_of_noughts_is_kept_as_noughts() -> None:
    weights = weights_of(tiny_network(shape=WIDE))
    weights["project.weight"][3] = 0.0
    kept = in_8_bits(graph_of(weights, WIDE, tiny_context(), STYLE))[0]
    assert not kept[:, 3].any() and kept[:, 4].any()


def test_the_file_names_its_sizes_and_what_runs_it() -> None:
    held = onnx.load_from_string(graph())
    sizes = {
        value.name: [axis.dim_param or axis.dim_value for axis in value.type.tensor_type.shape.dim]
        for value in [*held.graph.input, *held.graph.output]
    }
    assert sizes == {
        "ids": ["t"], "vectors": ["t", 256], "features": ["t", 6], "side": ["t"],
        "spans": ["t", "t"], "evidence": ["t"], "answers": [1],
    }  # fmt: skip
    assert [(one.domain, one.version) for one in held.opset_import] == [("", 20)]


def test_the_same_weights_make_the_same_bytes_and_others_do_not() -> None:
    assert graph(shape=WIDE) == graph(shape=WIDE) != graph(seed=8, shape=WIDE)
    assert graph() == graph() != graph(seed=8)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("name", ["project.weight", "layers.0.up.bias", "distance.weight"])
def test_a_weight_that_is_no_number_is_refused_by_name(name: str, value: float) -> None:
    weights = weights_of(tiny_network())
    weights[name].flat[1] = value
    with pytest.raises(EmbedderError) as caught:
        graph_of(weights, TINY, tiny_context(), STYLE)
    assert str(caught.value) == (
        f"the trained network holds weights that are no numbers ({name}); "
        "train it again with another --seed"
    )


def test_of_many_weights_that_are_no_numbers_one_is_named_and_the_rest_counted() -> None:
    weights = {name: value * np.nan for name, value in weights_of(tiny_network()).items()}
    with pytest.raises(EmbedderError, match=rf"project\.weight and {len(weights) - 1} more"):
        graph_of(weights, TINY, tiny_context(), STYLE)
