"""Tables for the terminal."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kit.evals import GROUPS, GateResult, Summary
from kit.reports.figures import interval_text, title_text, value_text

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["gate_table", "summary_table"]


def summary_table(summary: Summary) -> "Table":
    """One row a metric: value, 95 % interval, n, unscored."""
    from rich.markup import escape
    from rich.table import Table

    apart = summary.generated
    whole = apart if apart and not summary.overall.cases else summary.overall
    errors = f", {whole.errors} could not be run" if whole.errors else ""
    notes = f"; beside them {apart.cases} that nobody has accepted yet" if apart and whole is not apart else ""
    notes = " that nobody has accepted yet" if whole is apart else notes
    table = Table(title=escape(f"Run {summary.run}: {whole.cases} cases{errors}{notes}"), title_justify="left")
    table.add_column("Metric")
    for heading in ("Value", "95 % interval", "n", "Unscored"):
        table.add_column(heading, justify="right", no_wrap=True)
    group = ""
    for figure in sorted(whole.figures, key=lambda one: list(GROUPS).index(one.group)):
        if figure.group != group:
            group = figure.group
            table.add_section()
            table.add_row(escape(GROUPS[figure.group]), style="bold")
        arrow = "↑" if figure.better == "higher" else "↓"
        unscored = str(figure.unscored) if figure.unscored else ""
        row = (f"{title_text(figure)} {arrow}", value_text(figure), interval_text(figure), str(figure.n), unscored)
        table.add_row(*map(escape, row), style="dim" if figure.value is None else None)
    return table


def gate_table(results: Sequence[GateResult]) -> "Table":
    """One row for each that is asked: kept or not, and why; of what is not worse than the baseline, one for all."""
    from rich.markup import escape
    from rich.table import Table

    table = Table(title="Gate", title_justify="left")
    for heading in ("", "Suite", "Metric", "Threshold", "Result"):
        table.add_column(heading)
    quiet = [one for one in results if one.kind == "regression" and one.metric != "kept" and one.passed]
    for one in results:
        if one in quiet:
            continue
        mark, style = ("pass", "green") if one.passed else ("FAIL", "bold red")
        if not one.evidenced and one.passed:
            mark, style = "–", "dim"
        value = "" if one.value is None or not one.passed else f"{one.value:.3g} "
        row = (one.suite, one.metric, one.threshold, f"{value}{one.reason} (n = {one.n})")
        table.add_row(f"[{style}]{mark}[/]", *map(escape, row))
    if quiet:
        table.add_row("[green]pass[/]", "all", f"{len(quiet)} metrics", quiet[0].threshold, "no regression shown")
    return table
