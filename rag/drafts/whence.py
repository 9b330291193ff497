"""Whether a claim stands where it is said to stand: in the document, the paper, by the speaker that
its sentence names, as far as the index has these."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from rag.drafts.bearing import weigh
from rag.drafts.checked import Checked, Find
from rag.drafts.draft import Claim
from rag.drafts.named import Source, listed, named, outlets, same_person, speakers
from rag.drafts.nearest import all_of, all_sentences, nearest, section_at
from rag.seams import Corpus
from rag.text.normalise import fold_text
from rag.text.reading import reading
from rag.types import Document, Place, ScoredChunk

_LOOKED_INTO = 3
"""Documents of one name that are read whole for a claim."""
_EDGE = 300
"""Characters at both ends of a document among which a paper prints its name."""
_BACK = 4
"""Sentences of the same paragraph before a quote that may say who is speaking."""
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Library:
    """The documents, how passages are found, and all ids."""

    corpus: Corpus
    find: Find
    ids: Sequence[str] = ()
    _by_name: dict[str, list[str]] = field(default_factory=dict)

    def documents(self, name: str) -> list[str]:
        """The ids that a written file name can mean: the whole id, its last part, or that without
        its suffix."""
        if not self._by_name:
            for id in self.ids:
                for key in dict.fromkeys((id, id.rpartition("/")[2])):
                    self._by_name.setdefault(key.casefold(), []).append(id)
        return self._by_name.get(name.casefold(), [])

    def sources(self, claim: Claim) -> tuple[list[Source], str]:
        """What a claim names as its source, in itself and in the list of sources; the rest of it."""
        found, said = named(claim.text, self.documents)
        for line in claim.sources:
            found += listed(line, self.documents)
        return list(dict.fromkeys(found)), said


# ---- documents and papers ------------------------------------------------------------------
def at_source(
    found: Checked,
    said: str,
    sources: Sequence[Source],
    hits: Sequence[ScoredChunk],
    library: Library,
) -> Checked:
    """``found`` if the sources that the index has bear it, else what they say, or where it really
    stands. Sources that the index does not have are passed over."""
    here = _docs(found)
    known: list[tuple[Source, list[str]]] = []
    for source in sources:
        docs = _resolved(source, hits, here, library)
        if docs:
            known.append((source, docs))
    if not known:
        return found
    wanted = list(dict.fromkeys(doc for _, docs in known for doc in docs))
    corpus = library.corpus
    if found.verdict == "supported" and all(doc in wanted for doc in here):
        return found
    sentences = (one for doc in wanted[:_LOOKED_INTO] for one in all_sentences(corpus, doc))
    inside = weigh(said, corpus, nearest(said, corpus, sentences))
    if inside.verdict == "supported":
        return inside
    if found.verdict == "supported":
        names = "、".join(_label(source) for source, _ in known)
        names += "" if names.endswith("》") else " "
        why = f"{names}里没有这句话，它在 {docs_of(found)}"
        return replace(found, verdict="wrong_source", why=why)
    return inside if inside.verdict in ("number_mismatch", "negation_mismatch") else found


def docs_of(found: Checked) -> str:
    """The documents that it cites, for a reason."""
    docs = _docs(found)
    more = f" 等 {len(docs)} 份文件" if len(docs) > _SHOWN else ""
    return "、".join(docs[:_SHOWN]) + more


def _docs(found: Checked) -> list[str]:
    return list(dict.fromkeys(citation.doc for citation in found.citations))


def _label(source: Source) -> str:
    if source.kind == "title":
        return f"《{source.name}》"
    return source.name + (f"{source.month}月{source.day}日" if source.month else "")


def _resolved(
    source: Source, hits: Sequence[ScoredChunk], here: Sequence[str], library: Library
) -> list[str]:
    """The documents that the source can mean, [] where the index has none or cannot tell."""
    if source.kind == "document":
        return library.documents(source.name)
    if source.kind == "title" and source.name not in outlets(source.name):
        wanted = _bare(source.name)
        found = [*hits, *library.find(source.name)]
        return list(
            dict.fromkeys(
                hit.doc
                for hit in found
                if any(_same_title(wanted, title) for title in _titles(hit, library.corpus))
            )
        )
    corpus = library.corpus
    bearing = [doc for doc in here if _is_in(source, corpus.document(doc))]
    if here and not bearing and not any(outlets(_edges(doc, corpus)) for doc in here):
        return []  # the document does not say where it was printed
    more = [hit.doc for hit in library.find(_label(source))]
    return list(
        dict.fromkeys([*bearing, *(doc for doc in more if _is_in(source, corpus.document(doc)))])
    )


def _titles(hit: ScoredChunk, corpus: Corpus) -> list[str]:
    titles = corpus.section(hit.doc, hit.chunk.section).titles
    return [corpus.document(hit.doc).title, *titles]


def _bare(title: str) -> str:
    return re.sub(r"[\s《》“”‘’\"'『』「」\-—:：,，]", "", fold_text(title))


def _same_title(wanted: str, title: str) -> bool:
    bare = _bare(title)
    return bool(bare) and (wanted in bare or (len(bare) >= 8 and bare in wanted))


def _edges(doc: str, corpus: Corpus) -> str:
    document = corpus.document(doc)
    return f"{document.title}\n{document.text[:_EDGE]}\n{document.text[-_EDGE:]}"


def _is_in(source: Source, document: Document) -> bool:
    """Whether a document names the paper; where it has a date, that it is of that day or the next."""
    if source.name not in document.title and source.name not in document.text:
        return False
    own = re.match(r"(\d{4})-(\d{1,2})-(\d{1,2})", document.date)
    if not own or not source.month:
        return True
    try:
        printed = date(*map(int, own.groups()))
        claimed = date(printed.year, source.month, source.day)
    except ValueError:
        return True
    return abs((printed - claimed).days) <= 1


# ---- speakers ------------------------------------------------------------------------------
def by_speaker(found: Checked, said: str, library: Library) -> Checked:
    """``found``, or that somebody else said it, where the documents name both."""
    who = next(iter(speakers(said)), "")
    missed = found.verdict == "wrong_source" and who[-2:] in found.why  # without saying who did
    if not who or not (found.verdict == "supported" or missed):
        return found
    for citation in found.citations:
        if same_person(who, citation.quote):
            continue
        others = _speakers_at(Place(citation.doc, citation.start, citation.end), library.corpus)
        if not others or any(same_person(who, other) for other in others):
            continue
        if _is_known(who, library):
            return replace(found, verdict="wrong_source", why=f"这是{others[-1]}说的，不是{who}")
    return found


def _speakers_at(place: Place, corpus: Corpus) -> list[str]:
    """Who says what stands at ``place``: of a question/answer pair, in the sentence, or in those
    before it in the paragraph; none where that cannot be told."""
    section = section_at(corpus, place)
    if section.speaker:
        return [section.speaker]
    text = corpus.document(place.doc).text
    before = [one for one in all_of(corpus, place.doc) if one.start <= place.start][-_BACK:]
    for after, sentence in zip([None, *reversed(before)], reversed(before), strict=False):
        if after is not None and "\n" in text[sentence.end : after.start]:
            return []
        if who := speakers(reading(text[sentence.start : sentence.end])):
            return who
    return []


def _is_known(who: str, library: Library) -> bool:
    """Whether the documents name ``who`` as a speaker."""
    corpus = library.corpus
    for hit in library.find(who):
        label = corpus.section(hit.doc, hit.chunk.section).speaker
        if label and same_person(who, label):
            return True
        for sentence in corpus.sentences(hit.doc, hit.chunk.first, hit.chunk.last):
            said = reading(corpus.document(hit.doc).text[sentence.start : sentence.end])
            if any(same_person(who, other) for other in speakers(said)):
                return True
    return False
