"""One draft from the box to its last verdict: no Gradio here, as in :mod:`rag.web.asking`."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from typing import Literal

from rag.drafts.checked import Checked
from rag.errors import YinjuError
from rag.types import Place
from rag.web.asking import read
from rag.web.runs import until
from rag.web.seam import AnswerService, DraftService
from rag.web.steps import Gate
from rag.web.strings import Words
from rag.web.talk import Excerpt, place_of

log = logging.getLogger(__name__)
LIMIT = 20_000
"""Characters of a draft."""
SHOWN_QUOTES = 3
"""Quotes shown for a sentence; one printed in fifty places is not shown fifty times."""
PACE_S = 0.2
SLOWER_S = 0.002
"""The page is shown anew at most so often, and the more seldom the more sentences it holds."""

State = Literal["idle", "queued", "running", "done", "stopped", "failed"]


@dataclass(frozen=True, slots=True)
class Draft:
    """What has come of a draft: the first sentences of ``total`` with the text around their
    quotes. A value: one per browser session, replaced and never changed."""

    state: State = "idle"
    total: int = 0
    checked: tuple[Checked, ...] = ()
    excerpts: tuple[tuple[Excerpt | None, ...], ...] = ()
    note: str = ""

    @property
    def good(self) -> int:
        """The sentences that are borne."""
        return sum(one.verdict == "supported" for one in self.checked)


def refusal_of_draft(text: str, words: Words) -> str:
    """Why the draft is not checked, in one line; "" when it is."""
    if not text:
        return words.draft.empty
    if len(text) > LIMIT:
        return words.draft.too_long.format(length=f"{len(text):,}", limit=f"{LIMIT:,}")
    return ""


async def check(
    service: DraftService, answers: AnswerService, gate: Gate, text: str, stop: asyncio.Event
) -> AsyncGenerator[Draft, None]:
    """The draft as it is checked; the last value is final. ``stop`` makes it come at once, with
    what there is. No exception leaves: a failure is a draft that says so."""
    draft = Draft("queued" if gate.must_wait else "running")
    yield draft
    shown_at = 0.0
    stream = until(stop, gate.steps(lambda: service.check(text)))
    try:
        async for progress in stream:
            new = progress.checked[len(draft.checked) :]
            excerpts = draft.excerpts
            if new:
                excerpts += await gate.call(_around, answers, new)
            draft = Draft("running", progress.total, progress.checked, excerpts)
            pace = PACE_S + SLOWER_S * len(draft.checked)
            if time.monotonic() - shown_at >= pace:
                yield draft
                shown_at = time.monotonic()
        draft = replace(draft, state="stopped" if stop.is_set() else "done")
    except YinjuError as error:
        draft = replace(draft, state="failed", note=str(error))
    except Exception:
        log.exception("a draft could not be checked")
        draft = replace(draft, state="failed")
    finally:
        await stream.aclose()
    yield draft


def _around(
    answers: AnswerService, checked: tuple[Checked, ...]
) -> tuple[tuple[Excerpt | None, ...], ...]:
    """The text around each quote that is shown, None where it cannot be read."""
    found: list[tuple[Excerpt | None, ...]] = []
    for one in checked:
        places: list[Place] = [place_of(item) for item in one.citations[:SHOWN_QUOTES]]
        around = read(answers, places)
        found.append(tuple(around.get(place) for place in places))
    return tuple(found)
