"""Which documents are near a question: BM25 over all of them, in an index that is thrown away."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import lru_cache
from pathlib import Path

from rag.errors import EvaluationError
from rag.index.intake import Progress
from rag.index.lexical import LexicalWriter, TantivyLexical
from rag.text import fold_text, tokens
from rag.types import Document

EVERY = 500
"""Documents between two reports of progress."""


class Near:
    """The documents by id, and by their nearness to a question."""

    def __init__(self, documents: Sequence[Document], lexical: TantivyLexical) -> None:
        self._documents = documents
        self._lexical = lexical
        self.by_id = {document.id: document for document in documents}
        self._folded = lru_cache(maxsize=20_000)(self._fold)

    def search(self, question: str, k: int) -> list[Document]:
        """At most ``k`` documents, best first."""
        return [self._documents[n] for n, _ in self._lexical.search(tokens(question), k)]

    def prints(self, doc: str, answers: Sequence[str]) -> bool:
        """Whether a document prints one of the folded ``answers``."""
        text = self._folded(doc)
        return any(answer in text for answer in answers)

    def _fold(self, doc: str) -> str:
        return fold_text(self.by_id[doc].text)


@contextmanager
def near(documents: Sequence[Document], progress: Progress) -> Iterator[Near]:
    """The documents searchable; the index is gone afterwards, however it ends.

    Raises EvaluationError where there is no room for it.
    """
    with tempfile.TemporaryDirectory(prefix="rag-eval-set-") as folder:
        try:
            with closing(LexicalWriter(Path(folder))) as writer:
                for number, document in enumerate(documents):
                    writer.add(number, tokens(f"{document.title}\n{document.text}"))
                    if number % EVERY == 0:
                        progress("tokenise", number, len(documents))
                writer.finish()
        except OSError as error:
            raise EvaluationError(
                f"the documents cannot be indexed ({error})", "make room for temporary files"
            ) from None
        yield Near(documents, TantivyLexical(Path(folder)))
