"""The reader's network at run time, in NumPy: what rag/train/reader/network.py trains.

A few windows of 150 tokens through three small layers are some five milliseconds each; neither
torch nor a runtime has to be loaded for that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from rag.read.inputs import FEATURES, QUESTION, SUMMARY, WINDOW, Tokens, features

Array = npt.NDArray[np.float32]
_ABSENT = np.float32(-1e4)


@lru_cache(maxsize=1)
def one_thread() -> None:
    """Matrix products on one thread from here on, in the whole process: on matrices of this size a
    second one gains little, and its waiting costs a second and more where the cores are busy."""
    from threadpoolctl import threadpool_limits

    threadpool_limits(limits=1, user_api="blas")


@dataclass(frozen=True, slots=True)
class Output:
    """Of one window: ``tokens`` (t, 3) start, end and evidence logits, ``none`` what start and end
    at no token are worth together, ``answers`` the logit that the window answers at all."""

    tokens: Array
    none: float
    answers: float


class Network:
    """Holds the weights; one object serves all threads."""

    def __init__(self, weights: Mapping[str, Array], heads: int) -> None:
        """``weights`` by torch's names; raises KeyError or ValueError where they do not fit."""
        self._w = {name: np.asarray(value, dtype=np.float32) for name, value in weights.items()}
        self.heads = heads
        self.layers = len({n.split(".")[1] for n in self._w if n.startswith("layers.")})
        if self._w["project.weight"].ndim != 2:
            raise ValueError("project.weight is no matrix")
        self.width, self.vectors = self._w["project.weight"].shape
        if not self.layers or heads < 1 or self.width % heads:
            raise ValueError(f"{self.layers} layers of width {self.width}, {heads} heads")
        self._reach = (len(self._w["distance.weight"]) - 1) // 2
        for name, shape in self._shapes().items():
            held = self._w[name].shape
            if held != shape:
                raise ValueError(f"{name} is of shape {held}, not {shape}")
            if not np.isfinite(self._w[name]).all():
                raise ValueError(f"{name} holds what is no number")

    def _shapes(self) -> dict[str, tuple[int, ...]]:
        """What each weight's shape has to be, by the sizes of a few."""
        width, inner = self.width, len(self._w["layers.0.up.bias"])
        kernel = self._w["local.weight"].shape[-1]
        linear = {
            "project": (width, self.vectors),
            "features": (width, FEATURES),
            "tokens": (3, width),
            "summary": (1, width),
        }
        norms = ["norm"]
        for i in range(self.layers):
            at = f"layers.{i}."
            linear[at + "qkv"], linear[at + "out"] = (3 * width, width), (width, width)
            linear[at + "up"], linear[at + "down"] = (inner, width), (width, inner)
            norms += [at + "norm_in", at + "norm_mid"]
        shapes: dict[str, tuple[int, ...]] = {
            "side.weight": (3, width),
            "local.weight": (width, 1, kernel // 2 * 2 + 1),
            "local.bias": (width,),
            "distance.weight": (2 * self._reach + 1, self.heads),
            "across.weight": (3, self.heads),
        }
        for name, (out, into) in linear.items():
            shapes |= {f"{name}.weight": (out, into), f"{name}.bias": (out,)}
        for name in norms:
            shapes |= {f"{name}.weight": (width,), f"{name}.bias": (width,)}
        return shapes

    def __call__(self, question: Sequence[Tokens], windows: Sequence[Tokens]) -> list[Output]:
        """One question with each window; ``question[i]`` knows what window i shares with it."""
        n = len(question[0].ids)
        size = 1 + n + max(len(w.ids) for w in windows)
        vectors = np.zeros((len(windows), size, windows[0].vectors.shape[1]), dtype=np.float32)
        given = np.zeros((len(windows), size, self._w["features.weight"].shape[1]), np.float32)
        present = np.zeros((len(windows), size), dtype=bool)
        for row, (q, w) in enumerate(zip(question, windows, strict=True)):
            end = 1 + n + len(w.ids)
            vectors[row, 1 : 1 + n], vectors[row, 1 + n : end] = q.vectors, w.vectors
            given[row, 1 : 1 + n], given[row, 1 + n : end] = features(q, w), features(w, q)
            present[row, :end] = True
        side = np.full(size, WINDOW)
        side[0], side[1 : 1 + n] = SUMMARY, QUESTION
        one_thread()
        x = self._run(vectors, given, side, present)
        tokens = self._linear(x, "tokens")
        answers = self._linear(x[:, 0], "summary")[:, 0]
        return [
            Output(
                tokens[row, 1 + n : 1 + n + len(w.ids)],
                float(tokens[row, 0, 0] + tokens[row, 0, 1]),
                float(answers[row]),
            )
            for row, w in enumerate(windows)
        ]

    def _run(
        self,
        vectors: Array,
        given: Array,
        side: npt.NDArray[np.int64],
        present: npt.NDArray[np.bool_],
    ) -> Array:
        """(windows, t, width) hidden states."""
        x = self._linear(vectors, "project") + self._linear(given, "features")
        x += self._w["side.weight"][side]
        x *= present[..., None]
        x += self._local(x)
        bias = self._bias(side)[None] + np.where(present, np.float32(0), _ABSENT)[:, None, None, :]
        for i in range(self.layers):
            at = f"layers.{i}."
            x += self._attend(self._norm(x, at + "norm_in"), bias, at)
            inner = self._linear(self._norm(x, at + "norm_mid"), at + "up")
            x += self._linear(_gelu(inner), at + "down")
        return self._norm(x, "norm")

    def _attend(self, x: Array, bias: Array, at: str) -> Array:
        b, t, d = x.shape
        parts = self._linear(x, at + "qkv").reshape(b, t, 3, self.heads, d // self.heads)
        q, k, v = parts.transpose(2, 0, 3, 1, 4)
        scores = (q * np.float32((d // self.heads) ** -0.5)) @ k.transpose(0, 1, 3, 2)
        scores += bias
        scores -= scores.max(axis=-1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=-1, keepdims=True)
        mixed = (scores @ v).transpose(0, 2, 1, 3).reshape(b, t, d)
        return self._linear(mixed, at + "out")

    def _bias(self, side: npt.NDArray[np.int64]) -> Array:
        """(heads, t, t) by distance inside a side, by kind of pair across."""
        at = np.arange(len(side))
        distance = np.clip(at[None, :] - at[:, None], -self._reach, self._reach) + self._reach
        near = self._w["distance.weight"][distance]
        pair = self._w["across.weight"][np.abs(side[:, None] - side[None, :])]
        same = (side[:, None] == side[None, :])[..., None]
        return np.ascontiguousarray(np.where(same, near, pair).transpose(2, 0, 1))

    def _local(self, x: Array) -> Array:
        """What each token's four neighbours add."""
        kernel = self._w["local.weight"][:, 0]
        half = kernel.shape[1] // 2
        padded = np.pad(x, ((0, 0), (half, half), (0, 0)))
        out = np.broadcast_to(self._w["local.bias"], x.shape).copy()
        for i in range(kernel.shape[1]):
            out += padded[:, i : i + x.shape[1]] * kernel[:, i]
        return out

    def _linear(self, x: Array, name: str) -> Array:
        out: Array = x @ self._w[f"{name}.weight"].T
        out += self._w[f"{name}.bias"]
        return out

    def _norm(self, x: Array, name: str) -> Array:
        centred: Array = x - x.mean(axis=-1, keepdims=True)
        centred /= np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + np.float32(1e-5))
        centred *= self._w[f"{name}.weight"]
        centred += self._w[f"{name}.bias"]
        return centred


def _gelu(x: Array) -> Array:
    """Hendrycks and Gimpel 2016 (arXiv:1606.08415), with tanh."""
    inner = x * x
    inner *= np.float32(0.044715)
    inner += 1
    inner *= x
    inner *= np.float32(0.7978845608)
    np.tanh(inner, out=inner)
    inner += 1
    inner *= x
    inner *= np.float32(0.5)
    return inner
