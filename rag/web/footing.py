"""What stands below an answer, as HTML: where sources differ, how much is verified, what it took.

Pure functions over values; all text from documents and models is escaped.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.types import Answer, Conflict
from rag.web.escape import attribute, escape, isolated
from rag.web.strings import Words


def cite_button(turn: int, n: int, words: Words) -> str:
    """A citation mark that leads to the source panel."""
    title = attribute(words.cite.format(n=n))
    return (
        f'<button type="button" class="yj-cite" value="{turn}-{n}" title="{title}">'
        f"&#91;{n}&#93;</button>"
    )


def conflicts_html(conflicts: Sequence[Conflict], turn: int, words: Words) -> str:
    """What sources state differently, each value with its citation and date; "" without any."""
    if not conflicts:
        return ""
    rows = "".join(f"<li>{_conflict(conflict, turn, words)}</li>" for conflict in conflicts)
    head = escape(words.told.conflicts)
    return f'<div class="yj-conflicts"><span>{head}</span><ul>{rows}</ul></div>'


def _conflict(conflict: Conflict, turn: int, words: Words) -> str:
    told = words.told
    subject, end = isolated(conflict.subject), escape(told.conflict.format(subject=""))
    values = []
    for stated in conflict.stated:
        date = told.dated.split("{date}")
        dated = (
            f"<small>{escape(date[0])}{isolated(stated.date)}{escape(date[-1])}</small>"
            if stated.date
            else ""
        )
        mark = cite_button(turn, stated.citation.n, words)
        values.append(
            f'<span class="yj-value"><strong>{escape(stated.value)}</strong>{mark}{dated}</span>'
        )
    return f"{subject}{end}{' · '.join(values)}"


def verification_html(answer: Answer, words: Words) -> str:
    """For a model's answer: the summary line, the verdicts and their reasons on demand."""
    if answer.mode != "llm" or not answer.sentences:
        return ""
    good = sum(1 for s in answer.sentences if s.verdict == "supported")
    line = escape(words.supported.format(total=len(answer.sentences), good=good))
    kind = "yj-all" if good == len(answer.sentences) else "yj-some"
    rows = "".join(
        f'<li><span class="yj-v-{"ok" if s.verdict == "supported" else "bad"}">'
        f"{escape(words.verdicts.get(s.verdict, s.verdict))}</span> <bdi>{escape(s.text)}</bdi>"
        + (f'<div class="yj-why">{isolated(s.why)}</div>' if s.why else "")
        + "</li>"
        for s in answer.sentences
    )
    return f'<details class="yj-check {kind}"><summary>{line}</summary><ol>{rows}</ol></details>'


def losses_html(answer: Answer, words: Words) -> str:
    """Citations that pointed nowhere and evidence that did not fit, where there are any."""
    told, lines = words.told, []
    if answer.dropped:
        lines.append(told.dropped.format(count=answer.dropped))
    if answer.left_out:
        lines.append(told.left_out.format(count=answer.left_out))
    return f'<div class="yj-losses">{escape(" · ".join(lines))}</div>' if lines else ""


def taken(answer: Answer, words: Words) -> list[str]:
    """What the answer took: seconds, and for a model first text, tokens and cost where known."""
    total, parts = answer.timings_ms.get("total"), []
    if total is not None:
        parts.append(words.seconds.format(seconds=f"{max(total / 1000, 0.1):.1f}"))
    usage, told = answer.usage, words.told
    if usage is None:
        return parts
    if usage.first_ms:
        parts.append(told.first.format(seconds=f"{usage.first_ms / 1000:.2f}"))
    if usage.prompt_tokens or usage.completion_tokens:
        prompt, completion = f"{usage.prompt_tokens:,}", f"{usage.completion_tokens:,}"
        parts.append(told.tokens.format(prompt=prompt, completion=completion))
    if usage.cost:
        parts.append(told.cost.format(cost=f"{usage.cost:.4g}"))
    return parts
