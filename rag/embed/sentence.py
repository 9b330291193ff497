"""Any sentence-transformers model, local first: the only module that imports that library at run
time. Nothing is fetched unless the settings allow it, and no code from a model folder is run."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from rag.errors import EmbedderError
from rag.types import FloatMatrix

ALLOWED = ("sentence_transformers.",)
"""A model folder names its modules; only the library's own are loaded."""


class SentenceTransformersEmbedder:
    """Implements ``Embedder``; the model's own "query" and "document" prompts are applied."""

    def __init__(self, name: str, *, download: bool = False) -> None:
        """``name`` is a folder or a hub id. Raises EmbedderError with what to do."""
        self._name = name
        folder = Path(name)
        if folder.is_dir():
            _check_modules(folder)
        elif name.startswith((".", "/", "~")) or name.count("/") > 1:
            raise EmbedderError(f"there is no model folder {name}", "check the setting `embedder`")
        if not download:
            # Read at import by the hub's client; without it an offline machine waits a minute.
            os.environ.setdefault("HF_HUB_OFFLINE", "1")
        try:
            from sentence_transformers import SentenceTransformer

            self._model: Any = SentenceTransformer(
                str(folder) if folder.is_dir() else name,
                device="cpu",
                local_files_only=not download,
                trust_remote_code=False,
            )
        except Exception as error:
            advice = (
                "check the folder"
                if folder.is_dir()
                else "put the model on this machine and give its folder, or set "
                "embedder_download = true"
            )
            raise EmbedderError(
                f"the embedder {name!r} cannot be loaded ({type(error).__name__}: {error})", advice
            ) from error
        dimension = self._model.get_embedding_dimension()
        if not dimension:
            raise EmbedderError(f"the embedder {name!r} does not say its dimension", "use another")
        self._dimension = int(dimension)
        self._identity = f"sentence-transformers:{Path(name).name}:{self._fingerprint()}"

    @property
    def identity(self) -> str:
        return self._identity

    @property
    def dimension(self) -> int:
        return self._dimension

    def encode_documents(self, texts: Sequence[str]) -> FloatMatrix:
        return self._checked(self._model.encode_document, texts)

    def encode_queries(self, texts: Sequence[str]) -> FloatMatrix:
        return self._checked(self._model.encode_query, texts)

    def _checked(self, encode: Any, texts: Sequence[str]) -> FloatMatrix:
        if not texts:  # the library gives shape (0,)
            return np.zeros((0, self._dimension), dtype=np.float32)
        rows = np.asarray(
            encode(list(texts), normalize_embeddings=True, show_progress_bar=False),
            dtype=np.float32,
        )
        if rows.shape != (len(texts), self._dimension) or not np.isfinite(rows).all():
            raise EmbedderError(
                f"the embedder {self._name!r} gave unusable vectors (shape {rows.shape})",
                "use another model",
            )
        return rows

    def _fingerprint(self) -> str:
        """Of the weights and of the prompts: equal means equal vectors."""
        digest = hashlib.sha256()
        digest.update(json.dumps(self._model.prompts, sort_keys=True).encode())
        for name, tensor in _tensors(self._model):
            digest.update(name.encode())
            digest.update(tensor.tobytes())
        return digest.hexdigest()[:16]


def _tensors(model: Any) -> Iterator[tuple[str, Any]]:
    for name, tensor in sorted(model.state_dict().items()):
        yield name, tensor.float().cpu().numpy()


def _check_modules(folder: Path) -> None:
    """Refuses a folder whose modules are not the library's own: they would run its code."""
    path = folder / "modules.json"
    if not path.is_file():
        return
    try:
        types = [str(module["type"]) for module in json.loads(path.read_text(encoding="utf-8"))]
    except (ValueError, KeyError, TypeError) as error:
        raise EmbedderError(f"{path} cannot be read ({error})", "check the folder") from error
    foreign = [t for t in types if not t.startswith(ALLOWED)]
    if foreign:
        raise EmbedderError(
            f"the embedder in {folder} brings code of its own ({', '.join(foreign)})",
            "only sentence-transformers' own modules are run",
        )
