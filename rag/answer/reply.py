"""What a chunk of a model's reply means: text, the end, or a typed fault."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from rag.answer.llm_faults import CutOff, Endpoint, from_event
from rag.errors import ModelBroken

MAX_REPLY = 20_000
"""Characters a reply may have: an endless one is cut off."""

_CUT = {"length": "the length limit", "insufficient_system_resource": "a lack of resources"}
_TOOLS = {"tool_calls", "function_call"}


class ReplyReader:
    """Reads one reply; ``put`` gets each piece of its text. ``emitted`` counts the characters."""

    def __init__(self, endpoint: Endpoint, put: Callable[[object], None]) -> None:
        self._endpoint = endpoint
        self._put = put
        self.emitted = 0

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
            yield self._whole(reply.response.read())
        else:
            yield from reply
        if self.emitted:
            raise CutOff("cut off: the stream ended without a finish reason", "try again")
        raise ModelBroken(f"the reply of {host} is empty or not understood", "check base_url")

    def take(self, chunk: Any) -> bool:
        """Passes a chunk's text on; whether the reply is complete with it."""
        if getattr(chunk, "object", "") == "error":
            message, code = getattr(chunk, "message", ""), getattr(chunk, "code", "")
            raise from_event(message, code, self._endpoint)
        choices = getattr(chunk, "choices", None)
        if not choices:
            return False  # the usage chunk
        choice = choices[0]
        message = getattr(choice, "delta", None) or getattr(choice, "message", None)
        # reasoning_content stays behind: thinking is no part of the answer.
        text = getattr(message, "content", None)
        if isinstance(text, str) and text:
            self.emitted += len(text)
            self._put(text)
        if getattr(message, "refusal", None):
            raise ModelBroken("the model declined to answer", "ask in other words")
        if self.emitted > MAX_REPLY:
            raise CutOff(f"cut off: the reply is over {MAX_REPLY} characters")
        return _finished(getattr(choice, "finish_reason", None))

    def _whole(self, body: bytes) -> Any:
        from openai.types.chat import ChatCompletion

        data = json.loads(body)
        if fault := data.get("error"):
            fields = fault if isinstance(fault, dict) else {"message": fault}
            raise from_event(fields.get("message"), fields.get("code"), self._endpoint)
        return ChatCompletion.construct(**data)


def _finished(reason: object) -> bool:
    """Whether a finish reason is given; raises for those that spoil the reply."""
    if reason == "content_filter":
        raise ModelBroken("the endpoint's content filter stopped the reply")
    if reason in _TOOLS:
        raise ModelBroken("the model called a tool in place of an answer", "try another model")
    if reason in _CUT:
        raise CutOff(f"cut off: the reply met {_CUT[str(reason)]}")
    return bool(reason)
