"""One question from the box to its last partial answer: the page's only moving part.

Nothing here knows Gradio. Each step gives the whole conversation as a new value; the page shows it.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import AsyncGenerator
from dataclasses import replace

from rag.errors import YinjuError
from rag.types import Place
from rag.web.runs import until
from rag.web.seam import CONTEXT_WIDTH, AnswerService
from rag.web.steps import Gate
from rag.web.strings import Words
from rag.web.talk import Excerpt, State, Talk, shown_places

log = logging.getLogger(__name__)
PACE_S = 0.08
"""Partial answers that come faster than this are skipped: the browser renders each in full."""


def tidy(question: object) -> str:
    """The question as it is asked: no lone surrogates or NULs, which no store or model accepts."""
    text = question if isinstance(question, str) else ""
    return re.sub("[\x00\ud800-\udfff]", "", text).strip()


def refusal_of(question: str, limit: int, words: Words) -> str:
    """Why the question is not asked, in one line; "" when it is."""
    if not question:
        return words.empty
    if len(question) > limit:
        return words.too_long.format(length=len(question), limit=limit)
    return ""


async def ask(
    service: AnswerService,
    gate: Gate,
    talk: Talk,
    question: str,
    words: Words,
    stop: asyncio.Event,
) -> AsyncGenerator[Talk, None]:
    """The conversation with ``question`` asked, again after each partial answer.

    The last value is final; ``stop`` makes it come at once, with what there is. No exception
    leaves: a failure is a turn that says so.
    """
    talk = talk.asked(question, "queued" if gate.must_wait else "running")
    yield talk
    turn, shown_at, excerpts = talk.turns[-1], 0.0, dict[Place, Excerpt]()
    waiting = True  # for the first word, which is shown as it comes
    stream = until(stop, gate.steps(lambda: service.stream(talk.questions)))
    try:
        async for answer in stream:
            missing = [p for p in shown_places(answer) if p not in excerpts]
            if missing:
                excerpts |= await gate.call(read, service, missing)
            known = tuple(excerpts.items())
            turn = replace(turn, answer=answer, state="running", excerpts=known)
            first = waiting and bool(answer.answer.strip())
            waiting = waiting and not first
            if first or time.monotonic() - shown_at >= PACE_S:
                yield talk.with_last(turn)
                shown_at = time.monotonic()
        ended: State = "stopped" if stop.is_set() else "done" if turn.answer else "failed"
        turn = replace(turn, state=ended)
    except YinjuError as error:
        turn = replace(turn, state="failed", note=str(error))
    except Exception:
        log.exception("a question failed")
        turn = replace(turn, state="failed")
    finally:
        await stream.aclose()
    yield talk.with_last(turn)


def read(service: AnswerService, places: list[Place]) -> dict[Place, Excerpt]:
    """The text around each place; a place that cannot be read is left out, the answer stands."""
    found: dict[Place, Excerpt] = {}
    for place in places:
        try:
            found[place] = Excerpt(*service.context(place, CONTEXT_WIDTH))
        except Exception:
            log.warning("no context for %s", place, exc_info=True)
    return found
