"""What came of it, for people to read and for programs."""

from collections.abc import Iterator
from typing import Any

from kit.playbooks.changing.scoring.report import PlaybookScore, ScoreReport, Verdict

__all__ = ["score_json", "score_lines"]


def score_lines(report: ScoreReport) -> Iterator[str]:
    """The report, line by line: a headline for each playbook, then every change that no test noticed."""
    for one in report.playbooks:
        yield _headline(one)
        for verdict in one.verdicts:
            if verdict.fate in ("survived", "unreached", "broke"):
                yield f"  {one.path}:{verdict.line}: {_said(verdict)}"
                if verdict.fate != "broke":
                    yield f"    {verdict.mutant.suggestion}"
    yield ""
    yield _summary(report)


def score_json(report: ScoreReport) -> dict[str, Any]:
    """The report as plain data."""
    return {
        "score": report.value,
        "interval": report.interval,
        "noticed": report.count("noticed"),
        "n": report.tried,
        "not_tried": report.count("not_tried"),
        "mutants": report.among,
        "kept": report.kept,
        "seconds": round(report.seconds, 2),
        "playbooks": [
            {
                "id": one.playbook,
                "path": str(one.path),
                "score": one.value,
                "noticed": one.count("noticed"),
                "n": one.tried,
                "tests": one.tests,
                "failing": list(one.failing),
                "survivors": [_survivor(v) for v in one.verdicts if v.fate in ("survived", "unreached", "broke")],
            }
            for one in report.playbooks
        ],
    }


def _survivor(verdict: Verdict) -> dict[str, Any]:
    return {
        "kind": verdict.mutant.kind,
        "where": list(verdict.mutant.where),
        "line": verdict.line,
        "fate": verdict.fate,
        "change": verdict.mutant.description,
        "said": _said(verdict),
        "suggestion": verdict.mutant.suggestion,
    }


def _said(verdict: Verdict) -> str:
    change = verdict.mutant.description
    match verdict.fate:
        case "unreached":
            return f"no test gets there, so none notices if {change}."
        case "broke":
            return f"the kit itself failed when {change} ({verdict.by}); please report it."
        case _:
            return f"no test notices if {change}."


def _headline(one: PlaybookScore) -> str:
    if not one.verdicts:
        return f"{one.playbook}: nothing was changed in it."
    if one.value is None:
        return f"{one.playbook}: none of {len(one.verdicts)} changes was tried, for want of time."
    said = (
        f"{one.playbook}: {one.value:.2f} ({one.count('noticed')} of {one.tried} changes noticed by {one.tests} tests)"
    )
    if one.count("not_tried"):
        said += f"; {one.count('not_tried')} not tried, for want of time"
    if one.failing:
        said += f". Not counted on, since they fail without any change: {', '.join(one.failing)}"
    return said


def _summary(report: ScoreReport) -> str:
    if report.value is None:
        return "No change was tried, so there is no mutation score."
    said = (
        f"Mutation score {report.value:.3f}: the share of {report.tried} changes, one thing each, that a test noticed"
    )
    said += f" ({report.count('noticed')})"
    if report.interval:
        low, high = report.interval
        said += f"; estimated for all {report.among} changes, 95 % interval {low:.2f} to {high:.2f}"
    if report.count("unreached"):
        said += f". No test gets to {report.count('unreached')} of them"
    if report.count("not_tried"):
        said += f". For want of time {report.count('not_tried')} were not tried; they count as not noticed for --min"
    known = f", {report.kept} verdicts known from before" if report.kept else ""
    return f"{said}. {report.seconds:.1f} s{known}."
