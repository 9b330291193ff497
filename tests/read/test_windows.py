"""The stretches of text that are read around the best sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.read.windows import CHARACTERS, SENTENCES, WINDOWS, Stretch, stretches
from rag.retrieve.candidates import candidates
from rag.retrieve.features import NAMES
from rag.retrieve.memory import MemoryCorpus
from rag.retrieve.scored import Scored
from rag.text.reading import reading
from tests.fakes.ranking import memory

BRIDGE = (
    "# 青江大桥\n\n青江大桥全长3.6公里。大桥有\n两座塔。\n\n"
    "## 设计\n\n设计师是林远山。他来自北岸。第三句在这里。\n"
)


def ranked(corpus: MemoryCorpus, *first: str) -> list[Scored]:
    """All sentences, those that read so first, the others as they stand."""
    found = candidates(corpus, corpus.hits())
    found.sort(key=lambda c: first.index(c.text) if c.text in first else len(first))
    nothing = np.zeros(len(NAMES), np.float32)
    return [Scored(c, -float(i), nothing, nothing) for i, c in enumerate(found)]


def keys(stretch: Stretch) -> list[tuple[str, int]]:
    return [(stretch.doc, stretch.first + i) for i in range(len(stretch.texts))]


def test_a_stretch_is_the_section_around_the_best_sentence_as_it_is_read() -> None:
    corpus = memory({"a.md": BRIDGE})
    first, second = stretches(ranked(corpus, "他来自北岸。"), corpus)
    assert first == Stretch("a.md", 4, ("设计师是林远山。", "他来自北岸。", "第三句在这里。"))
    assert second == Stretch("a.md", 1, ("青江大桥全长3.6公里。", "大桥有两座塔。"))


def test_no_heading_is_read_even_where_it_is_the_best() -> None:
    corpus = memory({"a.md": BRIDGE})
    found = stretches(ranked(corpus, "青江大桥", "设计"), corpus)
    texts = [text for stretch in found for text in stretch.texts]
    assert "青江大桥" not in texts and "设计" not in texts and len(texts) == 5


def test_a_sentence_that_an_earlier_stretch_holds_opens_none() -> None:
    corpus = memory({"a.md": BRIDGE})
    best = ranked(corpus, "设计师是林远山。", "第三句在这里。", "他来自北岸。")
    assert [s.first for s in stretches(best, corpus)] == [4, 1]


def test_a_stretch_takes_the_nearest_sentences_up_to_its_length() -> None:
    said = [f"第{i}句{'甲' * 65}。" for i in range(1, 10)]
    corpus = memory({"a.txt": "题目\n\n" + "".join(said) + "\n"})
    (first, *_) = stretches(ranked(corpus, said[4]), corpus)
    assert first.texts == tuple(said[3:6])
    assert sum(map(len, first.texts)) <= CHARACTERS


def test_a_sentence_longer_than_a_stretch_is_one_alone() -> None:
    long = "很" * (CHARACTERS + 50) + "长。"
    corpus = memory({"a.txt": f"题目\n\n前面一句话。{long}后面一句话。\n"})
    assert stretches(ranked(corpus, long), corpus)[0].texts == (long,)


def test_nothing_ranked_gives_no_stretch() -> None:
    assert stretches([], memory({"a.md": BRIDGE})) == []


def many(count: int) -> MemoryCorpus:
    return memory({f"d{i:02d}.txt": f"题目{i}\n\n第{i}篇的正文在这里。\n" for i in range(count)})


def test_no_more_stretches_than_are_asked_for_and_those_of_the_best() -> None:
    corpus = many(WINDOWS + 4)
    order = [s for s in ranked(corpus) if not s.candidate.sentence.heading]
    found = stretches(order, corpus)
    assert [s.doc for s in found] == [s.candidate.doc for s in order[:WINDOWS]]
    assert [s.doc for s in stretches(order, corpus, windows=2)] == ["d00.txt", "d01.txt"]


def test_only_the_best_sentences_open_stretches() -> None:
    corpus = many(6)
    order = [s for s in ranked(corpus) if not s.candidate.sentence.heading]
    found = stretches([order[0]] * SENTENCES + order[1:], corpus)
    assert [s.doc for s in found] == ["d00.txt"]


SENTENCE = st.text("甲乙丙丁", min_size=1, max_size=90).map(lambda text: text + "。")
PART = st.lists(SENTENCE, min_size=1, max_size=6).map("".join)


@settings(max_examples=40, deadline=None)
@given(st.lists(PART, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_whatever_the_text_stretches_stay_in_sections_and_hold_what_was_best(
    parts: Sequence[str], random: object
) -> None:
    text = "".join(f"## 第{i}节\n\n{part}\n\n" for i, part in enumerate(parts))
    corpus = memory({"a.md": text})
    order = ranked(corpus)
    random.shuffle(order)  # type: ignore[attr-defined]
    found = stretches(order, corpus)
    assert len(found) <= WINDOWS
    for stretch in found:
        last = stretch.first + len(stretch.texts) - 1
        held = corpus.sentences(stretch.doc, stretch.first, last)
        assert len({s.section for s in held}) == 1 and not any(s.heading for s in held)
        assert list(stretch.texts) == [reading(text[s.start : s.end]) for s in held]
        assert len(stretch.texts) == 1 or sum(map(len, stretch.texts)) <= CHARACTERS
    plain = [s for s in order if not s.candidate.sentence.heading]
    if len(found) < WINDOWS:
        read = {key for stretch in found for key in keys(stretch)}
        assert {(s.candidate.doc, s.candidate.index) for s in plain[:SENTENCES]} <= read
    best = (plain[0].candidate.doc, plain[0].candidate.index)
    assert best in keys(found[0])


@pytest.mark.parametrize("end", ["", "\n", "。"])
def test_a_document_that_breaks_off_is_read_to_its_end(end: str) -> None:
    corpus = memory({"a.txt": f"题目\n\n第一句话在这里。没有句号的话{end}"})
    (stretch,) = stretches(ranked(corpus, "第一句话在这里。"), corpus)
    assert "".join(stretch.texts) == f"第一句话在这里。没有句号的话{end.strip()}"
