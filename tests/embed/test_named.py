"""The embedder of the settings: loaded late, once, and not where one is given."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.config import Settings
from rag.embed import StaticEmbedder
from rag.embed.named import EmbedderOf
from rag.errors import EmbedderError


def test_it_is_loaded_once_when_it_is_asked_for() -> None:
    named = EmbedderOf(Settings(), None)
    assert isinstance(named(), StaticEmbedder)
    assert named() is named()


def test_the_one_that_is_given_is_taken_whatever_the_settings_name(tmp_path: Path) -> None:
    nowhere = Settings(embedder=str(tmp_path / "nowhere"))
    own = StaticEmbedder()
    assert EmbedderOf(nowhere, own)() is own
    named = EmbedderOf(nowhere, None)
    with pytest.raises(EmbedderError):
        named()
