"""The static embedder: one vector a token, a text is their mean. NumPy alone, no torch.

A model folder holds ``tokenizer.json`` (Hugging Face tokenizers), ``vectors.npy`` ((vocab, d) int8),
``scales.npy`` ((vocab,) float16: row i of the matrix is vectors[i] * scales[i]), ``idf.npy``
((vocab,) float16, natural logarithm) and ``model.json`` (identity, recipe). Loading is about 0.1 s.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from rag.errors import EmbedderError
from rag.text.normalise import fold_text
from rag.types import FloatMatrix

if TYPE_CHECKING:
    from tokenizers import Tokenizer

BUILTIN = Path(__file__).parent.parent / "models" / "news-static"
POOLING = "ln"
"""How a passage's tokens are pooled; part of the identity, because it decides the vectors."""
FILES = ("tokenizer.json", "vectors.npy", "scales.npy", "idf.npy")


class StaticEmbedder:
    """Implements ``Embedder`` over a model folder; also gives token vectors for soft matching."""

    def __init__(self, folder: Path = BUILTIN) -> None:
        """Raises EmbedderError where a file is missing, does not fit the others or has bad values."""
        from tokenizers import Tokenizer

        try:
            self._meta: dict[str, Any] = json.loads(
                (folder / "model.json").read_text(encoding="utf-8")
            )
            self._tokenizer: Tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._vectors = np.load(folder / "vectors.npy", mmap_mode="r")
            self._scales = np.load(folder / "scales.npy")
            self.idf: npt.NDArray[np.float32] = np.load(folder / "idf.npy").astype(np.float32)
            self._identity = f"static:{self._meta['name']}:{self._meta['sha256'][:16]}:{POOLING}"
            rows = self._tokenizer.get_vocab_size()
            shapes = self._vectors.shape, self._scales.shape, self.idf.shape
        except Exception as error:  # the tokenizers library raises bare Exception
            raise EmbedderError(
                f"the model in {folder} cannot be read ({type(error).__name__}: {error})",
                "install the package again, or train one with `rag train-embedder`",
            ) from error
        repair = "install the package again, or train it again"
        if self._vectors.ndim != 2 or shapes != ((rows, self.dimension), (rows,), (rows,)):
            raise EmbedderError(
                f"the model in {folder} does not fit together: {rows} tokens, vectors, scales and "
                f"idf of shape {', '.join(map(str, shapes))}",
                repair,
            )
        # Whole numbers are finite: the matrix itself, 10 MB, need not be read for this.
        whole = np.issubdtype(self._vectors.dtype, np.integer)
        if not (whole and np.isfinite(self._scales).all() and np.isfinite(self.idf).all()):
            raise EmbedderError(
                f"the model in {folder} has vectors that are not int8, or scales or idf that are "
                "not finite (NaN or infinity)",
                repair,
            )
        self._unknown = self._tokenizer.token_to_id("[UNK]")
        if self._unknown is None:
            raise EmbedderError(f"the tokenizer in {folder} has no token [UNK]", repair)

    @property
    def identity(self) -> str:
        return self._identity

    @property
    def tokenizer(self) -> Tokenizer:
        """The tokenizer, for those who need offsets."""
        return self._tokenizer

    @property
    def dimension(self) -> int:
        return int(self._vectors.shape[1])

    def encode_documents(self, texts: Sequence[str]) -> FloatMatrix:
        """A token that stands n times counts 1 + ln n: a passage is about more than the word it
        repeats (the damped term frequency of Salton and Buckley 1988)."""
        out = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, ids in enumerate(self.token_ids(texts)):
            tokens, counts = np.unique(ids, return_counts=True)
            if len(tokens):
                out[row] = (1 + np.log(counts, dtype=np.float32)) @ self.token_vectors(tokens)
        return _unit(out)

    def encode_queries(self, texts: Sequence[str]) -> FloatMatrix:
        """What a question says twice counts twice (rag/retrieve/search.py)."""
        out = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, ids in enumerate(self.token_ids(texts)):
            if len(ids):
                out[row] = self.token_vectors(ids).sum(axis=0)
        return _unit(out)

    def token_ids(self, texts: Sequence[str]) -> list[npt.NDArray[np.int64]]:
        """The known tokens of each text, in order."""
        encodings = self._tokenizer.encode_batch_fast(
            [fold_text(text) for text in texts], add_special_tokens=False
        )
        rows = (np.asarray(encoding.ids, dtype=np.int64) for encoding in encodings)
        return [row[row != self._unknown] for row in rows]

    def pieces(self, text: str) -> list[tuple[str, int]]:
        """(piece, token id) of a folded text without white space, in order and without a gap; the
        id is -1 where the vocabulary has none."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        found: list[tuple[str, int]] = []
        for token_id, (start, end) in zip(encoding.ids, encoding.offsets, strict=True):
            found.append((text[start:end], -1 if token_id == self._unknown else token_id))
        return found

    def token_vectors(self, ids: npt.NDArray[np.int64]) -> FloatMatrix:
        """(len(ids), d) float32, the tokens' own vectors, not normalised."""
        rows: FloatMatrix = self._vectors[ids].astype(np.float32)
        rows *= self._scales[ids, None].astype(np.float32)
        return rows

    def token(self, token_id: int) -> str:
        """The token's text."""
        return str(self._tokenizer.id_to_token(token_id))


def _unit(rows: FloatMatrix) -> FloatMatrix:
    """Rows of length 1, in place; a row of zeros stays one."""
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    np.divide(rows, norms, out=rows, where=norms > 0)
    return rows


def write_model(
    folder: Path,
    tokenizer: Tokenizer,
    weights: FloatMatrix,
    idf: npt.NDArray[np.float32],
    about: Mapping[str, object],
) -> None:
    """Writes a model folder; int8 a row keeps cosine to about 0.001 at a quarter of the size."""
    folder.mkdir(parents=True, exist_ok=True)
    scales = (np.abs(weights).max(axis=1) / 127).astype(np.float16)
    safe = np.where(scales > 0, scales, 1).astype(np.float32)
    vectors = np.clip(np.rint(weights / safe[:, None]), -127, 127).astype(np.int8)
    tokenizer.save(str(folder / "tokenizer.json"))
    np.save(folder / "vectors.npy", vectors)
    np.save(folder / "scales.npy", scales)
    np.save(folder / "idf.npy", idf.astype(np.float16))
    digest = hashlib.sha256()
    for name in FILES:
        digest.update((folder / name).read_bytes())
    meta = {"name": folder.name, "sha256": digest.hexdigest(), **about}
    (folder / "model.json").write_text(json.dumps(meta, indent=1) + "\n", encoding="utf-8")
