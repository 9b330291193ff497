"""An answer as HTML for the chat: pure functions over values.

Each function returns one line of HTML, so that a Markdown renderer leaves it alone as one block.
Only tags, classes, ids and ``value`` attributes written here occur in it; all else is escaped.
The page's script finds its way by ``value="TURN-N"`` and ``id="yj-c-TURN-N"``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.citing import shown_citations
from rag.text.visible import visible
from rag.types import Answer, AnswerSentence, Conflict
from rag.web.escape import attribute, escape, isolated
from rag.web.footing import (
    cite_button,
    conflicts_html,
    losses_html,
    taken,
    verification_html,
)
from rag.web.strings import Words
from rag.web.talk import Turn

_MARK = re.compile(r"[\[【［]\s*(\d{1,3})\s*[\]】］]")
_LIST_ITEM = re.compile(r"\s*(?:[-*•·]|\d{1,2}[.、)）]|[（(][一二三四五六七八九十\d]+[）)])\s*")


def question_html(question: str) -> str:
    """What the user asked."""
    return f'<div class="yj-q">{isolated(question)}</div>'


def turn_html(turn: Turn, words: Words, model: str = "") -> str:
    """The reply to one question, in whatever state it is; ``model`` names the language model."""
    parts: list[str] = []
    if turn.answer is not None:
        parts.append(answer_html(turn.answer, turn.number, words, model, turn.state == "running"))
    elif turn.state in ("queued", "running"):
        wait = words.queued if turn.state == "queued" else words.searching
        parts.append(f'<div class="yj-wait">{escape(wait)}<span class="yj-dots"></span></div>')
    if turn.state == "stopped":
        parts.append(f'<div class="yj-note">{escape(words.stopped)}</div>')
    if turn.state == "failed":
        parts.append(f'<div class="yj-note yj-bad">{isolated(turn.note or words.failed)}</div>')
    return f'<div class="yj-turn" id="yj-t-{turn.number}">{"".join(parts)}</div>'


def answer_html(
    answer: Answer, turn: int, words: Words, model: str = "", partial: bool = False
) -> str:
    """An answer or a refusal; ``partial`` while more of it is to come."""
    if answer.refused:
        return _refusal(answer, turn, words)
    body = (
        _sentences(answer, turn, words)
        if answer.sentences
        else f'<p class="yj-s">{_marked(answer, turn, words)}</p>'
    )
    cursor = '<span class="yj-cursor"></span>' if partial else ""
    foot = "" if partial else _foot(answer, turn, words, model)
    return f'<div class="yj-answer"><div class="yj-body">{body}{cursor}</div>{foot}</div>'


def emphasised(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """``text`` escaped, ``spans`` (start, end) in bold; spans out of range or overlapping: merged."""
    out: list[str] = []
    done = 0
    for start, end in sorted(spans):
        start, end = max(start, done), min(end, len(text))
        if start < end:
            out += [escape(text[done:start]), f"<strong>{escape(text[start:end])}</strong>"]
            done = end
    return "".join([*out, escape(text[done:])])


def copy_text(answer: Answer, words: Words) -> str:
    """The answer as plain text with numbered sources, for pasting into a document."""
    if answer.refused:
        return visible(words.refused)
    body = "".join(_copied(sentence, words) for sentence in answer.sentences)
    lines = [body or answer.answer]
    for conflict in answer.conflicts:
        lines.append(_differing(conflict, words))
    cited = shown_citations(answer)
    if cited:
        lines += ["", words.copy_sources]
    for c in cited:
        quote = " ".join(c.quote.split())
        source = c.source or c.title
        where = f"{source}，{c.doc}" if source else c.doc
        lines.append(f"[{c.n}] “{quote}”（{where}，{c.start}–{c.end}）")
    return visible("\n".join(lines))


def _copied(sentence: AnswerSentence, words: Words) -> str:
    marks = "".join(f"[{n}]" for n in sentence.citations)
    if sentence.verdict == "supported":
        return sentence.text + marks
    return sentence.text + marks + words.told.dated.format(date=words.told.unverified)


def _differing(conflict: Conflict, words: Words) -> str:
    told = words.told
    values = [
        f"{s.value} [{s.citation.n}]" + (told.dated.format(date=s.date) if s.date else "")
        for s in conflict.stated
    ]
    subject = told.conflict.format(subject=conflict.subject)
    return f"{told.conflicts}{told.colon}{subject}{' · '.join(values)}"


def _sentences(answer: Answer, turn: int, words: Words) -> str:
    """Extracted sentences stand one to a paragraph; a model's text flows, list items apart."""
    known = {c.n for c in answer.citations}
    paragraphs: list[list[str]] = []
    for sentence in answer.sentences:
        alone = answer.mode == "extractive" or _LIST_ITEM.match(sentence.text)
        if alone or not paragraphs or "\n" in sentence.text[:1]:
            paragraphs.append([])
        paragraphs[-1].append(_sentence(sentence, turn, words, known))
    return "".join(f'<p class="yj-s">{"".join(parts)}</p>' for parts in paragraphs)


def _sentence(sentence: AnswerSentence, turn: int, words: Words, known: set[int]) -> str:
    marks = "".join(cite_button(turn, n, words) for n in sentence.citations if n in known)
    text, end = emphasised(sentence.text, sentence.key), ""
    if marks and not any(stop >= len(sentence.text) for _, stop in sentence.key):
        # The full stop takes the marks with it, so that no line begins with a mark.
        text, end = emphasised(sentence.text[:-1], sentence.key), escape(sentence.text[-1:])
    marked = f'<span class="yj-end">{end}{marks}</span>' if marks else ""
    if sentence.verdict == "supported":
        return f"<span><bdi>{text}</bdi>{marked}</span>"
    verdict = words.verdicts.get(sentence.verdict, sentence.verdict)
    colon = words.told.colon
    title = attribute(f"{verdict}{colon}{sentence.why}" if sentence.why else verdict)
    return (
        f'<span class="yj-doubt" title="{title}"><bdi>{text}</bdi></span>{marked}'
        f'<small class="yj-verdict" title="{title}">{escape(words.told.unverified)}</small>'
    )


def _marked(answer: Answer, turn: int, words: Words) -> str:
    """Text without sentences yet (a model still writing): its known marks become buttons."""
    known = {c.n for c in answer.citations}
    out: list[str] = []
    done = 0
    for match in _MARK.finditer(answer.answer):
        n = int(match[1])
        if n in known:
            out += [escape(answer.answer[done : match.start()]), cite_button(turn, n, words)]
            done = match.end()
    return "".join([*out, escape(answer.answer[done:])])


def _refusal(answer: Answer, turn: int, words: Words) -> str:
    unknown = ""
    if answer.unknown_terms:
        terms = "".join(f"<li>{isolated(term)}</li>" for term in answer.unknown_terms)
        unknown = (
            f'<div class="yj-unknown"><span>{escape(words.unknown)}</span><ul>{terms}</ul></div>'
        )
    more = f"<p>{escape(words.refused_more)}</p>" if answer.passages else ""
    reason = f'<p class="yj-reason">{isolated(answer.reason)}</p>' if answer.reason else ""
    show = _show_button(turn, words.show_nearest) if answer.passages else ""
    return (
        f'<div class="yj-refusal"><p class="yj-refusal-head">{escape(words.refused)}</p>'
        f'{reason}{unknown}{more}<div class="yj-foot">{show}</div></div>'
    )


def _foot(answer: Answer, turn: int, words: Words, model: str) -> str:
    """How the answer was made, how much of it stands, and what can be done with it."""
    mode = escape(words.extractive)
    if answer.mode == "llm":
        name = answer.model or model
        mode = escape(words.llm) + (f"（{isolated(name)}）" if name else "")
    parts = [f'<span class="yj-mode">{mode}</span>']
    parts += [f'<span class="yj-took">{escape(part)}</span>' for part in taken(answer, words)]
    cited = shown_citations(answer)
    if cited:
        parts.append(_show_button(turn, words.show.format(count=len(cited))))
    parts.append(
        f'<button type="button" class="yj-copy" value="{turn}">'
        f'<span class="yj-idle">{escape(words.copy)}</span>'
        f'<span class="yj-done">{escape(words.copied)}</span></button>'
    )
    reason = f'<div class="yj-reason">{isolated(answer.reason)}</div>' if answer.reason else ""
    below = verification_html(answer, words) + losses_html(answer, words)
    differing = conflicts_html(answer.conflicts, turn, words)
    return f'{differing}{reason}{below}<div class="yj-foot">{"".join(parts)}</div>'


def _show_button(turn: int, label: str) -> str:
    return f'<button type="button" class="yj-show" value="{turn}">{escape(label)}</button>'
