"""A run as one HTML file that asks for nothing from outside. The adapter of Jinja2."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from importlib import resources
from typing import TYPE_CHECKING

from rag.evaluate.compare import compare
from rag.evaluate.report import words
from rag.evaluate.report.canvas import COLOURS, Chart, svg
from rag.evaluate.report.cards import card
from rag.evaluate.report.faults import FEW, failures, worst_kinds
from rag.evaluate.report.headline import headline
from rag.evaluate.report.inline import inline
from rag.evaluate.report.plots import charts
from rag.evaluate.report.series import measured
from rag.evaluate.report.tables import ablation, sections
from rag.evaluate.types import Run
from rag.text.visible import visible

if TYPE_CHECKING:
    from jinja2 import Environment

CARDS = 300
"""Failed cases shown; the worst come first."""


def render(run: Run, others: Sequence[Run] = (), before: Run | None = None) -> str:
    """The report of a run. ``others`` are the runs of an ablation, ``before`` an earlier run.

    The same runs give the same bytes. Raises EvaluationError where ``before`` has no case in common
    with ``run``.
    """
    base, beside = measured(run), [measured(one) for one in others]
    found = base.figures
    comparison = compare(before, run) if before else None
    failed = failures(run.records)
    drawings, rules = _drawings(charts(base, beside))
    style = _text("style.css") + rules
    script = _text("script.js")
    worst = worst_kinds(run.records)
    return _environment().get_template("report.html").render(
        policy=_policy(style, script),
        style=style,
        script=script,
        run=run,
        before=before,
        head=headline(run.records, found, comparison),
        comparison=comparison,
        worst=[(kind, card(kind.example)) for kind in worst],
        few=FEW,
        sections=sections(found, comparison.differences if comparison else ()),
        drawings=drawings,
        ablation=ablation(base, beside),
        cards=[card(record) for record in failed[:CARDS]],
        failed=len(failed),
        kinds=sorted({record.kind for record in failed[:CARDS]}),
        words=words,
    )  # fmt: skip


def _drawings(found: Sequence[Chart]) -> tuple[dict[str, tuple[Chart, str]], str]:
    """Each chart as inline SVG by its name, and the style rules of them all."""
    drawn = {}
    classes: dict[str, str] = {}
    for chart in found:
        markup, used = inline(svg(chart), chart.name, " / ".join(chart.title), COLOURS)
        drawn[chart.name] = (chart, markup)
        classes |= used
    return drawn, "".join(f".{name}{{{rule}}}\n" for name, rule in sorted(classes.items()))


def _policy(style: str, script: str) -> str:
    """Nothing may be loaded; this style and this script alone may act."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _text(name: str) -> str:
    return (resources.files(__package__) / "page" / name).read_text(encoding="utf-8")


def _environment() -> Environment:
    """Every text that a template prints goes through :func:`visible` and is escaped."""
    from jinja2 import DictLoader, Environment, StrictUndefined

    names = ("report.html", "parts.html")
    return Environment(
        loader=DictLoader({name: _text(name) for name in names}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )


def _shown(value: object) -> object:
    """Texts made visible; markup (the charts, what macros return) as it is."""
    return visible(value) if isinstance(value, str) and not hasattr(value, "__html__") else value
