"""Drafts and quotes against the open index: what `rag verify` and the page check with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.drafts.check import check_claim, check_quote
from rag.drafts.checked import Checked
from rag.drafts.draft import claims
from rag.drafts.whence import Library
from rag.embed import load_entailment
from rag.errors import UsageError
from rag.pipeline import Pipeline
from rag.retrieve.search import Searchable, search
from rag.types import Query, ScoredChunk
from rag.web.seam import DraftProgress

PASSAGES = 10
"""Passages looked at for a sentence. As they are found: to order them as answers are ordered would
take four times as long, and the sentences in them are weighed in any case."""


class Drafts:
    """Checks texts that somebody else wrote. A text is checked against one generation."""

    def __init__(self, pipeline: Pipeline) -> None:
        """Raises EmbedderError where the verifier of the settings does not load."""
        self._pipeline = pipeline
        self._verifier = pipeline.verifier or load_entailment(pipeline.settings)

    def check(self, text: str) -> Iterator[DraftProgress]:
        """The sentences of a draft, as they are checked; first how many there are."""
        library = self._library()
        found: list[Checked] = []
        wanted = claims(text)
        yield DraftProgress(len(wanted))
        for claim in wanted:
            found.append(check_claim(claim, library, self._verifier))
            yield DraftProgress(len(wanted), tuple(found))

    def quote(self, text: str, doc: str | None = None) -> Checked:
        """Whether a quote stands verbatim in ``doc``, or anywhere. Raises UsageError where there is
        no such document."""
        library = self._library()
        return check_quote(text, library.corpus, library.ids, library.find, doc)

    def _library(self) -> Library:
        index = self._pipeline.index()
        where = Searchable(index.corpus, index.vectors, index.lexical)
        embedder, mode = self._pipeline.embedder, self._pipeline.settings.retrieval

        def find(wanted: str) -> Sequence[ScoredChunk]:
            try:
                return search(Query(wanted, wanted), where, embedder, PASSAGES, mode=mode)
            except UsageError:  # punctuation alone
                return []

        return Library(index.corpus, find, index.corpus.ids())
