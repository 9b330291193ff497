"""The built-in ranker over small made-up documents: a question to weighed sentences and picks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from rag.answer.engine import Weighed, weigh
from rag.pipeline import build_ranker
from rag.retrieve.aliases import Aliases
from rag.retrieve.evidence import Ranker
from rag.retrieve.memory import MemoryCorpus
from rag.text import parse
from rag.types import Document, Query

CHUNK_SIZE = 320


@lru_cache(maxsize=1)
def ranker() -> Ranker:
    """The ranker that ships with the package, loaded once for all tests."""
    return build_ranker()


def memory(texts: Mapping[str, str]) -> MemoryCorpus:
    """The documents ``{id: text}`` as a corpus in memory."""
    return MemoryCorpus(
        [parse(Document(name, text, ""), CHUNK_SIZE) for name, text in texts.items()]
    )


def weighed(question: str, corpus: MemoryCorpus) -> Weighed:
    """Every sentence of the corpus weighed for a question."""
    return weigh(Query(question, question), corpus, corpus.hits(), ranker(), Aliases(), None)
