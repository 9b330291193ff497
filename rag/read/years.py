"""去年 as the year that a text calls by its number: a reader that has never seen the two for one takes
5.4% of 「比上年增长5.4%」 for what was asked of last year."""

from __future__ import annotations

import re
from collections.abc import Collection

from rag.retrieve.question import YEAR

_LAST = re.compile("去年(?!同期)")


def asks_last_year(question: str) -> bool:
    """Whether the question speaks of last year as such."""
    return _LAST.search(question) is not None


def with_year(question: str, said: str, known: Collection[str]) -> str:
    """The question as it is asked of ``said``, a stretch of a document that speaks of the years
    ``known``. Unchanged where the stretch says 去年 itself, or prints no year of which the document
    knows the next: last year is the year before the one that the document speaks from."""
    if not asks_last_year(question) or "去年" in said:
        return question
    printed = set(YEAR.findall(said))
    last = [year for year in printed if str(int(year) + 1) in printed.union(known)]
    return _LAST.sub(f"{max(last)}年", question) if last else question
