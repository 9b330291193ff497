"""Training of the reader's network: losses, and a loop that can be stopped and taken up."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from rag.errors import EmbedderError
from rag.read.inputs import WINDOW
from rag.train.reader.batches import Batch, Table, batches, collate
from rag.train.reader.examples import Example
from rag.train.reader.network import Network

BARREN = 8
"""Loads without an example after which there is nothing to train on."""


def losses(network: Network, batch: Batch, drop: float) -> dict[str, Tensor]:
    """Span, evidence, answerable: each a mean, to be summed."""
    inside = batch.present & (batch.side == WINDOW)[None]
    tokens, summary = network(batch.vectors, batch.features, batch.side, batch.present, drop)
    allowed = inside | (torch.arange(len(batch.side)) == 0)[None]
    logits = tokens.masked_fill(~allowed[..., None], -1e4)
    return {
        "span": 0.5
        * (
            functional.cross_entropy(logits[..., 0], batch.span[:, 0])
            + functional.cross_entropy(logits[..., 1], batch.span[:, 1])
        ),
        "evidence": functional.binary_cross_entropy_with_logits(
            tokens[..., 2][inside], batch.evidence[inside]
        ),
        "answerable": functional.binary_cross_entropy_with_logits(summary, batch.answerable),
    }


def schedule(step: int, steps: int, warmup: int) -> float:
    """Share of the rate: linear up, cosine down to a twentieth."""
    if step < warmup:
        return (step + 1) / warmup
    done = min(1.0, (step - warmup) / max(1, steps - warmup))
    return 0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * done))


def optimiser(network: nn.Module, rate: float) -> torch.optim.AdamW:
    decayed = [p for p in network.parameters() if p.ndim > 1]
    rest = [p for p in network.parameters() if p.ndim <= 1]
    return torch.optim.AdamW(
        [{"params": decayed, "weight_decay": 0.01}, {"params": rest, "weight_decay": 0.0}],
        lr=rate, betas=(0.9, 0.98), fused=True,
    )  # fmt: skip


def fit(
    network: Network,
    table: Table,
    shards: Callable[[int], Sequence[Example]],
    steps: int,
    *,
    size: int,
    rate: float,
    drop: float,
    seed: int,
    checkpoint: Path | None,
    report: Callable[[int, dict[str, float]], None],
) -> int:
    """Trains for ``steps`` from the checkpoint if there is one; returns the steps done.

    ``shards(i)`` gives the i-th load of examples, without end and the same each time it is asked:
    then a run that was interrupted and is taken up ends with the weights of one that was not. A kill
    repeats what was done since the last minute. Raises EmbedderError where ``BARREN`` loads on end
    are empty.
    """
    optim = optimiser(network, rate)
    step = shard = done = 0
    if checkpoint and checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        network.load_state_dict(state["network"])
        optim.load_state_dict(state["optimiser"])
        step, shard, done = state["step"], state["shard"], state.get("batches", 0)
    kept = time.monotonic()
    network.train()
    sums: dict[str, float] = {}
    since, barren = step, 0
    try:
        while step < steps:
            groups = batches(shards(shard), size, np.random.default_rng((seed, shard)))
            for group in islice(groups, done, None):
                parts = _step(network, optim, collate(group, table), drop,
                              rate * schedule(step, steps, max(1, min(500, steps // 20))),
                              seed + step)  # fmt: skip
                step, done, barren = step + 1, done + 1, 0
                for name, value in parts.items():
                    sums[name] = sums.get(name, 0.0) + value
                if step % 100 == 0:
                    report(step, {name: value / (step - since) for name, value in sums.items()})
                    sums, since = {}, step
                if checkpoint and time.monotonic() - kept > 60:
                    _keep(checkpoint, network, optim, step, shard, done)
                    kept = time.monotonic()
                if step >= steps:
                    break
            else:
                barren += not done
                shard, done = shard + 1, 0
                if barren >= BARREN:
                    raise EmbedderError(
                        "there is nothing to train the reader on",
                        "give more articles, and questions whose passages hold their answers",
                    )
    finally:
        if checkpoint and step:
            _keep(checkpoint, network, optim, step, shard, done)
    return step


def _step(
    network: Network, optim: torch.optim.AdamW, batch: Batch, drop: float, rate: float, seed: int
) -> dict[str, float]:
    """One step; returns the parts of the loss."""
    torch.manual_seed(seed)
    for group in optim.param_groups:
        group["lr"] = rate
    with torch.autocast("cpu", dtype=torch.bfloat16):
        parts = losses(network, batch, drop)
        total = torch.stack(list(parts.values())).sum()
    total.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optim.step()
    optim.zero_grad(set_to_none=True)
    return {name: float(value.detach()) for name, value in parts.items()}


def _keep(
    path: Path, network: Network, optim: torch.optim.AdamW, step: int, shard: int, done: int
) -> None:
    """Written beside and moved: a kill leaves the old one. ``done`` are batches of the shard."""
    fresh = path.with_suffix(".new")
    state = {"network": network.state_dict(), "optimiser": optim.state_dict()}
    torch.save(state | {"step": step, "shard": shard, "batches": done}, fresh)
    fresh.replace(path)
