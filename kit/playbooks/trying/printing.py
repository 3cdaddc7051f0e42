"""What came of tests, for people to read and for programs."""

from collections.abc import Iterator
from typing import Any

from kit.playbooks.trying.results import Departure, PlaybookResult, TrialReport, TrialResult

__all__ = ["report_json", "report_lines"]


def report_lines(report: TrialReport, *, verbose: bool = False) -> Iterator[str]:
    """The report, line by line: a line for each test, and the conversation of those that failed (or of all)."""
    for one in report.playbooks:
        yield _headline(one)
        for result in one.results:
            yield f"  {'✓' if result.passed else '✗'} {result.trial_id}"
            if verbose or not result.passed:
                yield from _conversation(one, result)
    yield ""
    yield _summary(report)


def report_json(report: TrialReport) -> dict[str, Any]:
    """The report as plain data."""
    return {
        "passed": report.passed,
        "tests": sum(len(one.results) for one in report.playbooks),
        "failed": sum(len(one.failed) for one in report.playbooks),
        "untested": list(report.untested),
        "turns": report.turns,
        "seconds": round(report.seconds, 2),
        "playbooks": [
            {
                "id": one.playbook,
                "path": str(one.path),
                "tests": [_result_json(one, result) for result in one.results],
            }
            for one in report.playbooks
        ],
    }


def _result_json(one: PlaybookResult, result: TrialResult) -> dict[str, Any]:
    return {
        "id": result.trial_id,
        "line": _line_of(one, result),
        "passed": result.passed,
        "departures": [
            {
                "turn": departure.turn,
                "line": _line_of(one, result, departure),
                "expected": departure.expected,
                "found": departure.found,
                "hint": departure.hint,
            }
            for departure in result.departures
        ],
        "steps": list(result.steps),
        "turns": [
            {"customer": exchange.customer, "assistant": exchange.said.text, "outcome": exchange.said.outcome}
            for exchange in result.transcript
        ],
    }


def _headline(one: PlaybookResult) -> str:
    if not one.results:
        return f"{one.playbook}: no tests. Nothing is known of it; write some under `tests`."
    passed = len(one.results) - len(one.failed)
    return f"{one.playbook}: {passed} of {len(one.results)} passed"


def _summary(report: TrialReport) -> str:
    tests = sum(len(one.results) for one in report.playbooks)
    failed = sum(len(one.failed) for one in report.playbooks)
    said = f"{tests} tests of {len(report.playbooks) - len(report.untested)} playbooks, {failed} failed"
    said += f"; {report.turns} messages in {report.seconds:.1f} s."
    if report.untested:
        said += f" Without tests: {', '.join(report.untested)}."
    return said


def _conversation(one: PlaybookResult, result: TrialResult) -> Iterator[str]:
    first = result.departures[0] if result.departures else None
    for number, exchange in enumerate(result.transcript):
        yield from _said("customer", exchange.customer)
        yield from _said("assistant", exchange.said.text)
        if first is not None and first.turn == number:
            yield f"    ▶ here: expected {first.expected}, {first.found}"
            if first.hint:
                yield f"      {first.hint}"
            yield f"      {one.path}:{_line_of(one, result, first)}"
    if first is not None and first.turn is None:
        yield f"    ▶ expected {first.expected}, {first.found}"
    for departure in result.departures[1:]:
        yield f"    also: expected {departure.expected}, {departure.found} (line {_line_of(one, result, departure)})"
    yield ""


def _said(role: str, text: str) -> Iterator[str]:
    lines = [line for line in text.splitlines() if line.strip()] or [""]
    for number, line in enumerate(lines):
        yield f"    {role if number == 0 else '':9} │ {line}"


def _line_of(one: PlaybookResult, result: TrialResult, departure: Departure | None = None) -> int | None:
    number = [other.trial_id for other in one.results].index(result.trial_id)
    return one.line(("tests", number, *(departure.place if departure else ())))
