"""Examples as padded tensors, as the network at run time sees them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from rag.read.builtin import BuiltinReader
from rag.read.inputs import QUESTION, SUMMARY, WINDOW, Tokens, features
from rag.read.network import Network, Output
from rag.train.reader.batches import LENGTH, batches, collate, hidden
from tests.read.tiny import STYLE, graph, tiny_network
from tests.train.reader.made import examples, table


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def test_a_batch_marks_answer_sentence_and_what_is_padding() -> None:
    kept = [e for e in examples(8) if len(e.question) == len(examples(1)[0].question)]
    batch = collate(kept, table())
    n = len(kept[0].question)
    size = 1 + n + max(len(e.window) for e in kept)
    assert batch.vectors.shape[:2] == batch.features.shape[:2] == (len(kept), size)
    assert batch.side.tolist() == [SUMMARY] + [QUESTION] * n + [WINDOW] * (size - 1 - n)
    for row, e in enumerate(kept):
        end = 1 + n + len(e.window)
        assert batch.present[row].tolist() == [True] * end + [False] * (size - end)
        ids = np.concatenate([e.question, e.window]).astype(int)
        assert np.array_equal(batch.vectors[row, 1:end], table().vectors[ids])
        assert np.array_equal(batch.context[row, 1:end], table().context[ids])
        marked = np.flatnonzero(batch.evidence[row].numpy()).tolist()
        if e.start < 0:
            assert batch.span[row].tolist() == [0, 0] and marked == []
        else:
            assert batch.span[row].tolist() == [1 + n + e.start, 1 + n + e.end]
            assert marked == list(range(1 + n + e.first, 2 + n + e.last))
        assert batch.answerable[row] == float(e.start >= 0)
        for given in (batch.vectors, batch.context):
            assert not given[row, 0].any() and not given[row, end:].any()


def test_a_batch_tells_each_row_s_style() -> None:
    kept = [replace(examples(1)[0], source=source) for source in (0, 4, 12, 20, 31, 70)]
    assert collate(kept, table()).style.tolist() == [0, 0, 1, 2, 3, 7]


def test_a_batch_is_read_in_training_as_its_windows_are_at_run_time() -> None:
    kept = [e for e in examples(12) if len(e.question) == len(examples(1)[0].question)]
    batch = collate(kept, table())
    batch.style.fill_(STYLE)
    with torch.inference_mode():
        spans, evidence, answers = tiny_network()(batch)
    at_run_time = Network(graph())
    for row, e in enumerate(kept):
        asked = table().tokens(e.question, e.question_shared, None)
        found = at_run_time(asked, table().tokens(e.window, e.window_shared, e.wanted))
        inside = slice(1 + len(e.question), 1 + len(e.question) + len(e.window))
        np.testing.assert_allclose(found.spans, spans[row, inside, inside], atol=5e-4)
        np.testing.assert_allclose(found.evidence, evidence[row, inside], atol=2e-4)
        assert found.none == pytest.approx(float(spans[row, 0, 0]), abs=5e-4)
        assert found.answers == pytest.approx(float(answers[row]), abs=2e-4)
    assert len({len(e.window) for e in kept}) > 1  # some rows are padded


def test_vectors_are_brought_to_one_length() -> None:
    rows = table().vectors
    assert np.sqrt((rows**2).sum(axis=1).mean()) == pytest.approx(LENGTH, rel=1e-4)
    assert table().idf.min() >= 0 and table().idf.max() == 1.0


def test_batches_hold_every_example_once_and_questions_of_one_length() -> None:
    kept = examples(20)
    groups = list(batches(kept, 4, rng()))
    assert sorted(id(e) for group in groups for e in group) == sorted(map(id, kept))
    assert all(len({len(e.question) for e in group}) == 1 for group in groups)
    assert max(map(len, groups)) <= 4
    again = list(batches(kept, 4, rng()))
    assert [[id(e) for e in g] for g in again] == [[id(e) for e in g] for g in groups]


def test_no_examples_make_no_batch() -> None:
    assert list(batches([], 4, rng())) == []


def test_training_and_run_time_see_the_same_tokens_with_the_same_features(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from rag.text.normalise import fold_text
    from rag.train.reader.examples import example
    from tests.read.tiny import SCALE, model, save_tiny_reader

    question, window = "青江大桥的总投资是多少？", ["青江大桥全长3.6公里。", "总投资４８.5億元。"]
    folder = save_tiny_reader(tmp_path_factory.mktemp("tiny") / "tiny")
    reader = BuiltinReader(model(), folder)
    seen = []
    network = reader._network

    def watched(question: Tokens, window: Tokens) -> Output:
        seen.append((question, window))
        return network(question, window)

    monkeypatch.setattr(reader, "_network", watched)
    reader.read(question, [window])
    ((asked, text),) = seen
    found = example(
        model().tokenizer, fold_text(question), fold_text("".join(window)), None, None, 0
    )
    assert found is not None
    batch = collate([found], table())
    n = len(found.question)
    assert asked.ids.tolist() == found.question.tolist()
    assert text.ids.tolist() == found.window.tolist()
    ratio = table().scale / SCALE
    np.testing.assert_allclose(batch.vectors[0, 1 + n :], text.vectors * ratio, atol=1e-4)
    # Shares are kept as bytes.
    np.testing.assert_allclose(batch.features[0, 1 : 1 + n], features(asked, text), atol=1 / 255)
    np.testing.assert_allclose(batch.features[0, 1 + n :], features(text, asked), atol=1 / 255)
    assert torch.equal(batch.features[0, 0], torch.zeros(6))


def test_hidden_tokens_keep_where_they_meet_the_other_side() -> None:
    torch.manual_seed(1)
    kept = [e for e in examples(8) if len(e.question) == len(examples(1)[0].question)] * 20
    batch = collate(kept, table())
    found = hidden(batch, 0.25)
    gone = (found.vectors == 0).all(dim=2) & batch.present & (batch.vectors != 0).any(dim=2)
    assert float(gone.sum() / batch.present.sum()) == pytest.approx(0.25, abs=0.03)
    assert bool((found.context[gone] == 0).all())
    there = batch.present & ~gone
    assert torch.equal(found.vectors[there], batch.vectors[there])
    assert torch.equal(found.context[there], batch.context[there])
    assert found.features is batch.features and found.span is batch.span


def test_where_nothing_is_to_be_hidden_the_batch_is_the_same() -> None:
    batch = collate(examples(1), table())
    assert hidden(batch, 0.0) is batch
