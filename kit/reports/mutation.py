"""What the gate caught, in the terminal and as lines."""

from typing import TYPE_CHECKING

from kit.evals import CORRUPTION_KINDS, MutationReport

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["mutation_lines", "mutation_table"]

_SAID = {
    "figure": "a figure of an article is wrong",
    "negation": "an article no longer denies something",
    "removed": "an article is gone",
    "swapped": "two sections have each other's text",
    "playbook": "a playbook does something else",
    "threshold": "a threshold is at its end",
    "prompt": "a prompt lacks a part",
}


def mutation_table(report: MutationReport) -> "Table":
    """One row a kind of mistake, and one for all."""
    from rich.table import Table

    table = Table(title="What the gate catches", title_justify="left")
    table.add_column("Mistake")
    for heading in ("there are", "tried", "caught", "share", "95 % interval"):
        table.add_column(heading, justify="right")
    for kind in (*CORRUPTION_KINDS, None):
        tried = report.of(kind)
        if not tried:
            continue
        low, high = report.interval(kind)
        among = sum(report.among.values()) if kind is None else report.among[kind]
        interval = "" if low is None or high is None else f"{100 * low:.0f} to {100 * high:.0f} %"
        name = "all" if kind is None else _SAID[kind]
        share = f"{100 * (report.share(kind) or 0):.0f} %"
        table.add_row(name, str(among), str(len(tried)), str(report.caught(kind)), share, interval)
    return table


def mutation_lines(report: MutationReport) -> list[str]:
    """What was let through, each with the place where a case is missing."""
    missed = [one for one in report.results if one.fate == "passed"]
    lines = [f"{one.path}:{one.line}: {one.target}: {one.what}" for one in missed]
    return [f"Let through ({len(missed)}); a case that asks for it would notice:", *lines] if lines else []
