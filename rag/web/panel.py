"""The sources panel as HTML: every quote of an answer in its place in the document."""

from __future__ import annotations

from rag.citing import shown_citations
from rag.types import Answer, Citation, Passage
from rag.web.escape import escape, isolated
from rag.web.render import copy_text
from rag.web.seam import CONTEXT_WIDTH
from rag.web.strings import Words
from rag.web.talk import Excerpt, Talk, Turn, place_of

PASSAGE_LIMIT = 600
"""Characters of a nearest passage that are shown after a refusal."""


def panel_html(talk: Talk, words: Words) -> str:
    """One section a turn, the newest shown; the page's script shows another on a click."""
    turns = [turn for turn in talk.turns if turn.answer is not None]
    if not turns:
        return f'<div class="yj-panel"><p class="yj-empty">{escape(words.panel_empty)}</p></div>'
    newest = turns[-1].number
    sections = "".join(_section(turn, words, shown=turn.number == newest) for turn in turns)
    return f'<div class="yj-panel">{sections}</div>'


def _section(turn: Turn, words: Words, shown: bool) -> str:
    answer = turn.answer
    assert answer is not None
    if answer.refused:
        head = words.nearest
        cards = "".join(
            _passage_card(turn, passage, rank, words)
            for rank, passage in enumerate(answer.passages, start=1)
        )
    else:
        head = words.sources
        cards = "".join(
            _citation_card(turn, citation, words) for citation in shown_citations(answer)
        )
    hidden = "" if shown else " hidden"
    count = f'<span class="yj-count">{_count(answer)}</span>' if cards else ""
    cards = cards or f'<p class="yj-empty">{escape(words.panel_empty)}</p>'
    return (
        f'<section class="yj-sources" id="yj-p-{turn.number}"{hidden}><h2>{escape(head)}{count}</h2>'
        f'<p class="yj-for">{escape(words.for_question)}{isolated(turn.question)}</p>{cards}'
        f'<pre class="yj-copytext" id="yj-copy-{turn.number}" hidden>'
        f"{escape(copy_text(answer, words), newline='&#10;')}</pre></section>"
    )


def _count(answer: Answer) -> int:
    return len(answer.passages if answer.refused else shown_citations(answer))


def _citation_card(turn: Turn, citation: Citation, words: Words) -> str:
    place = place_of(citation)
    excerpt = turn.excerpt(place)
    title = citation.source or citation.title
    if citation.title and citation.title not in title:
        title = f"{citation.title} · {title}"
    also = ""
    if citation.also:
        rows = "".join(
            f"<li>{isolated(p.doc)} <small>{p.start}–{p.end}</small></li>" for p in citation.also
        )
        summary = escape(words.also.format(count=len(citation.also)))
        also = f'<details class="yj-also"><summary>{summary}</summary><ul>{rows}</ul></details>'
    missing = "" if excerpt else f'<p class="yj-missing">{escape(words.unavailable)}</p>'
    text = _quoted(excerpt or Excerpt("", citation.quote, ""), citation.quote)
    back = (
        f'<button type="button" class="yj-back" value="{turn.number}">{escape(words.back)}</button>'
    )
    return _card(turn, citation.n, title, citation, text + missing + also + back)


def _passage_card(turn: Turn, passage: Passage, rank: int, words: Words) -> str:
    excerpt = turn.excerpt(place_of(passage))
    text = passage.text or (excerpt.quote if excerpt else "")
    cut = escape(text[:PASSAGE_LIMIT].strip()) + ("…" if len(text) > PASSAGE_LIMIT else "")
    return _card(turn, rank, passage.source, passage, f"<blockquote><bdi>{cut}</bdi></blockquote>")


def _card(turn: Turn, n: int, title: str, item: Citation | Passage, inner: str) -> str:
    named = f'<div class="yj-source">{isolated(title)}</div>' if title else ""
    return (
        f'<article class="yj-card" id="yj-c-{turn.number}-{n}">'
        f'<header><span class="yj-n">{n}</span><div class="yj-whence">{named}'
        f'<div class="yj-doc">{isolated(item.doc)} <small>{item.start}–{item.end}</small></div>'
        f"</div></header>{inner}</article>"
    )


def _quoted(excerpt: Excerpt, quote: str) -> str:
    """The quote marked within its surroundings; the citation's own quote is what is marked."""
    before = ("…" if len(excerpt.before) >= CONTEXT_WIDTH else "") + excerpt.before.lstrip()
    after = excerpt.after.rstrip() + ("…" if len(excerpt.after) >= CONTEXT_WIDTH else "")
    return (
        f"<blockquote><bdi>{escape(before)}<mark>{escape(quote)}</mark>{escape(after)}</bdi>"
        "</blockquote>"
    )
