"""`rag verify`: a draft or a quote against the documents."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rag.cli.drafts import Drafts
from rag.cli.output import citation_json, citation_text, emit, emit_json, line
from rag.cli.questions import argument
from rag.config import Settings
from rag.drafts.checked import Checked
from rag.errors import LoadError, UsageError
from rag.pipeline import Pipeline
from rag.text.decode import decode
from rag.verify.verdicts import ZH


def run(args: argparse.Namespace, settings: Settings) -> int:
    """One text; raises YinjuError."""
    if (args.file is None) == (args.quote is None):
        raise UsageError("verify needs one of --file and --quote", "see `rag verify --help`")
    if args.doc is not None and args.quote is None:
        raise UsageError("--doc goes with --quote", "see `rag verify --help`")
    text = argument(args.quote) if args.file is None else _draft(args.file)
    if not text.strip():
        raise UsageError("there is nothing to check", "give a text that is not empty")
    drafts = Drafts(Pipeline(settings))
    if args.file is not None:
        *_, last = drafts.check(text)
        checked: Sequence[Checked] = last.checked
    else:
        doc = None if args.doc is None else argument(args.doc)
        checked = [drafts.quote(text, doc)]
    if args.json:
        emit_json({"sentences": [_json(one) for one in checked]})
    else:
        _text(checked)
    return 0


def _draft(path: Path) -> str:
    try:
        data = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except (OSError, AttributeError) as error:
        about = getattr(error, "strerror", None) or "there is no stdin"
        raise UsageError(f"the draft {path} cannot be read ({about})", "check its name") from None
    try:
        return decode(data).text
    except LoadError as error:
        raise UsageError(f"the draft {path} is not text ({error})") from None


def _json(checked: Checked) -> dict[str, Any]:
    """As the design fixes it, and where the sentence stands in the draft."""
    return {
        "text": checked.text,
        "verdict": checked.verdict,
        "why": checked.why,
        "citations": [citation_json(citation) for citation in checked.citations],
        "start": checked.start,
        "end": checked.end,
    }


def _text(checked: Sequence[Checked]) -> None:
    for one in checked:
        why = f"：{line(one.why)}" if one.why else ""
        emit(f"【{ZH[one.verdict]}】{line(one.text)}{why}")
        for citation in one.citations[:3]:
            for text in citation_text(citation):
                emit(f"  {text}")
    good = sum(one.verdict == "supported" for one in checked)
    emit(f"{len(checked)} 句中 {good} 句可核实")
