"""A text against the documents: each of its sentences with a verdict and the places that bear it.

Pure over a Corpus: passages are found by the caller, what stands in them is weighed here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rag.answer.sources import citation
from rag.answer.verify import verify
from rag.text.normalise import fold, fold_text
from rag.text.reading import reading, reading_map
from rag.text.sentences import split_sentences
from rag.text.tokens import tokens
from rag.types import Citation, Corpus, Place, ScoredChunk, Section, Sentence, Verdict

Find = Callable[[str], Sequence[ScoredChunk]]
"""The best passages for a text, best first."""

MAX_PLACES = 50
"""Places listed for a quote that is printed very often."""

_NEAREST = 6
"""Sentences weighed for one of the draft's."""
_SHORT = 6
"""A clause of fewer characters (a date, a link word) is judged with its neighbour."""
_MARKS = re.compile(r"\s*[\[【［〔]\s*\^?\d{1,3}(?:\s*[-,，、;；–—~～]\s*\d{1,3})*\s*[\]】］〕]")
_CLAUSE = re.compile(r"[^，,；;：:]+[，,；;：:]*")
_QUOTATION = '“”"‘’「」『』《》 \n\t'


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence of a text with its verdict; ``citations`` bear it or come nearest, numbered
    from 1."""

    text: str
    verdict: Verdict
    why: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class _Near:
    """A sentence of the documents; ``share`` of the claim's tokens that it holds, in [0, 1]."""

    place: Place
    quote: str
    context: tuple[str, ...]
    share: float


# ---- drafts --------------------------------------------------------------------------------
def check_text(text: str, corpus: Corpus, find: Find) -> Iterator[Checked]:
    """Every sentence of ``text`` in order, without its own citation marks."""
    for span in split_sentences(text):
        said = _MARKS.sub("", reading(text[span.start : span.end])).strip()
        if tokens(said):
            yield check_sentence(said, corpus, find(said))


def check_sentence(said: str, corpus: Corpus, hits: Sequence[ScoredChunk]) -> Checked:
    """One sentence against the passages: printed there, borne by one or more sentences, or not."""
    near = _nearest(said, corpus, _sentences_of(corpus, hits))
    key = fold_text(said)
    for one in near:
        if key in fold_text(one.quote):
            exact = next(_within(key, corpus, one.place), one.place)
            return Checked(said, "supported", "原文", _citations(corpus, [exact]))
    return _weigh(said, corpus, near)


def _weigh(said: str, corpus: Corpus, near: Sequence[_Near]) -> Checked:
    """The verdict over the nearest sentences: the best one's, unless another or several bear it."""
    if not near:
        return Checked(said, "unsupported", "文件中没有相近的内容", ())
    verdicts = [verify(said, [one.quote], one.context) for one in near]
    for one, (verdict, why) in zip(near, verdicts, strict=True):
        if verdict == "supported":
            return Checked(said, verdict, why, _citations(corpus, [one.place]))
    if several := _borne_by_clauses(said, near):
        return Checked(said, "supported", "", _citations(corpus, several))
    verdict, why = verdicts[0]
    return Checked(said, verdict, why, _citations(corpus, [near[0].place]))


def _borne_by_clauses(said: str, near: Sequence[_Near]) -> list[Place]:
    """The sentences that bear each a clause of ``said``; none unless every clause is borne.

    Clause by clause, for over all quotes together a number of one could pass for another's.
    """
    clauses = _clauses(said)
    if len(clauses) < 2:
        return []
    borne: list[Place] = []
    for clause in clauses:
        for one in near:
            if verify(clause, [one.quote], one.context)[0] == "supported":
                borne.append(one.place)
                break
        else:
            return []
    return list(dict.fromkeys(borne))


def _clauses(said: str) -> list[str]:
    clauses: list[str] = []
    for clause in _CLAUSE.findall(said):
        if clauses and (len(clause) < _SHORT or len(clauses[-1]) < _SHORT):
            clauses[-1] += clause
        else:
            clauses.append(clause)
    return clauses


# ---- quotes --------------------------------------------------------------------------------
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
            return Checked(quote, "supported", "原文", _citations(corpus, here))
    hits = find(quote)
    likely = dict.fromkeys(hit.doc for hit in hits)
    if places := places_in(quote, corpus, (n for n in ids if n not in likely), list(likely)):
        if doc is None:
            return Checked(quote, "supported", "原文", _citations(corpus, places))
        others = "、".join(dict.fromkeys(place.doc for place in places))
        why = f"{doc} 里没有这段话，它在 {others}"
        return Checked(quote, "wrong_source", why, _citations(corpus, places))
    sentences = _sentences_of(corpus, hits) if doc is None else _all_sentences(corpus, doc)
    found = _weigh(quote, corpus, _nearest(quote, corpus, sentences))
    if found.verdict == "supported":  # it says the same, but not in these words
        return replace(found, verdict="partial", why="意思相近，但不是原文")
    return found


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
    for sentence in _all_of(corpus, doc):
        yield from _within(key, corpus, Place(doc, sentence.start, sentence.end))


def _within(key: str, corpus: Corpus, place: Place) -> Iterator[Place]:
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


# ---- nearest sentences ---------------------------------------------------------------------
def _sentences_of(
    corpus: Corpus, hits: Sequence[ScoredChunk]
) -> Iterator[tuple[str, Sentence, Section]]:
    seen: set[tuple[str, int]] = set()
    for hit in hits:
        for sentence in corpus.sentences(hit.doc, hit.chunk.first, hit.chunk.last):
            if (hit.doc, sentence.start) not in seen:
                seen.add((hit.doc, sentence.start))
                yield hit.doc, sentence, corpus.section(hit.doc, sentence.section)


def _all_of(corpus: Corpus, doc: str) -> list[Sentence]:
    return corpus.sentences(doc, 0, len(corpus.document(doc).text))


def _all_sentences(corpus: Corpus, doc: str) -> Iterator[tuple[str, Sentence, Section]]:
    sections: dict[int, Section] = {}
    for sentence in _all_of(corpus, doc):
        if sentence.section not in sections:
            sections[sentence.section] = corpus.section(doc, sentence.section)
        yield doc, sentence, sections[sentence.section]


def _nearest(
    said: str, corpus: Corpus, sentences: Iterable[tuple[str, Sentence, Section]]
) -> list[_Near]:
    """The sentences that hold most of the claim's tokens, most first; those that hold none go."""
    wanted = set(tokens(said))
    found: list[_Near] = []
    for doc, sentence, section in sentences:
        document = corpus.document(doc)
        quote = reading(document.text[sentence.start : sentence.end])
        share = len(wanted & set(tokens(quote))) / len(wanted) if wanted else 0.0
        if share > 0:
            around = (document.title, document.date, *section.titles, section.byline)
            context = tuple(part for part in (*around, section.speaker) if part)
            place = Place(doc, sentence.start, sentence.end)
            found.append(_Near(place, quote, context, share))
    found.sort(key=lambda one: (-one.share, len(one.quote), one.place.doc, one.place.start))
    return found[:_NEAREST]


def _citations(corpus: Corpus, places: Sequence[Place]) -> tuple[Citation, ...]:
    return tuple(
        citation(n, corpus.document(p.doc), p.start, p.end, _section_at(corpus, p))
        for n, p in enumerate(places, start=1)
    )


def _section_at(corpus: Corpus, place: Place) -> Section:
    index = 0
    for sentence in _all_of(corpus, place.doc):
        if sentence.start > place.start:
            break
        index = sentence.section
    return corpus.section(place.doc, index)
