"""How two versions differ, for people to read and for programs."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from kit.playbooks.changing.versions.change import GROUPS
from kit.playbooks.changing.versions.pairing import LEVEL, Paired, fewest_that_show
from kit.playbooks.changing.versions.replaying import Parting, Replayed
from kit.playbooks.changing.versions.report import DiffReport, PlaybookDiff
from kit.playbooks.changing.versions.trials import TrialComparison
from kit.text import sentences

__all__ = ["diff_json", "diff_lines"]


def diff_lines(report: DiffReport) -> Iterator[str]:
    """The report, line by line: what changed, which conversations go differently, whether results differ."""
    yield f"{report.before} → {report.after}"
    if report.removed:
        yield f"Removed: {', '.join(report.removed)}."
    if report.added:
        yield f"Added: {', '.join(report.added)}."
    if not report.playbooks:
        yield f"The {'playbooks that both have' if report.added or report.removed else 'versions'} are the same."
    for one in report.playbooks:
        yield from _changed(one)
    if report.not_played:
        yield f"\nNothing was played: {report.not_played}"
    if report.replayed is not None:
        yield ""
        yield from _replayed(report.replayed, report.recorded)
    for one in report.playbooks:
        if one.trials is not None:
            yield ""
            yield from _tested(one.id, one.trials)
    if report.metrics or report.not_compared:
        yield ""
        yield from _measured(report)


def diff_json(report: DiffReport) -> dict[str, Any]:
    """The report as plain data."""
    replayed = report.replayed
    return {
        "before": report.before,
        "after": report.after,
        "added": list(report.added),
        "removed": list(report.removed),
        "same": list(report.same),
        "playbooks": [
            {
                "id": one.id,
                "changes": [
                    {
                        "group": placed.change.group,
                        "text": placed.change.text,
                        "path": placed.path,
                        "line": placed.line,
                        "before": placed.change.before,
                        "after": placed.change.after,
                    }
                    for placed in one.changes
                ],
                "tests": _tests_json(one.trials) if one.trials else None,
            }
            for one in report.playbooks
        ],
        "conversations": None
        if replayed is None
        else {
            "recorded": report.recorded,
            "n": replayed.n,
            "concerned": replayed.concerned,
            "differ": [_parting_json(parting) for parting in replayed.partings],
        },
        "metrics": [
            {"metric": one.metric, **_paired_json(one.paired), "p_adjusted": one.adjusted} for one in report.metrics
        ],
        "not_compared": list(report.not_compared),
        "also_differ": list(report.also_differ),
        "not_played": report.not_played,
    }


def _changed(one: PlaybookDiff) -> Iterator[str]:
    yield ""
    yield one.id
    group = ""
    for placed in one.changes:
        if placed.change.group != group:
            group = placed.change.group
            yield f"  {GROUPS[placed.change.group]}"
        yield f"    {placed.change.text} ({placed.path}:{placed.line})"


def _replayed(found: Replayed, recorded: int) -> Iterator[str]:
    if not found.n:
        yield "Recorded conversations: there are none, so nothing can be said of them."
        return
    of = f" (the last of {recorded})" if recorded > found.n else ""
    yield f"Recorded conversations: {found.n}{of}, said again with mocked tools."
    yield f"  {found.concerned} of them get to a playbook that changed, {len(found.partings)} of them go differently."
    for parting in found.partings:
        said = f"  {parting.id}, message {parting.turn + 1} “{_short(parting.message)}”"
        yield f"{said}: {'; '.join(parting.differences)}"
        before, after = _from_difference(parting.before.text, parting.after.text)
        yield f"    before: {_short(before, 160)}"
        yield f"    after:  {_short(after, 160)}"
        if parting.ends[0] != parting.ends[1]:
            yield f"    it ended {parting.ends[0]}; with the same words it would end {parting.ends[1]}"


def _tested(id: str, trials: TrialComparison) -> Iterator[str]:
    own = [trials.own_before, trials.own_after]
    passed = [f"{sum(one.values())} of {len(one)}" for one in own]
    yield f"Tests of {id}: of its own tests the older version passes {passed[0]}, the newer one {passed[1]}."
    yield f"  All tests of both, played on both: {_paired(trials.paired, 'pass')}"
    for name in trials.before:
        if trials.before[name] != trials.after[name]:
            yield f"  {name}: {'passes' if trials.before[name] else 'fails'} before, " + (
                "passes after" if trials.after[name] else "fails after"
            )


def _measured(report: DiffReport) -> Iterator[str]:
    yield "Eval runs, case by case"
    several = f", adjusted for {len(report.metrics)} metrics," if len(report.metrics) > 1 else ""
    for one in report.metrics:
        yield f"  {one.metric}: {_paired(one.paired, 'hold', p=one.adjusted, several=several)}"
    if report.not_compared:
        yield f"  Not compared, as they are no matter of yes or no: {', '.join(report.not_compared)}."
    if report.also_differ:
        yield f"  The runs also differ in {', '.join(report.also_differ)}: the playbooks need not be the reason."


def _paired(found: Paired, verb: str, *, p: float | None = None, several: str = "") -> str:
    if not found.n:
        return "there are none, so nothing can be said."
    said = f"n = {found.n}, {found.before} {verb} before, {found.after} after"
    said += f" ({found.only_before} only before, {found.only_after} only after)"
    if not found.could_show:
        fewest = fewest_that_show()
        return f"{said}. So few cannot show a difference: at least {fewest} would have to change, all in one direction."
    p = found.p if p is None else p
    verdict = "more than chance" if p < LEVEL else "no difference beyond chance"
    return f"{said}; McNemar's exact p{several} = {p:.3g}: {verdict}."


def _from_difference(before: str, after: str) -> tuple[str, str]:
    """Two texts without the sentences with which both begin; whole where they are the same."""
    old, new = sentences(before), sentences(after)
    same = next(
        (n for n, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), min(len(old), len(new))
    )
    if old == new or not same:
        return before, after
    return " ".join(["…", *old[same:]]), " ".join(["…", *new[same:]])


def _short(text: str, most: int = 80) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"


def _paired_json(found: Paired) -> dict[str, Any]:
    return {
        **asdict(found),
        "before": found.before,
        "after": found.after,
        "significant": found.significant,
        "could_show": found.could_show,
    }


def _tests_json(trials: TrialComparison) -> dict[str, Any]:
    return {
        "own_before": dict(trials.own_before),
        "own_after": dict(trials.own_after),
        "on_before": dict(trials.before),
        "on_after": dict(trials.after),
        **_paired_json(trials.paired),
    }


def _parting_json(parting: Parting) -> dict[str, Any]:
    return {
        "id": parting.id,
        "turn": parting.turn,
        "message": parting.message,
        "differences": list(parting.differences),
        "before": {"outcome": parting.before.outcome, "text": parting.before.text},
        "after": {"outcome": parting.after.outcome, "text": parting.after.text},
        "ends": list(parting.ends),
    }
