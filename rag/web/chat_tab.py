"""The 问答 tab: the conversation, the box, the sources; and which event leads to which function."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any

import gradio as gr

from rag.config import Settings
from rag.web.asking import ask, refusal_of, tidy
from rag.web.escape import escape
from rag.web.language import I18N, words_of
from rag.web.panel import panel_html
from rag.web.render import question_html, turn_html
from rag.web.runs import Runs
from rag.web.seam import AnswerService
from rag.web.steps import Gate
from rag.web.strings import Words, pick
from rag.web.talk import Talk
from rag.web.vote_row import VoteRow

Frame = tuple[Any, ...]
"""Values of all outputs: chat, panel, talk, box, notice, send, stop, and the vote row's."""


class ChatTab:
    """Laid out where it is made, inside a Blocks. Of a user it knows only which answer is on its
    way, by session; the rest of a conversation is in a ``gr.State``."""

    def __init__(
        self, service: AnswerService, settings: Settings, gate: Gate, examples: Sequence[str]
    ) -> None:
        self.service = service
        self.gate = gate
        self.runs = Runs()
        self.limit = settings.max_question
        self.model = settings.model
        self.talk = gr.State(Talk())
        with gr.Row(elem_id="yj-main", equal_height=False):
            with gr.Column(elem_id="yj-left", scale=3, min_width=320):
                self.chat = _chatbot(examples)
                self.vote = VoteRow(settings.feedback)
                self.notice = gr.Markdown("", elem_id="yj-notice", latex_delimiters=[])
                with gr.Row(elem_id="yj-ask", equal_height=True):
                    self.box = _box()
                    self.send = gr.Button(
                        I18N("yj_ask"), variant="primary", elem_id="yj-send", scale=1, min_width=76
                    )
                    self.stop = gr.Button(
                        I18N("yj_stop"), elem_id="yj-stop", visible=False, scale=1, min_width=76
                    )
                with gr.Row(elem_id="yj-more"):
                    self.retry = gr.Button(I18N("yj_retry"), elem_id="yj-retry", size="sm", scale=0)
                    self.clear = gr.Button(I18N("yj_clear"), elem_id="yj-clear", size="sm", scale=0)
            with gr.Column(elem_id="yj-right", scale=2, min_width=320):
                self.panel = gr.Markdown(
                    panel_html(Talk(), pick(None)), elem_id="yj-panel", latex_delimiters=[]
                )

    def listen(self, blocks: gr.Blocks) -> None:
        """Attach the events."""
        shown = [self.chat, self.panel, self.talk, self.box, self.notice, self.send, self.stop]
        shown += self.vote.outputs
        limit: dict[str, Any] = {"concurrency_limit": self.gate.capacity + 8}
        gr.on(
            [self.box.submit, self.send.click],
            self.ask,
            [self.box, self.talk],
            shown,
            api_name="chat",
            show_progress="hidden",
            **limit,
        )
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        self.chat.example_select(self.ask_example, [self.talk], shown, **quiet, **limit)
        self.retry.click(self.again, [self.talk], shown, **quiet, **limit)
        self.stop.click(self.stopped, None, None, **quiet)
        self.clear.click(self.cleared, None, shown, **quiet)
        self.vote.listen(self.talk)
        blocks.unload(self.left)

    def opened(self, words: Words) -> Frame:
        """The values of panel and chat for a page just opened, in its language."""
        return panel_html(Talk(), words), gr.update(placeholder=_welcome(words))

    async def ask(
        self, message: str, talk: Talk, request: gr.Request
    ) -> AsyncGenerator[Frame, None]:
        """Answer ``message``; the box keeps a question that was not taken."""
        words, question = words_of(request), tidy(message)
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
                        break
                    vote = self.vote.hidden() if first else self.vote.as_it_is()
                    yield self._frame(current, words, vote, running=True, box="" if first else None)
                    first = False
        if run.dropped:
            # The queue sends a generator's last frame once more when it ends, which may be after the
            # cleared one: so the last frame is an empty conversation too.
            yield self._frame(Talk(), words, self.vote.hidden())
        else:
            yield self._frame(current, words, self.vote.offered(current))

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
            yield self._frame(talk, words_of(request), self.vote.hidden())
            return
        question, before = talk.questions[-1], talk.without_last()
        async with aclosing(self.ask(question, before, request)) as frames:
            async for frame in frames:
                yield frame

    async def stopped(self, request: gr.Request) -> None:
        """The user pressed Stop: the answer shows its own end."""
        self.runs.stop(_session(request))

    async def cleared(self, request: gr.Request) -> Frame:
        """An empty conversation; an answer on its way is dropped first."""
        await self.runs.drop(_session(request))
        return self._frame(Talk(), words_of(request), self.vote.hidden(), box="")

    async def left(self, request: gr.Request) -> None:
        """The page was closed: nobody waits for its answer."""
        await self.runs.drop(_session(request))

    def _only_notice(self, notice: str) -> Frame:
        """All as it is, but for the notice."""
        line = f"<div>{escape(notice)}</div>"
        return (*[gr.skip()] * 4, line, gr.skip(), gr.skip(), *self.vote.as_it_is())

    def _frame(
        self,
        talk: Talk,
        words: Words,
        vote: Frame,
        *,
        running: bool = False,
        box: str | None = None,
    ) -> Frame:
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
            *vote,
        )


def _chatbot(examples: Sequence[str]) -> gr.Chatbot:
    return gr.Chatbot(
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


def _box() -> gr.Textbox:
    return gr.Textbox(
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


def _welcome(words: Words) -> str:
    return (
        f'<div class="yj-welcome"><h2>{escape(words.welcome)}</h2>'
        f"<p>{escape(words.welcome_more)}</p></div>"
    )


def _session(request: gr.Request) -> str:
    return request.session_hash or ""
