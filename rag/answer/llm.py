"""An answer in a language model's words, on quotes that come from the documents, never from it."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.answer import prompt
from rag.answer.cite import CitationParser, CitedSentence, CitedText, render
from rag.answer.llm_faults import ContextOverflow, CutOff
from rag.answer.sources import citation
from rag.answer.thinking import CLOSE
from rag.answer.verify import verify
from rag.errors import ModelBroken
from rag.text.reading import reading
from rag.types import AnswerSentence, ChatModel, Citation, Document, Evidence, Verdict

_SENTINEL = re.compile(rf"[\s*_`\"'\[【<（(]*{prompt.REFUSAL}[\s*_`\"'\]】>）).。！!]*")
_SHRINKS = 2
_LEAST = 400
_ELSEWHERE: frozenset[Verdict] = frozenset({"unsupported", "number_mismatch", "partial"})


@dataclass(frozen=True, slots=True)
class Draft:
    """The answer so far, with marks; repeated unchanged while the model is silent."""

    text: str


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """The model's answer after parsing and checking.

    ``text`` carries the marks. ``label`` is "cut off" where the reply ended too early, ``reason``
    then says how. ``dropped`` counts citations to sentences that do not exist, ``left_out`` the
    evidence without room in the prompt. A refusal has no sentences.
    """

    text: str
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    refused: bool
    label: Literal["complete", "cut off"]
    reason: str = ""
    dropped: int = 0
    left_out: int = 0


def answer_with_model(
    question: str,
    standalone: str,
    evidence: Sequence[Evidence],
    chat: ChatModel,
    document: Callable[[str], Document],
    budget: int = 6000,
    template: prompt.Template | None = None,
) -> Generator[Draft | ModelAnswer, None, None]:
    """Yields growing drafts and, last, one ModelAnswer.

    ``evidence`` is numbered within ``budget`` characters; a prompt that is too long for the model
    is tried again with half of it. Raises a ModelError where the reply gives no whole sentence:
    the caller then answers without the model. Closing the iterator stops the model.
    """
    if not evidence:
        yield ModelAnswer("", (), (), refused=True, label="complete")
        return
    for shrink in range(_SHRINKS + 1):
        asked = prompt.build(question, standalone, evidence, document, budget, template)
        try:
            yield from _answer(asked, chat, document)
            return
        except ContextOverflow:
            # From what was sent: half of an unused budget would send the same again.
            budget = min(budget, len(asked.messages[-1]["content"])) // 2
            if shrink == _SHRINKS or budget < _LEAST:
                raise


def _answer(
    asked: prompt.Prompt, chat: ChatModel, document: Callable[[str], Document]
) -> Iterator[Draft | ModelAnswer]:
    """One try: streams a reply and parses it."""
    reply = ""
    parser = CitationParser(len(asked.numbered))
    reason = ""
    pieces = chat.stream(asked.messages)
    try:
        for piece in pieces:
            reply += piece
            if CLOSE.search(piece) or CLOSE.search(reply[-len(piece) - 12 :]):
                # A closing tag without its opening: all before it was thinking.
                reply = CLOSE.split(reply)[-1]
                parser = CitationParser(len(asked.numbered))
                parser.feed(reply)
            else:
                parser.feed(piece)
            yield Draft("" if _may_refuse(reply) else parser.draft())
    except CutOff as error:
        reason = str(error)
    finally:
        close = getattr(pieces, "close", None)
        if close is not None:
            close()
    if _SENTINEL.match(reply):
        yield ModelAnswer("", (), (), refused=True, label="complete", left_out=asked.left_out)
        return
    cited = _without_sentinel(parser.finish())
    if reason:
        cited = _whole_sentences(cited)
    if not cited.sentences:
        raise ModelBroken(reason or "the model's reply holds no sentence", "try another model")
    yield _checked(cited, asked, document, reason)


def _checked(
    cited: CitedText,
    asked: prompt.Prompt,
    document: Callable[[str], Document],
    reason: str,
) -> ModelAnswer:
    """Citations to the spans behind the numbers, and a verdict for each sentence."""
    behind = [asked.numbered[number - 1] for number in cited.evidence]
    citations = tuple(
        citation(
            n,
            document(item.place.doc),
            item.place.start,
            item.place.end,
            item.section,
            also=item.places,
            titles=item.titles,
        )
        for n, item in enumerate(behind, start=1)
    )
    sentences = []
    for sentence in cited.sentences:
        quotes = [reading(citations[n - 1].quote) for n in sentence.numbers]
        context = [_context(behind[n - 1], document) for n in sentence.numbers]
        verdict, why = verify(sentence.text, quotes, context)
        if verdict in _ELSEWHERE:
            other = _stands_on(sentence.text, asked.numbered, document)
            if other is not None and other.text not in [
                behind[n - 1].text for n in sentence.numbers
            ]:
                verdict, why = "wrong_source", f"依据在别处：“{_short(other.text)}”"
        sentences.append(AnswerSentence(sentence.text, sentence.numbers, verdict, why))
    return ModelAnswer(
        text=render(cited.sentences),
        sentences=tuple(sentences),
        citations=citations,
        refused=False,
        label="cut off" if reason else "complete",
        reason=reason,
        dropped=cited.dropped,
        left_out=asked.left_out,
    )


def _context(item: Evidence, document: Callable[[str], Document]) -> str:
    source = document(item.place.doc)
    titles = item.titles or item.section.titles
    return "。".join((source.title, *titles, item.section.speaker, source.date))


def _stands_on(
    sentence: str, numbered: Sequence[Evidence], document: Callable[[str], Document]
) -> Evidence | None:
    """Evidence of the prompt that supports a sentence which cites something else."""
    for item in numbered:
        if verify(sentence, [item.text], [_context(item, document)])[0] == "supported":
            return item
    return None


def _whole_sentences(cited: CitedText) -> CitedText:
    """Without the last sentence if it was cut: half a number would be a wrong number."""
    if cited.ended:
        return cited
    kept = cited.sentences[:-1]
    used = max((number for sentence in kept for number in sentence.numbers), default=0)
    return CitedText(kept, cited.evidence[:used], cited.dropped, True)


def _without_sentinel(cited: CitedText) -> CitedText:
    """A model that answers and then says the sentinel as well has answered."""
    sentences = tuple(
        CitedSentence(text, sentence.numbers)
        for sentence in cited.sentences
        if (text := sentence.text.replace(prompt.REFUSAL, "").strip()) and text.strip("。. ")
    )
    return CitedText(sentences, cited.evidence, cited.dropped, cited.ended)


def _may_refuse(reply: str) -> bool:
    """Whether the reply so far is the sentinel or its beginning: not to be shown."""
    begun = reply.lstrip(" \n\t*_`\"'[【<（(")[: len(prompt.REFUSAL)]
    return prompt.REFUSAL.startswith(begun)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else line[:39] + "…"
