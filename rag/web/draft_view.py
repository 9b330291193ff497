"""A checked draft as HTML: pure functions over values, everything from outside escaped.

The page's script finds its way by ``value="dI-N"`` and ``id="yj-c-dI-N"``: quote N of sentence I.
"""

from __future__ import annotations

from collections import Counter

from rag.drafts.checked import Checked
from rag.types import Citation
from rag.web.draft_export import as_json, as_markdown
from rag.web.drafting import SHOWN_QUOTES, Draft
from rag.web.escape import attribute, escape, isolated
from rag.web.seam import CONTEXT_WIDTH
from rag.web.strings import Words
from rag.web.talk import Excerpt

_KINDS = {
    "supported": "ok", "partial": "part", "number_mismatch": "bad", "negation_mismatch": "bad",
    "wrong_source": "bad",
}  # fmt: skip
"""How a verdict is coloured; the others say that nothing was found."""


class DraftView:
    """Renders a draft that grows: what is rendered once is kept. For one draft and one reader."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._rows: list[str] = []
        self._sections: list[str] = []

    def result(self, draft: Draft) -> str:
        """The summary and the sentences with their verdicts."""
        self._add(draft)
        own = self._words.draft
        if not draft.checked:
            return ""
        none_left = f'<p class="yj-none-left">{escape(own.none_left)}</p>'
        foot = _foot(draft, self._words) if draft.state in ("done", "stopped", "failed") else ""
        return (
            f'<div class="yj-draft">{_summary(draft, self._words)}'
            f"{none_left if draft.good == len(draft.checked) else ''}"
            f'<ol class="yj-claims">{"".join(self._rows)}</ol>{foot}</div>'
        )

    def panel(self, draft: Draft) -> str:
        """The quotes of every sentence; the page's script shows those of one."""
        self._add(draft)
        empty = f'<p class="yj-empty">{escape(self._words.draft.panel_empty)}</p>'
        return f'<div class="yj-panel">{empty}{"".join(self._sections)}</div>'

    def _add(self, draft: Draft) -> None:
        first = len(self._rows)
        for index, one in enumerate(draft.checked[first:], start=first):
            self._rows.append(_row(index, one, self._words))
            self._sections.append(_section(index, one, draft.excerpts[index], self._words))


def progress_html(draft: Draft, words: Words) -> str:
    """Where the check is, with a bar; how it ended where it did not end well; "" otherwise."""
    own = words.draft
    done = len(draft.checked)
    if draft.state in ("queued", "running"):
        waiting = own.queued if draft.state == "queued" else own.reading
        text = own.checking.format(done=done, total=draft.total) if draft.total else waiting
        where = f' max="{draft.total}" value="{done}"' if draft.total else ""
        bar = f'<progress title="{attribute(text)}"{where}></progress>'
        return f'<div class="yj-progress">{escape(text)}{bar}</div>'
    if draft.state == "stopped":
        return _line(own.stopped.format(done=done, total=draft.total))
    if draft.state == "failed":
        return _line(draft.note or own.failed, " yj-bad")
    return _line(own.nothing) if draft.state == "done" and not draft.total else ""


def notice_html(text: str) -> str:
    """A line in place of the progress."""
    return _line(text, " yj-notice-line")


def _line(text: str, kind: str = "") -> str:
    return f'<div class="yj-progress{kind}" role="status">{isolated(text)}</div>'


def _summary(draft: Draft, words: Words) -> str:
    own = words.draft
    total, good = len(draft.checked), draft.good
    counts = Counter(own.verdicts[one.verdict] for one in draft.checked)
    kinds = {own.verdicts[one.verdict]: _kind(one) for one in draft.checked}
    chips = "".join(
        f'<span class="yj-chip yj-{kinds[name]}">{escape(name)} {count}</span>'
        for name, count in counts.most_common()
    )
    return (
        f'<div class="yj-summary"><strong>{escape(own.summary.format(total=total, good=good))}'
        f'</strong>{chips}<button type="button" class="yj-only" aria-pressed="false">'
        f"{escape(own.only)}</button></div>"
    )


def _kind(one: Checked) -> str:
    return _KINDS.get(one.verdict, "none")


def _row(index: int, one: Checked, words: Words) -> str:
    own = words.draft
    shown = one.citations[:SHOWN_QUOTES]
    see = "".join(
        f'<button type="button" class="yj-cite" value="d{index}-{citation.n}">'
        f"{escape(own.see.format(n=citation.n if len(shown) > 1 else '').strip())}</button>"
        for citation in shown
    )
    under = ""
    if one.why:
        why = f'<span class="yj-why">{isolated(one.why)}</span>'
        under, see = f'<div class="yj-under">{why}{see}</div>', ""
    return (
        f'<li class="yj-claim yj-{_kind(one)}" id="yj-t-d{index}">'
        f'<span class="yj-mark">{escape(own.verdicts[one.verdict])}</span>'
        f'<div class="yj-said"><bdi>{escape(one.text)}</bdi> {see}{under}</div></li>'
    )


def _section(index: int, one: Checked, excerpts: tuple[Excerpt | None, ...], words: Words) -> str:
    if not one.citations:
        return ""
    own = words.draft
    cards = "".join(
        _card(index, citation, excerpt, words)
        for citation, excerpt in zip(one.citations, excerpts, strict=False)
    )
    return (
        f'<section class="yj-sources" id="yj-p-d{index}" hidden><h2>{escape(own.sources)}</h2>'
        f'<p class="yj-for">{escape(own.sentence)}{isolated(one.text)}</p>{cards}</section>'
    )


def _card(index: int, citation: Citation, excerpt: Excerpt | None, words: Words) -> str:
    title = citation.source or citation.title
    around = excerpt or Excerpt("", citation.quote, "")
    before = ("…" if len(around.before) >= CONTEXT_WIDTH else "") + around.before.lstrip()
    after = around.after.rstrip() + ("…" if len(around.after) >= CONTEXT_WIDTH else "")
    missing = "" if excerpt else f'<p class="yj-missing">{escape(words.unavailable)}</p>'
    return (
        f'<article class="yj-card" id="yj-c-d{index}-{citation.n}"><header>'
        f'<span class="yj-n">{citation.n}</span><div class="yj-whence">'
        f'<div class="yj-source">{isolated(title)}</div><div class="yj-doc">'
        f"{isolated(citation.doc)} <small>{citation.start}–{citation.end}</small></div></div>"
        f"</header><blockquote><bdi>{escape(before)}<mark>{escape(citation.quote)}</mark>"
        f"{escape(after)}</bdi></blockquote>{missing}"
        f'<button type="button" class="yj-back" value="d{index}">{escape(words.draft.back)}'
        "</button></article>"
    )


def _foot(draft: Draft, words: Words) -> str:
    """What can be taken away; the files are made by the page's script from what stands here."""
    own = words.draft
    return (
        '<div class="yj-foot"><button type="button" class="yj-copy" value="draft-md">'
        f'<span class="yj-idle">{escape(own.copy)}</span>'
        f'<span class="yj-done">{escape(words.copied)}</span></button>'
        f'<button type="button" class="yj-save" value="draft-md">{escape(own.save_markdown)}'
        f'</button><button type="button" class="yj-save" value="draft-json">'
        f"{escape(own.save_json)}</button></div>"
        f"{_hidden('draft-md', as_markdown(draft, words))}"
        f"{_hidden('draft-json', as_json(draft))}"
    )


def _hidden(name: str, text: str) -> str:
    shown = escape(text, newline="&#10;")
    return f'<pre class="yj-copytext" id="yj-copy-{name}" hidden>{shown}</pre>'
