"""An answer in a language model's words, on quotes that come from the documents, never from it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rag.answer import prompt
from rag.answer.cite import CitationParser, CitedSentence, CitedText, render
from rag.answer.links import claims, courteous, denies
from rag.answer.support import check
from rag.chat.faults import ContextOverflow, CutOff
from rag.chat.thinking import CLOSE
from rag.chat.window import smaller
from rag.errors import EmbedderError, ModelBroken
from rag.seams import ChatModel, Entailment
from rag.types import AnswerSentence, Citation, Document, Evidence, Usage

_DECORATION = r"[\s*_`\"'“”\[\]【】<>《》（）()#.。!！:：-]*"
_LABEL = r"(?:(?:最终)?(?:答案|回答|回复)|(?:final )?answer)"
_SENTINEL = re.compile(
    rf"{_DECORATION}(?:{_LABEL}{_DECORATION})?{prompt.REFUSAL.replace('_', '[_-]')}(?![a-z])"
    rf"|{_DECORATION}no[_ -]?answer{_DECORATION}$",
    re.IGNORECASE,
)
_DECORATED = re.compile(rf"{_DECORATION}(?:{_LABEL}{_DECORATION})?", re.IGNORECASE)
_SHRINKS = 2
_LEAST = 400


@dataclass(frozen=True, slots=True)
class Draft:
    """The answer so far, with marks; repeated unchanged while the model is silent."""

    text: str


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """The model's answer after parsing and checking.

    ``text`` carries the marks. ``label`` is "cut off" where the reply ended too early; ``reason``
    says how, or why the verifier was not heard. ``dropped`` counts citations to sentences that do
    not exist, ``left_out`` the evidence without room in the prompt. A refusal has no sentences.
    """

    text: str
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    refused: bool
    label: Literal["complete", "cut off"]
    reason: str = ""
    dropped: int = 0
    left_out: int = 0
    usage: Usage | None = None


@dataclass(frozen=True, slots=True)
class _Reply:
    """A whole reply: as it came, parsed, what it took, and why it is cut off if it is."""

    text: str
    cited: CitedText
    usage: Usage | None
    reason: str


def answer_with_model(
    question: str,
    standalone: str,
    evidence: Sequence[Evidence],
    chat: ChatModel,
    document: Callable[[str], Document],
    budget: int = 6000,
    template: prompt.Template | None = None,
    around: Sequence[Evidence] = (),
    verifier: Entailment | None = None,
) -> Generator[Draft | ModelAnswer, None, None]:
    """Yields growing drafts and, last, one ModelAnswer.

    ``evidence``, and what stands ``around`` it, is numbered within ``budget``; a prompt that is too
    long for the model is tried again with as much as fits, or half. Raises a ModelError where the
    reply gives no whole sentence: the caller then answers without the model. Closing the iterator
    stops the model.
    """
    if not evidence:
        yield ModelAnswer("", (), (), refused=True, label="complete")
        return
    for shrink in range(_SHRINKS + 1):
        asked = prompt.build(question, standalone, evidence, document, budget, template, around)
        try:
            reply = yield from _read(asked, chat)
        except ContextOverflow as error:
            budget = smaller(asked.used, asked.whole, error.limit, error.had)
            if shrink == _SHRINKS or budget < _LEAST:
                raise
        else:
            yield _answer(reply, asked, document, f"{question} {standalone}", verifier)
            return


def _read(asked: prompt.Prompt, chat: ChatModel) -> Generator[Draft, None, _Reply]:
    """One try: streams a reply as drafts."""
    reply = ""
    parser = CitationParser(len(asked.numbered))
    reason = ""
    usage = None
    pieces = chat.stream(asked.messages)
    try:
        while True:
            try:
                piece = next(pieces)
            except StopIteration as end:
                usage = end.value if isinstance(end.value, Usage) else None
                break
            reply += piece
            if CLOSE.search(piece) or CLOSE.search(reply[-len(piece) - 12 :]):
                # A closing tag without its opening: all before it was thinking.
                reply = CLOSE.split(reply)[-1]
                parser = CitationParser(len(asked.numbered))
                parser.feed(reply)
            else:
                parser.feed(piece)
            yield Draft("" if _may_refuse(reply) else _without_end(parser.draft()))
    except CutOff as error:
        reason, usage = str(error), error.usage
    finally:
        close = getattr(pieces, "close", None)
        if close is not None:
            close()
    return _Reply(reply, parser.finish(), usage, reason)


def _answer(
    reply: _Reply,
    asked: prompt.Prompt,
    document: Callable[[str], Document],
    question: str,
    verifier: Entailment | None,
) -> ModelAnswer:
    """A reply parsed and checked; raises ModelBroken where it holds no sentence."""
    if _refuses(reply):
        return ModelAnswer("", (), (), True, "complete", left_out=asked.left_out, usage=reply.usage)
    cited = _without_sentinel(reply.cited)
    if reply.reason:
        cited = _whole_sentences(cited)
    said = claims(cited.sentences, question)
    if not said:
        what = reply.reason or "the model's reply holds no sentence"
        raise ModelBroken(what, "try another model")
    laid = said, cited.evidence, asked.numbered, document
    unheard = ""
    try:
        sentences, citations = check(*laid, verifier)
    except EmbedderError as error:
        sentences, citations = check(*laid)
        unheard = f"核对模型没有用上（{error}），只按规则核对"
    return ModelAnswer(
        text=render([CitedSentence(one.text, one.citations) for one in sentences]),
        sentences=sentences,
        citations=citations,
        refused=False,
        label="cut off" if reply.reason else "complete",
        reason="；".join(filter(None, (reply.reason, unheard))),
        dropped=cited.dropped,
        left_out=asked.left_out,
        usage=reply.usage,
    )


def _refuses(reply: _Reply) -> bool:
    """Whether the model says that the evidence holds no answer: by the sentinel, or in its own
    words where it says nothing else and cites nothing."""
    if _SENTINEL.match(unicodedata.normalize("NFKC", reply.text).replace("\\", "")):
        return True
    told = [s.text for s in reply.cited.sentences if not courteous(s.text)]
    return (
        bool(told)
        and not reply.reason
        and not reply.cited.evidence
        and all(denies(text) for text in told)
    )


def _whole_sentences(cited: CitedText) -> CitedText:
    """Without the last sentence if it was cut: half a number would be a wrong number."""
    if cited.ended:
        return cited
    return replace(cited, sentences=cited.sentences[:-1], ended=True)


def _without_sentinel(cited: CitedText) -> CitedText:
    """A model that answers and then says the sentinel as well has answered."""
    sentences = tuple(
        replace(sentence, text=text)
        for sentence in cited.sentences
        if (text := sentence.text.replace(prompt.REFUSAL, "").strip()) and text.strip("。. ")
    )
    return replace(cited, sentences=sentences)


def _may_refuse(reply: str) -> bool:
    """Whether the reply so far is the sentinel or its beginning: not to be shown."""
    bare = _DECORATED.sub("", reply[:80].replace("\\", ""), count=1).upper()
    return prompt.REFUSAL.startswith(bare[: len(prompt.REFUSAL)])


def _without_end(draft: str) -> str:
    """A draft without the sentinel, and without what may be its beginning at the end."""
    draft = draft.replace(prompt.REFUSAL, "")
    for length in range(len(prompt.REFUSAL) - 1, 1, -1):
        if draft.endswith(prompt.REFUSAL[:length]):
            return draft[:-length]
    return draft
