"""The 文稿核对 tab: a box for a draft, the verdicts, the sources. Gradio components and events."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import gradio as gr

from rag.web.asking import tidy
from rag.web.draft_view import DraftView, notice_html, progress_html
from rag.web.drafting import LIMIT, Draft, check, refusal_of_draft
from rag.web.escape import escape
from rag.web.language import I18N, words_of
from rag.web.runs import Runs
from rag.web.seam import AnswerService, DraftService
from rag.web.steps import Gate
from rag.web.strings import Words, pick

Values = tuple[Any, ...]


class DraftTab:
    """Laid out where it is made, inside a Blocks. Of a reader it knows only which check is under
    way, by session: the draft and what came of it are nowhere but on their page."""

    def __init__(self, drafts: DraftService, answers: AnswerService, gate: Gate) -> None:
        self.drafts = drafts
        self.answers = answers
        self.gate = gate
        self.runs = Runs()
        words = pick(None)
        with gr.Row(elem_id="yj-draft-main", equal_height=False):
            with gr.Column(elem_id="yj-draft-left", scale=3, min_width=320):
                self.box = gr.Textbox(
                    elem_id="yj-draft-box",
                    placeholder=_placeholder(words),
                    label=I18N("yj_draft_box_label"),
                    show_label=False,
                    container=False,
                    lines=6,
                    max_lines=14,
                    # Cut off far above the limit: so that a whole book still gets an answer.
                    max_length=3 * LIMIT,
                )
                with gr.Row(elem_id="yj-draft-ask"):
                    self.start = gr.Button(
                        I18N("yj_draft_check"), variant="primary", elem_id="yj-draft-go", scale=0
                    )
                    self.stop = gr.Button(
                        I18N("yj_draft_stop"), elem_id="yj-draft-stop", visible=False, scale=0
                    )
                    self.about = gr.Markdown(
                        _about(words), elem_id="yj-draft-about", latex_delimiters=[]
                    )
                self.progress = gr.Markdown("", elem_id="yj-draft-progress", latex_delimiters=[])
                self.result = gr.Markdown("", elem_id="yj-draft-result", latex_delimiters=[])
            with gr.Column(elem_id="yj-draft-right", scale=2, min_width=320):
                self.panel = gr.Markdown(
                    DraftView(words).panel(Draft()), elem_id="yj-draft-panel", latex_delimiters=[]
                )

    @property
    def worded(self) -> list[gr.components.Component]:
        """What :meth:`opened` gives values for."""
        return [self.box, self.about, self.panel]

    def listen(self, blocks: gr.Blocks) -> None:
        """Attach the events."""
        shown = [self.progress, self.result, self.panel, self.start, self.stop]
        self.start.click(
            self.check,
            [self.box],
            shown,
            api_name="draft",
            show_progress="hidden",
            concurrency_limit=self.gate.capacity + 8,
        )
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        self.stop.click(self.stopped, None, None, **quiet)
        blocks.unload(self.left)

    def opened(self, words: Words) -> Values:
        """The values of the box, the line beside it and the panel for a page just opened."""
        panel = DraftView(words).panel(Draft())
        return gr.update(placeholder=_placeholder(words)), _about(words), panel

    async def check(self, text: str, request: gr.Request) -> AsyncGenerator[Values, None]:
        """Check the draft; one that is not taken stays in the box and gets a line."""
        words, draft_text = words_of(request), tidy(text)
        problem = refusal_of_draft(draft_text, words)
        if self.runs.busy(_session(request)):
            problem = words.draft.wait
        elif not problem and self.gate.full:
            problem = words.draft.busy
        if problem:
            yield notice_html(problem), *[gr.skip()] * 4
            return
        view = DraftView(words)
        draft = Draft()
        with self.runs.begin(_session(request)) as run:
            steps = check(self.drafts, self.answers, self.gate, draft_text, run.stopped)
            async with aclosing(steps):
                async for draft in steps:
                    if run.dropped:
                        return
                    if draft.state in ("queued", "running"):
                        yield _frame(draft, view, words)
        # The last one when the run is over: who sees it may check the next draft at once.
        yield _frame(draft, view, words)

    async def stopped(self, request: gr.Request) -> None:
        """停止 was clicked: the check shows its own end."""
        self.runs.stop(_session(request))

    async def left(self, request: gr.Request) -> None:
        """The page was closed: nobody waits for the rest."""
        await self.runs.drop(_session(request))


def _frame(draft: Draft, view: DraftView, words: Words) -> Values:
    running = draft.state in ("queued", "running")
    return (
        progress_html(draft, words),
        view.result(draft),
        view.panel(draft),
        gr.update(visible=not running),
        gr.update(visible=running),
    )


def _placeholder(words: Words) -> str:
    return words.draft.placeholder.format(limit=f"{LIMIT:,}")


def _about(words: Words) -> str:
    return f"<div>{escape(words.draft.about)}</div>"


def _session(request: gr.Request) -> str:
    return request.session_hash or ""
