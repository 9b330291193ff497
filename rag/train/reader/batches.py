"""Examples as padded batches of tensors, questions of one length together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from rag.embed.static import StaticEmbedder
from rag.read.builtin import RARE
from rag.read.inputs import FEATURES, QUESTION, SUMMARY, WINDOW, Tokens, features
from rag.train.reader.context import ContextVectors
from rag.train.reader.examples import Example, style

LENGTH = 4.0
"""Root mean square length that the token vectors are brought to."""


@dataclass(slots=True)
class Batch:
    """Padded examples; positions count the summary token, which is 0."""

    vectors: Tensor
    context: Tensor
    features: Tensor
    side: Tensor
    """(t,): the questions of a batch are of one length."""
    style: Tensor
    """(batch,) what kind of source each is from."""
    present: Tensor
    span: Tensor
    """(batch, 2) first and last token of the answer, 0 (the summary token) where there is none."""
    evidence: Tensor
    """(batch, t) 1 in the answer's sentence."""
    answerable: Tensor


class Table:
    """The static model's vectors and rarities by token id, and how tokens are used."""

    def __init__(self, model: StaticEmbedder, context: ContextVectors) -> None:
        self.context = context.vectors()
        rows = model.token_vectors(np.arange(len(model.idf)))
        self.scale = LENGTH / float(np.sqrt((rows**2).sum(axis=1).mean()))
        self.vectors = (rows * self.scale).astype(np.float32)
        self.idf = np.minimum(1.0, model.idf / RARE).astype(np.float32)

    def tokens(
        self,
        ids: npt.NDArray[np.uint16],
        shared: npt.NDArray[np.uint8],
        wanted: npt.NDArray[np.uint8] | None,
    ) -> Tokens:
        """One side of an example as the network takes it."""
        rows = ids.astype(np.int64)
        kind = np.zeros(len(ids), np.uint8) if wanted is None else wanted
        return Tokens(rows, self.vectors[rows], _share(shared), self.idf[rows], _share(kind))


def _share(bytes_: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """0 to 1 from 0 to 255."""
    values: npt.NDArray[np.float32] = bytes_.astype(np.float32) / np.float32(255)
    return values


def collate(examples: Sequence[Example], table: Table) -> Batch:
    """One padded batch of questions of one length."""
    size = max(1 + len(e.question) + len(e.window) for e in examples)
    b, d = len(examples), table.vectors.shape[1]
    vectors = np.zeros((b, size, d), np.float32)
    context = np.zeros((b, size, table.context.shape[1]), np.float32)
    feats = np.zeros((b, size, FEATURES), np.float32)
    side = np.full(size, WINDOW, np.int64)
    present = np.zeros((b, size), bool)
    span = np.zeros((b, 2), np.int64)
    evidence = np.zeros((b, size), np.float32)
    for row, e in enumerate(examples):
        q = table.tokens(e.question, e.question_shared, None)
        w = table.tokens(e.window, e.window_shared, e.wanted)
        n, m = len(q.ids), len(w.ids)
        vectors[row, 1 : 1 + n], vectors[row, 1 + n : 1 + n + m] = q.vectors, w.vectors
        context[row, 1 : 1 + n + m] = table.context[np.concatenate([q.ids, w.ids])]
        feats[row, 1 : 1 + n] = features(q, w)
        feats[row, 1 + n : 1 + n + m] = features(w, q)
        present[row, : 1 + n + m] = True
        if e.start >= 0:
            span[row] = 1 + n + e.start, 1 + n + e.end
            evidence[row, 1 + n + e.first : 2 + n + e.last] = 1.0
    side[0], side[1 : 1 + n] = SUMMARY, QUESTION
    return Batch(
        vectors=torch.from_numpy(vectors),
        context=torch.from_numpy(context),
        features=torch.from_numpy(feats),
        side=torch.from_numpy(side),
        style=torch.tensor([style(e.source) for e in examples]),
        present=torch.from_numpy(present),
        span=torch.from_numpy(span),
        evidence=torch.from_numpy(evidence),
        answerable=torch.from_numpy((span[:, 0] > 0).astype(np.float32)),
    )


def hidden(batch: Batch, share: float) -> Batch:
    """The batch without the vectors of this share of its tokens (word dropout, Iyyer et al. 2015,
    P15-1162); where they meet the other side still shows."""
    if not share:
        return batch
    kept = (torch.rand(batch.present.shape) >= share)[..., None]
    return replace(batch, vectors=batch.vectors * kept, context=batch.context * kept)


def batches(
    examples: Sequence[Example], size: int, rng: np.random.Generator
) -> Iterator[list[Example]]:
    """Of one length of question and about equal windows, in random order."""
    questions = np.array([len(e.question) for e in examples])
    windows = np.array([len(e.window) for e in examples]) + rng.uniform(0, 16, len(examples))
    order = np.lexsort((windows, questions))
    runs = np.split(order, np.flatnonzero(np.diff(questions[order])) + 1)
    groups = [run[i : i + size] for run in runs for i in range(0, len(run), size)]
    for g in rng.permutation(len(groups)):
        yield [examples[int(i)] for i in groups[int(g)]]
