"""Helpers of the loading tests."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.load import Loaded, RawFile, parse
from rag.types import Document, InputRow


def _raw_file(name: str, data: bytes) -> RawFile:
    return RawFile(name, Path(name), data, hashlib.sha256(data).hexdigest())


@pytest.fixture
def raw_file() -> Callable[[str, bytes], RawFile]:
    """A file that was read, without a disk."""
    return _raw_file


@pytest.fixture
def load() -> Callable[[str, bytes], list[Loaded]]:
    """Documents and rows of a file's content."""
    return lambda name, data: list(parse(_raw_file(name, data)))


@pytest.fixture
def document(load: Callable[[str, bytes], list[Loaded]]) -> Callable[[str, bytes], Document]:
    """The one document of a file's content."""

    def one(name: str, data: bytes) -> Document:
        (found,) = load(name, data)
        assert isinstance(found, Document), found
        return found

    return one


@pytest.fixture
def row(load: Callable[[str, bytes], list[Loaded]]) -> Callable[[str, bytes], InputRow]:
    """The one row of a file's content that cannot be read."""

    def one(name: str, data: bytes) -> InputRow:
        (found,) = load(name, data)
        assert isinstance(found, InputRow), found
        assert found.path == name
        assert "\n" not in found.reason
        return found

    return one
