"""Whether a run is worse than the baseline.

Two questions, for two kinds of change. What got worse here and there, by more than chance, shows in the metrics: each
is tested one-sided, all together at 5 % by Holm, so that a system that did not change is let through 19 times of 20.
What broke in one place shows in one case, which no test can tell from chance. But without a chat model there is no
chance: the same question gets the same reply. So there a case that was right and is wrong now, or right in one respect
(the outcome, the article, the facts, the playbook), fails the gate by itself; and so does a right case that no longer
comes to the same: a field, a call, the hand-off's team, priority or reason, or a sentence that is quoted still but
states another figure, turns a "not" (`restating`), or stands in another section (`moving`). Of an article that is
reworded, replies may quote other sentences: that is held against them only as far as cases ask for it. Where all is as
it should be, `kit eval --save-baseline` accepts it, and the baseline's file shows what was accepted.
"""

from collections.abc import Collection

from kit.evals.comparing import Across, Paired, RunSide, pair_up
from kit.evals.comparing.comparison import pairs_of
from kit.evals.comparing.side import Entry
from kit.evals.gate.moving import moved
from kit.evals.gate.restating import restated
from kit.evals.gate.result import GateResult
from kit.evals.metrics import REGISTRY
from kit.evals.statistics import holm, swap_test

__all__ = ["KEPT", "LEVEL", "lost", "regressions"]

LEVEL = 0.05
# Metrics that say of a case whether one respect of it is right, whatever else is wrong; 1 is right.
KEPT = (
    "outcome_accuracy",
    "playbook_accuracy",
    "must_contain",
    "article_first",
    "fields_collected",
    "tool_call_accuracy",
    "steps_kept",
    "procedure_completeness",
    "quote_accuracy",
)
_SHOWN = 3


def regressions(
    baseline: RunSide, run: RunSide, *, common: bool = False, across: Collection[Across] = (), seed: int = 0
) -> tuple[GateResult, ...]:
    """What the gate says of a run beside the baseline, of which only the suites that ran are looked at.

    Raises:
        NotComparable: the two cannot be compared.
    """
    paired = pair_up(baseline.only(run.suites), run, common=common, across=across)
    return (_kept(paired), *_significant(paired, seed))


def _kept(paired: Paired) -> GateResult:
    """The cases that were right at every try and are wrong at every try now, as a whole or in one respect."""
    chance = paired.before.chance or paired.after.chance
    before, after = paired.before.entries, paired.after.entries
    shifted = moved(before, after)
    found = {key[1]: what for key in paired.keys if (what := lost(before[key], after[key]) or shifted.get(key, ""))}
    mended = sum(before[key].right == 0 and after[key].right == 1 for key in paired.keys)
    reason = "what was right is right"
    if found:
        shown = ", ".join(f"{case} ({what})" for case, what in list(found.items())[:_SHOWN])
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        reason = f"right before, wrong now: {shown}{more}"
        reason += "; could be chance, as a chat model takes part" if chance else ""
    return GateResult(
        kind="regression",
        suite="all",
        metric="kept",
        value=float(len(found)),
        n=len(paired.keys),
        threshold="reported" if chance else "no case lost",
        passed=chance or not found,
        reason=f"{reason}; {mended} that were wrong are right" if mended else reason,
        cases=tuple(found),
    )


def lost(before: Entry, after: Entry) -> str:
    """In which respect a case was right and is wrong; empty where in none."""
    if before.right == 1 and after.right == 0:
        return "right"
    for name in KEPT:
        was, now = before.values(name), after.values(name)
        # A baseline is rounded.
        if was and now and min(was) == 1 and max(now) < 1 - 1e-4:
            return name
    cites = min(before.values("article_first"), default=0) == 1 and after.right != 1
    if before.right == 1 or cites:
        every = set.intersection(*(set(one.came_to) for one in before.tries))
        if gone := sorted(every - {one for now in after.tries for one in now.came_to}):
            return f"no longer “{gone[0]}”"
        return restated(before, after)
    return ""


def _significant(paired: Paired, seed: int) -> tuple[GateResult, ...]:
    """One result for each metric that can be tested."""
    tested, values = [], []
    for name in paired.after.metrics:
        metric = REGISTRY[name]
        if (
            not (metric.gated and metric.tested)
            or metric.kind in ("p50", "p95")
            or (pairs := pairs_of(name, paired)) is None
        ):
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
