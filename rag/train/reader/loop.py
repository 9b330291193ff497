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
from rag.read.inputs import LONGEST, WINDOW
from rag.train.reader.batches import Batch, Table, batches, collate, hidden
from rag.train.reader.examples import Example
from rag.train.reader.network import Network
from rag.train.reader.shape import Noise

BARREN = 8
"""Loads without an example after which there is nothing to train on."""


def losses(network: Network, batch: Batch, drop: float) -> dict[str, Tensor]:
    """Span, evidence, answerable: each a mean over examples or tokens, to be summed."""
    spans, evidence, answers = network(batch, drop)
    inside = batch.present & (batch.side == WINDOW)[None]
    size = len(batch.side)
    at = torch.arange(size)
    reach = at[None, :] - at[:, None]
    allowed = inside[:, :, None] & inside[:, None, :] & ((reach >= 0) & (reach < LONGEST))[None]
    allowed[:, 0, 0] = True
    logits = spans.masked_fill(~allowed, -1e4).flatten(1)
    return {
        # Half, since choosing a first and a last token at once is choosing twice.
        "span": 0.5 * functional.cross_entropy(logits, batch.span[:, 0] * size + batch.span[:, 1]),
        "evidence": functional.binary_cross_entropy_with_logits(
            evidence[inside], batch.evidence[inside]
        ),
        "answerable": functional.binary_cross_entropy_with_logits(answers, batch.answerable),
    }


def schedule(step: int, steps: int, warmup: int) -> float:
    """Share of the rate: linear up, cosine down to a twentieth."""
    if step < warmup:
        return (step + 1) / warmup
    done = min(1.0, (step - warmup) / max(1, steps - warmup))
    return 0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * done))


def optimisers(network: nn.Module, rate: float) -> list[torch.optim.Optimizer]:
    """Muon (Jordan et al. 2024) for the matrices of the layers, their steps as long as Adam's; Adam
    for all else."""
    named = dict(network.named_parameters())
    inner = [p for name, p in named.items() if name.startswith("layers.") and p.ndim == 2]
    rest = [p for p in named.values() if not any(p is one for one in inner)]
    return [
        torch.optim.Muon(inner, lr=rate, weight_decay=0.01, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(rest, lr=rate, weight_decay=0.0, betas=(0.9, 0.98), fused=True),
    ]


def fit(
    network: Network,
    table: Table,
    shards: Callable[[int], Sequence[Example]],
    steps: int,
    *,
    size: int,
    rate: float,
    noise: Noise,
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
    optims = optimisers(network, rate)
    step = shard = done = 0
    if checkpoint and checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        network.load_state_dict(state["network"])
        for optim, kept_state in zip(optims, state["optimisers"], strict=True):
            optim.load_state_dict(kept_state)
        step, shard, done = state["step"], state["shard"], state.get("batches", 0)
    kept = time.monotonic()
    network.train()
    sums: dict[str, float] = {}
    since, barren = step, 0
    try:
        while step < steps:
            groups = batches(shards(shard), size, np.random.default_rng((seed, shard)))
            for group in islice(groups, done, None):
                parts = _step(network, optims, collate(group, table), noise,
                              rate * schedule(step, steps, max(1, min(500, steps // 20))),
                              seed + step)  # fmt: skip
                step, done, barren = step + 1, done + 1, 0
                for name, value in parts.items():
                    sums[name] = sums.get(name, 0.0) + value
                if step % 100 == 0:
                    report(step, {name: value / (step - since) for name, value in sums.items()})
                    sums, since = {}, step
                if checkpoint and time.monotonic() - kept > 60:
                    _keep(checkpoint, network, optims, step, shard, done)
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
            _keep(checkpoint, network, optims, step, shard, done)
    return step


def _step(
    network: Network,
    optims: Sequence[torch.optim.Optimizer],
    batch: Batch,
    noise: Noise,
    rate: float,
    seed: int,
) -> dict[str, float]:
    """One step; returns the parts of the loss."""
    torch.manual_seed(seed)
    for group in (group for optim in optims for group in optim.param_groups):
        group["lr"] = rate
    batch = hidden(batch, noise.hidden)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        parts = losses(network, batch, noise.drop)
        total = torch.stack(list(parts.values())).sum()
    total.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    for optim in optims:
        optim.step()
        optim.zero_grad(set_to_none=True)
    return {name: float(value.detach()) for name, value in parts.items()}


def _keep(
    path: Path,
    network: Network,
    optims: Sequence[torch.optim.Optimizer],
    step: int,
    shard: int,
    done: int,
) -> None:
    """Written beside and moved: a kill leaves the old one. ``done`` are batches of the shard."""
    fresh = path.with_suffix(".new")
    states = [optim.state_dict() for optim in optims]
    state = {"network": network.state_dict(), "optimisers": states}
    torch.save(state | {"step": step, "shard": shard, "batches": done}, fresh)
    fresh.replace(path)
