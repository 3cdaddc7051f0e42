"""A run as Markdown, short enough for a comment on a pull request."""

from collections.abc import Iterable, Sequence

from kit.evals import GateResult, Run, check_gate, problem
from kit.reports.figures import interval_text, title_text, value_text
from kit.reports.gathering import Gathered
from kit.text import squash

__all__ = ["run_markdown"]

_LONGEST = 120


def run_markdown(
    run: Run, *, gate: Sequence[GateResult] | None = None, worst: int = 5, seen: Gathered | None = None
) -> str:
    """Gate, metrics with n and interval, and the `worst` cases that have a fault.

    `gate` is what the gate said; by default what it says of the run alone. `seen`: its records, if gathered already.
    """
    whole, gate = run.summary.overall, check_gate(run) if gate is None else gate
    failed = sum(not one.passed for one in gate)
    verdict = "no thresholds set" if not gate else f"**{failed} of {len(gate)} failed**" if failed else "passed"
    # Of what is not worse than the baseline, one line says enough.
    shown = [one for one in gate if one.kind != "regression" or one.metric == "kept" or not one.passed]
    parts = [
        f"## Eval run {run.id}",
        f"{whole.cases} of {run.info.cases} cases in {', '.join(suite.name for suite in run.info.suites)}; "
        f"{whole.errors} could not be run. Gate: {verdict}.",
    ]
    if not run.complete:
        parts.append("The run broke off, so the figures are of a part of the cases.")
    if gate:
        parts.append(pipe_table(("", "Suite", "Metric", "Threshold", "Result"), _gate_rows(shown)))
        if len(gate) > len(shown):
            parts.append(f"{len(gate) - len(shown)} metrics show no regression against the baseline.")
    rows = (
        (
            f"{title_text(f)} {'↑' if f.better == 'higher' else '↓'}",
            value_text(f),
            interval_text(f),
            str(f.n),
            str(f.unscored),
        )
        for f in whole.figures
    )
    parts.append(pipe_table(("Metric", "Value", "95 % interval", "n", "Unscored"), rows))
    bad, count = run.faulty(worst) if seen is None else (seen.faulty[:worst], seen.faults)
    if bad:
        parts.append(f"### Worst cases ({len(bad)} of {count} with a fault)")
        cells = ((code_span(r.case.id), code_span(r.case.messages[-1]), code_span(problem(r))) for r in bad)
        parts.append(pipe_table(("Case", "Customer", "Problem"), cells))
    return "\n\n".join(parts) + "\n"


def _gate_rows(gate: Sequence[GateResult]) -> Iterable[tuple[str, ...]]:
    for one in gate:
        mark = "❌" if not one.passed else "✅" if one.evidenced else "–"
        yield mark, one.suite, one.metric, one.threshold, f"{one.reason} (n = {one.n})"


def code_span(text: str) -> str:
    """A text as a code span in a table, where nothing in it can act as Markdown, as HTML or as a mention."""
    short = squash(text).replace("`", "'")
    short = short if len(short) <= _LONGEST else short[: _LONGEST - 1] + "…"
    return "`" + short.replace("\\", "/").replace("|", "\\|") + "`"


def pipe_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
