"""Text to vectors: the built-in static model, or any sentence-transformers model."""

from __future__ import annotations

from rag.config import Settings
from rag.embed.static import StaticEmbedder
from rag.types import Embedder

__all__ = ["StaticEmbedder", "load_embedder"]


def load_embedder(settings: Settings) -> Embedder:
    """The embedder that the settings name; raises EmbedderError."""
    if settings.embedder == "builtin":
        return StaticEmbedder()
    from pathlib import Path

    folder = Path(settings.embedder)
    if (folder / "vectors.npy").is_file():
        return StaticEmbedder(folder)
    from rag.embed.sentence import SentenceTransformersEmbedder

    return SentenceTransformersEmbedder(settings.embedder, download=settings.embedder_download)
