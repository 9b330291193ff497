"""The reader's network: a Transformer over (question, window) with where the two meet as input.

Token vectors are those of the built-in static model, which knows what a text is about, and of
:mod:`rag.train.reader.context`, which knows what stands beside a token; neither is trained. What is
learned is a projection of them, the layers and the heads. Relative positions as a bias a head (Shaw
et al. 2018, arXiv:1803.02155, in the form of T5) inside a side; one bias between question and
window. An answer is weighed as a whole: by its first token, its last, a bilinear form of both (after
Dozat and Manning 2017, arXiv:1611.01734, without their further layers) and its length.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from rag.read.inputs import FEATURES, LONGEST
from rag.train.reader.batches import Batch
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
        self.context = nn.Linear(shape.context, shape.width, bias=False)
        self.features = nn.Linear(FEATURES, shape.width)
        self.side = nn.Embedding(3, shape.width)
        self.style = nn.Embedding(shape.styles, shape.width)
        self.local = nn.Conv1d(shape.width, shape.width, 5, padding=2, groups=shape.width)
        self.distance = nn.Embedding(2 * shape.reach + 1, shape.heads)
        self.across = nn.Embedding(3, shape.heads)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.norm = nn.LayerNorm(shape.width)
        self.tokens = nn.Linear(shape.width, 3)
        self.bilinear = nn.Linear(shape.width, 2 * shape.bilinear)
        self.length = nn.Embedding(LONGEST, 1)
        self.summary = nn.Linear(shape.width, 1)
        for table in (self.distance, self.across, self.style, self.length):
            nn.init.zeros_(table.weight)

    def bias(self, side: Tensor) -> Tensor:
        """(heads, t, t): by distance inside a side, by kind of pair across. ``side`` is (t,)."""
        at = torch.arange(len(side))
        reach = self.shape.reach
        near = self.distance((at[None, :] - at[:, None]).clamp(-reach, reach) + reach)
        same = side[:, None] == side[None, :]
        pair = self.across((side[:, None] - side[None, :]).abs())
        return torch.where(same[..., None], near, pair).permute(2, 0, 1)

    def forward(self, batch: Batch, drop: float = 0.0) -> tuple[Tensor, Tensor, Tensor]:
        """Returns (batch, t, t) logits of an answer from token i to token j, (0, 0) being none;
        (batch, t) evidence logits; (batch,) the logit that the window answers at all."""
        present = batch.present
        x = (
            self.project(batch.vectors)
            + self.context(batch.context)
            + self.features(batch.features)
        )
        x = x + self.side(batch.side)[None] + self.style(batch.style)[:, None]
        x = x * present[..., None]
        x = x + self.local(x.transpose(1, 2)).transpose(1, 2)
        absent = torch.zeros(present.shape).masked_fill(~present, -1e4).to(x.dtype)
        bias = self.bias(batch.side).to(x.dtype)[None] + absent[:, None, None, :]
        for layer in self.layers:
            x = layer(x, bias, drop)
        x = self.norm(x)
        tokens = self.tokens(x).float()
        return self.spans(x, tokens), tokens[..., 2], self.summary(x[:, 0])[:, 0].float()

    def spans(self, x: Tensor, tokens: Tensor) -> Tensor:
        """(batch, t, t): first token, last token, both together, length."""
        first, last = self.bilinear(x).chunk(2, dim=-1)
        both = (first @ last.transpose(1, 2)).float() * self.shape.bilinear**-0.5
        at = torch.arange(x.shape[1])
        reach = (at[None, :] - at[:, None]).clamp(0, LONGEST - 1)
        alone = tokens[..., 0, None] + tokens[:, None, :, 1]
        weighed: Tensor = both + alone + self.length(reach)[..., 0]
        return weighed
