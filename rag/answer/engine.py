"""A question over passages: sentences weighed, refused or said. Pure but for the corpus it reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.answer.assemble import assemble, written
from rag.answer.extract import extract
from rag.answer.lacking import lacks_detail, parts_lacking, unknown_terms
from rag.answer.picks import Pick
from rag.answer.prefer import preferred
from rag.answer.requests import beside_documents
from rag.conflicts.find import with_conflicts
from rag.read.stage import Stage
from rag.retrieve.aliases import Aliases, light_words
from rag.retrieve.answerable import TELLING
from rag.retrieve.candidates import candidates, frame_of
from rag.retrieve.crossing import cross
from rag.retrieve.english import is_english
from rag.retrieve.english_type import asked_noun
from rag.retrieve.evidence import Frequency, Ranker
from rag.retrieve.lexicon import understood
from rag.retrieve.parts import split_parts
from rag.retrieve.question import take_apart
from rag.retrieve.scored import Scored
from rag.retrieve.views import QuestionView
from rag.seams import Corpus, Reranker
from rag.text.normalise import fold_text
from rag.text.reading import reading
from rag.types import Answer, Evidence, Passage, Place, Query, ScoredChunk


@dataclass(frozen=True, slots=True)
class Weighed:
    """A question with its sentences, best first, and the probability that they answer it."""

    view: QuestionView
    ranked: tuple[Scored, ...]
    parts: tuple[tuple[QuestionView, tuple[Scored, ...]], ...]
    probability: float
    unseen: tuple[str, ...]
    """The question's words that no document holds."""
    every: tuple[Scored, ...] = ()
    """``ranked`` with the sentences that read the same as a better one."""
    beside: bool = False
    """Whether the question is none of the documents: a greeting, an order to the program."""


def weigh(
    query: Query,
    corpus: Corpus,
    hits: Sequence[ScoredChunk],
    ranker: Ranker,
    aliases: Aliases,
    frequency: Frequency | None,
    reranker: Reranker | None = None,
    stage: Stage | None = None,
) -> Weighed:
    """Weighs every sentence of the passages as evidence; the best ones are read by ``stage``, which
    then has the last word on order and probability. ``reranker`` helps to order them; the
    probability is that of the order without it, which the trees were fitted to."""
    found = candidates(corpus, hits)

    def look(question: str) -> _Look:
        view = ranker.view_question(take_apart(question), aliases, frequency)
        ranked = ranker.rank(view, found)
        ranked = stage.order(question, ranked, corpus) if stage else ranked
        return _Look(question, view, ranked, tuple(unknown_terms(view, corpus)))

    def crossed(look: _Look) -> list[Scored]:
        return cross(look.question, look.ranked, reranker) if reranker else look.ranked

    looks = [look(question) for question in (query.standalone, *split_parts(query.standalone))]
    chance = _chance(looks, stage or ranker)
    whole, *parts = looks
    every = crossed(whole)
    return Weighed(
        whole.view,
        preferred(whole.view, _distinct(every)),
        tuple((part.view, preferred(part.view, _distinct(crossed(part)))) for part in parts),
        chance,
        whole.unseen,
        tuple(every),
        beside_documents(query.question),
    )


@dataclass(frozen=True, slots=True)
class _Look:
    """A question, or a part of one, with all sentences, best first."""

    question: str
    view: QuestionView
    ranked: list[Scored]
    unseen: tuple[str, ...]


def _chance(looks: Sequence[_Look], judge: Ranker | Stage) -> float:
    """The probability that the whole question is answered: two facts seldom stand in one sentence,
    so each part is weighed for itself."""
    whole, *parts = (judge.probability(o.view, _distinct(o.ranked), o.unseen) for o in looks)
    return max(whole, sum(parts) / len(parts)) if parts else whole


def _distinct(ranked: Sequence[Scored]) -> list[Scored]:
    """Without sentences that read the same as a better one."""
    seen: set[str] = set()
    kept = []
    for scored in ranked:
        key = scored.candidate.text.strip("。，,.；; ")
        if key not in seen:
            seen.add(key)
            kept.append(scored)
    return kept


def say(query: Query, weighed: Weighed, corpus: Corpus, max_answer: int) -> Answer:
    """The extractive answer, with what its sources disagree on."""
    parts = [part for part in weighed.parts if not lacks_detail(*part)]
    view, ranked = weighed.view, weighed.ranked
    if len(parts) == 1:  # what was asked beside it is not there
        ((view, ranked), parts) = parts[0], []
    picks: list[Pick] = extract(view, ranked, corpus, max_answer, parts)
    sentences, citations = assemble(picks, corpus)
    answer = Answer(
        question=query.question,
        standalone=query.standalone,
        answer=written(sentences),
        mode="extractive",
        refused=False,
        citations=citations,
        sentences=sentences,
        unknown_terms=weighed.unseen,
        confidence=weighed.probability,
    )
    return with_conflicts(answer, view, ranked, corpus)


_REFUSED = {
    (True, True): "No passage of the documents can answer this. Ask about something they say.",
    (True, False): "这个问题不能用文件里的原文来回答。请就文件里写的事情提问。",
    (False, True): "The documents do not answer this question.",
    (False, False): "文件中没有找到能回答这个问题的内容。",
}
"""By whether the question is none of the documents, and whether it is English."""


def refuse(query: Query, weighed: Weighed) -> Answer:
    """The refusal: says which words no document has, and in English which of them were not even
    understood. The passages are shown beside it."""
    english = is_english(fold_text(query.question))
    line = _REFUSED[weighed.beside, english]
    asked = english and not weighed.beside
    strange = [word for word in weighed.unseen if not understood(word)] if asked else []
    if strange:
        line += f" Neither understood nor found in them: {', '.join(strange)}."
    reason = (
        "no sentence of the documents answers with enough certainty"
        if english
        else "没有一句原文能足够确定地回答"
    )
    return Answer(
        question=query.question,
        standalone=query.standalone,
        answer=line,
        mode="extractive",
        refused=True,
        reason=reason,
        unknown_terms=() if weighed.beside else weighed.unseen,
        confidence=weighed.probability,
    )


EVEN = 0.5
"""Even odds that the documents answer."""


def doubt(query: Query, weighed: Weighed) -> str:
    """One line for an answer that leaves out a part of the question, or is less likely than not to
    be one; "" for any other. Between the threshold and even odds a refusal would cost more right
    answers than it saves wrong ones, but the reader should know."""
    english = is_english(fold_text(query.question))
    lines = []
    if absent := parts_lacking(weighed.parts):
        lines.append(("not found: " if english else "没有找到：") + "、".join(absent))
    if weighed.probability < EVEN:
        lines.append(
            "not certain: these are the nearest sentences, they may not answer the question"
            if english
            else "把握不大：这是最接近的原文，未必正好回答了问题"
        )
    return "；".join(lines)


def nothing_known(weighed: Weighed) -> bool:
    """Whether the question is none of the documents, asks for a detail that no near sentence has
    the form of (a telephone number, an age), or holds nothing that could be looked for; or whether
    the documents have none of its telling words (of an English question not more than half, or not
    what it asks for), and what is near in meaning is less likely than not to answer."""
    view = weighed.view
    parts = weighed.parts or ((view, weighed.ranked),)
    if weighed.beside or all(lacks_detail(*part) for part in parts):
        return True
    if not view.words:
        return not view.asked.quoted and not view.asked.numbers
    rarities = zip(view.words, view.word_rarity.tolist(), strict=True)
    telling = [word for word, rarity in rarities if rarity > TELLING]
    if view.asked.english:
        telling = [word for word in telling if word not in light_words()] or telling
    absent = [word for word in telling if word in weighed.unseen]
    carried = 0.5 if view.asked.english else 0.0
    few = len(telling) - len(absent) <= carried * len(telling)
    few = few or (view.asked.english and asked_noun(view.asked.text) in absent)
    return bool(absent) and few and weighed.probability < EVEN


def passages_of(corpus: Corpus, hits: Sequence[ScoredChunk]) -> tuple[Passage, ...]:
    """The passages for showing, best first."""
    shown = []
    for hit in hits:
        document = corpus.document(hit.doc)
        section = corpus.section(hit.doc, hit.chunk.section)
        shown.append(
            Passage(
                doc=hit.doc,
                start=hit.chunk.start,
                end=hit.chunk.end,
                score=round(hit.score, 6),
                text=reading(document.text[hit.chunk.start : hit.chunk.end]),
                source=frame_of(section, document.title),
            )
        )
    return tuple(shown)


def as_evidence(weighed: Weighed, corpus: Corpus, limit: int = 40) -> list[Evidence]:
    """The best sentences as evidence for a language model, best first."""
    return [
        Evidence(
            place=Place(s.candidate.doc, s.candidate.sentence.start, s.candidate.sentence.end),
            text=s.candidate.text,
            score=s.score,
            probability=weighed.probability,
            section=s.candidate.section,
            titles=s.candidate.section.titles,
            places=tuple(corpus.repeats(s.candidate.doc, s.candidate.index)),
        )
        for s in weighed.ranked[:limit]
        if not s.candidate.sentence.heading
    ]
