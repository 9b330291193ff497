"""Other programs' search over the same passages, to compare with.

Each is a module with ``build(texts) -> Search``, run in a child of its own. This module imports
none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import metadata

Search = Callable[[str, int], list[int]]
"""(question, k) -> the places of the best texts, best first."""
Build = Callable[[Sequence[str]], Search]

EXTRA = "pip install -e '.[peers]'"
"""In a checkout, which is how this program is installed."""


@dataclass(frozen=True, slots=True)
class Peer:
    """``name`` on the command line, ``title`` in a table, ``packages`` that it needs, the adapter's
    ``module``, and what to know when reading its row, in Chinese and in English."""

    name: str
    title: str
    packages: tuple[str, ...]
    module: str
    note: tuple[str, str]

    def versions(self) -> dict[str, str]:
        """Of the packages that are installed."""
        found = {}
        for package in self.packages:
            try:
                found[package] = metadata.version(package)
            except metadata.PackageNotFoundError:
                continue
        return found

    @property
    def installed(self) -> bool:
        return len(self.versions()) == len(self.packages)


PEERS = (
    Peer(
        "bm25s",
        "bm25s",
        ("bm25s",),
        "rag.bench.peers.bm25s_alone",
        ("给它本项目的单字和双字词元", "given this project's tokens: characters and their pairs"),
    ),
    Peer(
        "faiss",
        "FAISS + StaticEmbedding",
        ("faiss-cpu", "sentence-transformers"),
        "rag.bench.peers.faiss_static",
        (
            "本项目内置模型的分词和向量，IndexFlatIP",
            "the built-in model's tokens and vectors, IndexFlatIP",
        ),
    ),
    Peer(
        "haystack",
        "Haystack InMemoryBM25Retriever",
        ("haystack-ai",),
        "rag.bench.peers.haystack_memory",
        ("默认设置（单字词元）", "as it comes: single characters as tokens"),
    ),
    Peer(
        "llama-index",
        "LlamaIndex BM25Retriever",
        ("llama-index-retrievers-bm25",),
        "rag.bench.peers.llama_index_bm25",
        (
            "设为单字词元；它的默认设置在中文里分不出词",
            "set to single characters; as it comes it finds no words in Chinese",
        ),
    ),
)


def peer(name: str) -> Peer:
    """Raises KeyError."""
    return {one.name: one for one in PEERS}[name]
