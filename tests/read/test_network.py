"""The network at run time against the one that is trained."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import torch

from rag.read.inputs import QUESTION, SUMMARY, WINDOW, Tokens, features
from rag.read.network import Network, Output
from rag.train.reader import network as trained
from rag.train.reader.shape import Shape
from tests.read.tiny import (
    INPUTS,
    OUTPUTS,
    TINY,
    WIDE,
    Form,
    forged,
    graph,
    save_tiny_reader,
    tiny_network,
)

DEEP = Shape(width=32, layers=2, heads=4, inner=48, reach=3)


@lru_cache(maxsize=3)
def built(shape: Shape = TINY) -> Network:
    return Network(graph(shape=shape))


def some_tokens(rng: np.random.Generator, count: int) -> Tokens:
    vectors = rng.normal(size=(count, TINY.vectors)).astype(np.float32)
    shared, idf, kind = rng.uniform(size=(3, count)).astype(np.float32)
    return Tokens(np.arange(count), vectors, shared, idf, kind)


def pairs(lengths: list[int], asked: int = 6) -> list[tuple[Tokens, Tokens]]:
    """One question with windows of these lengths."""
    rng = np.random.default_rng(5)
    question = some_tokens(rng, asked)
    shares = [rng.uniform(size=asked).astype(np.float32) for _ in lengths]
    questions = [replace(question, shared=share) for share in shares]
    return [(q, some_tokens(rng, length)) for q, length in zip(questions, lengths, strict=True)]


def by_torch(network: trained.Network, q: Tokens, w: Tokens) -> Output:
    """Without padding."""
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


def flat(outputs: list[Output]) -> npt.NDArray[np.float32]:
    return np.concatenate([[*o.tokens.ravel(), o.none, o.answers] for o in outputs])


@pytest.mark.parametrize("shape", [TINY, DEEP], ids=["one layer", "two layers"])
def test_onnx_and_torch_say_the_same_of_windows_of_any_length(shape: Shape) -> None:
    network, given = tiny_network(shape=shape), pairs([9, 30, 1, 17])
    outputs = [built(shape)(*pair) for pair in given]
    for pair, found in zip(given, outputs, strict=True):
        expected = by_torch(network, *pair)
        np.testing.assert_allclose(found.tokens, expected.tokens, atol=1e-4)
        assert found.none == pytest.approx(expected.none, abs=1e-4)
        assert found.answers == pytest.approx(expected.answers, abs=1e-4)
    assert np.ptp([o.answers for o in outputs]) > 0.01  # the windows are told apart


def test_in_8_bits_what_is_said_stays_close_to_torch() -> None:
    network, given = tiny_network(shape=WIDE), pairs([9, 30, 1, 17])
    found = flat([built(WIDE)(*pair) for pair in given])
    expected = flat([by_torch(network, *pair) for pair in given])
    # Measured: 0.997, 0.55 and 0.13, over logits that spread by 2.3.
    assert np.corrcoef(found, expected)[0, 1] > 0.99
    assert np.abs(found - expected).max() < 1.2
    assert np.abs(found - expected).mean() < 0.25


def test_torch_reads_a_padded_window_as_one_without_padding() -> None:
    network, ((question, window),) = tiny_network(), pairs([5])
    expected = by_torch(network, question, window)
    n, m, more = len(question.ids), 5, 8
    vectors = torch.zeros(1, 1 + n + m + more, TINY.vectors)
    vectors[0, 1 : 1 + n] = torch.from_numpy(question.vectors)
    vectors[0, 1 + n : 1 + n + m] = torch.from_numpy(window.vectors)
    given = torch.zeros(1, 1 + n + m + more, 6)
    given[0, 1 : 1 + n] = torch.from_numpy(features(question, window))
    given[0, 1 + n : 1 + n + m] = torch.from_numpy(features(window, question))
    side = torch.tensor([SUMMARY] + [QUESTION] * n + [WINDOW] * (m + more))
    present = torch.arange(1 + n + m + more)[None] < 1 + n + m
    with torch.inference_mode():
        tokens, _ = network(vectors, given, side, present)
    np.testing.assert_allclose(tokens[0, 1 + n : 1 + n + m].numpy(), expected.tokens, atol=1e-4)


@pytest.mark.parametrize("shape", [TINY, WIDE], ids=["whole", "in 8 bits"])
def test_a_token_s_place_matters(shape: Shape) -> None:
    ((question, window),) = pairs([6])
    turned = Tokens(
        window.ids, window.vectors[::-1], window.shared[::-1], window.idf[::-1], window.wanted[::-1]
    )
    one, other = built(shape)(question, window), built(shape)(question, turned)
    assert np.abs(one.tokens[::-1] - other.tokens).max() > (0.01 if shape == TINY else 1.0)


@pytest.mark.parametrize("shape", [TINY, WIDE], ids=["whole", "in 8 bits"])
def test_one_object_serves_many_threads(shape: Shape) -> None:
    network = built(shape)
    given = [pair for i in range(12) for pair in pairs([3 + i % 5, 20 - i])]
    expected = [flat([network(*pair)]) for pair in given]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda pair: flat([network(*pair)]), given * 4))
    for i, one in enumerate(found):
        assert np.array_equal(one, expected[i % len(given)])


def test_a_window_is_read_by_one_thread() -> None:
    options = built()._session.get_session_options()
    assert (options.intra_op_num_threads, options.inter_op_num_threads) == (1, 1)


# ---- files that are no network -------------------------------------------------------------
def refused(data: bytes) -> str:
    with pytest.raises(ValueError) as caught:
        Network(data)
    line = str(caught.value)
    assert "\n" not in line and len(line) < 250
    return line


@pytest.mark.parametrize("data", [b"", b"nothing", b"PK\x03\x04" + bytes(99), bytes(99)], ids=len)
def test_a_file_that_is_no_model_is_refused(data: bytes) -> None:
    assert refused(data).startswith("no model that can be run: ")


def test_a_model_that_is_cut_off_anywhere_is_refused() -> None:
    data = graph()
    for cut in [*range(1, 40), *range(40, len(data), 4999), *range(len(data) - 12, len(data))]:
        assert refused(data[:cut]).startswith("no model that can be run: ")


def test_a_model_of_a_reader_s_inputs_and_outputs_is_run() -> None:
    (pair,) = pairs([3])
    found = Network(forged())(*pair)
    assert np.array_equal(found.tokens, np.zeros((3, 3))) and found.answers == 0.0
    assert Network(forged()).vectors == built().vectors == TINY.vectors


UNLIKE: dict[str, tuple[str, Form | None, str]] = {
    "no features": ("features", None, "other inputs or outputs than a reader's (features)"),
    "another input": ("present", (np.float32, ("t",)), "than a reader's (present)"),
    "five features": ("features", (np.float32, ("t", 5)), "a reader of 5 features, not 6"),
    "any number of features": ("features", (np.float32, ("t", "f")), "f features, not 6"),
    "features of many windows": ("features", (np.float32, ("b", "t", 6)), "(features)"),
    "features of one token": ("features", (np.float32, (6,)), "(features)"),
    "one number as features": ("features", (np.float32, ()), "(features)"),
    "features of any form": ("features", (np.float32, None), "(features)"),
    "vectors of any length": ("vectors", (np.float32, ("t", "v")), "vectors of no fixed length"),
    "vectors of many windows": ("vectors", (np.float32, ("b", "t", 256)), "(vectors)"),
    "vectors of any form": ("vectors", (np.float32, None), "(vectors)"),
    "vectors of other numbers": ("vectors", (np.float64, ("t", 256)), "(vectors)"),
    "a side for each window": ("side", (np.int64, ("b", "t")), "(side)"),
}


@pytest.mark.parametrize("unlike", UNLIKE)
def test_a_model_of_other_inputs_is_refused(unlike: str) -> None:
    name, form, said = UNLIKE[unlike]
    given = {kept: INPUTS[kept] for kept in INPUTS if kept != name} | ({name: form} if form else {})
    assert said in refused(forged(given))


@pytest.mark.parametrize(
    ("outputs", "said"),
    [({"logits": (10, 3)}, "(answers, logits, tokens)"),
     ({"tokens": (10, 3)}, "(answers)"),
     (OUTPUTS | {"more": (1,)}, "(more)"),
     (OUTPUTS | {"answers": (1, 1)}, "(answers)"),
     (OUTPUTS | {"answers": ()}, "(answers)"),
     (OUTPUTS | {"tokens": (10,)}, "(tokens)"),
     (OUTPUTS | {"tokens": (1, 10, 3)}, "(tokens)"),
     (OUTPUTS | {"tokens": (10, 2)}, "tokens without three logits")],
    ids=str,
)  # fmt: skip
def test_a_model_of_other_outputs_is_refused(
    outputs: dict[str, tuple[int, ...]], said: str
) -> None:
    assert said in refused(forged(outputs=outputs))


def test_the_library_sends_and_keeps_nothing_of_its_own(tmp_path: Path) -> None:
    """Its official builds report to their makers: a session file, a device identifier, uploads."""
    folder = save_tiny_reader(tmp_path / "tiny")
    empty = tmp_path / "empty"
    empty.mkdir()
    code = (
        "import os, sys, pathlib; from rag.read.network import Network;"
        "Network(pathlib.Path(sys.argv[1], 'reader.onnx').read_bytes());"
        "print(os.environ['ORT_DISABLE_TELEMETRY'])"
    )
    homes = ("TMPDIR", "HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")
    env = {k: v for k, v in os.environ.items() if k != "ORT_DISABLE_TELEMETRY"}
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)], env=env | dict.fromkeys(homes, str(empty)),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "1"
    assert list(empty.iterdir()) == []
