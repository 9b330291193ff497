"""The page as Gradio Blocks: components, and which event leads to which function.

Importing this module imports Gradio (2 s); :mod:`rag.web.server` does so while the index opens.
"""

from __future__ import annotations

import os

# Before Gradio is imported: it reads these once, and then phones nobody.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("GRADIO_RUN_HISTORY", "False")

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any

import gradio as gr

from rag.config import Settings
from rag.web.asking import ask, refusal_of, tidy
from rag.web.escape import escape
from rag.web.panel import panel_html
from rag.web.render import question_html, turn_html
from rag.web.runs import Runs
from rag.web.seam import AnswerService
from rag.web.steps import Gate
from rag.web.strings import Words, pick, translations
from rag.web.talk import Talk

SEED_EXAMPLES = (
    "2025年北京数字经济增加值是多少？",
    "《2026年未来产业十大赛道》有哪些？",
    "本次智库论坛有哪三个特点？",
    "2025全球工程前沿提出了哪四大趋势？",
)
QUEUE_SIZE = 128
"""Events that Gradio holds; the gate turns questions away, with a clear line, long before."""

I18N = gr.I18n(**translations())
Frame = tuple[Any, ...]


def theme() -> gr.themes.Base:
    """Plain, with fonts that the reader's machine has: no font is fetched."""
    stack = ("Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei")
    plain = gr.themes.Base(
        font=[*stack, "system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]
    )
    return plain.set(  # for what page.css does not name, such as the login form
        button_primary_background_fill="#14566b",
        button_primary_background_fill_hover="#1b6a83",
        button_primary_background_fill_dark="#14566b",
        body_background_fill="#f6f5f1",
        body_background_fill_dark="#15181c",
    )


def build_app(
    service: AnswerService,
    settings: Settings,
    examples: Sequence[str] = (),
    gate: Gate | None = None,
) -> gr.Blocks:
    """The page over ``service``; ``examples`` are questions to click in an empty conversation.

    Everything that belongs to one user is in a ``gr.State``; the service is all that is shared.
    """
    page = _Page(service, settings, gate or Gate())
    blocks: gr.Blocks = gr.Blocks(title="引据 Yinju", fill_width=True, analytics_enabled=False)
    with blocks:
        head = gr.Markdown(page.head(pick(None)), elem_id="yj-head", latex_delimiters=[])
        talk = gr.State(Talk())
        with gr.Row(elem_id="yj-main", equal_height=False):
            with gr.Column(elem_id="yj-left", scale=3, min_width=320):
                chat = gr.Chatbot(
                    elem_id="yj-chat",
                    label=I18N("yj_chat_label"),
                    show_label=False,
                    container=False,
                    height=None,
                    buttons=[],
                    layout="panel",
                    allow_tags=False,
                    latex_delimiters=[],
                    feedback_options=None,
                    group_consecutive_messages=False,
                    placeholder=_welcome(pick(None)),
                    examples=[{"text": text} for text in examples] or None,
                )
                notice = gr.Markdown("", elem_id="yj-notice", latex_delimiters=[])
                with gr.Row(elem_id="yj-ask", equal_height=True):
                    box = gr.Textbox(
                        elem_id="yj-box",
                        placeholder=I18N("yj_placeholder"),
                        label=I18N("yj_box_label"),
                        show_label=False,
                        container=False,
                        lines=1,
                        max_lines=6,
                        autofocus=True,
                        scale=8,
                        min_width=120,
                    )
                    send = gr.Button(
                        I18N("yj_ask"), variant="primary", elem_id="yj-send", scale=1, min_width=76
                    )
                    stop = gr.Button(
                        I18N("yj_stop"), elem_id="yj-stop", visible=False, scale=1, min_width=76
                    )
                with gr.Row(elem_id="yj-more"):
                    retry = gr.Button(I18N("yj_retry"), elem_id="yj-retry", size="sm", scale=0)
                    clear = gr.Button(I18N("yj_clear"), elem_id="yj-clear", size="sm", scale=0)
            with gr.Column(elem_id="yj-right", scale=2, min_width=320):
                panel = gr.Markdown(
                    panel_html(Talk(), pick(None)), elem_id="yj-panel", latex_delimiters=[]
                )

        shown = [chat, panel, talk, box, notice, send, stop]
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        gr.on(
            [box.submit, send.click],
            page.ask,
            [box, talk],
            shown,
            api_name="chat",
            show_progress="hidden",
            concurrency_limit=page.gate.capacity + 8,
        )
        limit: dict[str, Any] = {"concurrency_limit": page.gate.capacity + 8}
        chat.example_select(page.ask_example, [talk], shown, **quiet, **limit)
        retry.click(page.again, [talk], shown, **quiet, **limit)
        stop.click(page.stop, None, None, **quiet)
        clear.click(page.cleared, None, shown, **quiet)
        blocks.load(page.opened, None, [head, panel, chat], **quiet)
        blocks.unload(page.left)
    blocks.queue(max_size=QUEUE_SIZE, default_concurrency_limit=page.gate.running)
    return blocks


class _Page:
    """What the events do. Of a user it knows only which answer is on its way, by session."""

    def __init__(self, service: AnswerService, settings: Settings, gate: Gate) -> None:
        self.service = service
        self.gate = gate
        self.runs = Runs()
        self.limit = settings.max_question
        self.model = settings.model

    def head(self, words: Words) -> str:
        """Title and status line."""
        try:
            status = self.service.status()
        except Exception:  # the page must open, if only to be asked later
            status = ""
        return (
            f'<div class="yj-head"><h1>{escape(words.title)}</h1>'
            f'<span class="yj-tagline">{escape(words.tagline)}</span>'
            f'<div class="yj-status">{escape(status)}</div></div>'
        )

    async def opened(self, request: gr.Request) -> tuple[Any, ...]:
        """A page was opened: its words in the browser's language, the status as of now."""
        words = _words(request)
        head = await asyncio.get_running_loop().run_in_executor(None, self.head, words)
        return head, panel_html(Talk(), words), gr.update(placeholder=_welcome(words))

    async def ask(
        self, message: str, talk: Talk, request: gr.Request
    ) -> AsyncGenerator[Frame, None]:
        """Answer ``message``; the box keeps a question that was not taken."""
        words, question = _words(request), tidy(message)
        if self.runs.busy(_session(request)):
            yield self._only_notice(words.wait)
            return
        problem = refusal_of(question, self.limit, words)
        if not problem and self.gate.full:
            problem = words.busy
        if problem:
            yield self._only_notice(problem)
            return
        first, current = True, talk
        with self.runs.begin(_session(request)) as run:
            steps = ask(self.service, self.gate, talk, question, words, run.stopped)
            async with aclosing(steps):
                async for current in steps:
                    if run.dropped:
                        return
                    yield self._frame(current, words, running=True, box="" if first else None)
                    first = False
        if not run.dropped:
            yield self._frame(current, words)

    async def ask_example(
        self, talk: Talk, request: gr.Request, event: gr.SelectData
    ) -> AsyncGenerator[Frame, None]:
        """Answer the example that was clicked."""
        async with aclosing(self.ask(str(event.value["text"]), talk, request)) as frames:
            async for frame in frames:
                yield frame

    async def again(self, talk: Talk, request: gr.Request) -> AsyncGenerator[Frame, None]:
        """Answer the last question anew."""
        if not talk.turns:
            yield self._frame(talk, _words(request))
            return
        question, before = talk.questions[-1], talk.without_last()
        async with aclosing(self.ask(question, before, request)) as frames:
            async for frame in frames:
                yield frame

    async def stop(self, request: gr.Request) -> None:
        """The user pressed Stop: the answer shows its own end."""
        self.runs.stop(_session(request))

    async def cleared(self, request: gr.Request) -> Frame:
        """An empty conversation; an answer on its way is dropped first."""
        await self.runs.drop(_session(request))
        return self._frame(Talk(), _words(request), box="")

    async def left(self, request: gr.Request) -> None:
        """The tab was closed: nobody waits for its answer."""
        await self.runs.drop(_session(request))

    def _only_notice(self, notice: str) -> Frame:
        """All as it is, but for the notice."""
        line = f"<div>{escape(notice)}</div>"
        return (*[gr.skip()] * 4, line, gr.skip(), gr.skip())

    def _frame(
        self,
        talk: Talk,
        words: Words,
        *,
        running: bool = False,
        box: str | None = None,
    ) -> Frame:
        """The values of all outputs, in the order of ``shown``."""
        messages: list[dict[str, str]] = []
        for turn in talk.turns:
            messages.append({"role": "user", "content": question_html(turn.question)})
            reply = turn_html(turn, words, self.model)
            messages.append({"role": "assistant", "content": reply})
        return (
            messages,
            panel_html(talk, words),
            talk,
            gr.skip() if box is None else box,
            "",
            gr.update(visible=not running),
            gr.update(visible=running),
        )


def _welcome(words: Words) -> str:
    return (
        f'<div class="yj-welcome"><h2>{escape(words.welcome)}</h2>'
        f"<p>{escape(words.welcome_more)}</p></div>"
    )


def _words(request: gr.Request) -> Words:
    headers = getattr(request, "headers", None)  # a request made outside HTTP has none
    return pick(headers.get("accept-language") if headers else None)


def _session(request: gr.Request) -> str:
    return request.session_hash or ""
