"""Examples as padded tensors, as the network at run time sees them."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from rag.read.builtin import BuiltinReader
from rag.read.inputs import QUESTION, SUMMARY, WINDOW, Tokens, features
from rag.read.network import Output
from rag.train.reader.batches import LENGTH, batches, collate
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
        marked = np.flatnonzero(batch.evidence[row].numpy()).tolist()
        if e.start < 0:
            assert batch.span[row].tolist() == [0, 0] and marked == []
        else:
            assert batch.span[row].tolist() == [1 + n + e.start, 1 + n + e.end]
            assert marked == list(range(1 + n + e.first, 2 + n + e.last))
        assert batch.answerable[row] == float(e.start >= 0)
        assert not batch.vectors[row, 0].any() and not batch.vectors[row, end:].any()


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
