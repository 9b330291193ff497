"""Passages printed twice within a document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import blake2b

from rag.text.normalise import fold_text
from rag.text.reading import reading
from rag.types import Sentence

_CLAUSE_END = re.compile(r"[;。!?｡]+|\.{3,}")
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_SHORTEST = 10
_LONG = 30
_FRAGMENT = 4


def sentence_key(text: str) -> int:
    """63 bits that name a sentence: equal for two prints of it, whatever their breaks and marks.

    BLAKE2b over the folded reading text without punctuation at its edges.
    """
    folded = _bare(fold_text(reading(text)))
    digest = blake2b(folded.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def repeated(text: str, sentences: Sequence[Sentence]) -> list[bool]:
    """Which sentences are a second print of what the document has already said.

    A second print is a run of two or more repeated sentences of 10 characters, or one of 30.
    Sentences are compared by their clauses, because a reprint breaks its lines, and so its
    sentences, elsewhere; a fragment at either end of the run belongs to it where the first print
    has it as the end or the beginning of the clause at that place.
    """
    order: list[str] = []
    seen: dict[str, int] = {}
    clauses: list[list[str]] = []
    repeats: list[bool] = []
    for sentence in sentences:
        parts = _clauses(text[sentence.start : sentence.end])
        clauses.append(parts)
        repeats.append(bool(parts) and all(part in seen for part in parts))
        for part in parts:
            if part not in seen:
                seen[part] = len(order)
                order.append(part)
    result = [False] * len(sentences)
    index = 0
    while index < len(sentences):
        last = index
        while last < len(sentences) and repeats[last]:
            last += 1
        if last == index:
            index += 1
            continue
        lengths = [sum(map(len, clauses[position])) for position in range(index, last)]
        if sum(length >= _SHORTEST for length in lengths) >= 2 or max(lengths) >= _LONG:
            result[index:last] = [True] * (last - index)
            _take_fragments(clauses, order, seen, index, last, result)
        index = last
    return result


def _take_fragments(
    clauses: list[list[str]],
    order: list[str],
    seen: dict[str, int],
    first: int,
    last: int,
    result: list[bool],
) -> None:
    """Add the cut sentences right before and right after the run ``[first, last)``."""
    if first > 0 and len(clauses[first - 1]) == 1:
        place, fragment = seen[clauses[first][0]], clauses[first - 1][0]
        if place > 0 and len(fragment) >= _FRAGMENT and order[place - 1].endswith(fragment):
            result[first - 1] = True
    if last < len(clauses) and len(clauses[last]) == 1:
        place, fragment = seen[clauses[last - 1][-1]], clauses[last][0]
        if (
            place + 1 < len(order)
            and len(fragment) >= _FRAGMENT
            and order[place + 1] != fragment
            and order[place + 1].startswith(fragment)
        ):
            result[last] = True


def _clauses(text: str) -> list[str]:
    folded = fold_text(reading(text))
    return [bare for part in _CLAUSE_END.split(folded) if (bare := _bare(part))]


def _bare(folded: str) -> str:
    return _EDGES.sub("", folded)
