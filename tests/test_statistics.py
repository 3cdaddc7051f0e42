"""Intervals: against scipy where it has them, and by simulation where cases are clustered."""

import numpy as np
import pytest
from scipy import stats

from kit.evals.statistics import bootstrap_mean, effective_n, quantile, wilson


@pytest.mark.parametrize(("successes", "n"), [(0, 5), (3, 10), (10, 10), (77, 120), (1, 1), (499, 1000)])
def test_wilson_is_scipys(successes: int, n: int) -> None:
    expected = stats.binomtest(successes, n).proportion_ci(0.95, method="wilson")
    assert wilson(successes / n, n) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_bootstrap_is_scipys() -> None:
    random = np.random.default_rng(5)
    clusters = np.repeat(np.arange(30), 4)
    values = random.normal(0.6, 0.1, 120) + np.repeat(random.normal(0, 0.2, 30), 4)
    weights = random.uniform(0.5, 2, 120)
    sums, sizes = np.bincount(clusters, values * weights), np.bincount(clusters, weights)
    expected = stats.bootstrap(
        (sums, sizes),
        lambda top, bottom, axis: top.sum(axis) / bottom.sum(axis),
        paired=True,
        method="BCa",
        n_resamples=20_000,
        rng=1,
    ).confidence_interval
    assert bootstrap_mean(values, weights, clusters) == pytest.approx((expected.low, expected.high), abs=0.012)


def test_bootstrap_is_seeded_and_the_same_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(5).normal(size=50)
    weights, clusters = np.ones(50), np.arange(50)
    whole = bootstrap_mean(values, weights, clusters, seed=4)
    assert (
        bootstrap_mean(values, weights, clusters, seed=4) == whole != bootstrap_mean(values, weights, clusters, seed=5)
    )
    monkeypatch.setattr("kit.evals.statistics.resampling._CELLS", 50 * 300)
    assert bootstrap_mean(values, weights, clusters, seed=4) == whole


def test_one_cluster_bounds_nothing() -> None:
    assert bootstrap_mean(np.array([0.2, 0.9]), np.ones(2), np.zeros(2, dtype=np.int64)) == (None, None)


def test_effective_n() -> None:
    values = np.array([1.0, 1, 0, 0, 1, 1, 0, 0])
    ones, apart = np.ones(8), np.arange(8)
    assert effective_n(values, ones, apart) == 8
    # Pairs that always agree carry half as much, less what four clusters cannot tell about their own spread.
    pairs = np.array([0, 0, 1, 1, 2, 2, 3, 3])
    correction = (stats.t.ppf(0.975, 7) / stats.t.ppf(0.975, 3)) ** 2
    assert effective_n(values, ones, pairs) == pytest.approx(8 * (0.25 / 7) / (4 / 3 * 4 / 64) * correction)
    # With no difference between cases the likeness cannot be known: a cluster counts once.
    assert effective_n(np.ones(8), ones, pairs) == 4
    # One case that weighs as much as all others together.
    assert 1 <= effective_n(values, np.array([7.0, 1, 1, 1, 1, 1, 1, 1]), apart) < 5


@pytest.mark.parametrize(("groups", "size", "share", "likeness"), [(40, 3, 0.8, 0.4), (15, 8, 0.7, 0.3)])
def test_clustered_shares_are_covered(groups: int, size: int, share: float, likeness: float) -> None:
    random, tries = np.random.default_rng(1), 600
    clusters, ones = np.repeat(np.arange(groups), size), np.ones(groups * size)
    shape = (1 - likeness) / likeness
    covered = naive = 0
    for _ in range(tries):
        chances = random.beta(share * shape, (1 - share) * shape, groups)[clusters]
        values = (random.random(groups * size) < chances).astype(float)
        low, high = wilson(values.mean(), effective_n(values, ones, clusters))
        covered += low <= share <= high
        low, high = wilson(values.mean(), len(values))
        naive += low <= share <= high
    assert 0.93 <= covered / tries <= 0.975
    assert naive / tries < 0.9  # what taking clustered cases for independent ones would have done


def test_quantiles() -> None:
    values = np.random.default_rng(3).exponential(100, 200)
    found, (low, high) = quantile(values, 0.5)
    assert found == np.quantile(values, 0.5) and low < found < high
    # The binomial order statistics, by hand: ranks 86 and 115 of 200.
    ordered = np.sort(values)
    assert (low, high) == (ordered[85], ordered[114])
    assert quantile(values[:20], 0.95)[1].high is None
