"""The page as Gradio Blocks: its head, its tabs, its theme.

Importing this module imports Gradio (2 s); :mod:`rag.web.server` does so while the index opens.
"""

from __future__ import annotations

import os

# Before Gradio is imported: it reads these once, and then phones nobody.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("GRADIO_RUN_HISTORY", "False")

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from rag.config import Settings
from rag.web.chat_tab import ChatTab
from rag.web.draft_tab import DraftTab
from rag.web.escape import escape
from rag.web.evaluation import Evaluation
from rag.web.evaluation_tab import EvaluationTab
from rag.web.language import I18N, words_of
from rag.web.seam import AnswerService, Services
from rag.web.steps import Gate
from rag.web.strings import Words, pick

SEED_EXAMPLES = (
    "2025年北京数字经济增加值是多少？",
    "《2026年未来产业十大赛道》有哪些？",
    "本次智库论坛有哪三个特点？",
    "2025全球工程前沿提出了哪四大趋势？",
)
QUEUE_SIZE = 128
"""Events that Gradio holds; the gate turns questions away, with a clear line, long before."""


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
    services: Services,
    settings: Settings,
    examples: Sequence[str] = (),
    gate: Gate | None = None,
    report: Callable[[str], str] = lambda name: "",
) -> gr.Blocks:
    """The page over ``services``; ``examples`` are questions to click in an empty conversation,
    ``report`` gives the address of a run's report.

    Everything that belongs to one user is in a ``gr.State``; the services are all that is shared.
    """
    gate = gate or Gate()
    blocks: gr.Blocks = gr.Blocks(title="引据 Yinju", fill_width=True, analytics_enabled=False)
    with blocks:
        head = gr.Markdown(
            _head(services.answers, pick(None)), elem_id="yj-head", latex_delimiters=[]
        )
        with gr.Tabs(elem_id="yj-tabs"):
            with gr.Tab(I18N("yj_chat_tab"), id="chat", elem_id="yj-tab-chat"):
                chat = ChatTab(services.answers, settings, gate, examples)
            drafts: DraftTab | None = None
            if services.drafts is not None:
                with gr.Tab(I18N("yj_draft_tab"), id="draft", elem_id="yj-tab-draft"):
                    drafts = DraftTab(services.drafts, services.answers, gate)
            if services.evaluation is not None:
                evaluation = Evaluation(services.evaluation, lambda: gate.inside > 0)
                with gr.Tab(I18N("yj_evaluation_tab"), id="eval", elem_id="yj-tab-eval") as tab:
                    EvaluationTab(evaluation, report).listen(tab)

        async def opened(request: gr.Request) -> tuple[Any, ...]:
            """A page was opened: its words in the browser's language, the status as of now."""
            words = words_of(request)
            loop = asyncio.get_running_loop()
            line = await loop.run_in_executor(None, _head, services.answers, words, "yj-live")
            return line, *chat.opened(words), *(drafts.opened(words) if drafts else ())

        chat.listen(blocks)
        if drafts is not None:
            drafts.listen(blocks)
        blocks.load(
            opened,
            None,
            [head, chat.panel, chat.chat, *(drafts.worded if drafts else ())],
            show_progress="hidden",
            api_visibility="private",
        )
    blocks.queue(max_size=QUEUE_SIZE, default_concurrency_limit=gate.running)
    return blocks


def _head(service: AnswerService, words: Words, live: str = "") -> str:
    """Title and status line. ``live`` is a class for the page that the server has answered once:
    Gradio's front end asks for that when every component listens."""
    try:
        status = service.status()
    except Exception:  # the page must open, if only to be asked later
        status = ""
    return (
        f'<div class="yj-head {live}"><h1>{escape(words.title)}</h1>'
        f'<span class="yj-tagline">{escape(words.tagline)}</span>'
        f'<div class="yj-status">{escape(status)}</div></div>'
    )
