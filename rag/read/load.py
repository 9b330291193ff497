"""The reader that the settings name, with its weights."""

from __future__ import annotations

from pathlib import Path

from rag.embed.static import StaticEmbedder
from rag.read.builtin import BUILTIN, BuiltinReader
from rag.read.stage import READ_NAMES, Stage
from rag.retrieve.weights import Weights

OFF = "off"


def load_stage(setting: str, model: StaticEmbedder) -> Stage | None:
    """``builtin``, ``off`` (None) or a folder of ``rag train-reader``. Raises EmbedderError where
    the files are missing, damaged, or do not belong together."""
    if setting == OFF:
        return None
    folder = BUILTIN if setting == "builtin" else Path(setting)
    reader = BuiltinReader(model, folder)
    return Stage(reader, Weights.read(folder / "evidence.json", READ_NAMES))
