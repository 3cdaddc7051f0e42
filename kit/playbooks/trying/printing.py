"""What came of tests, for people to read and for programs."""

from collections.abc import Iterator
from typing import Any

from kit.playbooks.trying.results import PlaybookResult, TrialReport, TrialResult

__all__ = ["conversation_lines", "report_json", "report_lines"]

# What departs after the first thing mostly follows from it.
MOST_OTHERS = 3


def report_lines(report: TrialReport, *, verbose: bool = False) -> Iterator[str]:
    """The report, line by line: a line for each test, and the conversation of those that failed (or of all)."""
    for one in report.playbooks:
        yield _headline(one)
        for result in one.results:
            about = f"  {result.about}" if result.about else ""
            yield f"  {'✓' if result.passed else '✗'} {result.trial_id}{about}"
            if verbose or not result.passed:
                yield from conversation_lines(one, result)
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
        "line": one.line_of(result),
        "passed": result.passed,
        "departures": [
            {
                "turn": departure.turn,
                "line": one.line_of(result, departure),
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
    tried = _count(len(report.playbooks) - len(report.untested), "playbook")
    said = f"{_count(tests, 'test')} of {tried}, {failed} failed"
    said += f"; {_count(report.turns, 'message')} in {report.seconds:.1f} s."
    if report.untested:
        said += f" Without tests: {', '.join(report.untested)}."
    return said


def conversation_lines(one: PlaybookResult, result: TrialResult) -> Iterator[str]:
    """The conversation, with the first thing marked that is not as expected."""
    first = result.departures[0] if result.departures else None
    for number, exchange in enumerate(result.transcript):
        yield from _said("customer", exchange.customer)
        yield from _said("assistant", exchange.said.text)
        if first is not None and first.turn == number:
            yield f"    ▶ here: expected {first.expected}, {first.found}"
            if first.hint:
                yield f"      {first.hint}"
            yield f"      {one.path}:{one.line_of(result, first)}"
    if first is not None and first.turn is None:
        yield f"    ▶ expected {first.expected}, {first.found}"
    others = result.departures[1:]
    for departure in others[:MOST_OTHERS]:
        yield f"    also: expected {departure.expected}, {departure.found} (line {one.line_of(result, departure)})"
    if len(others) > MOST_OTHERS:
        yield f"    and {len(others) - MOST_OTHERS} more that may follow from it"
    yield ""


def _said(role: str, text: str) -> Iterator[str]:
    lines = [line for line in text.splitlines() if line.strip()] or [""]
    for number, line in enumerate(lines):
        yield f"    {role if number == 0 else '':9} │ {line}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
