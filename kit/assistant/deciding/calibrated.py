"""What `kit calibrate` learned: the confidence fitted to the workspace's own cases, and the operating point."""

import json
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kit.assistant.deciding.confidence import ConfidenceModel
from kit.errors import KitError
from kit.files import write_whole

__all__ = ["Bound", "Calibrated", "OperatingPoint"]

Bound = Literal["learn-then-test", "risk-control"]
Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]
_AGAIN = "Calibrate again with `kit calibrate`, or delete the file to use the confidence that comes with the kit."


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OperatingPoint(_Value):
    """The confidence threshold and the risk bound that it carries.

    Attributes:
        threshold: answer from this confidence on; None where no threshold keeps the bound.
        bound: `learn-then-test`: with probability 1 - delta at most alpha of the answers are wrong; `risk-control`:
            of all questions at most alpha are answered wrong, on average over sets of cases like these.
        answered: how many of the `cases` it answers, and `wrong` how many of these are wrong, as seen.
        effective: how many independent answers these are worth, as cases on one article stand or fall together.
    """

    bound: Bound
    alpha: Share
    delta: Share
    threshold: Share | None
    cases: Count
    answered: Count = 0
    wrong: Count = 0
    effective: Annotated[float, Field(ge=0)] = 0.0


class Calibrated(_Value):
    """The file `evals/confidence.json`.

    Attributes:
        data: digest of the cases and of the articles that they were asked of.
        made_at: when, ISO 8601.
        embedder: the fingerprint of the model that the signals come from; `reranker` likewise.
        figures: how good the confidence is on cases that it was not fitted to, before and after.
    """

    version: Literal[1] = 1
    data: str
    made_at: str
    embedder: str
    reranker: str
    model: ConfidenceModel
    point: OperatingPoint
    figures: dict[str, dict[str, float | int | None]] = {}

    def save(self, path: Path) -> None:
        """Keep it as JSON."""
        write_whole(path, json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n")

    @classmethod
    def load(cls, path: Path, *, embedder: str, reranker: str) -> "Calibrated":
        """Read what `save` wrote, for a workspace with these models.

        Raises:
            KitError: the file is damaged, from another version, or was fitted with another embedder or reranker.
        """
        try:
            read = cls.model_validate_json(path.read_bytes())
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            problem = f"This is no calibration{f': `{where}`' if where else ''}: {first['msg']}."
            raise KitError(problem, path=path, remedy=_AGAIN) from error
        for what, was, now in (("embedder", read.embedder, embedder), ("reranker", read.reranker, reranker)):
            if was != now:
                problem = f"The confidence was calibrated with the {what} `{was}`, and `{now}` is in use."
                raise KitError(problem, path=path, remedy=_AGAIN)
        return read
