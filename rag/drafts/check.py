"""A text against the documents: each of its sentences with a verdict and the places that bear it.

Pure over a Corpus: passages are found by the caller, what stands in them is weighed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from rag.drafts.bearing import check_sentence, weigh
from rag.drafts.checked import Checked, Find
from rag.drafts.draft import Claim
from rag.drafts.named import quotations
from rag.drafts.nearest import all_sentences, citations, nearest, sentences_of
from rag.drafts.verbatim import places_in
from rag.drafts.whence import Library, at_source, by_speaker, docs_of
from rag.seams import Corpus, Entailment
from rag.text.reading import reading
from rag.types import ScoredChunk
from rag.verify.entail import Opinion, consult


def check_claim(claim: Claim, library: Library, verifier: Entailment | None = None) -> Checked:
    """One sentence: borne by the documents or not, by the source that it names, in these words.

    ``verifier`` is heard after the rules, and before source and wording are looked at; raises
    EmbedderError where it fails.
    """
    sources, said = library.sources(claim)
    hits = library.find(said)
    found = _heard(check_sentence(said, library.corpus, hits), verifier)
    if sources:
        found = at_source(found, said, sources, hits, library)
    found = by_speaker(found, said, library)
    found = _in_its_words(found, claim.text, hits, library)
    return replace(found, text=claim.text, start=claim.start, end=claim.end)


def _heard(found: Checked, verifier: Entailment | None) -> Checked:
    """``found`` after a second opinion: on what stands word for word there is none."""
    if found.why == "原文":
        return found
    quotes = tuple(reading(one.quote) for one in found.citations)
    opinion = Opinion(found.text, quotes, (), found.verdict, found.why)
    ((verdict, why),) = consult([opinion], verifier)
    return replace(found, verdict=verdict, why=why)


def _in_its_words(
    found: Checked, said: str, hits: Sequence[ScoredChunk], library: Library
) -> Checked:
    """``found``, or partial where words in quotation marks stand nowhere like that."""
    if found.verdict != "supported" or found.why == "原文":
        return found
    for quoted in quotations(said):
        near = dict.fromkeys(hit.doc for hit in (*hits, *library.find(quoted)))
        if not places_in(quoted, library.corpus, [], list(near)):
            return replace(found, verdict="partial", why=f"引号里的话不是原文：“{quoted}”")
    return found


def check_quote(
    quote: str, corpus: Corpus, ids: Iterable[str], find: Find, doc: str | None = None
) -> Checked:
    """Whether ``quote`` stands verbatim in ``doc``, or in any document, and else what is nearest.

    Verbatim is up to what folding evens out: width, traditional characters, white space, breaks.
    Raises UsageError where the corpus has no such ``doc``.
    """
    if doc is not None:
        corpus.document(doc)
        if here := places_in(quote, corpus, [], [doc]):
            return Checked(quote, "supported", "原文", citations(corpus, here))
    hits = find(quote)
    likely = dict.fromkeys(hit.doc for hit in hits)
    if places := places_in(quote, corpus, (n for n in ids if n not in likely), list(likely)):
        if doc is None:
            return Checked(quote, "supported", "原文", citations(corpus, places))
        cited = Checked(quote, "wrong_source", "", citations(corpus, places))
        return replace(cited, why=f"{doc} 里没有这段话，它在 {docs_of(cited)}")
    sentences = sentences_of(corpus, hits) if doc is None else all_sentences(corpus, doc)
    found = weigh(quote, corpus, nearest(quote, corpus, sentences))
    if found.verdict == "supported":  # it says the same, but not in these words
        return replace(found, verdict="partial", why="意思相近，但不是原文")
    return found
