"""Last year, asked of a text that calls it by its number."""

from __future__ import annotations

import pytest

from rag.read.years import asks_last_year, with_year

SAID = "2025年,全市生产总值52073.4亿元,比上年增长5.4%。"


@pytest.mark.parametrize(
    ("question", "said", "known", "expected"),
    [
        ("去年GDP是多少", SAID, {"2026"}, "2025年GDP是多少"),
        ("GDP去年是多少", SAID, {"2024", "2026"}, "GDP2025年是多少"),
        ("去年GDP是多少", "2024年4万亿元,2025年5万亿元。", set(), "2024年GDP是多少"),
        ("去年GDP是多少", "2024年4万亿元,2025年5万亿元。", {"2026"}, "2025年GDP是多少"),
        ("去年底有多少家", "2025年底有332家。", {"2026"}, "2025年底有多少家"),
    ],
)
def test_last_year_is_the_one_before_a_year_that_the_document_speaks_of(
    question: str, said: str, known: set[str], expected: str
) -> None:
    assert asks_last_year(question)
    assert with_year(question, said, known) == expected


@pytest.mark.parametrize(
    ("question", "said", "known"),
    [
        ("GDP是多少", SAID, {"2026"}),
        ("今年GDP是多少", SAID, {"2026"}),
        ("与去年同期相比增长多少", SAID, {"2026"}),
        ("去年GDP是多少", SAID, {"2025", "2027"}),  # nothing says that 2025 is past
        ("去年GDP是多少", "去年,全市生产总值5.2万亿元,2024年5万亿元。", {"2025"}),
        ("去年GDP是多少", "生产总值5.2万亿元。", {"2025", "2026"}),
    ],
)
def test_else_the_question_is_asked_as_it_was(question: str, said: str, known: set[str]) -> None:
    assert with_year(question, said, known) == question
