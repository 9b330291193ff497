"""Questions with relevant and irrelevant passages of their own, one JSON object a line.

{query | question, answer, positive: […], negative: […], id?, kind?}: the form of RGB (Chen et al.
2023, arXiv:2309.01431), whose noise protocol this follows: each question is asked of a few passages
of which a given share is irrelevant.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from rag.errors import EvaluationError
from rag.evaluate.sets import by_id, texts
from rag.evaluate.source import Source, checksum, reason
from rag.evaluate.types import Gold, Question, QuestionSet
from rag.text import fold_text, split_sentences

COUNT = 5
NOISE = 0.8


def read_passages(source: Source, *, count: int = COUNT, noise: float = NOISE) -> QuestionSet:
    """The questions, each with at most ``count`` passages, the share ``noise`` of them irrelevant.

    Where one sort runs short the other fills up. With ``noise`` 1.0, or without a positive passage,
    nothing relevant is shown and the question is not answerable; below 1.0 at least one is. Which
    passages and in which order follows from the id alone. Raises EvaluationError with file, line
    and reason.
    """
    if count < 1 or not 0 <= noise <= 1:
        raise EvaluationError(
            f"{count} passages of which {noise:.0%} are irrelevant cannot be made",
            "ask for 1 or more, and a share from 0 to 1",
        )
    questions = []
    for number, data in source.objects("case"):
        try:
            questions.append(_question(data, number, source.path.stem, count, noise))
        except (ValueError, KeyError, TypeError) as error:
            raise EvaluationError(f"{source.at(number)}: not a case ({reason(error)})") from None
    usual = (count, noise) == (COUNT, NOISE)
    name = source.path.stem if usual else f"{source.path.stem} ({count} × {noise:g})"
    return QuestionSet(name, "passages", checksum(source), tuple(by_id(questions, source)))


def _question(data: Mapping[str, Any], line: int, kind: str, count: int, noise: float) -> Question:
    id = str(data.get("id", line))
    asked = data["query"] if "query" in data else data["question"]
    (turn,) = texts([asked], "question")
    must = answer_groups(data["answer"])
    shown, relevant = chosen(_flat(data["positive"]), _flat(data["negative"]), id, count, noise)
    if not shown:
        raise ValueError("no passage")
    if not relevant:
        return Question(
            id, str(data.get("kind", kind)), (turn,), False, passages=tuple(shown), line=line
        )
    gold = dict.fromkeys(_gold(shown, relevant, group) for group in must)
    return Question(
        id=id,
        kind=str(data.get("kind", kind)),
        turns=(turn,),
        answerable=True,
        gold=tuple(gold),
        must=must,
        answers=must[0] if len(must) == 1 else (),
        passages=tuple(shown),
        line=line,
    )


def answer_groups(answer: Any) -> tuple[tuple[str, ...], ...]:
    """What must be said: a text, a list of alternatives, or a list of lists, each of which needs
    one of its members. Raises ValueError."""
    if isinstance(answer, str):
        answer = [answer]
    if isinstance(answer, list) and any(isinstance(group, list) for group in answer):
        groups = [group if isinstance(group, list) else [group] for group in answer]
        return tuple(texts(group, "answer") for group in groups)
    return (texts(answer, "answer"),)


def chosen(
    positive: Sequence[str], negative: Sequence[str], id: str, count: int, noise: float
) -> tuple[list[str], list[int]]:
    """The passages to show, shuffled by the id, and the places of the relevant ones among them."""
    wanted = round(count * (1 - noise))
    if positive and noise < 1:
        wanted = max(1, wanted)
        wanted = min(len(positive), max(wanted, count - len(negative)))
    else:
        wanted = 0
    picked = [(text, True) for text in positive[:wanted]]
    picked += [(text, False) for text in negative[: count - wanted]]
    random.Random(id).shuffle(picked)
    return [text for text, _ in picked], [i for i, (_, good) in enumerate(picked) if good]


def _gold(
    shown: Sequence[str], relevant: Sequence[int], answers: Sequence[str]
) -> tuple[Gold, ...]:
    """Places any one of which proves the answer: sentences that print it, else whole passages."""
    folded = [fold_text(answer) for answer in answers]
    printed = []
    for number in relevant:
        text = shown[number]
        for sentence in split_sentences(text):
            quote = text[sentence.start : sentence.end]
            if any(answer in fold_text(quote) for answer in folded):
                printed.append(Gold(f"passage#{number}", quote, sentence.start))
    return tuple(printed) or tuple(Gold(f"passage#{n}", shown[n]) for n in relevant)


def _flat(value: Any) -> list[str]:
    """Passages; RGB groups those of a question with several parts in lists. Raises ValueError."""
    if not isinstance(value, list):
        raise ValueError("the passages are not a list")
    if value and all(isinstance(group, list) for group in value):
        width = max(len(group) for group in value)
        value = [group[i] for i in range(width) for group in value if i < len(group)]
    return list(texts(value, "passages")) if value else []
