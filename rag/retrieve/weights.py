"""The fitted models as data (``rag/models/evidence.json``, by ``rag train-ranker``): weights that rank
sentences, trees for the probability that the documents answer at all and for the order of passages."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.errors import EmbedderError
from rag.retrieve.answerable import answer_features, names_of
from rag.retrieve.features import NAMES
from rag.retrieve.passages import passage_names
from rag.retrieve.scored import Scored
from rag.retrieve.trees import Trees
from rag.retrieve.views import QuestionView

WEIGHTS = Path(__file__).parent.parent / "models" / "evidence.json"


@dataclass(frozen=True, slots=True)
class Weights:
    """The models, with what they were fitted for: a weight a feature ranks sentences, trees say
    whether they answer, others which passage does (None where none were fitted).

    ``identity`` is a digest of the file they were read from ("" where they come from none),
    ``fitted_on`` names the sets. ``level`` (factor, summand) brings the scores of a second look to
    where those of the first lie: how much an answer takes was set for these.
    """

    rank: npt.NDArray[np.float32]
    answer: Trees
    thresholds: Mapping[str, float]
    embedder: str
    features: tuple[str, ...] = NAMES
    identity: str = ""
    fitted_on: tuple[str, ...] = ()
    level: tuple[float, float] = (1.0, 0.0)
    passages: Trees | None = None

    @classmethod
    def read(cls, path: Path = WEIGHTS, features: tuple[str, ...] = NAMES) -> Weights:
        """Raises EmbedderError where the file does not fit these ``features`` of a sentence."""
        try:
            content = path.read_bytes()
            data: dict[str, Any] = json.loads(content)
        except (OSError, ValueError) as error:
            raise EmbedderError(
                f"the ranking weights {path.name} cannot be read ({error})",
                "install the package again, or run `rag train-ranker`",
            ) from None
        wanted, of_passages = names_of(features), passage_names(features)
        held = tuple(data.get("rank", ())), tuple(data.get("features", ()))
        passages = data.get("passages")
        if held != (features, wanted) or (
            passages is not None and tuple(data.get("passage_features", ())) != of_passages
        ):
            raise EmbedderError(
                f"{path.name} was fitted for other features", "run `rag train-ranker` again"
            )
        try:
            answer = Trees.of_json(data["answer"], len(wanted))
            order = Trees.of_json(passages, len(of_passages)) if passages is not None else None
            factor, summand = map(float, data.get("level", (1.0, 0.0)))
            if not (0 < factor < math.inf and math.isfinite(summand)):
                raise ValueError(f"its level is {factor}, {summand}")
        except (KeyError, TypeError, ValueError) as error:
            raise EmbedderError(
                f"{path.name} is damaged: {error}", "run `rag train-ranker` again"
            ) from None
        return cls(
            rank=np.asarray(list(data["rank"].values()), dtype=np.float32),
            answer=answer,
            thresholds=data["thresholds"],
            embedder=str(data["embedder"]),
            features=features,
            identity=hashlib.sha256(content).hexdigest()[:16],
            fitted_on=tuple(data.get("fitted_on", ())),
            level=(factor, summand),
            passages=order,
        )

    def probability(
        self, question: QuestionView, ranked: Sequence[Scored], unseen: Sequence[str] = ()
    ) -> float:
        """That the best candidates answer, in [0, 1]; 0 where there is none. ``unseen`` are the
        question's words that no document holds."""
        if not ranked:
            return 0.0
        row = answer_features(question, ranked, unseen, self.features)
        return 1 / (1 + math.exp(-self.answer.logit(row)))

    def threshold(self, false_refusals: float) -> float:
        """The probability under which to refuse so that at most this share is refused wrongly."""
        known = sorted((float(rate), value) for rate, value in self.thresholds.items())
        fitting = [value for rate, value in known if rate <= false_refusals + 1e-9]
        return fitting[-1] if fitting else known[0][1]
