"""Sentence-transformers' StaticEmbedding with the built-in model's vectors, in a flat FAISS index."""

from __future__ import annotations

from collections.abc import Sequence

import faiss
import numpy as np
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
from tokenizers import Tokenizer

from rag.bench.peers import Search
from rag.embed.static import BUILTIN, StaticEmbedder


def build(texts: Sequence[str]) -> Search:
    ours = StaticEmbedder()
    tokenizer = Tokenizer.from_file(str(BUILTIN / "tokenizer.json"))
    weights = ours.token_vectors(np.arange(tokenizer.get_vocab_size()))
    weights[tokenizer.token_to_id("[UNK]")] = 0
    static = StaticEmbedding(tokenizer, embedding_weights=weights)
    model = SentenceTransformer(modules=[static, Normalize()], device="cpu")
    index = faiss.IndexFlatIP(ours.dimension)
    index.add(model.encode(list(texts), show_progress_bar=False))

    def search(question: str, k: int) -> list[int]:
        _, found = index.search(model.encode([question], show_progress_bar=False), k)
        return [int(place) for place in found[0] if place >= 0]

    return search
