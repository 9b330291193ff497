"""What the trees see of a question's best sentences."""

from __future__ import annotations

import numpy as np
import pytest

from rag.read.stage import READ_NAMES
from rag.retrieve.answerable import LOOKED_AT, answer_features, names_of
from rag.retrieve.features import NAMES, READ, UNREAD
from tests.train.test_evidence import VIEW, scored


def test_places_of_sentences_that_are_not_there_say_that_nothing_was_read() -> None:
    found = scored(0, cov=0.5)
    read = np.append(found.features, [0.1, 0.2, 0.3, 0.4, 0.0]).astype(np.float32)
    one = type(found)(found.candidate, 0.0, read, found.matches)
    named = dict(
        zip(
            names_of(READ_NAMES), answer_features(VIEW, [one], (), READ_NAMES).tolist(), strict=True
        )
    )
    assert [named[f"{name}_1"] for name in READ] == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.0])
    for place in range(2, LOOKED_AT + 1):
        assert [named[f"{name}_{place}"] for name in READ] == list(UNREAD.values())
        assert {named[f"{name}_{place}"] for name in NAMES} == {0.0}
