"""Haystack's in-memory BM25, with its own settings."""

from __future__ import annotations

import os
from collections.abc import Sequence

os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"  # read when it is imported

from haystack import Document
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever
from haystack.document_stores.in_memory import InMemoryDocumentStore

from rag.bench.peers import Search


def build(texts: Sequence[str]) -> Search:
    store = InMemoryDocumentStore(shared=False)
    store.write_documents(
        [Document(id=str(place), content=text) for place, text in enumerate(texts)]
    )
    retriever = InMemoryBM25Retriever(document_store=store)

    def search(question: str, k: int) -> list[int]:
        return [int(one.id) for one in retriever.run(query=question, top_k=k)["documents"]]

    return search
