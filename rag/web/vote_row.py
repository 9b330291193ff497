"""The row under the newest answer: 👍, 👎, and what was wrong. Gradio components and their events."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, get_args

import gradio as gr

from rag.evaluate.feedback import Reason, Verdict
from rag.web.escape import escape
from rag.web.feedback import (
    FILE_LIMIT,
    NOTE_LIMIT,
    FeedbackFull,
    FeedbackTooLong,
    append,
    line_of,
    rated,
    reasons,
)
from rag.web.language import I18N, words_of
from rag.web.strings import Words
from rag.web.talk import Talk

log = logging.getLogger(__name__)
REASONS: tuple[Reason, ...] = tuple(reason for reason in get_args(Reason) if reason)
Values = tuple[Any, ...]


class VoteRow:
    """Laid out where it is made, inside a Blocks. Only the newest answer can be rated.

    Every button has a text, so that a screen reader says what it does; the reasons follow 👎 in
    the order of the Tab key.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with gr.Row(elem_id="yj-vote", visible=False, equal_height=False) as self.row:
            gr.Markdown(I18N("yj_useful"), elem_id="yj-useful")
            self.up = gr.Button(I18N("yj_vote_up"), elem_id="yj-up", size="sm", scale=0)
            self.down = gr.Button(I18N("yj_vote_down"), elem_id="yj-down", size="sm", scale=0)
        with gr.Row(elem_id="yj-why-row", visible=False, equal_height=False) as self.why:
            self.note = gr.Textbox(
                elem_id="yj-vote-note",
                label=I18N("yj_vote_note_label"),
                placeholder=I18N("yj_vote_note"),
                show_label=False,
                container=False,
                lines=1,
                max_lines=1,
                max_length=NOTE_LIMIT,
                min_width=160,
            )
            gr.Markdown(I18N("yj_vote_why"), elem_id="yj-vote-why")
            self.reasons = {
                reason: gr.Button(
                    I18N(f"yj_reason_{number}"), elem_classes="yj-reason-button", size="sm", scale=0
                )
                for number, reason in enumerate(REASONS)
            }
        self.said = gr.Markdown("", elem_id="yj-said", latex_delimiters=[])

    @property
    def outputs(self) -> list[Any]:
        """What :meth:`hidden`, :meth:`offered` and :meth:`as_it_is` give values for, in order."""
        return [self.row, self.why, self.note, self.said]

    def listen(self, talk: gr.State) -> None:
        """Attach the events; ``talk`` holds the conversation."""
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        told = [self.why, self.said]
        self.up.click(self._keeper("up"), [talk, self.note], told, **quiet)
        self.down.click(self._asked_why, [talk], [*told, *self.reasons.values()], **quiet)
        for reason, button in self.reasons.items():
            button.click(self._keeper("down", reason), [talk, self.note], told, **quiet)

    def hidden(self) -> Values:
        """There is nothing to rate."""
        return gr.update(visible=False), gr.update(visible=False), "", ""

    def offered(self, talk: Talk) -> Values:
        """The buttons, where the newest answer can be rated."""
        return gr.update(visible=rated(talk) is not None), *self.hidden()[1:]

    def as_it_is(self) -> Values:
        """No change."""
        return (gr.skip(),) * len(self.outputs)

    async def _asked_why(self, talk: Talk, request: gr.Request) -> Values:
        """👎 was clicked: the reasons that fit this answer."""
        answer = rated(talk)
        fitting = reasons(answer) if answer is not None else ()
        gone = "" if fitting else _status(words_of(request).vote_gone)
        buttons = [gr.update(visible=reason in fitting) for reason in self.reasons]
        return gr.update(visible=bool(fitting)), gone, *buttons

    def _keeper(self, verdict: Verdict, reason: Reason = "") -> Callable[..., Awaitable[Values]]:
        """What a click does: write the line and say so, or say why not."""

        # A function of its own: Gradio finds no ``request`` among a partial's parameters.
        async def keep(talk: Talk, note: str, request: gr.Request) -> Values:
            words = words_of(request)
            problem = await asyncio.get_running_loop().run_in_executor(
                None, self._written, words, talk, verdict, reason, note
            )
            if problem:
                return gr.skip(), _status(problem, bad=True)
            told = words.voted_up if verdict == "up" else words.voted_down
            line = told.format(file=self.path.name, reason=words.reasons.get(reason, ""))
            return gr.update(visible=False), _status(line)

        return keep

    def _written(
        self, words: Words, talk: Talk, verdict: Verdict, reason: Reason, note: str
    ) -> str:
        """Why the line could not be kept, in one line; "" once it is on the disk."""
        name = self.path.name
        try:
            append(self.path, line_of(talk, verdict, reason, note))
        except ValueError:
            return words.vote_gone
        except FeedbackFull:
            return words.vote_full.format(file=name, limit=FILE_LIMIT >> 20)
        except FeedbackTooLong:
            return words.vote_long
        except OSError as error:
            log.warning("feedback was not kept: %s", error)
            return words.vote_failed.format(file=name, why=error.strerror or type(error).__name__)
        return ""


def _status(line: str, bad: bool = False) -> str:
    """A line that a screen reader says when it comes."""
    kind = " yj-bad" if bad else ""
    return f'<div class="yj-said{kind}" role="status">{escape(line)}</div>'
