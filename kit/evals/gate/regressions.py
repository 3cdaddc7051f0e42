"""Whether a run is worse than the baseline.

Two questions, for two kinds of change. What got worse here and there, by more than chance, shows in the metrics: each
is tested one-sided, all together at 5 % by Holm, so that a system that did not change is let through 19 times of 20.
What broke in one place shows in one case, which no test can tell from chance. But without a chat model there is no
chance: the same question gets the same reply. So there a case that was right and is wrong now fails the gate by itself.
"""

from collections.abc import Collection

from kit.evals.comparing import Across, Paired, RunSide, pair_up
from kit.evals.comparing.comparison import pairs_of
from kit.evals.gate.result import GateResult
from kit.evals.metrics import REGISTRY
from kit.evals.statistics import holm, swap_test

__all__ = ["LEVEL", "regressions"]

LEVEL = 0.05


def regressions(
    baseline: RunSide, run: RunSide, *, common: bool = False, across: Collection[Across] = (), seed: int = 0
) -> tuple[GateResult, ...]:
    """What the gate says of a run beside the baseline, of which only the suites that ran are looked at.

    Raises:
        NotComparable: the two cannot be compared.
    """
    paired = pair_up(baseline.only(run.suites), run, common=common, across=across)
    return (_right(paired), *_significant(paired, seed))


def _right(paired: Paired) -> GateResult:
    """The cases that came out right at every try and now come out wrong at every try."""
    was, now, keys = paired.before.entries, paired.after.entries, paired.keys
    broken = tuple(key[1] for key in keys if was[key].right == 1 and now[key].right == 0)
    mended = sum(was[key].right == 0 and now[key].right == 1 for key in keys)
    chance = paired.before.chance or paired.after.chance
    if not broken:
        reason = "no case that was right is wrong now"
    else:
        more = f" and {len(broken) - 3} more" if len(broken) > 3 else ""
        reason = f"{len(broken)} right before, wrong now: {', '.join(broken[:3])}{more}"
        reason += "; could be chance, as a chat model takes part" if chance else ""
    if mended:
        reason += f"; {mended} the other way round"
    return GateResult(
        kind="regression",
        suite="all",
        metric="right",
        value=float(len(broken)),
        n=len(keys),
        threshold="no case lost" if not chance else "reported",
        passed=chance or not broken,
        reason=reason,
        cases=broken,
    )


def _significant(paired: Paired, seed: int) -> tuple[GateResult, ...]:
    """One result for each metric that can be tested."""
    tested, values = [], []
    for name in paired.after.metrics:
        metric = REGISTRY[name]
        if not metric.gated or metric.kind in ("p50", "p95") or (pairs := pairs_of(name, paired)) is None:
            continue
        tested.append((metric, pairs))
        values.append(swap_test(pairs, side="less" if metric.better == "higher" else "greater", seed=seed))
    results = []
    for (metric, pairs), p in zip(tested, holm(values), strict=True):
        before, after = pairs.values
        moved = f"{before:.3f} before, {after:.3f} now"
        results.append(
            GateResult(
                kind="regression",
                suite="all",
                metric=metric.name,
                value=after,
                n=len(pairs.weights),
                threshold="not worse than the baseline",
                passed=p > LEVEL,
                reason=f"{moved}, p = {p:.2g} after Holm" if p <= LEVEL else f"no regression shown ({moved})",
            )
        )
    return tuple(results)
