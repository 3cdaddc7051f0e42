"""Whether the statistics of evals keep what they promise, by simulation; all seeded.

Coverage: how often a 95 % interval holds the truth, for independent and clustered cases, few and many; next to it what
taking clustered cases for independent ones would have given. Tests: how often they find a difference where there is
none. The gate: how often it fails on a system that did not change, in 1,000 simulated runs.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from kit.evals.comparing import Entry, RunSide, Try
from kit.evals.gate.regressions import regressions
from kit.evals.statistics import (
    Interval,
    Pairs,
    bootstrap_mean,
    bounded_mean,
    difference,
    effective_n,
    swap_test,
    wilson,
)
from tests.bench.exact import exact_tables

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Draw = Callable[[np.random.Generator, int], Floats]

__all__ = [
    "Design",
    "coverage_of_difference",
    "coverage_of_mean",
    "coverage_of_share",
    "false_alarms",
    "gates_failed",
    "run",
]


@dataclass(frozen=True)
class Design:
    """So many clusters of so many cases; `likeness` is the chance that a case shares its cluster's draw (the ICC)."""

    groups: int
    size: int = 1
    likeness: float = 0.0

    def __str__(self) -> str:
        return f"{self.groups * self.size:>4} cases, {self.groups:>3} clusters, ICC {self.likeness:.1f}"

    @property
    def clusters(self) -> "NDArray[np.int64]":
        return np.repeat(np.arange(self.groups), self.size)

    def draw(self, random: np.random.Generator, one: "Draw") -> "Floats":
        """A value a case."""
        shared = np.repeat(one(random, self.groups), self.size)
        own = one(random, self.groups * self.size)
        return np.where(random.random(len(own)) < np.sqrt(self.likeness), shared, own)


DESIGNS = (Design(20), Design(40), Design(320), Design(15, 4, 0.3), Design(40, 3, 0.5), Design(100, 3, 0.3))


def _rate(tries: int, once: Callable[[np.random.Generator], bool | None], seed: int = 0) -> float:
    """How often it is so, of the tries that say anything."""
    random = np.random.default_rng(seed)
    found = [one for one in (once(random) for _ in range(tries)) if one is not None]
    return float(np.mean(found))


def _holds(interval: Interval, truth: float) -> bool:
    low, high = interval
    return (low is None or low <= truth) and (high is None or truth <= high)


def coverage_of_share(design: Design, share: float | None, *, tries: int, naive: bool = False) -> float:
    """How often the interval of a share holds it; without a share of any between .5 and .95, each as likely."""
    ones, given = np.ones(design.groups * design.size), share

    def once(random: np.random.Generator) -> bool:
        share = float(random.uniform(0.5, 0.95)) if given is None else given
        values = design.draw(random, lambda r, n: (r.random(n) < share).astype(np.float64))
        n = len(values) if naive else effective_n(values, ones, design.clusters)
        return _holds(wilson(float(values.mean()), n), share)

    return _rate(tries, once)


def coverage_of_mean(design: Design, draw: "Draw", mean: float, *, tries: int, bounded: bool) -> float:
    """How often the interval of a mean holds it."""
    ones = np.ones(design.groups * design.size)

    def once(random: np.random.Generator) -> bool:
        values = design.draw(random, draw)
        how = bounded_mean if bounded else bootstrap_mean
        return _holds(how(values, ones, design.clusters), mean)

    return _rate(tries, once)


def changes(worse: float, better: float) -> "Draw":
    """Differences of scores of 0 and 1: so many cases got worse, so many better."""

    def draw(random: np.random.Generator, n: int) -> "Floats":
        return random.choice([-1.0, 0.0, 1.0], n, p=[worse, 1 - worse - better, better])

    return draw


def pairs_of(design: Design, found: "Floats", random: np.random.Generator) -> Pairs:
    """Scores before and after with these differences."""
    before = np.where(found > 0, 0.0, np.where(found < 0, 1.0, (random.random(len(found)) < 0.8).astype(np.float64)))
    return Pairs(before, before + found, np.ones(len(found)), design.clusters)


def coverage_of_difference(design: Design, draw: "Draw", truth: float, *, tries: int) -> float:
    """How often the interval of a difference holds it, where anything differs at all."""

    def once(random: np.random.Generator) -> bool | None:
        found = difference(pairs_of(design, design.draw(random, draw), random))
        return None if found.error is None else _holds(found.interval, truth)

    return _rate(tries, once)


def false_alarms(design: Design, draw: "Draw", *, tries: int) -> float:
    """How often the test finds a difference at 5 % where there is none."""
    return _rate(tries, lambda random: swap_test(pairs_of(design, design.draw(random, draw), random), seed=1) <= 0.05)


METRICS = (
    "deflection",
    "containment",
    "false_deflection",
    "needless_handoff",
    "correct_handoff",
    "outcome_accuracy",
    "must_contain",
    "article_first",
    "citation_recall",
    "citation_precision",
    "reference_similarity",
    "csat_index",
)


def noisy_run(design: Design, chances: "Floats", random: np.random.Generator, *, worse: float = 0.0) -> RunSide:
    """One run of a system in which a chat model takes part: each case comes out right with its own chance.

    The metrics hang together, as they do: on whether the case is right, whether it is answered, and some noise; three
    can be scored only where it is answered. `worse` is by how much the chances have fallen.
    """
    entries = {}
    for number, cluster in enumerate(design.clusters):
        right = bool(random.random() < chances[number] - worse)
        answered = bool(random.random() < 0.8)
        scores = {name: float(right if random.random() < 0.8 else random.random() < 0.7) for name in METRICS[:9]}
        scores |= {name: float(np.clip(0.5 * right + random.normal(0.4, 0.1), 0, 1)) for name in METRICS[9:]}
        scores["false_deflection"] = 1.0 - scores["false_deflection"]
        if not answered:
            scores = {k: v for k, v in scores.items() if k not in ("false_deflection", "must_contain", "article_first")}
        entry = Entry(
            suite="s",
            case=f"c{number}",
            digest="",
            cluster=str(cluster),
            weight=1.0,
            tries=(Try(right=right, scores=scores),),
        )
        entries[entry.key] = entry
    return RunSide(
        name="noisy",
        started=datetime(2026, 1, 1, tzinfo=UTC),
        day=None,
        complete=True,
        facts={"chat_model": "some:model"},
        suites=("s",),
        entries=entries,
    )


def gates_failed(design: Design, *, tries: int, worse: float = 0.0, seed: int = 0) -> float:
    """How often a run is held to be worse than the baseline, where its cases are by this much."""
    random, failed = np.random.default_rng(seed), 0
    for _ in range(tries):
        chances = random.beta(6, 2, design.groups).repeat(design.size)
        before, after = noisy_run(design, chances, random), noisy_run(design, chances, random, worse=worse)
        failed += any(not one.passed for one in regressions(before, after))
    return failed / tries


def _beta(random: np.random.Generator, n: int) -> "Floats":
    return random.beta(8, 2, n)


def _mostly_right(random: np.random.Generator, n: int) -> "Floats":
    return np.where(random.random(n) < 0.85, 1.0, random.random(n))


def _waits(random: np.random.Generator, n: int) -> "Floats":
    return random.exponential(1.0, n)


def _normal(random: np.random.Generator, n: int) -> "Floats":
    return random.normal(0.02, 0.2, n)


def _table(title: str, columns: dict[str, Callable[[Design], float]]) -> Iterator[str]:
    yield f"\n{title}\n  {'':<38}" + "".join(f"{name:>15}" for name in columns)
    for design in DESIGNS:
        yield f"  {design!s:<38}" + "".join(f"{column(design):>15.3f}" for column in columns.values())


def run(tries: int = 4000) -> None:
    """Print the tables."""
    tables = (
        _table(
            f"Statistics: coverage of 95 % intervals of shares, {tries} runs each",
            {
                ".5": lambda d: coverage_of_share(d, 0.5, tries=tries),
                ".8": lambda d: coverage_of_share(d, 0.8, tries=tries),
                ".9": lambda d: coverage_of_share(d, 0.9, tries=tries),
                "any .5 to .95": lambda d: coverage_of_share(d, None, tries=tries),
                ".8, naive": lambda d: coverage_of_share(d, 0.8, tries=tries, naive=True),
            },
        ),
        _table(
            f"Statistics: coverage of 95 % intervals of means, {tries} runs each",
            {
                "beta(8, 2)": lambda d: coverage_of_mean(d, _beta, 0.8, tries=tries, bounded=True),
                "mostly 1": lambda d: coverage_of_mean(d, _mostly_right, 0.925, tries=tries, bounded=True),
                "exponential": lambda d: coverage_of_mean(d, _waits, 1.0, tries=tries // 4, bounded=False),
            },
        ),
        _table(
            f"Statistics: coverage of 95 % intervals of paired differences, {tries} runs each",
            {
                "-.08 +.08": lambda d: coverage_of_difference(d, changes(0.08, 0.08), 0.0, tries=tries),
                "-.05 +.15": lambda d: coverage_of_difference(d, changes(0.05, 0.15), 0.1, tries=tries),
                "-.2 +.2": lambda d: coverage_of_difference(d, changes(0.2, 0.2), 0.0, tries=tries),
                "normal": lambda d: coverage_of_difference(d, _normal, 0.02, tries=tries),
            },
        ),
        _table(
            f"Statistics: how often the paired test finds at 5 % what is not there, {tries // 4} runs each",
            {
                "-.08 +.08": lambda d: false_alarms(d, changes(0.08, 0.08), tries=tries // 4),
                "-.2 +.2": lambda d: false_alarms(d, changes(0.2, 0.2), tries=tries // 4),
            },
        ),
    )
    for table in (exact_tables(), *tables):
        for line in table:
            print(line, flush=True)
    print("\nStatistics: how often the gate fails against a baseline, by how much the chance of each case has fallen")
    for design in (Design(60), Design(100, 3)):
        shares = {
            fall: gates_failed(design, tries=tries // 4 if not fall else 100, worse=fall) for fall in (0, 0.1, 0.2)
        }
        shown = "".join(f"   {fall:.1f}: {share:.3f}" for fall, share in shares.items())
        print(f"  {design!s:<38}{shown}   ({tries // 4} runs unchanged, 100 each changed)", flush=True)
