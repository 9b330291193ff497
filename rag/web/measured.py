"""A saved run as HTML for the 评测 tab: figures, kinds, failed cases. Pure; imported when needed.

As everywhere on the page: one line of HTML, in which only what is written here is markup.
"""

from __future__ import annotations

from collections.abc import Mapping

from rag.evaluate.report.cards import Card, card
from rag.evaluate.report.faults import failures
from rag.evaluate.report.headline import headline
from rag.evaluate.report.tables import sections
from rag.evaluate.report.words import FAULTS, kind_of, percent, shown
from rag.evaluate.statistics import by_kind, figures
from rag.evaluate.types import Figure, Header, Measure, Run
from rag.web.escape import attribute, escape, isolated
from rag.web.strings import ZH, Words
from rag.web.strings_evaluation import EvaluationWords

FAILED_SHOWN = 60
"""Failed cases on the page, the worst first; the report has more."""
TEXT_SHOWN = 600
"""Characters of an answer or a quote."""


def run_html(run: Run, words: Words, report: str = "") -> str:
    """The whole of a run; ``report`` is the address of its report, "" for none."""
    found = figures(run.records)
    head = headline(run.records, found, None)
    own = words.evaluation
    chinese = words.lang == ZH.lang
    link = ""
    if report:
        link = (
            f'<p><a class="yj-report-link" href="{attribute(report)}" target="_blank" '
            f'rel="noopener">{escape(own.open_report)}</a></p>'
        )
    return (
        '<div class="yj-run">'
        f'<h2 class="yj-run-head">{escape(head.zh if chinese else head.en)}</h2>'
        f'<p class="yj-run-about">{_about(run.header, own)}</p>{link}'
        f'<div class="yj-run-tables">{_measures(found, own, chinese)}{_kinds(run, own, chinese)}'
        f"</div>{_failed(run, own, chinese)}{_settings(run.header, own)}</div>"
    )


def _about(header: Header, own: EvaluationWords) -> str:
    return isolated(
        own.about.format(
            set=header.set_name,
            time=header.created.replace("T", " ").replace("+00:00", " UTC"),
            commit=header.commit[:10] + ("+" if header.commit.endswith("+") else "") or "?",
            documents=header.documents,
            chunks=header.chunks,
            seconds=f"{header.costs.get('seconds', 0.0):.1f}",
        )
    )


# ---- figures ---------------------------------------------------------------------------------
def _measures(found: Mapping[str, Figure], own: EvaluationWords, chinese: bool) -> str:
    rows = []
    for section in sections(found):
        title = escape(section.zh if chinese else section.en)
        rows.append(f'<tr class="yj-section"><th colspan="4" scope="colgroup">{title}</th></tr>')
        for row in section.rows:
            figure, measure = found[row.measure.name], row.measure
            low, high = (_value(value, measure, own) for value in (figure.low, figure.high))
            rows.append(
                f'<tr><th scope="row">{escape(measure.zh if chinese else measure.en)}</th>'
                f"<td><b>{escape(_value(figure.value, measure, own))}</b></td>"
                f"<td>{escape(low)} – {escape(high)}</td><td>{figure.cases}</td></tr>"
            )
    return _table("yj-measures", (own.measure, own.value, own.interval, own.cases), rows)


def _value(value: float, measure: Measure, own: EvaluationWords) -> str:
    if measure.unit == "characters":
        return own.characters.format(count=round(value))
    return shown(value, measure.unit)


def _kinds(run: Run, own: EvaluationWords, chinese: bool) -> str:
    """The kinds, the one with the lowest share first."""
    rows = []
    for kind, figure in sorted(by_kind(run.records).items(), key=lambda item: item[1].value):
        name = kind_of(kind) if chinese else kind.replace("_", " ")
        share = round(figure.value * 100)
        rows.append(
            f'<tr><th scope="row">{isolated(name)}</th>'
            f'<td><progress title="{attribute(name)}" max="100" value="{share}"></progress> {percent(figure.value)}</td>'
            f"<td>{percent(figure.low)} – {percent(figure.high)}</td><td>{figure.cases}</td></tr>"
        )
    table = _table("yj-kinds", (own.kind, own.value, own.interval, own.cases), rows)
    return f"<div><h3>{escape(own.by_kind)}</h3>{table}</div>"


def _table(kind: str, heads: tuple[str, ...], rows: list[str]) -> str:
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    return (
        f'<div class="yj-scroll"><table class="{kind}"><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


# ---- cases -----------------------------------------------------------------------------------
def _failed(run: Run, own: EvaluationWords, chinese: bool) -> str:
    failed = failures(run.records)
    if not failed:
        return f"<p>{escape(own.none_failed)}</p>"
    cases = "".join(_case(card(record), own, chinese) for record in failed[:FAILED_SHOWN])
    rest = len(failed) - FAILED_SHOWN
    more = f"<p>{escape(own.more.format(count=rest))}</p>" if rest > 0 else ""
    return f"<h3>{escape(own.failures.format(count=len(failed)))}</h3>{cases}{more}"


def _case(shown_card: Card, own: EvaluationWords, chinese: bool) -> str:
    record = shown_card.record
    zh, en = FAULTS[shown_card.fault]
    kind = kind_of(record.kind) if chinese else record.kind.replace("_", " ")
    lines = []
    if len(record.turns) > 1:
        lines.append(_line(own.question, " → ".join(record.turns)))
    lines.append(_line(own.answer, own.no_answer if record.refused else record.answer))
    lines += [_line(own.cited, cited.quote, cited.doc) for cited in record.citations]
    if not record.answerable:
        lines.append(_line("", own.wanted_refusal))
    elif record.must:
        groups = "；".join(own.either.join(group) for group in record.must)
        lines.append(_line(own.wanted, groups))
    elif record.refused:
        lines.append(_line("", own.wanted_answer))
    for group in record.gold:
        lines.append(_line(own.evidence, group[0].quote, group[0].doc))
    lines += [_line(own.why, why) for why in shown_card.why]
    return (
        f'<details class="yj-case"><summary><span class="yj-fault yj-fault-{shown_card.fault}">'
        f'{escape(zh if chinese else en)}</span> <span class="yj-asked">'
        f"{isolated(_cut(record.turns[-1]))}</span> "
        f"<small>{isolated(record.id)} · {isolated(kind)}</small></summary>{''.join(lines)}</details>"
    )


def _line(label: str, text: str, doc: str = "") -> str:
    named = f'<span class="yj-label">{escape(label)}</span> ' if label else ""
    where = f" <small>{isolated(doc)}</small>" if doc else ""
    return f'<div class="yj-line">{named}{isolated(_cut(text))}{where}</div>'


def _cut(text: str) -> str:
    return text if len(text) <= TEXT_SHOWN else text[:TEXT_SHOWN] + "…"


# ---- where it comes from ---------------------------------------------------------------------
def _settings(header: Header, own: EvaluationWords) -> str:
    pairs = [
        ("embedder", header.embedder),
        ("generation", header.generation),
        ("set sha256", header.set_checksum),
        ("commit", header.commit),
        ("machine", header.machine),
        *((name, f"{value:g}") for name, value in header.costs.items()),
        *header.settings.items(),
        *header.versions.items(),
    ]
    rows = "".join(
        f'<tr><th scope="row">{isolated(name)}</th><td>{isolated(text)}</td></tr>'
        for name, text in pairs
        if text
    )
    return (
        f'<details class="yj-settings"><summary>{escape(own.settings)}</summary>'
        f'<div class="yj-scroll"><table><tbody>{rows}</tbody></table></div></details>'
    )
