"""From whatever the ``openai`` client raises to one line of the error tree, never with the key."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from rag.chat.window import told
from rag.errors import ModelBroken, ModelError, ModelRefusedKey, ModelUnreachable
from rag.types import Usage

_OVERFLOW = re.compile(
    r"context[_ ](?:length|window|size)|maximum context|too many tokens|prompt is too long"
    r"|range of input length|input (?:is )?too long|exceeds? the (?:available )?context",
    re.IGNORECASE,
)
_SECRETS = re.compile(r"bearer\s+\S+|\b(?:sk|key|tok|gsk|hf|xai)[-_][\w*.-]{4,}", re.IGNORECASE)
_DETAIL = 160
_WINDOW = 8


class CutOff(ModelBroken):
    """The reply ended before the model had finished it; what came so far is genuine.

    ``usage`` is what it took, where that is known.
    """

    usage: Usage | None = None


class TooManyRequests(ModelUnreachable):
    """429: the endpoint is there, but has no room or no quota for this question."""


class ContextOverflow(ModelBroken):
    """The prompt is longer than the model's context: less evidence may succeed.

    ``limit`` tokens a prompt may have, ``had`` those that this one had; 0 where it was not said.
    """

    limit = 0
    had = 0


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where requests go and what must never be shown. ``repr`` masks the key."""

    base_url: str
    key: str

    def __repr__(self) -> str:
        return f"Endpoint({self.host})"

    @property
    def host(self) -> str:
        """Host and port alone: a base URL can carry a password or a token."""
        try:
            parts = urlsplit(self.base_url)
            port = f":{parts.port}" if parts.port else ""
            return f"{parts.hostname}{port}" if parts.hostname else "base_url"
        except ValueError:
            return "base_url"

    def detail(self, message: object) -> str:
        """What the endpoint said, as a short line; empty where it holds any part of the key."""
        line = " ".join(str(message or "").split())
        if self.key:
            line = line.replace(self.key, "***")
        line = _SECRETS.sub("***", line)
        windows = range(len(self.key) - _WINDOW + 1)
        if any(self.key[at : at + _WINDOW] in line for at in windows):
            return ""
        line = "".join(char for char in line if char.isprintable())
        if "<html" in line.lower() or "<!doctype" in line.lower():
            return ""
        return line if len(line) <= _DETAIL else line[: _DETAIL - 1] + "…"


def from_exception(error: Exception, endpoint: Endpoint, connected: bool) -> ModelError:
    """The typed error for anything raised before or during a stream.

    ``connected`` says whether the request had reached the endpoint: a time-out then is silence,
    not a missing server.
    """
    import openai

    where = endpoint.host
    if isinstance(error, ModelError):
        return error
    if isinstance(error, openai.APIStatusError):
        return _from_status(error.status_code, error.message, error.code, endpoint)
    if isinstance(error, openai.APITimeoutError):
        if connected:
            return ModelUnreachable(f"the model at {where} went silent", "try again later")
        return ModelUnreachable(f"no connection to {where} in time", "check base_url")
    if isinstance(error, openai.APIConnectionError):
        if connected:
            return ModelUnreachable(f"the connection to {where} was lost", "try again later")
        return ModelUnreachable(f"no connection to {where}", "check base_url, start the server")
    if isinstance(error, openai.APIError):
        return from_event(error.message, error.code, endpoint)
    if isinstance(error, UnicodeEncodeError):
        return ModelRefusedKey("the key has characters no key can have", "check api_key")
    # JSONDecodeError, UnicodeDecodeError, TypeError, IndexError … : the reply is not the protocol.
    return ModelBroken(f"the reply of {where} is not understood", "check base_url and model")


def from_event(message: object, code: object, endpoint: Endpoint) -> ModelError:
    """The typed error for an error object that came inside a reply with status 200."""
    status = int(str(code)) if re.fullmatch(r"[45]\d\d", str(code)) else 0
    if status:
        return _from_status(status, str(message), None, endpoint)
    if _OVERFLOW.search(f"{code} {message}"):
        return _overflow(message)
    if re.search(r"rate.?limit|too many requests", f"{code} {message}", re.I):
        return TooManyRequests(_said("the model is overloaded", message, endpoint), "try later")
    if re.search(r"overloaded|server_error|unavailable", f"{code} {message}", re.I):
        return ModelUnreachable(_said("the model is overloaded", message, endpoint), "try later")
    return ModelBroken(_said(f"{endpoint.host} reported an error", message, endpoint))


def _from_status(status: int, message: str, code: str | None, endpoint: Endpoint) -> ModelError:
    where = endpoint.host
    if status in (401, 403):
        # The body of a 401 can echo the key, whole or in part: it is never shown.
        return ModelRefusedKey(f"{where} refused the key ({status})", "check api_key")
    if status == 404:
        return ModelBroken(f"{where} has no such model or path (404)", "check model and base_url")
    if status == 429:
        do = "check the quota" if code == "insufficient_quota" else "try again later"
        return TooManyRequests(f"{where} has too many requests (429)", do)
    if status in (408, 409) or status >= 500:
        return ModelUnreachable(f"{where} is not available ({status})", "try again later")
    if status == 413 or _OVERFLOW.search(f"{code} {message}"):
        return _overflow(message)
    if status == 402:
        return ModelBroken(f"{where} asks for payment (402)", "check the account's balance")
    return ModelBroken(_said(f"{where} rejected the request ({status})", message, endpoint))


def _overflow(message: object) -> ContextOverflow:
    error = ContextOverflow("context of the model is too small for the prompt", "lower llm_context")
    error.limit, error.had = told(message)
    return error


def _said(what: str, message: object, endpoint: Endpoint) -> str:
    detail = endpoint.detail(message)
    return f"{what}: {detail}" if detail else what
