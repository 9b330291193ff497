"""What an answer says: containment of facts, exact match and F1. Pure, no model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from rag.evaluate.types import Question
from rag.text.normalise import fold_text
from rag.types import Answer

_PUNCTUATION = re.compile(
    r"(?<!\d)[.:](?!\d)|(?<=\d)[.:](?!\d)|(?<!\d)[.:](?=\d)|(?<!\d)\s|\s(?!\d)|[,;!?，。；！？、“”\"'‘’《》()（）\[\]【】「」『』·—…~-]"
)
_MARK = re.compile(r"\s*[\[［【]\d+[\]］】]")

# The official list, but for ……: two characters, where it looks at one at a time.
_CMRC_MARKS = str.maketrans("", "", "-:_*^/\\~`+=，。：？！“”；’《》·、「」（）－～『』")
_CMRC_SEGMENT = re.compile(r"[\u4e00-\u9fa5]|\d+(?:[.,]\d+)+|[^\W\u4e00-\u9fa5]+|…+|\S")


# ---- containment -----------------------------------------------------------------------------
@lru_cache(maxsize=4096)  # the same passages and quotes come back with every other question
def normalised(text: str) -> str:
    """Folded, without punctuation and white space; what parts two numbers stays."""
    return _PUNCTUATION.sub("", fold_text(text))


def says(said: str, fact: str) -> bool:
    """Whether a normalised answer says a fact; a number only whole: 13.6公里 does not say 3.6公里."""
    wanted = normalised(fact)
    before = r"(?<![\d.])" if wanted[:1].isdigit() else ""
    after = r"(?!\d|\.\d)" if wanted[-1:].isdigit() else ""
    return bool(wanted) and re.search(before + re.escape(wanted) + after, said) is not None


def says_again(said: str, rejected: str) -> bool:
    """Whether a normalised answer is or holds what was rejected, which may carry citation marks."""
    wrong = normalised(_MARK.sub("", rejected))
    return bool(wrong) and wrong in said


def body_of(answer: Answer) -> str:
    """The answer's sentences without citation marks."""
    return "".join(s.text for s in answer.sentences) or _MARK.sub("", answer.answer)


def longest_common_run(one: Sequence[str], other: Sequence[str]) -> int:
    """How many items the longest contiguous run of items that both hold has."""
    if isinstance(one, str) and isinstance(other, str):
        short, long = sorted((one, other), key=len)
    else:
        # One character per distinct item, so that the search is that of strings.
        codes: dict[str, str] = {}
        for item in (*one, *other):
            codes.setdefault(item, chr(len(codes)))
        short, long = sorted(("".join(codes[i] for i in items) for items in (one, other)), key=len)
    best = 0
    for start in range(len(short)):
        while start + best < len(short) and short[start : start + best + 1] in long:
            best += 1
    return best


# ---- CMRC 2018 -------------------------------------------------------------------------------
def cmrc_text(text: str) -> str:
    """Lower case, trimmed, without the punctuation that the CMRC 2018 evaluation strips."""
    return text.lower().strip().translate(_CMRC_MARKS)


def cmrc_segments(text: str) -> list[str]:
    """Chinese characters one by one, Latin words and numbers whole, after :func:`cmrc_text`.

    The mixed segmentation of Cui et al. 2019; words by a regular expression where the authors use
    the Treebank tokeniser, which differs in English contractions only.
    """
    return _CMRC_SEGMENT.findall(cmrc_text(text))


def exact(said: str, reference: str) -> float:
    """1 where both are the same and not empty after :func:`cmrc_text`, else 0."""
    wanted = cmrc_text(reference)
    return float(bool(wanted) and cmrc_text(said) == wanted)


def f1(said: str, reference: str) -> float:
    """F1 in [0, 1] over segments, by their longest common run (Cui et al. 2019); symmetric."""
    return _run_f1(cmrc_segments(said), cmrc_segments(reference))


def _run_f1(one: Sequence[str], other: Sequence[str]) -> float:
    total = len(one) + len(other)
    return 2 * longest_common_run(one, other) / total if total else 0.0


# ---- one case --------------------------------------------------------------------------------
def references_of(question: Question) -> tuple[str, ...]:
    """Whole reference answers: the set's own, or the forms of the only fact that is asked for."""
    if question.answers:
        return question.answers
    return question.must[0] if len(question.must) == 1 else ()


def text_scores(question: Question, answer: Answer) -> dict[str, float]:
    """said, key_facts, exact and f1 of an answerable case, length of an answer.

    A refusal says nothing: 0. What does not apply is absent: ``said`` where nothing is asked for
    or rejected, ``key_facts`` without ``must``, ``exact`` and ``f1`` without a reference; of several
    references the best counts. ``length`` is in characters, without citation marks.
    """
    body = body_of(answer)
    scores: dict[str, float] = {} if answer.refused else {"length": float(len(body))}
    if not question.answerable:
        return scores
    text = "" if answer.refused else normalised(body)
    facts = question.must or ((question.answers,) if question.answers else ())
    if facts or question.rejected:
        found = [_says_one(text, group) for group in facts]
        again = any(says_again(text, r) for r in question.rejected)
        scores["said"] = float(not answer.refused and all(found) and not again)
    if question.must:
        scores["key_facts"] = sum(_says_one(text, g) for g in question.must) / len(question.must)
    if references := references_of(question):
        shown = "" if answer.refused else body
        segments = cmrc_segments(shown)
        scores["exact"] = max(exact(shown, r) for r in references)
        scores["f1"] = max(_run_f1(segments, cmrc_segments(r)) for r in references)
    return scores


def _says_one(text: str, forms: Iterable[str]) -> bool:
    return any(says(text, form) for form in forms)
