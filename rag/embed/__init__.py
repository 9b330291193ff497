"""Text to vectors: the built-in static model, or any sentence-transformers model; pairs to scores,
or to what the one says of the other."""

from __future__ import annotations

from rag.config import Settings
from rag.embed.static import StaticEmbedder
from rag.seams import Embedder, Entailment, Reranker

__all__ = ["StaticEmbedder", "load_embedder", "load_entailment", "load_reranker"]

STATIC_ONLY = ("vectors.npy", "scales.npy", "idf.npy")
"""Any of these makes a folder a static model's, whole or not."""


def load_embedder(settings: Settings) -> Embedder:
    """The embedder that the settings name; raises EmbedderError."""
    if settings.embedder == "builtin":
        return StaticEmbedder()
    from pathlib import Path

    folder = Path(settings.embedder)
    if any((folder / name).is_file() for name in STATIC_ONLY):
        return StaticEmbedder(folder)
    from rag.embed.sentence import SentenceTransformersEmbedder

    return SentenceTransformersEmbedder(settings.embedder, download=settings.embedder_download)


def load_reranker(settings: Settings) -> Reranker | None:
    """The cross-encoder that the settings name, None where they name none; raises EmbedderError."""
    if not settings.reranker:
        return None
    from rag.embed.cross_encoder import CrossEncoderReranker

    return CrossEncoderReranker(settings.reranker, download=settings.embedder_download)


def load_entailment(settings: Settings) -> Entailment | None:
    """The NLI cross-encoder that the settings name, None where they name none; raises
    EmbedderError."""
    if not settings.verifier:
        return None
    from rag.embed.inference import CrossEncoderEntailment

    return CrossEncoderEntailment(settings.verifier, download=settings.embedder_download)
