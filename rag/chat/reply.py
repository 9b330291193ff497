"""What a chunk of a model's reply means: text, the end, or a typed fault."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from rag.chat.connection import body_of
from rag.chat.faults import CutOff, Endpoint, from_event
from rag.errors import ModelBroken

MAX_REPLY = 20_000
"""Characters a reply may have: an endless one is cut off."""
MAX_BODY = 4_000_000
"""Bytes of a reply that comes as a whole."""

_CUT = {"length": "the length limit", "insufficient_system_resource": "a lack of resources"}
_THOUGHT = ("reasoning_content", "reasoning")
_TOOLS = {"tool_calls", "function_call"}


class ReplyReader:
    """Reads one reply; ``put`` gets each piece of its text. ``emitted`` counts the characters.

    ``heard``: the model wrote or thought something; ``finished``: a finish reason came; ``cut``: it
    was one that cuts the reply off.
    """

    def __init__(self, endpoint: Endpoint, put: Callable[[object], None]) -> None:
        self._endpoint = endpoint
        self._put = put
        self.emitted = 0
        self.heard = False
        self.finished = False
        self.cut: CutOff | None = None

    def chunks(self, reply: Any) -> Iterator[Any]:
        """The chunks of an ``openai`` stream; a server that does not stream gives one.

        Raises ModelBroken for a web page, CutOff or ModelBroken where the stream ends before
        :meth:`take` has seen a finish reason.
        """
        host = self._endpoint.host
        kind = reply.response.headers.get("content-type", "").lower()
        if "html" in kind:
            raise ModelBroken(f"{host} answered with a web page", "check base_url")
        if "application/json" in kind:
            yield self._whole(body_of(reply.response, MAX_BODY))
        else:
            yield from reply
        if self.finished:
            return
        if self.emitted:
            raise CutOff("cut off: the stream ended without a finish reason", "try again")
        raise ModelBroken(f"the reply of {host} is empty or not understood", "check base_url")

    def take(self, chunk: Any) -> None:
        """Passes a chunk's text on; raises for a fault that it holds."""
        if getattr(chunk, "object", "") == "error":
            message, code = getattr(chunk, "message", ""), getattr(chunk, "code", "")
            raise from_event(message, code, self._endpoint)
        choices = getattr(chunk, "choices", None)
        if not choices or self.finished:
            return  # the usage chunk
        choice = choices[0]
        message = getattr(choice, "delta", None) or getattr(choice, "message", None)
        text = getattr(message, "content", None)
        # Thinking stays behind, it is no part of the answer; but it is a sign of life.
        thought = any(getattr(message, name, None) for name in _THOUGHT)
        self.heard = self.heard or bool(text) or thought
        if isinstance(text, str) and text:
            self.emitted += len(text)
            self._put(text)
        if getattr(message, "refusal", None):
            raise ModelBroken("the model declined to answer", "ask in other words")
        if self.emitted > MAX_REPLY:
            raise CutOff(f"cut off: the reply is over {MAX_REPLY} characters")
        self._finish(getattr(choice, "finish_reason", None))

    def _finish(self, reason: object) -> None:
        """Notes a finish reason if there is one; raises for those that spoil the reply."""
        if reason == "content_filter":
            raise ModelBroken("the endpoint's content filter stopped the reply")
        if reason in _TOOLS:
            raise ModelBroken("the model called a tool in place of an answer", "try another model")
        if isinstance(reason, str) and reason in _CUT:
            # Not raised at once: what the reply took comes after it.
            self.cut = CutOff(f"cut off: the reply met {_CUT[reason]}")
        if reason:
            self.heard = self.finished = True

    def _whole(self, body: bytes) -> Any:
        from openai.types.chat import ChatCompletion

        data = json.loads(body)
        if fault := data.get("error"):
            fields = fault if isinstance(fault, dict) else {"message": fault}
            raise from_event(fields.get("message"), fields.get("code"), self._endpoint)
        return ChatCompletion.construct(**data)
