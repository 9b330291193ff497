"""The 评测 tab: the last run's figures, and a new run with its progress. Gradio components."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from typing import Any, TypeVar

import gradio as gr

from rag.errors import YinjuError
from rag.web.escape import attribute, escape
from rag.web.evaluation import Evaluation, Progress
from rag.web.language import I18N, words_of
from rag.web.strings import Words

log = logging.getLogger(__name__)
T = TypeVar("T")
Values = tuple[Any, ...]
TICK_S = 1.0


class EvaluationTab:
    """Laid out where it is made, inside a Blocks. What it shows is the same for every reader."""

    def __init__(self, evaluation: Evaluation, report: Callable[[str], str]) -> None:
        """``report`` gives the address of a run's report by the run's name."""
        self.evaluation = evaluation
        self._report = report
        self._lock = threading.Lock()
        self._rendered: dict[str, tuple[str, str]] = {}
        with gr.Column(elem_id="yj-eval"):
            with gr.Row(elem_id="yj-eval-start", equal_height=False):
                self.sets = gr.Dropdown(
                    [],
                    elem_id="yj-eval-set",
                    label=I18N("yj_eval_set_label"),
                    container=False,
                    filterable=False,
                    scale=1,
                    min_width=200,
                )
                self.start = gr.Button(
                    I18N("yj_eval_start"), variant="primary", elem_id="yj-eval-go", scale=0
                )
                self.stop = gr.Button(
                    I18N("yj_eval_stop"), elem_id="yj-eval-stop", visible=False, scale=0
                )
            self.progress = gr.Markdown("", elem_id="yj-eval-progress", latex_delimiters=[])
            self.result = gr.Markdown("", elem_id="yj-eval-result", latex_delimiters=[])
        self.timer = gr.Timer(TICK_S, active=False)
        self.shown = gr.State("")  # name of the run that this reader sees

    def listen(self, tab: gr.Tab) -> None:
        """Attach the events."""
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        moving = [self.start, self.stop, self.progress, self.result, self.shown, self.timer]
        tab.select(self.opened, [self.sets], [self.sets, *moving], **quiet)
        self.start.click(self.started, [self.sets, self.shown], moving, **quiet)
        self.stop.click(self.stopped, [self.shown], moving, **quiet)
        self.timer.tick(self.now, [self.shown], moving, concurrency_limit=None, **quiet)

    async def opened(self, chosen: str | None, request: gr.Request) -> Values:
        """The tab was chosen: what there is to run, and how things stand."""
        words = words_of(request)
        names, problem = await _called(self._sets)
        moving = await self._moving("", words)
        if not names:
            problem = problem or words.evaluation.no_sets
            moving = (gr.update(interactive=False), moving[1], _line(problem), *moving[3:])
        if chosen not in names:
            chosen = names[0] if names else None
        return gr.update(choices=names, value=chosen), *moving

    async def started(self, chosen: str | None, shown: str, request: gr.Request) -> Values:
        """开始评测 was clicked. A second one sees the run that is under way."""
        words = words_of(request)
        names, _ = await _called(self._sets)
        if chosen not in names:
            return await self._moving(shown, words, words.evaluation.no_sets)
        another = not self.evaluation.start(chosen)
        return await self._moving(shown, words, words.evaluation.another if another else "")

    async def stopped(self, shown: str, request: gr.Request) -> Values:
        """停止 was clicked."""
        self.evaluation.stop()
        return await self._moving(shown, words_of(request))

    async def now(self, shown: str, request: gr.Request) -> Values:
        """How things stand."""
        return await self._moving(shown, words_of(request))

    async def _moving(self, shown: str, words: Words, before: str = "") -> Values:
        """The values of all that moves; the result only where it is not ``shown`` already."""
        progress = self.evaluation.progress
        result: Any = gr.skip()
        name: Any = gr.skip()
        if not progress.busy or not shown:
            found, html = await _called(lambda: self._result(words))
            if found != shown or not found:
                result, name = html, found
        return (
            gr.update(visible=not progress.busy, interactive=True),
            gr.update(visible=progress.busy, interactive=progress.state == "running"),
            progress_html(progress, words, before),
            result,
            name,
            gr.Timer(active=progress.busy),
        )

    def _sets(self) -> tuple[list[str], str]:
        """The sets that can be run, or the line of a fault."""
        try:
            return list(self.evaluation.service.sets()), ""
        except YinjuError as error:
            return [], str(error)

    def _result(self, words: Words) -> tuple[str, str]:
        """Name of the last run and its HTML; where it cannot be shown, "" and one line."""
        own = words.evaluation
        try:
            name = self.evaluation.service.newest()
            if not name:
                return "", _line(own.no_run)
            with self._lock:  # a thousand cases take seconds: once for all readers
                if self._rendered.get(words.lang, ("", ""))[0] != name:
                    from rag.web.measured import run_html

                    run = self.evaluation.service.saved(name)
                    self._rendered[words.lang] = name, run_html(run, words, self._report(name))
                return self._rendered[words.lang]
        except YinjuError as error:
            return "", _line(own.unreadable.format(why=error))
        except Exception as error:
            log.exception("a run cannot be shown")
            return "", _line(own.unreadable.format(why=type(error).__name__))


def progress_html(progress: Progress, words: Words, before: str = "") -> str:
    """Where the run is, with a bar; how it ended; "" where none was started."""
    own = words.evaluation
    texts = {
        "idle": "",
        "running": own.asking if progress.total else own.preparing,
        "stopping": own.stopping,
        "stopped": own.stopped,
        "failed": own.failed,
        "finished": own.finished,
    }
    text = texts[progress.state].format(
        set=progress.question_set,
        done=progress.done,
        total=progress.total,
        seconds=round(progress.seconds),
        why=progress.why,
    )
    if not text and not before:
        return ""
    bar, role = "", ' role="status"'
    if progress.busy:
        role = ""  # a screen reader need not say every second; the bar can be asked
        where = f' max="{progress.total}" value="{progress.done}"' if progress.total else ""
        bar = f'<progress title="{attribute(text)}"{where}></progress>'
    kind = " yj-bad" if progress.state == "failed" else ""
    return f'<div class="yj-progress{kind}"{role}>{escape(before + text)}{bar}</div>'


def _line(text: str) -> str:
    return f'<p class="yj-empty">{escape(text)}</p>'


async def _called(function: Callable[[], T]) -> T:
    """``function()`` in a thread."""
    return await asyncio.get_running_loop().run_in_executor(None, function)
