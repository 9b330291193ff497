"""`rag chat`: serves the page."""

from __future__ import annotations

import argparse
import threading
from functools import partial

from rag.cli.output import emit_json, warn
from rag.config import Settings
from rag.pipeline import Pipeline
from rag.web.seam import Services
from rag.web.server import serve


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Serves until interrupted; raises YinjuError."""

    def announce(line: str) -> None:
        if args.json:
            emit_json({"ready": line})
        else:
            print(line, flush=True)

    serve(partial(_open, settings), settings, announce)
    return 0


def _open(settings: Settings) -> Services:
    """Services whose index is open: a fault is said before the page is up, not on a question."""
    from rag.cli.chat_runs import SavedRuns
    from rag.cli.drafts import Drafts

    pipeline = Pipeline(settings)
    pipeline.index()
    warn(pipeline.judge.faults())
    if pipeline.uses_model:
        from rag.chat.connection import warm

        threading.Thread(target=warm, daemon=True).start()
    return Services(pipeline, SavedRuns(pipeline), Drafts(pipeline))
