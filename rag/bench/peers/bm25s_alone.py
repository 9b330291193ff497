"""bm25s (arXiv:2407.03618) over character unigrams and bigrams, nothing else."""

from __future__ import annotations

from collections.abc import Sequence

import bm25s
from bm25s.tokenization import Tokenizer

from rag.bench.peers import Search
from rag.text.tokens import tokens


def build(texts: Sequence[str]) -> Search:
    # Its tokenizer keeps numbers: lists of words would take five times the memory.
    tokenizer = Tokenizer(lower=False, splitter=tokens, stopwords=None, stemmer=None)
    found = tokenizer.tokenize(list(texts), return_as="tuple", show_progress=False)
    index = bm25s.BM25()
    index.index(found, show_progress=False)

    def search(question: str, k: int) -> list[int]:
        known = tokenizer.tokenize([question], update_vocab=False, show_progress=False)
        best = index.retrieve(known, k=min(k, len(texts)), show_progress=False)
        return [int(place) for place in best.documents[0]]

    return search
