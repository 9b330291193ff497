"""What a language model wrote: verified, cut off, fallen back; and what it took. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rag.evaluate.types import Record, Written
from rag.types import Answer, Usage


def written(answer: Answer, asks_model: bool) -> Written | None:
    """What the model came to, None where it was not asked: a run without one, or evidence so weak
    that the answer was refused before the call."""
    if answer.mode == "llm":
        verdicts = tuple(sentence.verdict for sentence in answer.sentences)
        return Written(answer.model, verdicts, answer.dropped, answer.cut_off)
    tried = not answer.refused or "extract" in answer.timings_ms
    return Written(fell_back=True) if asks_model and tried else None


def written_scores(of: Written, usage: Usage | None, right: bool) -> dict[str, float]:
    """right_model, supported, unsupported, dropped, cut_off, fallbacks and first_ms.

    Of a fallback ``fallbacks`` alone: nothing that it says is the model's. ``supported`` and
    ``unsupported`` are absent where the answer has no sentence, as a refusal has none; ``first_ms``
    where no time is known.
    """
    scores = {"fallbacks": float(of.fell_back)}
    if of.fell_back:
        return scores
    scores |= {
        "right_model": float(right),
        "dropped": float(of.dropped > 0),
        "cut_off": float(of.cut_off),
    }
    if of.verdicts:
        good = sum(verdict == "supported" for verdict in of.verdicts)
        scores |= {
            "supported": good / len(of.verdicts),
            "unsupported": float(good < len(of.verdicts)),
        }
    if usage is not None and usage.first_ms > 0:
        scores["first_ms"] = usage.first_ms
    return scores


def model_costs(records: Sequence[Record]) -> dict[str, float]:
    """What the model was asked and took, for a run's header; empty where none was asked."""
    asked = [record for record in records if record.written is not None]
    used = [record.usage for record in records if record.usage is not None]
    if not (asked or used):
        return {}
    costs = {
        "asked": float(len(asked)),
        "fallbacks": float(sum(record.fell_back for record in asked)),
        "prompt_tokens": float(sum(usage.prompt_tokens for usage in used)),
        "completion_tokens": float(sum(usage.completion_tokens for usage in used)),
        "cost": sum(usage.cost for usage in used),
    }
    first = [record.scores["first_ms"] for record in asked if "first_ms" in record.scores]
    if first:
        costs |= {
            "first_p50_ms": float(np.quantile(first, 0.5)),
            "first_p95_ms": float(np.quantile(first, 0.95)),
        }
    known = {"asked", "fallbacks"}  # a zero of these is a figure, of tokens it is ignorance
    return {name: value for name, value in costs.items() if value or name in known}


def models(records: Sequence[Record]) -> str:
    """The names of the models that answered, "" where none did."""
    names = (record.written.model for record in records if record.written is not None)
    return ", ".join(sorted({name for name in names if name}))
