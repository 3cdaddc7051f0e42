"""How likely an answer from the first hit is right: a logistic model over what the search says about itself."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, field_validator

from kit.knowledge import Signals

__all__ = ["FEATURES", "ConfidenceModel", "shipped_confidence"]

FEATURES: Final[Mapping[str, int]] = MappingProxyType(
    {"agreement": 1, "lead": 1, "ambiguity": -1, "words": 1, "codes_missing": -1, "distance": 1}
)
"""The signals that the confidence rests on, each with 1 where a high value speaks for the first hit, and -1 where it
speaks against. No fit may turn a sign round: on few cases that would be chance."""

Finite = Annotated[float, Field(allow_inf_nan=False)]


class ConfidenceModel(BaseModel):
    """A logistic model. `fitted_on` says on what, so that nobody takes it for more than it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    intercept: Finite
    weights: dict[str, Finite]
    fitted_on: str

    @field_validator("weights")
    @classmethod
    def _known(cls, weights: dict[str, float]) -> dict[str, float]:
        for name, weight in weights.items():
            if name not in FEATURES:
                raise ValueError(f"there is no signal `{name}`")
            if weight * FEATURES[name] < 0:
                raise ValueError(f"`{name}` has the wrong sign")
        return weights

    def confidence(self, signals: Signals) -> float:
        """The estimated probability that the first hit's article answers the question."""
        total = self.intercept + sum(weight * getattr(signals, name) for name, weight in self.weights.items())
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


def shipped_confidence() -> ConfidenceModel:
    """The coefficients that come with the kit; `python -m tests.bench confidence` fits them again."""
    return ConfidenceModel(**json.loads(Path(__file__).with_name("confidence.json").read_text(encoding="utf-8")))
