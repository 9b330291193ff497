"""Training that learns, can be stopped and taken up, and says where there is nothing to learn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from rag.errors import EmbedderError
from rag.read.inputs import LONGEST
from rag.train.reader import loop
from rag.train.reader.batches import batches, collate
from rag.train.reader.examples import Example
from rag.train.reader.loop import fit, losses, schedule
from rag.train.reader.network import Network
from rag.train.reader.shape import Noise
from tests.train.reader.made import examples, network, table


def loads(i: int) -> Sequence[Example]:
    """Two loads by turns."""
    return examples(20)[i % 2 :: 2]


def run(net: Network, steps: int, checkpoint: Path | None = None, **changes: Any) -> int:
    given: dict[str, Any] = {
        "size": 4, "rate": 3e-3, "noise": Noise(), "seed": 1, "checkpoint": checkpoint,
        "report": lambda step, parts: None,
    }  # fmt: skip
    return fit(net, table(), changes.pop("shards", loads), steps, **(given | changes))


def loss_of(net: Network) -> float:
    net.eval()
    total = []
    with torch.inference_mode():
        for group in batches(examples(20), 20, np.random.default_rng(0)):
            parts = losses(net, collate(group, table()), 0.0)
            total.append(float(sum(parts.values())))
    return float(np.mean(total))


def same(one: Network, other: Network) -> bool:
    pairs = zip(one.state_dict().values(), other.state_dict().values(), strict=True)
    return all(torch.equal(a, b) for a, b in pairs)


def interrupting(monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """Ctrl-C before the step with this number, counted from now, once."""
    step, count = loop._step, [0]

    def counted(*given: Any) -> dict[str, float]:
        count[0] += 1
        if count[0] == after + 1:
            raise KeyboardInterrupt
        return step(*given)

    monkeypatch.setattr(loop, "_step", counted)


def test_a_few_steps_lower_every_part_of_the_loss() -> None:
    net = network()
    before = loss_of(net)
    assert run(net, 30) == 30
    assert loss_of(net) < 0.6 * before


def test_the_same_seed_gives_the_same_weights_and_another_does_not() -> None:
    nets = [network() for _ in range(3)]
    for net, seed in zip(nets, (1, 1, 2), strict=True):
        run(net, 6, seed=seed)
    assert same(nets[0], nets[1]) and not same(nets[0], nets[2])


@pytest.mark.parametrize("noise", [Noise(drop=0.3), Noise(hidden=0.5)])
def test_noise_gives_other_weights(noise: Noise) -> None:
    plain, noisy = network(), network()
    run(plain, 3)
    run(noisy, 3, noise=noise)
    assert not same(plain, noisy)


@pytest.mark.parametrize("after", [1, 4, 7, 10])
@pytest.mark.parametrize("extra", [{}, {"noise": Noise(0.2, 0.3)}], ids=["plain", "noise"])
def test_interrupted_and_taken_up_ends_with_the_weights_of_one_run(
    after: int, extra: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = network()
    run(whole, 12, **extra)
    path = tmp_path / "a.pt"
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        interrupting(patch, after)
        run(network(), 12, path, **extra)
    assert torch.load(path, weights_only=True)["step"] == after
    taken_up = network(seed=9)
    assert run(taken_up, 12, path, **extra) == 12
    assert same(taken_up, whole)


def test_an_interruption_before_the_first_step_keeps_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupting(monkeypatch, 0)
    with pytest.raises(KeyboardInterrupt):
        run(network(), 5, tmp_path / "a.pt")
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_is_done_is_not_done_again(tmp_path: Path) -> None:
    first = network()
    assert run(first, 5, tmp_path / "a.pt") == 5
    again = network(seed=9)
    assert run(again, 5, tmp_path / "a.pt", shards=lambda i: pytest.fail("asked")) == 5
    assert same(first, again)


def test_interrupted_between_two_loads_it_goes_on_with_the_second(tmp_path: Path) -> None:
    asked: list[int] = []

    def stopping(i: int) -> Sequence[Example]:
        asked.append(i)
        if asked == [0, 1]:
            raise KeyboardInterrupt
        return loads(i)

    whole, path = network(), tmp_path / "a.pt"
    run(whole, 12)
    with pytest.raises(KeyboardInterrupt):
        run(network(), 12, path, shards=stopping)
    first = len(list(batches(loads(0), 4, np.random.default_rng(0))))
    assert torch.load(path, weights_only=True)["step"] == first > 1
    taken_up = network(seed=9)
    run(taken_up, 12, path, shards=stopping)
    assert asked[:3] == [0, 1, 1] and 0 not in asked[1:]
    assert same(taken_up, whole)


def test_every_minute_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[int] = []
    clock = iter(range(0, 100_000, 25))
    monkeypatch.setattr(loop, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    keep = loop._keep

    def counted(*given: Any) -> None:
        kept.append(given[3])
        keep(*given)

    monkeypatch.setattr(loop, "_keep", counted)
    run(network(), 6, tmp_path / "a.pt")
    assert len(kept) >= 2 and kept[-1] == 6 and kept == sorted(kept)
    assert [p.name for p in tmp_path.iterdir()] == ["a.pt"]


def test_the_report_is_the_mean_loss_of_the_steps_since_the_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[int, dict[str, float]]] = []
    monkeypatch.setattr(loop, "_step", lambda *given: {"span": 2.0, "evidence": 0.5})
    run(network(), 40, tmp_path / "a.pt")
    run(network(), 200, tmp_path / "a.pt", report=lambda step, parts: told.append((step, parts)))
    assert told == [(step, {"span": 2.0, "evidence": 0.5}) for step in (100, 200)]


def test_loads_without_examples_are_passed_over() -> None:
    assert run(network(), 6, shards=lambda i: loads(i) if i % 3 == 2 else []) == 6


def test_nothing_but_empty_loads_is_one_error_and_no_endless_loop() -> None:
    with pytest.raises(EmbedderError, match="nothing to train the reader on; give more articles"):
        run(network(), 5, shards=lambda i: [])


def test_the_rate_goes_up_to_one_and_down_to_a_twentieth() -> None:
    assert [schedule(i, 100, 4) for i in range(4)] == [0.25, 0.5, 0.75, 1.0]
    assert schedule(4, 100, 4) == 1.0
    assert schedule(100, 100, 4) == pytest.approx(0.05) == schedule(500, 100, 4)
    middle = [schedule(i, 100, 4) for i in range(4, 101)]
    assert middle == sorted(middle, reverse=True)


# ---- losses --------------------------------------------------------------------------------
def told_network(*logits: torch.Tensor) -> Callable[..., Any]:
    return lambda *given: logits


def test_losses_by_hand() -> None:
    kept = [e for e in examples(4) if e.start >= 0][:1]
    batch = collate(kept, table())
    size = len(batch.side)
    inside = size - 1 - len(kept[0].question)
    spans, evidence = torch.zeros(1, size, size), torch.zeros(1, size)
    net: Any = told_network(spans, evidence, torch.zeros(1))
    parts = losses(net, batch, 0.0)
    # Even logits: all spans of the window that are no longer than an answer may be, and none.
    count = sum(min(LONGEST, inside - i) for i in range(inside)) + 1
    assert float(parts["span"]) == pytest.approx(0.5 * np.log(count), rel=1e-4)
    assert float(parts["evidence"]) == pytest.approx(np.log(2), rel=1e-4)
    assert float(parts["answerable"]) == pytest.approx(np.log(2), rel=1e-4)
    spans[0, batch.span[0, 0], batch.span[0, 1]] = 30.0
    sure: Any = told_network(spans, 40 * batch.evidence - 20, torch.full((1,), 20.0))
    assert sum(float(v) for v in losses(sure, batch, 0.0).values()) < 1e-3


def test_only_spans_of_the_window_of_an_answer_s_length_are_answers() -> None:
    (one, *_) = [e for e in examples(4) if e.start >= 0]
    tiled: dict[str, Any] = {
        name: np.tile(getattr(one, name), 3) for name in ("window", "window_shared", "wanted")
    }
    long = replace(one, **tiled)
    batch = collate([long, one], table())
    size, first = len(batch.side), 1 + len(one.question)
    assert size - first > LONGEST and not batch.present[1, -1]

    def loss(*impossible: tuple[int, int, int]) -> float:
        spans = torch.zeros(2, size, size)
        for row, i, j in impossible:
            spans[row, i, j] = 50.0
        told: Any = told_network(spans, torch.zeros(2, size), torch.zeros(2))
        return float(losses(told, batch, 0.0)["span"])

    even = loss()
    assert loss((0, 1, size - 1)) == even  # from the question on
    assert loss((0, size - 1, size - 2)) == even  # backwards
    assert loss((0, first, first + LONGEST)) == even
    assert loss((0, 0, 1)) == loss((1, size - 1, size - 1)) == even  # the summary; padding
    assert loss((0, first, first + LONGEST - 1)) > even + 10
