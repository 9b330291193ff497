"""What users marked on the page as a question set: 👍 asks for the same again, 👎 for something else."""

from __future__ import annotations

from collections.abc import Mapping

from rag.errors import EvaluationError
from rag.evaluate.feedback import FeedbackLine, Reason, feedback_line
from rag.evaluate.sets import by_id, check_gold
from rag.evaluate.source import Source, checksum, reason
from rag.evaluate.types import Gold, Question, QuestionSet

KINDS: Mapping[Reason, str] = {
    "": "feedback_good",
    "引用不对": "feedback_wrong_citation",
    "该拒未拒": "feedback_should_refuse",
    "漏答": "feedback_incomplete",
    "答错": "feedback_wrong",
}


def read_feedback(source: Source, documents: Mapping[str, str] | None = None) -> QuestionSet:
    """A case for each question, from the last line about it.

    👍: the same citations and bold words again, or the same refusal. 该拒未拒: a refusal. The other
    reasons ask that it be answered, and neither with the same answer (漏答, 答错) nor with the same
    citations (引用不对). ``documents`` verifies quotes: one that no longer stands makes a 👍 an
    EvaluationError with file, line and reason; of what was rejected it is left out.
    """
    lines: dict[tuple[str, ...], tuple[int, FeedbackLine]] = {}
    for number, data in source.objects("line of feedback"):
        try:
            said = feedback_line(data)
        except (ValueError, KeyError, TypeError) as error:
            raise EvaluationError(
                f"{source.at(number)}: not a line of feedback ({reason(error)})",
                "mend or remove it",
            ) from None
        lines.pop(said.turns, None)
        lines[said.turns] = (number, said)
    questions = []
    for number, said in lines.values():
        question = _question(said, number, documents)
        if documents is not None:
            check_gold(question.gold, documents, source.at(number))
        questions.append(question)
    name = source.path.stem
    return QuestionSet(name, "feedback", checksum(source), tuple(by_id(questions, source)))


def _question(said: FeedbackLine, line: int, documents: Mapping[str, str] | None) -> Question:
    kind = KINDS[said.reason]
    if said.reason == "该拒未拒" or (said.verdict == "up" and said.refused):
        return Question(said.id, kind, said.turns, False, line=line)
    # No offset: a document may be edited elsewhere, and any place that prints the quote will do.
    cited = [Gold(c.doc, c.quote) for c in said.citations if c.quote.strip()]
    if said.verdict == "up":
        gold = tuple((place,) for place in dict.fromkeys(cited))
        must = tuple((key,) for key in dict.fromkeys(said.key) if key.strip())
        return Question(said.id, kind, said.turns, True, gold, must, line=line)
    rejected: tuple[str, ...] = ()
    rejected_gold: tuple[Gold, ...] = ()
    if said.reason == "引用不对":
        rejected_gold = tuple(
            place
            for place in dict.fromkeys(cited)
            if documents is None or place.quote in documents.get(place.doc, "")
        )
    elif not said.refused and said.answer.strip():
        rejected = (said.answer,)
    return Question(
        id=said.id,
        kind=kind,
        turns=said.turns,
        answerable=True,
        rejected=rejected,
        rejected_gold=rejected_gold,
        line=line,
    )
