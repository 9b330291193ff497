"""What decides whether an answer is given: the weights that have the last word, and the user's own
calibration of the index."""

from __future__ import annotations

import threading
from collections.abc import Callable

from rag.answer.engine import Weighed, nothing_known
from rag.config import Settings
from rag.errors import EmbedderError, IndexMismatch, YinjuError
from rag.read.load import load_stage
from rag.read.stage import Stage
from rag.recipe import recipe_of
from rag.retrieve.calibration import Calibration, conditions, misfit
from rag.retrieve.calibration_file import Kept
from rag.retrieve.evidence import Ranker
from rag.retrieve.weights import Weights
from rag.seams import Embedder


class Judge:
    """The reader of the settings, loaded when it is first asked for, and the calibration that is
    kept with the index; safe for many threads."""

    def __init__(
        self,
        settings: Settings,
        ranker: Ranker,
        embedder: Callable[[], Embedder],
        *,
        stage: Stage | None = None,
        calibrated: bool = True,
    ) -> None:
        """``embedder`` gives the embedder in use; ``calibrated``: whether a calibration is used at
        all."""
        self.settings = settings
        self.calibrated = calibrated
        self._ranker = ranker
        self._embedder = embedder
        self._stage = stage
        self._unread: EmbedderError | None = None
        self._own = Kept(settings.index)
        self._lock = threading.Lock()

    # ---- the second look at the best sentences -----------------------------------------------
    @property
    def stage(self) -> Stage | None:
        """The reader with its weights; None where it is off or does not load (:meth:`faults` says
        why): answers go on without it."""
        with self._lock:
            if self._stage is None and self._unread is None:
                try:
                    self._stage = load_stage(self.settings.reader, self._ranker.model)
                except EmbedderError as error:
                    self._unread = error
            return self._stage

    @property
    def weights(self) -> Weights:
        """Those that have the last word: over what is read where there is a reader."""
        weights = self.stage.weights if self.stage else self._ranker.weights
        assert weights is not None
        return weights

    # ---- the user's own calibration ----------------------------------------------------------
    def fitted_for(self) -> dict[str, str]:
        """All that moves a probability: what a calibration is fitted for."""
        return conditions(
            self.settings,
            ranker=self.weights.identity,
            embedder=self._embedder().identity,
            recipe=recipe_of(self.settings),
            reader=self.stage.reader.identity if self.stage else "",
        )

    def calibration(self) -> Calibration | None:
        """The one that is used; None where there is none or it does not fit what answers now.
        Raises IndexDamaged."""
        stored = self._stored()
        return None if stored is None or self._misfit(stored) else stored

    def calibration_fault(self) -> IndexMismatch | None:
        """Why the one that is there is not used. Raises IndexDamaged."""
        stored = self._stored()
        return None if stored is None else self._misfit(stored)

    def _misfit(self, stored: Calibration) -> IndexMismatch | None:
        return misfit(stored, self.fitted_for(), self.settings.false_refusals)

    def _stored(self) -> Calibration | None:
        return self._own.get() if self.calibrated else None

    # ---- the verdict -------------------------------------------------------------------------
    def refuses(self, weighed: Weighed, own: Calibration | None = None) -> bool:
        """Whether the evidence is too weak, at the false-refusal rate of the settings; ``weighed``
        holds the uncalibrated probability."""
        if nothing_known(weighed):
            return True
        if own is not None:
            return own.refuses(weighed.probability, self.settings.false_refusals)
        return weighed.probability < self.weights.threshold(self.settings.false_refusals)

    def faults(self) -> list[YinjuError]:
        """What is wrong but stops no answer. Raises IndexDamaged."""
        unread = self._unread if self.stage is None else None
        return [fault for fault in (unread, self.calibration_fault()) if fault]

    def calibrated_by(self) -> str:
        """What the line for people says of the calibration; "" where there is none."""
        if self._stored() is None:
            return ""
        own = self.calibration()
        return f"拒答已按 {own.set_name} 校准" if own else "拒答校准已失效，未用"
