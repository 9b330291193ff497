"""LlamaIndex's BM25 retriever with characters as words: its own pattern sees a clause as one word."""

from __future__ import annotations

from collections.abc import Sequence

from llama_index.core.schema import TextNode
from llama_index.retrievers.bm25 import BM25Retriever

from rag.bench.peers import Search
from rag.text.normalise import CJK

_WORD = rf"[{CJK}]|[^\W{CJK}]+"


def build(texts: Sequence[str]) -> Search:
    nodes = [TextNode(id_=str(place), text=text) for place, text in enumerate(texts)]
    retriever = BM25Retriever.from_defaults(
        nodes=nodes, similarity_top_k=10, token_pattern=_WORD, skip_stemming=True
    )

    def search(question: str, k: int) -> list[int]:
        retriever.similarity_top_k = min(k, len(texts))
        return [int(one.node.node_id) for one in retriever.retrieve(question)]

    return search
