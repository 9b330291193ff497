"""A checked draft as a text to take away: Markdown for people, JSON as `rag verify` gives it."""

from __future__ import annotations

import json
import re

from rag.text.visible import visible
from rag.types import Citation
from rag.web.drafting import SHOWN_QUOTES, Draft
from rag.web.strings import Words

_ACTIVE = re.compile(r"([\\`*_{}\[\]<>()#+\-!|~&$])")


def as_markdown(draft: Draft, words: Words) -> str:
    """The summary, then each sentence with its verdict, the reason and the quotes with their places.

    What comes from outside is escaped: it is text in any Markdown viewer.
    """
    own = words.draft
    summary = own.summary.format(total=len(draft.checked), good=draft.good)
    lines = [f"# {own.title}", "", summary, ""]
    if len(draft.checked) < draft.total:
        lines += [own.stopped.format(done=len(draft.checked), total=draft.total), ""]
    for n, one in enumerate(draft.checked, start=1):
        lines.append(f"{n}. **{own.verdicts[one.verdict]}** {_plain(one.text)}")
        if one.why:
            lines.append(f"   - {_plain(one.why)}")
        lines += [f"   - {own.source}：{_quote(item)}" for item in one.citations[:SHOWN_QUOTES]]
    return visible("\n".join(lines) + "\n")


def as_json(draft: Draft) -> str:
    """{sentences: [{text, verdict, why, citations, start, end}]}, and ``total`` of the draft."""
    sentences = [
        {
            "text": one.text,
            "verdict": one.verdict,
            "why": one.why,
            "citations": [
                {"n": c.n, "doc": c.doc, "title": c.title, "start": c.start, "end": c.end,
                 "quote": c.quote, "source": c.source}
                for c in one.citations
            ],
            "start": one.start,
            "end": one.end,
        }
        for one in draft.checked
    ]  # fmt: skip
    return json.dumps({"sentences": sentences, "total": draft.total}, ensure_ascii=False, indent=1)


def _quote(citation: Citation) -> str:
    whose = f"，{_plain(citation.source)}" if citation.source else ""
    where = f"{_plain(citation.doc)}{whose}，{citation.start}–{citation.end}"
    return f"“{_plain(citation.quote)}”（{where}）"


def _plain(text: str) -> str:
    return _ACTIVE.sub(r"\\\1", " ".join(text.split()))
