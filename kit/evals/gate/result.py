"""What the gate says of one thing that it looks at."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

__all__ = ["GateResult"]


class GateResult(BaseModel):
    """One thing that the gate asks, and whether it was kept.

    Attributes:
        kind: `threshold` of a suite; `rule` that always holds; `regression` against the baseline.
        suite: the suite, or `all`.
        metric: its name; `errors` for cases that could not be run, `kept` for cases that
            were right.
        value: what was found, None where there is nothing to go by.
        n: cases that it rests on.
        threshold: what was asked.
        passed: whether it lets the run through.
        evidenced: whether any case could show it; what has no evidence is never called kept.
        reason: why, in words.
        cases: the cases that broke it, as far as it is about single ones.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["threshold", "rule", "regression"] = "threshold"
    suite: str
    metric: str
    value: float | None
    n: int
    threshold: str
    passed: bool
    evidenced: bool = True
    reason: str
    cases: tuple[str, ...] = ()
