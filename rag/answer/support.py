"""Each sentence of a model's answer laid on its evidence: verdicts, and the citations they stand on.

A sentence without a citation gets that of the evidence which bears it; one whose own citation does
not bear it keeps it, and is told where the evidence is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from rag.answer.links import Claim, denies
from rag.answer.numbered import frame
from rag.citing import citation
from rag.seams import Entailment
from rag.text.reading import reading
from rag.text.tokens import tokens
from rag.types import AnswerSentence, Citation, Document, Evidence, Verdict
from rag.verify.entail import Opinion, consult
from rag.verify.parted import clauses
from rag.verify.verify import verify

_ELSEWHERE: frozenset[Verdict] = frozenset(
    {"unsupported", "number_mismatch", "partial", "wrong_source"}
)
_NEAR = 0.4
"""Share of a sentence's character pairs below which evidence is not looked at."""
_HELD = 0.5
"""Share of each clause's pairs that the evidence for a citation put in has to hold."""
_TRIES = 2
"""Pieces of evidence that a sentence without support is verified against: each costs milliseconds."""
_QUOTED = 40
_CLAUSE = re.compile(r"[^，；,;]+[，；,;]?(?:(?<=\d,)\d[^，；,;]*[，；,;]?)*")
_SHORT = 8
_HAN = re.compile(r"[\u3400-\u9fff]")

ATTACHED = "引用由程序补上"
NOTHING_TO_CITE = "说的是资料没有写什么，无从引用"
OTHER_LANGUAGE = "与引文语言不同，未能核对"


@dataclass(frozen=True)
class _Source:
    """One numbered piece of the prompt's evidence, as far as it was needed."""

    item: Evidence
    document: Callable[[str], Document]

    @cached_property
    def quote(self) -> str:
        place = self.item.place
        return reading(self.document(place.doc).text[place.start : place.end])

    @cached_property
    def around(self) -> tuple[str, ...]:
        return frame(self.item, self.document)

    @cached_property
    def grams(self) -> frozenset[str]:
        return _grams(self.quote)

    @cached_property
    def all_grams(self) -> frozenset[str]:
        return self.grams.union(*map(_grams, self.around))


def check(
    claims: Sequence[Claim],
    behind: Sequence[int],
    numbered: Sequence[Evidence],
    document: Callable[[str], Document],
    verifier: Entailment | None = None,
) -> tuple[tuple[AnswerSentence, ...], tuple[Citation, ...]]:
    """The sentences with their verdicts, and the citations in the order of first use.

    ``behind[n - 1]`` is the number in the prompt, from 1, of a claim's citation ``n``;
    ``numbered[i - 1]`` the evidence with the prompt's number ``i``. ``verifier`` is heard after the
    rules; raises EmbedderError where it fails.
    """
    sources = [_Source(item, document) for item in numbered]
    order: dict[int, int] = {}
    cites: list[tuple[int, ...]] = []
    opinions = []
    for claim in claims:
        cited = [behind[n - 1] - 1 for n in claim.numbers]
        cited, verdict, why = _weighed(claim.said, cited, sources)
        cites.append(tuple(order.setdefault(at, len(order) + 1) for at in cited))
        own = [sources[at] for at in cited]
        quotes = tuple(source.quote for source in own)
        opinions.append(Opinion(claim.said, quotes, _context(own), verdict, why))
    sentences = tuple(
        AnswerSentence(claim.text, numbers, verdict, why)
        for claim, numbers, (verdict, why) in zip(
            claims, cites, consult(opinions, verifier), strict=True
        )
    )
    citations = tuple(
        citation(
            n,
            document(numbered[at].place.doc),
            numbered[at].place.start,
            numbered[at].place.end,
            numbered[at].section,
            also=numbered[at].places,
            titles=numbered[at].titles,
        )
        for at, n in order.items()
    )
    return sentences, citations


def _weighed(
    said: str, cited: list[int], sources: Sequence[_Source]
) -> tuple[list[int], Verdict, str]:
    """What the sentence cites after all, the verdict, and why."""
    if not cited:
        if denies(said):
            return [], "uncited", NOTHING_TO_CITE
        found = _bearing(said, sources, [])
        return (found, "supported", ATTACHED) if found else ([], *verify(said, []))
    own = [sources[at] for at in cited]
    verdict, why = _verified(said, own)
    if verdict in _ELSEWHERE:
        texts = {source.quote for source in own}
        skip = [at for at, source in enumerate(sources) if source.quote in texts]
        if found := _bearing(said, sources, skip):
            places = "；".join(f"“{_short(sources[at].quote)}”" for at in found)
            return cited, "wrong_source", f"依据在别处：{places}"
        if verdict != "number_mismatch" and not _HAN.search(said) and _HAN.search(own[0].quote):
            why = OTHER_LANGUAGE
    return cited, verdict, why


def _bearing(said: str, sources: Sequence[_Source], skip: Sequence[int]) -> list[int]:
    """The evidence that bears a sentence, or the two pieces that bear its clauses; none if none.

    Clause by clause, for over two pieces together half of one fact could pass with half of another.
    """
    best = _nearest(said, sources, skip)
    for at in best:
        if _bears(said, [sources[at]]):
            return [at]
    parts = clauses(said, _CLAUSE, _SHORT)
    if len(best) < 2 or not 2 <= len(parts) <= _TRIES + 1:
        return []
    borne: list[int] = []
    for part in parts:
        near = _nearest(part, sources, skip)
        found = next((at for at in near if _bears(part, [sources[at]])), None)
        if found is None:
            return []
        borne.append(found)
    pair = list(dict.fromkeys(borne))
    return pair if len(pair) > 1 and _bears(said, [sources[at] for at in pair]) else []


def _bears(said: str, own: Sequence[_Source]) -> bool:
    """Whether a citation may be put in: stricter than a verdict on the model's own, no clause may
    be mostly new."""
    held = frozenset().union(*(source.all_grams for source in own))
    for clause in clauses(said, _CLAUSE, _SHORT):
        wanted = _grams(clause)
        if len(wanted & held) < _HELD * len(wanted):
            return False
    return _verified(said, own)[0] == "supported"


def _nearest(said: str, sources: Sequence[_Source], skip: Sequence[int]) -> list[int]:
    """The few pieces that hold most of a sentence, most first."""
    wanted = _grams(said)
    near = sorted(
        (-len(wanted & source.all_grams) / len(wanted), at)
        for at, source in enumerate(sources)
        if at not in skip and wanted & source.grams
    )
    return [at for share, at in near[:_TRIES] if -share >= _NEAR]


def _verified(said: str, own: Sequence[_Source]) -> tuple[Verdict, str]:
    return verify(said, [source.quote for source in own], _context(own))


def _context(own: Sequence[_Source]) -> tuple[str, ...]:
    """The titles, speakers and dates around several pieces."""
    return tuple(dict.fromkeys(part for source in own for part in source.around))


def _grams(text: str) -> frozenset[str]:
    """Pairs of Chinese characters, Latin words, numbers."""
    return frozenset(token for token in tokens(text) if len(token) > 1 or not _HAN.match(token))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _QUOTED else line[: _QUOTED - 1] + "…"
