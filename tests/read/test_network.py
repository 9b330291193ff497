"""The network at run time against the one that is trained."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
import torch

from rag.read.inputs import QUESTION, SUMMARY, WINDOW, Tokens, features
from rag.read.network import Network, Output
from rag.train.reader import network as trained
from rag.train.reader.shape import Shape
from tests.read.tiny import TINY, tiny_network

DEEP = Shape(width=32, layers=2, heads=4, inner=48, reach=3)


def weights_of(network: trained.Network) -> dict[str, npt.NDArray[np.float32]]:
    return {name: value.detach().numpy() for name, value in network.state_dict().items()}


def some_tokens(rng: np.random.Generator, count: int) -> Tokens:
    vectors = rng.normal(size=(count, TINY.vectors)).astype(np.float32)
    shared, idf, kind = rng.uniform(size=(3, count)).astype(np.float32)
    return Tokens(np.arange(count), vectors, shared, idf, kind)


def pairs(lengths: list[int], asked: int = 6) -> tuple[list[Tokens], list[Tokens]]:
    rng = np.random.default_rng(5)
    question = some_tokens(rng, asked)
    shares = [rng.uniform(size=asked).astype(np.float32) for _ in lengths]
    questions = [replace(question, shared=share) for share in shares]
    return questions, [some_tokens(rng, length) for length in lengths]


def by_torch(network: trained.Network, q: Tokens, w: Tokens) -> Output:
    """One window, without padding."""
    n, m = len(q.ids), len(w.ids)
    vectors = np.concatenate([np.zeros((1, q.vectors.shape[1]), np.float32), q.vectors, w.vectors])
    given = np.concatenate([np.zeros((1, 6), np.float32), features(q, w), features(w, q)])
    side = torch.tensor([SUMMARY] + [QUESTION] * n + [WINDOW] * m)
    with torch.inference_mode():
        tokens, summary = network(
            torch.from_numpy(vectors)[None], torch.from_numpy(given)[None], side,
            torch.ones(1, 1 + n + m, dtype=torch.bool),
        )  # fmt: skip
    none = float(tokens[0, 0, 0] + tokens[0, 0, 1])
    return Output(tokens[0, 1 + n :].numpy(), none, float(summary[0]))


@pytest.mark.parametrize("shape", [TINY, DEEP], ids=["one layer", "two layers"])
def test_numpy_and_torch_say_the_same_of_windows_of_unequal_length(shape: Shape) -> None:
    network = tiny_network(shape=shape)
    questions, windows = pairs([9, 30, 1, 17])
    outputs = Network(weights_of(network), shape.heads)(questions, windows)
    for q, w, found in zip(questions, windows, outputs, strict=True):
        expected = by_torch(network, q, w)
        np.testing.assert_allclose(found.tokens, expected.tokens, atol=1e-3)
        assert found.none == pytest.approx(expected.none, abs=1e-3)
        assert found.answers == pytest.approx(expected.answers, abs=1e-3)
    assert np.ptp([o.answers for o in outputs]) > 0.01  # the windows are told apart


def test_a_window_has_the_same_output_alone_and_beside_a_longer_one() -> None:
    network = Network(weights_of(tiny_network()), TINY.heads)
    questions, windows = pairs([4, 40])
    together = network(questions, windows)
    for i in range(2):
        (alone,) = network([questions[i]], [windows[i]])
        np.testing.assert_allclose(alone.tokens, together[i].tokens, atol=1e-4)
        assert alone.none == pytest.approx(together[i].none, abs=1e-4)
        assert alone.answers == pytest.approx(together[i].answers, abs=1e-4)


def test_torch_does_not_see_padding_either() -> None:
    network = tiny_network()
    questions, windows = pairs([5])
    expected = by_torch(network, questions[0], windows[0])
    n, m, more = len(questions[0].ids), 5, 8
    vectors = torch.zeros(1, 1 + n + m + more, TINY.vectors)
    vectors[0, 1 : 1 + n] = torch.from_numpy(questions[0].vectors)
    vectors[0, 1 + n : 1 + n + m] = torch.from_numpy(windows[0].vectors)
    given = torch.zeros(1, 1 + n + m + more, 6)
    given[0, 1 : 1 + n] = torch.from_numpy(features(questions[0], windows[0]))
    given[0, 1 + n : 1 + n + m] = torch.from_numpy(features(windows[0], questions[0]))
    side = torch.tensor([SUMMARY] + [QUESTION] * n + [WINDOW] * (m + more))
    present = torch.arange(1 + n + m + more)[None] < 1 + n + m
    with torch.inference_mode():
        tokens, _ = network(vectors, given, side, present)
    np.testing.assert_allclose(tokens[0, 1 + n : 1 + n + m].numpy(), expected.tokens, atol=1e-4)


def test_a_token_s_place_matters() -> None:
    network = Network(weights_of(tiny_network()), TINY.heads)
    questions, (window,) = pairs([6])
    turned = Tokens(
        window.ids, window.vectors[::-1], window.shared[::-1], window.idf[::-1], window.wanted[::-1]
    )
    one, other = network(questions * 2, [window, turned])
    assert np.abs(one.tokens[::-1] - other.tokens).max() > 0.01


def changed(name: str, value: npt.NDArray[np.float32] | None) -> dict[str, npt.NDArray[np.float32]]:
    weights = weights_of(tiny_network())
    if value is None:
        del weights[name]
    else:
        weights[name] = value
    return weights


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("features.weight", np.zeros((32, 5), np.float32)),
        ("side.weight", np.zeros((2, 32), np.float32)),
        ("layers.0.qkv.weight", np.zeros((64, 32), np.float32)),
        ("layers.0.norm_in.bias", np.zeros(16, np.float32)),
        ("distance.weight", np.zeros((49, 3), np.float32)),
        ("local.weight", np.zeros((32, 1, 4), np.float32)),
        ("tokens.bias", np.zeros(2, np.float32)),
        ("project.weight", np.zeros(32, np.float32)),
        ("norm.weight", np.full(32, np.nan, np.float32)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_weights_that_do_not_fit_together_are_refused(
    name: str, value: npt.NDArray[np.float32]
) -> None:
    with pytest.raises(ValueError, match=name.replace(".", r"\.")):
        Network(changed(name, value), TINY.heads)


@pytest.mark.parametrize("name", ["side.weight", "project.weight", "layers.0.up.bias"])
def test_a_missing_weight_is_a_key_error(name: str) -> None:
    with pytest.raises(KeyError, match=name.replace(".", r"\.")):
        Network(changed(name, None), TINY.heads)


@pytest.mark.parametrize("heads", [0, -2, 3])
def test_heads_that_do_not_divide_the_width_are_refused(heads: int) -> None:
    with pytest.raises(ValueError, match="heads"):
        Network(weights_of(tiny_network()), heads)


def test_from_the_first_window_on_matrix_products_take_one_thread() -> None:
    from threadpoolctl import threadpool_info

    Network(weights_of(tiny_network()), TINY.heads)(*pairs([5]))
    # A library that is loaded later brings a pool of its own, which NumPy does not use.
    own = [pool for pool in threadpool_info() if "numpy" in pool["filepath"]]
    assert all(pool["num_threads"] == 1 for pool in own)
