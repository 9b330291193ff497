"""What made the searched texts, by name: an index is opened only by what built it.

Apart from :mod:`rag.indexing`, so that answering a question imports no loader.
"""

from __future__ import annotations

from rag.config import Settings
from rag.index.reader import OpenIndex, open_index

RECIPE = "text-1"
"""Changed whenever segmentation or tokens change, so that an older index is built again."""


def recipe_of(settings: Settings) -> str:
    """Names what made the searched texts; an index made by another recipe is not used."""
    return RECIPE if settings.title_context else f"{RECIPE}, without titles"


def open_for(settings: Settings, embedder: str) -> OpenIndex:
    """The current generation, if these settings and this embedder (its identity) made it.

    Raises IndexMissing, IndexDamaged or IndexMismatch, each with the command that repairs.
    """
    return open_index(settings.index, embedder, settings.chunk_size, recipe_of(settings))
