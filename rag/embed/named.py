"""The embedder of the settings, loaded when it is first asked for."""

from __future__ import annotations

from rag.config import Settings
from rag.embed import load_embedder
from rag.seams import Embedder


class EmbedderOf:
    """Gives the embedder that the settings name, or the one it was given. An object of its own: a
    pipeline in a cycle with what it holds would keep its generation open until a collection."""

    def __init__(self, settings: Settings, embedder: Embedder | None) -> None:
        self._settings = settings
        self._embedder = embedder

    def __call__(self) -> Embedder:
        """Raises EmbedderError where it does not load."""
        if self._embedder is None:
            self._embedder = load_embedder(self._settings)
        return self._embedder
