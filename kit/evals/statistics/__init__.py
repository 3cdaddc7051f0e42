"""Statistics of evals: intervals, paired differences, tests and planning, over cases that may be clustered.

Variants of a question on one article, the tries of a case, the turns of a customer stand or fall together. So whatever
is stated here counts clusters, not rows.
"""

from kit.evals.statistics.intervals import (
    LEVEL,
    Interval,
    bounded_mean,
    effective_n,
    quantile,
    wilson,
)
from kit.evals.statistics.pairs import Difference, Pairs, difference, tango
from kit.evals.statistics.planning import cases_needed, detectable, least_provable
from kit.evals.statistics.repeats import Variation, pass_hat_k, variation
from kit.evals.statistics.resampling import bootstrap_mean, bootstrap_quantile
from kit.evals.statistics.testing import Side, holm, mcnemar, swap_test

__all__ = [
    "LEVEL",
    "Difference",
    "Interval",
    "Pairs",
    "Side",
    "Variation",
    "bootstrap_mean",
    "bootstrap_quantile",
    "bounded_mean",
    "cases_needed",
    "detectable",
    "difference",
    "effective_n",
    "holm",
    "least_provable",
    "mcnemar",
    "pass_hat_k",
    "quantile",
    "swap_test",
    "tango",
    "variation",
    "wilson",
]
