"""Wires what decides: the confidence and the operating point in force."""

from pathlib import Path
from typing import TYPE_CHECKING

from kit.settings import Settings
from kit.workspace.playing import Playing

if TYPE_CHECKING:
    from kit.assistant import Calibrated, ConfidenceModel

__all__ = ["Deciding"]


class Deciding(Playing):
    """A workspace that knows when to answer."""

    @property
    def confidence_file(self) -> Path:
        """What `kit calibrate` learned: a decision of the workspace, so it is kept with the evals."""
        return self.root / "evals" / "confidence.json"

    @property
    def calibrated(self) -> "Calibrated | None":
        """What `kit calibrate` learned; None where it was not used, and the kit's own coefficients are in force.

        Raises:
            KitError: the file is damaged, or was fitted with another embedder or reranker.
        """
        from kit.assistant import Calibrated

        if not self.confidence_file.is_file():
            return None
        return Calibrated.load(
            self.confidence_file, embedder=self.embedder.fingerprint, reranker=self.reranker_fingerprint
        )

    @property
    def confidence(self) -> "ConfidenceModel":
        """The confidence in force: the calibrated one, or else the one that comes with the kit."""
        from kit.assistant import shipped_confidence

        kept = self.calibrated
        return kept.model if kept else shipped_confidence()

    @property
    def settings_in_force(self) -> Settings:
        """The settings with the operating point: `answer_threshold` of kit.toml, else that of the calibration.

        Where the calibration could certify none, nothing is answered and nothing asked back.
        """
        kept, mine = self.calibrated, self.settings.assistant
        if kept is None or "answer_threshold" in mine.model_fields_set:
            return self.settings
        threshold = kept.point.threshold
        never = {"answer_threshold": 1.0, "clarify_threshold": 1.0}
        update = never if threshold is None else {"answer_threshold": threshold}
        return self.settings.model_copy(update={"assistant": mine.model_copy(update=update)})

    @property
    def reranker_fingerprint(self) -> str:
        """Which reranker puts the hits in order; `none` without one."""
        return str(getattr(self.retriever.reranker, "fingerprint", "none"))
