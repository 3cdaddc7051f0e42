"""How likely an answer from the first hit is right: a logistic model over what the search says about itself."""

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path

from kit.knowledge import Signals

__all__ = ["ConfidenceModel", "shipped_confidence"]


@dataclass(frozen=True)
class ConfidenceModel:
    """A logistic model. `fitted_on` says on what, so that nobody takes it for more than it is."""

    intercept: float
    weights: dict[str, float]
    fitted_on: str

    def confidence(self, signals: Signals) -> float:
        """The estimated probability that the first hit's article answers the question."""
        values = asdict(signals)
        total = self.intercept + sum(weight * values[name] for name, weight in self.weights.items())
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


def shipped_confidence() -> ConfidenceModel:
    """The coefficients that come with the kit; `python -m tests.bench confidence` fits them again."""
    return ConfidenceModel(**json.loads(Path(__file__).with_name("confidence.json").read_text(encoding="utf-8")))
