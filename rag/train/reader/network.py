"""The reader's network: a Transformer over (question, window) with where the two meet as input.

Token vectors are those of the built-in static model, not trained; what is learned is a projection
of them, the layers and the heads. Relative positions as a bias a head (Shaw et al. 2018,
arXiv:1803.02155, in the form of T5) inside a side; one bias between question and window.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from rag.read.inputs import FEATURES
from rag.train.reader.shape import Shape


class Layer(nn.Module):
    """Pre-norm attention and feed-forward."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.norm_in = nn.LayerNorm(shape.width)
        self.qkv = nn.Linear(shape.width, 3 * shape.width)
        self.out = nn.Linear(shape.width, shape.width)
        self.norm_mid = nn.LayerNorm(shape.width)
        self.up = nn.Linear(shape.width, shape.inner)
        self.down = nn.Linear(shape.inner, shape.width)

    def forward(self, x: Tensor, bias: Tensor, drop: float) -> Tensor:
        b, t, d = x.shape
        q, k, v = (
            self.qkv(self.norm_in(x))
            .view(b, t, 3, self.heads, d // self.heads)
            .permute(2, 0, 3, 1, 4)
        )
        # Written out: PyTorch's own takes four times as long in bfloat16 on a CPU.
        scores = (q * (d // self.heads) ** -0.5) @ k.transpose(-1, -2) + bias.to(q.dtype)
        with torch.autocast("cpu", enabled=False):
            mixed = torch.softmax(scores, dim=-1) @ v
        mixed = self.out(mixed.transpose(1, 2).reshape(b, t, d))
        x = x + dropped(mixed, drop if self.training else 0.0)
        inner = self.down(functional.gelu(self.up(self.norm_mid(x)), approximate="tanh"))
        return x + dropped(inner, drop if self.training else 0.0)


def dropped(x: Tensor, share: float) -> Tensor:
    """Dropout of the same components in all tokens of a row: a number for each would cost a tenth
    of the training's time."""
    if not share:
        return x
    return x * functional.dropout(torch.ones(x.shape[0], 1, x.shape[2], dtype=x.dtype), share)


class Network(nn.Module):
    """Tokens in the order: one summary token, question, window, padding."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.project = nn.Linear(shape.vectors, shape.width)
        self.features = nn.Linear(FEATURES, shape.width)
        self.side = nn.Embedding(3, shape.width)
        self.local = nn.Conv1d(shape.width, shape.width, 5, padding=2, groups=shape.width)
        self.distance = nn.Embedding(2 * shape.reach + 1, shape.heads)
        self.across = nn.Embedding(3, shape.heads)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.norm = nn.LayerNorm(shape.width)
        self.tokens = nn.Linear(shape.width, 3)
        self.summary = nn.Linear(shape.width, 1)
        nn.init.zeros_(self.distance.weight)
        nn.init.zeros_(self.across.weight)

    def bias(self, side: Tensor) -> Tensor:
        """(heads, t, t): by distance inside a side, by kind of pair across. ``side`` is (t,)."""
        at = torch.arange(len(side))
        reach = self.shape.reach
        near = self.distance((at[None, :] - at[:, None]).clamp(-reach, reach) + reach)
        same = side[:, None] == side[None, :]
        pair = self.across((side[:, None] - side[None, :]).abs())
        return torch.where(same[..., None], near, pair).permute(2, 0, 1)

    def forward(
        self, vectors: Tensor, features: Tensor, side: Tensor, present: Tensor,
        drop: float = 0.0,
    ) -> tuple[Tensor, Tensor]:  # fmt: skip
        """``side`` is (t,): the questions of a batch are of one length.

        Returns (batch, t, 3) start, end and evidence logits, and (batch,) the logit that the window
        answers at all."""
        x = self.project(vectors) + self.features(features)
        x = x + self.side(side)[None]
        x = x * present[..., None]
        x = x + self.local(x.transpose(1, 2)).transpose(1, 2)
        absent = torch.zeros(present.shape).masked_fill(~present, -1e4).to(x.dtype)
        bias = self.bias(side).to(x.dtype)[None] + absent[:, None, None, :]
        for layer in self.layers:
            x = layer(x, bias, drop)
        x = self.norm(x)
        return self.tokens(x).float(), self.summary(x[:, 0])[:, 0].float()
