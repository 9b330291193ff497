"""Quotes: whether words stand verbatim in the documents, and where.

Verbatim is up to what folding evens out: width, traditional characters, white space, breaks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rag.drafts.nearest import all_of
from rag.seams import Corpus
from rag.text.normalise import fold, fold_text
from rag.text.reading import reading_map
from rag.types import Place

MAX_PLACES = 50
"""Places listed for a quote that is printed very often."""

_QUOTATION = '“”"‘’「」『』《》 \n\t'


def places_in(
    quote: str, corpus: Corpus, docs: Iterable[str], likely: Sequence[str] = ()
) -> list[Place]:
    """Where ``quote`` is printed, at most ``MAX_PLACES``, in ``likely`` and then in ``docs``.

    In ``likely`` also where a page or column break cuts it. Quotation marks at its ends may be the
    quoter's own: they count only where they are printed.
    """
    others = list(docs)
    for wanted in dict.fromkeys((quote.strip(), quote.strip(_QUOTATION))):
        key = fold_text(wanted)
        found: list[Place] = []
        for name in likely if key else ():
            found += list(_places(wanted, key, corpus, name)) or _over_breaks(key, corpus, name)
        for name in others if key else ():
            if len(found) >= MAX_PLACES:
                break
            found += _places(wanted, key, corpus, name)
        if found:
            return found[:MAX_PLACES]
    return []


def _places(quote: str, key: str, corpus: Corpus, doc: str) -> Iterator[Place]:
    text = corpus.document(doc).text
    exact = list(_occurrences(text, quote))
    if exact:
        yield from (Place(doc, start, start + len(quote)) for start in exact)
    elif key in fold_text(text):
        folded = fold(text)
        for start in _occurrences(folded.text, key):
            yield Place(doc, *folded.span(start, start + len(key)))


def _over_breaks(key: str, corpus: Corpus, doc: str) -> Iterator[Place]:
    for sentence in all_of(corpus, doc):
        yield from within(key, corpus, Place(doc, sentence.start, sentence.end))


def within(key: str, corpus: Corpus, place: Place) -> Iterator[Place]:
    """Where the folded ``key`` stands in the reading text of a sentence: that has no breaks."""
    said, back = reading_map(corpus.document(place.doc).text[place.start : place.end])
    if key in fold_text(said):
        folded = fold(said)
        for start in _occurrences(folded.text, key):
            first, end = folded.span(start, start + len(key))
            yield Place(place.doc, place.start + back[first], place.start + back[end - 1] + 1)


def _occurrences(text: str, part: str) -> Iterator[int]:
    """Where ``part`` begins in ``text``; never inside a number (2.4万 is not in 12.4万)."""
    at = text.find(part)
    while at >= 0:
        end = at + len(part)
        before, after = text[max(0, at - 1) : at], text[end : end + 2]
        cut_before = part[0].isdigit() and (before.isdigit() or before == ".")
        cut_after = part[-1].isdigit() and (
            after[:1].isdigit() or (after[:1] == "." and after[1:].isdigit())
        )
        if not (cut_before or cut_after):
            yield at
        at = text.find(part, end)
