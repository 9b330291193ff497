"""A model's context window: what an endpoint says of it, and a prompt that fits."""

from __future__ import annotations

import re

_N = r"(\d[\d,]*)"
_LIMIT = re.compile(
    rf"(?:maximum |available )?context (?:length|size|window)(?: of this model)?(?: is| of|:)? ?\(?{_N}"
    rf"|n_ctx[\"' ]*[:=] ?{_N}|tokens > {_N} maximum|maximum number of tokens allowed \(?{_N}"
    rf"|input length should be \[\d+, ?{_N}\]|(?:limit|maximum)(?: is| of)? {_N} tokens",
    re.IGNORECASE,
)
_REQUESTED = re.compile(
    rf"(?:requested|resulted in|contains(?: at least)?|has|is too long:|request \() ?(?:about )?{_N}(?: input)? tokens"
    rf"|{_N} tokens from the input|n_prompt_tokens[\"' ]*[:=] ?{_N}|token count \(?{_N}|{_N} tokens >",
    re.IGNORECASE,
)
_PARTS = re.compile(rf"{_N} in the messages, {_N} in the completion", re.IGNORECASE)
_ROOM = 0.85
"""Share of the window that the prompt may take: the rest is for the reply."""


def told(message: object) -> tuple[int, int]:
    """(tokens that a prompt may have, tokens that it had) in an endpoint's error; 0 where it does
    not say."""
    text = str(message or "")
    limit, had = _first(_LIMIT, text), _first(_REQUESTED, text)
    if limit and (parts := _PARTS.search(text)):
        had, reply = _number(parts[1]), _number(parts[2])
        limit = max(0, limit - reply)
    return limit, had


def smaller(used: int, whole: int, limit: int, had: int) -> int:
    """The evidence that a prompt may hold after one that was too long.

    ``used`` is what its evidence took and ``whole`` all of it, as
    :func:`rag.answer.numbered.size` counts; ``limit`` and ``had`` are tokens, 0 where not known:
    then it is half. Always less than ``used``.
    """
    half = used // 2
    if not limit:
        return half
    if had > limit:
        fits = whole * limit / had * _ROOM
    elif whole > limit:
        fits = limit * _ROOM
    else:
        return half
    return min(max(0, used - (whole - int(fits))), used - 1)


def _first(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.search(text)
    return _number(next(filter(None, found.groups()), "0")) if found else 0


def _number(digits: str) -> int:
    return int(digits.replace(",", "")[:12])
