"""What a question is searched for as; apart from how a model is asked for it, which only answers by
a model need to load."""

from __future__ import annotations

from dataclasses import dataclass

from rag.errors import ModelError
from rag.types import Query, Usage


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The query; ``reason`` says why the rules had to do it, "" where they had not. ``error`` is
    the model's where it failed, ``usage`` what the call took."""

    query: Query
    reason: str = ""
    usage: Usage | None = None
    error: ModelError | None = None
