"""What is known of judges: `evals/judge.json`, by model, metric and the hash of the prompt."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kit.errors import KitError
from kit.evals.types import JudgedBy
from kit.files import write_whole

__all__ = ["JudgeAgreement", "JudgeBias", "load_standing", "read_agreements", "save_agreements"]


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class JudgeBias(_Value):
    """A mean difference over `n` pairs, with its 95 % interval where there is one."""

    n: int = 0
    value: float | None = None
    low: float | None = None
    high: float | None = None


class JudgeAgreement(_Value):
    """How far people agree with a judge on a metric.

    Attributes:
        model: the judge's name; `metric`: what it judged; `prompt`: the hash of what it was asked.
        data: the hash of the labels.
        n: how many of them it was held against; `failed`: where it gave no judgement.
        kappa: Cohen's kappa of judge and people, both cut at one half; with its interval.
        alpha: Krippendorff's alpha of judge and people, as intervals.
        people: Krippendorff's alpha of the people alone, where there are several: the most that can be hoped for.
        bias: the judge's score less that of people.
        position: its score with the passages in reverse less that in order.
        flips: the share of verdicts that this turns round.
        length: Spearman's correlation of the answer's length with what the judge says above people.
        own: its bias on answers that it wrote less that on those of others.
    """

    model: str
    metric: str
    prompt: str
    data: str
    n: int = Field(ge=1)
    failed: int = 0
    kappa: float | None = None
    kappa_low: float | None = None
    kappa_high: float | None = None
    alpha: float | None = None
    people: float | None = None
    bias: JudgeBias = JudgeBias()
    position: JudgeBias = JudgeBias()
    flips: float | None = None
    length: float | None = None
    own: JudgeBias = JudgeBias()

    @property
    def key(self) -> tuple[str, str, str]:
        """What there is one agreement of."""
        return self.model, self.metric, self.prompt

    @property
    def judged_by(self) -> JudgedBy:
        """What stands beside each of its scores."""
        return JudgedBy(
            model=self.model, prompt=self.prompt, n=self.n, kappa=self.kappa, alpha=self.alpha, bias=self.bias.value
        )


class _File(_Value):
    judges: tuple[JudgeAgreement, ...] = ()


def read_agreements(path: Path) -> tuple[JudgeAgreement, ...]:
    """The agreements in a file; none where there is no file.

    Raises:
        KitError: it is damaged.
    """
    if not path.is_file():
        return ()
    try:
        return _File.model_validate_json(path.read_bytes()).judges
    except ValidationError as error:
        remedy = "Delete it, and calibrate again: kit judge calibrate FILE --judge MODEL"
        raise KitError("This is not the calibration of judges.", path=path, remedy=remedy) from error


def save_agreements(path: Path, new: Iterable[JudgeAgreement]) -> None:
    """Add agreements to a file; each takes the place of the one with its key."""
    kept = {one.key: one for one in (*read_agreements(path), *new)}
    path.parent.mkdir(exist_ok=True)
    data = {"judges": [kept[key].model_dump(mode="json") for key in sorted(kept)]}
    write_whole(path, json.dumps(data, indent=1, ensure_ascii=False) + "\n")


def load_standing(path: Path, model: str) -> Mapping[tuple[str, str], JudgedBy]:
    """What is known of a judge, by metric and prompt.

    Raises:
        KitError: the file is damaged.
    """
    return {(one.metric, one.prompt): one.judged_by for one in read_agreements(path) if one.model == model}
