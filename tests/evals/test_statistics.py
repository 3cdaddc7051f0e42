"""Paired statistics: held against scipy and statsmodels, and by simulation."""

from itertools import combinations
from math import comb

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import optimize, stats
from statsmodels.stats.contingency_tables import mcnemar as their_mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_confint, samplesize_confint_proportion

from kit.evals.statistics import (
    Pairs,
    Variation,
    bootstrap_mean,
    bootstrap_quantile,
    bounded_mean,
    cases_needed,
    detectable,
    difference,
    holm,
    least_provable,
    mcnemar,
    pass_hat_k,
    swap_test,
    tango,
    variation,
    wilson,
)
from kit.evals.statistics.intervals import clustered_error
from tests.bench.exact import WORSE_BETTER, bonett_price, coverage_of_pairs
from tests.bench.statistics import (
    Design,
    changes,
    coverage_of_difference,
    coverage_of_mean,
    coverage_of_share,
    false_alarms,
)

RANDOM = np.random.default_rng(11)
CLUSTERS = np.repeat(np.arange(25), 4)
WEIGHTS = RANDOM.uniform(0.5, 2, 100)
VALUES = RANDOM.normal(0.6, 0.1, 100) + np.repeat(RANDOM.normal(0, 0.1, 25), 4)


def their_error(values: np.ndarray, weights: np.ndarray, clusters: np.ndarray) -> float:
    fit = sm.WLS(values, np.ones(len(values)), weights=weights).fit(
        cov_type="cluster", cov_kwds={"groups": clusters, "use_correction": True}
    )
    return float(fit.bse[0])


@pytest.mark.parametrize(("successes", "n"), [(0, 12), (7, 12), (300, 369)])
def test_wilson_is_statsmodels(successes: int, n: int) -> None:
    assert wilson(successes / n, n) == pytest.approx(proportion_confint(successes, n, method="wilson"), abs=1e-12)


def test_clustered_errors_are_statsmodels() -> None:
    expected = their_error(VALUES, WEIGHTS, CLUSTERS)
    assert clustered_error(VALUES, WEIGHTS, CLUSTERS) == pytest.approx(expected, rel=1e-9)
    # As a difference of pairs, but for the two cases thought of in addition, which 100 cases hardly notice.
    pairs = Pairs(np.full(100, 0.6), VALUES, WEIGHTS, CLUSTERS)
    assert difference(pairs).error == pytest.approx(expected, rel=0.06)
    low, high = bounded_mean(VALUES, WEIGHTS, CLUSTERS)
    mean = np.average(VALUES, weights=WEIGHTS)
    half = stats.t.ppf(0.975, 24) * expected / (mean * (1 - mean))
    assert stats.logistic.ppf([low, high]) == pytest.approx(stats.logistic.ppf(mean) + np.array([-half, half]))


def test_equal_scores_are_not_certain() -> None:
    ones, apart = np.ones(12), np.arange(12)
    assert bounded_mean(ones, ones, apart) == pytest.approx(proportion_confint(12, 12, method="wilson"))
    assert bounded_mean(ones, ones, apart // 4) == pytest.approx(proportion_confint(3, 3, method="wilson"))
    assert bootstrap_mean(ones * 7, ones, apart) == (None, None)
    assert difference(Pairs(ones, ones, ones, apart)).interval == (None, None)


def of_shares(lost: int, won: int, n: int) -> Pairs:
    found = np.array([1.0] * won + [-1.0] * lost + [0.0] * (n - won - lost))
    return Pairs(np.where(found < 0, 1.0, 0.0), np.where(found > 0, 1.0, 0.0), np.ones(n), np.arange(n))


@pytest.mark.parametrize(("lost", "won", "n"), [(2, 9, 40), (0, 1, 44), (5, 0, 20), (7, 7, 300)])
def test_shares_of_pairs_have_the_score_interval(lost: int, won: int, n: int) -> None:
    """Its ends are where the difference, less the end, is 1.96 of its errors under the likeliest shares with that."""

    def score(truth: float) -> float:
        def unlikely(worse: float) -> float:
            shares = np.array([worse, worse + truth, 1 - 2 * worse - truth])
            return -float((np.array([lost, won, n - lost - won]) * np.log(np.maximum(shares, 1e-300))).sum())

        bounds = (max(0.0, -truth), (1 - truth) / 2)
        worse = optimize.minimize_scalar(unlikely, bounds=bounds, method="bounded", options={"xatol": 1e-10}).x
        return (won - lost - n * truth) / np.sqrt(n * (2 * worse + truth - truth**2))

    found = difference(of_shares(lost, won, n))
    assert found.value == (won - lost) / n and found.interval == tango(lost, won, n)
    low, high = found.interval
    assert low is not None and high is not None and low < found.value < high
    assert (score(low), score(high)) == pytest.approx((1.959964, -1.959964), abs=1e-3)


def test_the_interval_of_pairs_agrees_with_mcnemars_test() -> None:
    for lost, won in ((0, 3), (0, 4), (2, 9), (9, 2), (20, 33), (20, 35)):
        low, high = tango(lost, won, 100)
        assert low is not None and high is not None
        assert (low <= 0 <= high) == ((won - lost) ** 2 / (won + lost) <= stats.chi2.ppf(0.95, 1))


def test_the_score_interval_covers_better_than_that_of_textbooks() -> None:
    for worse, better in WORSE_BETTER:
        covered = coverage_of_pairs(40, worse, better, tango)
        assert 0.945 < covered < 0.96 and abs(covered - 0.95) <= abs(
            coverage_of_pairs(40, worse, better, bonett_price) - 0.95
        )


@pytest.mark.parametrize(("lost", "won"), [(0, 0), (5, 0), (6, 0), (2, 9), (7, 7), (1, 0), (40, 61)])
def test_mcnemar_is_statsmodels(lost: int, won: int) -> None:
    expected = their_mcnemar([[10, lost], [won, 3]], exact=True).pvalue if lost + won else 1.0
    assert mcnemar(lost, won) == pytest.approx(min(1.0, expected))
    if lost + won:
        assert mcnemar(lost, won, side="less") == pytest.approx(
            stats.binomtest(lost, lost + won, alternative="greater").pvalue
        )
        assert mcnemar(lost, won, side="greater") == pytest.approx(
            stats.binomtest(won, lost + won, alternative="greater").pvalue
        )


@pytest.mark.parametrize("side", ["two-sided", "less", "greater"])
def test_swaps_of_independent_shares_are_mcnemars(side: str) -> None:
    before, after = [1.0] * 9 + [0.0] * 4 + [1.0] * 30, [0.0] * 9 + [1.0] * 4 + [1.0] * 30
    pairs = Pairs.of(before, after)
    assert pairs is not None and pairs.binary
    assert swap_test(pairs, side=side) == pytest.approx(mcnemar(9, 4, side=side))  # type: ignore[arg-type]


@pytest.mark.parametrize("side", ["two-sided", "less", "greater"])
def test_swaps_are_scipys_permutations(side: str) -> None:
    random = np.random.default_rng(3)
    before = random.normal(0, 1, 11)
    after = before + random.normal(-0.3, 0.5, 11)
    expected = stats.permutation_test(
        (after, before),
        lambda one, other, axis: np.mean(one - other, axis=axis),
        permutation_type="samples",
        alternative=side,
        n_resamples=np.inf,
    ).pvalue
    pairs = Pairs.of(list(before), list(after))
    assert pairs is not None
    assert swap_test(pairs, side=side) == pytest.approx(expected)  # type: ignore[arg-type]


def test_drawn_swaps_come_near_the_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = Pairs(np.zeros(52), VALUES[:52] - 0.56, WEIGHTS[:52], CLUSTERS[:52])
    listed = swap_test(pairs)
    monkeypatch.setattr("kit.evals.statistics.testing._MOST_LISTED", 5)
    drawn = swap_test(pairs)
    assert drawn != listed and drawn == pytest.approx(listed, abs=0.015)
    assert swap_test(pairs) == drawn and swap_test(pairs, seed=2) != drawn


def test_clusters_are_swapped_whole() -> None:
    # Four variants of each of two questions got worse: as eight cases proof, as two clusters none.
    before, after = [1.0] * 8, [0.0] * 8
    alone = Pairs.of(before, after)
    together = Pairs.of(before, after, clusters=["a"] * 4 + ["b"] * 4)
    assert alone is not None and together is not None
    assert swap_test(alone, side="less") == pytest.approx(1 / 256)
    assert swap_test(together, side="less") == pytest.approx(1 / 4)


def test_what_can_be_scored_may_differ() -> None:
    # 10 answered, 4 of them wrong; now 2 of the wrong ones are handed off.
    before = [1.0] * 4 + [0.0] * 6
    after = [1.0, 1.0, None, None] + [0.0] * 6
    pairs = Pairs.of(before, after)
    assert pairs is not None
    assert pairs.values == pytest.approx((0.4, 0.25)) and pairs.both == 8 and not pairs.binary
    assert np.average(pairs.influences()) == pytest.approx(-0.15)
    # By hand: of the four ways to swap the two that differ, ratios .4 to .25, twice .333 to .333, and back.
    assert swap_test(pairs, side="less") == pytest.approx(1 / 4)
    assert Pairs.of([None, None], [1.0, 0.0]) is None


def test_differences_of_ratios_have_the_spread_of_the_jackknife() -> None:
    random = np.random.default_rng(8)
    before = np.where(random.random(300) < 0.7, random.random(300), np.nan)
    after = np.where(random.random(300) < 0.6, random.random(300), np.nan)
    pairs = Pairs.of([None if np.isnan(v) else v for v in before], [None if np.isnan(v) else v for v in after])
    assert pairs is not None
    n = len(pairs.weights)
    left = [np.nanmean(np.delete(pairs.after, i)) - np.nanmean(np.delete(pairs.before, i)) for i in range(n)]
    jackknife = np.sqrt((n - 1) / n * ((left - np.mean(left)) ** 2).sum())
    assert difference(pairs).error == pytest.approx(jackknife, rel=0.02)


def test_holm_is_statsmodels() -> None:
    values = [0.01, 0.04, 0.03, 0.005, 0.2, 0.9]
    assert holm(values) == pytest.approx(list(multipletests(values, method="holm")[1]))
    assert holm([]) == []


def test_plans_are_statsmodels() -> None:
    assert cases_needed(0.4, 0.05) == 369 == np.ceil(samplesize_confint_proportion(0.4, 0.05))
    assert cases_needed(0.4, 0.05, icc=0.5, size=3) == 738  # twice as many: 1 + (3 - 1) · .5
    for tails, alternative in ((2, "two-sided"), (1, "larger")):
        expected = NormalIndPower().solve_power(nobs1=80, alpha=0.05, power=0.8, ratio=0, alternative=alternative)
        assert detectable(1 / np.sqrt(80), tails=tails) == pytest.approx(expected, rel=1e-3)


def test_least_provable_is_the_first_significant_mcnemar() -> None:
    assert least_provable(40, tails=1) == 0.125  # "40 cases cannot show less than about 12 points"
    assert mcnemar(5, 0, side="less") <= 0.05 < mcnemar(4, 0, side="less")
    assert least_provable(40) == 0.15
    assert mcnemar(6, 0) <= 0.05 < mcnemar(5, 0)


def test_pass_hat_k_counts_the_ways_to_draw_tries() -> None:
    right, tries = [4, 2, 0, 3], [4, 4, 4, 3]
    for k in (1, 2, 3):
        ways = [
            np.mean([all(one) for one in combinations([True] * good + [False] * (count - good), k)])
            for good, count in zip(right, tries, strict=True)
        ]
        assert pass_hat_k(right, tries, k) == pytest.approx(np.mean(ways))
    assert pass_hat_k(right, tries, 4) == pytest.approx((1 + 0 + 0) / 3)  # the last was not tried four times
    assert pass_hat_k(right, tries, 2, weights=[1, 0, 0, 0]) == 1 == comb(4, 2) / comb(4, 2)
    with pytest.raises(ValueError, match="5 times"):
        pass_hat_k(right, tries, 5)


def test_variation_is_that_of_the_analysis_of_variance() -> None:
    random = np.random.default_rng(2)
    scores = random.normal(0, 0.3, (60, 4)) + random.normal(0, 0.5, (60, 1))
    found = variation(scores.tolist())
    assert isinstance(found, Variation)
    test = stats.f_oneway(*scores)
    assert found.within == pytest.approx(np.mean(np.var(scores, axis=1, ddof=1)))
    assert found.between == pytest.approx(found.within * (test.statistic - 1) / 4)
    assert found.error(4) == pytest.approx(stats.sem(scores.mean(axis=1)))
    assert found.error(1) > found.error(4) > found.error(1e9) == pytest.approx(np.sqrt(found.between / 60))
    assert variation([[1.0], [0.0], [1.0, 0.0]]) is None


def test_difference_of_quantiles() -> None:
    random = np.random.default_rng(4)
    before = random.exponential(100, 150)
    after = before * 1.5
    value, (low, high) = bootstrap_quantile(before, after, np.arange(150), 0.95)
    assert value == pytest.approx(np.quantile(before, 0.95) / 2)
    assert low is not None and high is not None and 0 < low < value < high


# What follows is a short form of `python -m tests.bench statistics`.


@pytest.mark.parametrize("design", [Design(40), Design(15, 4, 0.3), Design(60, 3, 0.5)], ids=str)
def test_intervals_hold_the_truth_in_95_of_100(design: Design) -> None:
    share = coverage_of_share(design, None, tries=600)
    mean = coverage_of_mean(design, lambda r, n: r.beta(8, 2, n), 0.8, tries=600, bounded=True)
    waits = coverage_of_mean(design, lambda r, n: r.exponential(1, n), 1.0, tries=200, bounded=False)
    paired = coverage_of_difference(design, changes(0.1, 0.2), 0.1, tries=600)
    assert 0.93 <= share <= 0.97 and 0.93 <= mean <= 0.97 and 0.93 <= paired <= 0.97
    assert 0.91 <= waits <= 0.98  # 200 runs


def test_taking_clusters_for_independent_cases_would_not_have() -> None:
    assert coverage_of_share(Design(40, 3, 0.5), 0.8, tries=500, naive=True) < 0.88


@pytest.mark.parametrize("design", [Design(40), Design(40, 3, 0.5)], ids=str)
def test_the_test_finds_nothing_where_there_is_nothing(design: Design) -> None:
    assert false_alarms(design, changes(0.15, 0.15), tries=300) <= 0.06
