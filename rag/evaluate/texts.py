"""The canonical texts of an open index as mappings, read when they are asked for.

A set over sixty thousand documents touches a few thousand of them; a set that brings its own
passages touches none, and then no index has to exist.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from rag.errors import UsageError
from rag.index.store import SqliteCorpus
from rag.types import Document


class Documents(Mapping[str, Document]):
    """The documents of a corpus by id; ``corpus`` is called whenever one is needed."""

    def __init__(self, corpus: Callable[[], SqliteCorpus]) -> None:
        self._corpus = corpus

    def __getitem__(self, id: str) -> Document:
        try:
            return self._corpus().document(id)
        except UsageError:
            raise KeyError(id) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._corpus().ids())

    def __len__(self) -> int:
        return len(self._corpus().ids())


class Texts(Mapping[str, str]):
    """The texts of documents by id."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        self._documents = documents

    def __getitem__(self, id: str) -> str:
        return self._documents[id].text

    def __iter__(self) -> Iterator[str]:
        return iter(self._documents)

    def __len__(self) -> int:
        return len(self._documents)
