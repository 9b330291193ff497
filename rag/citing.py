"""Citations: the quote is read from the document, so that ``text[start:end] == quote`` always."""

from __future__ import annotations

from collections.abc import Sequence

from rag.types import Answer, Citation, Document, Place, Section


def citation(
    n: int,
    document: Document,
    start: int,
    end: int,
    section: Section,
    also: Sequence[Place] = (),
    titles: Sequence[str] = (),
) -> Citation:
    """Citation ``n`` of ``document.text[start:end]``; ``titles`` stand above the section's own."""
    titles = tuple(titles) or section.titles
    page = document.page_of(start)
    who = section.speaker or section.byline
    last = titles[-1] if titles else ""
    parts = [last, "" if who in last else who, f"第{page}页" if page else ""]
    return Citation(
        n=n,
        doc=document.id,
        title=document.title or (titles[0] if titles else document.id),
        start=start,
        end=end,
        quote=document.text[start:end],
        source=" · ".join(dict.fromkeys(part for part in parts if part)),
        also=tuple(also),
    )


def shown_citations(answer: Answer) -> tuple[Citation, ...]:
    """Every citation that an answer shows, by number: its own and those of what sources state
    otherwise."""
    shown = {citation.n: citation for citation in answer.citations}
    for conflict in answer.conflicts:
        for stated in conflict.stated:
            shown.setdefault(stated.citation.n, stated.citation)
    return tuple(shown[n] for n in sorted(shown))
