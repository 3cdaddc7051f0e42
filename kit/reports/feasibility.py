"""The feasibility report: decision first, then what it rests on, as Markdown and as one self-contained page."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from kit.errors import KitError
from kit.evals import Figure
from kit.feasibility import Assessment, Backtest, Check, Range, Replay, State, Value, goal_of
from kit.files import write_whole
from kit.reports.figures import NOT_EVIDENCED, interval_text, value_text
from kit.reports.html import environment
from kit.reports.markdown import code_span, pipe_table

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["backtest_table", "feasibility_html", "feasibility_markdown", "gaps_table", "write_feasibility"]

DECISIONS = {"go": "Go", "go_with_conditions": "Go, with conditions", "no_go": "No-go"}
STATES: dict[State, str] = {
    "met": "✓ met",
    "by_estimate": "≈ met by the estimate only",
    "missed": "✗ missed",
    "not_evidenced": "? not evidenced",
}
# Of the outcomes of a first message, in the order of the bar.
OUTCOMES = ("handled", "asked_back", "handed_off", "declined")
_SHOWN = 10  # disagreements; replays.jsonl has all


def feasibility_html(report: Assessment) -> str:
    """The page: one file, no scripts, nothing loaded from elsewhere."""
    return (
        environment()
        .get_template("feasibility.html.j2")
        .render(
            report=report,
            verdict=report.verdict,
            worth=report.value,
            backtest=report.backtest,
            decisions=DECISIONS,
            states=STATES,
            outcomes=OUTCOMES,
            period=period(report),
            money=money,
            spread=spread,
            goal=goal_text,
            basis=basis(report.value),
            disagreements=report.disagreements[:_SHOWN],
            left_over=max(0, len(report.disagreements) - _SHOWN),
        )
    )


def feasibility_markdown(report: Assessment) -> str:
    """The report as Markdown."""
    verdict = report.verdict
    parts = [f"# Feasibility: {report.company}", f"**{DECISIONS[verdict.decision]}.**"]
    parts.append("\n".join(f"- {reason}" for reason in verdict.reasons))
    if verdict.conditions:
        parts += [
            "Also to be settled:" if verdict.decision == "no_go" else "Conditions:",
            "\n".join(f"- {condition}" for condition in verdict.conditions),
        ]
    parts.append(f"Run {report.run.id}. {period(report)}")
    targets = ("Target", "Goal", "Measured", "95 % interval", "n", "On", "")
    parts += ["## Targets", pipe_table(targets, map(_check_row, verdict.checks))]
    parts += ["## Value", *_value_parts(report.value)]
    parts += ["## What to write next", *_gap_parts(report)]
    if report.backtest:
        rows = (
            (one.title, value_text(one), interval_text(one), str(one.n)) for one in report.backtest.figures.values()
        )
        parts += ["## What became of the tickets", pipe_table(("", "Value", "95 % interval", "n"), rows)]
    parts += ["## Risks, and what is not evidenced", "\n".join(f"- {risk}" for risk in report.risks)]
    if report.disagreements:
        head = ("Ticket", "Customer", "Cited first", "Linked by the agent")
        parts += ["### Answers to read first", pipe_table(head, _disagreement_rows(report.disagreements[:_SHOWN]))]
    return "\n\n".join(part for part in parts if part) + "\n"


def write_feasibility(report: Assessment, path: Path) -> None:
    """Write the report as HTML or Markdown, by the suffix of the path.

    Raises:
        KitError: the suffix is another, or the file cannot be written.
    """
    writers = {".html": feasibility_html, ".htm": feasibility_html, ".md": feasibility_markdown}
    writer = writers.get(path.suffix.lower())
    if writer is None:
        problem = f"A report is not written as `{path.suffix or path.name}`."
        raise KitError(problem, path=path, remedy="Name a file that ends in .html or .md.")
    try:
        write_whole(path, writer(report))
    except OSError as error:
        problem = f"This file cannot be written: {error.strerror}."
        raise KitError(problem, path=path, remedy="Name a folder that exists and can be written.") from error


def backtest_table(backtest: Backtest) -> "Table":
    """For the terminal: one row a figure."""
    from rich.markup import escape
    from rich.table import Table

    info = backtest.info
    errors = f", {info.errors} could not be replayed" if info.errors else ""
    table = Table(title=escape(f"Backtest {info.id}: {info.tickets} tickets{errors}"), title_justify="left")
    table.add_column("What became of them")
    for heading in ("Value", "95 % interval", "n"):
        table.add_column(heading, justify="right", no_wrap=True)
    for figure in backtest.figures.values():
        row = (figure.title, value_text(figure), interval_text(figure), str(figure.n))
        table.add_row(*map(escape, row), style="dim" if figure.value is None else None)
    return table


def gaps_table(backtest: Backtest, currency: str) -> "Table":
    """For the terminal: one row a gap, dearest first."""
    from rich.markup import escape
    from rich.table import Table

    table = Table(title="What to write next", title_justify="left")
    table.add_column("Theme")
    for heading in ("Tickets", "Minutes", f"{currency} a month"):
        table.add_column(heading, justify="right", no_wrap=True)
    for gap in backtest.info.gaps.groups:
        minutes = "–" if gap.minutes is None else f"{gap.minutes:,.0f}"
        table.add_row(escape(gap.name), str(len(gap.tickets)), minutes, f"{gap.cost_per_month:,.0f}")
    return table


def period(report: Assessment) -> str:
    """How many tickets, from when to when."""
    if report.backtest is None:
        return "No tickets were replayed."
    info = report.backtest.info
    between = ""
    if info.first and info.last:
        between = f" from {info.first:%-d %B %Y} to {info.last:%-d %B %Y}"
    return f"Backtest {info.id}: {info.tickets:,} tickets{between}."


def money(amount: float, value: Value, decimals: int = 0) -> str:
    """`USD 12,340`; never a negative nought."""
    return f"{value.currency} {round(amount, decimals) + 0.0:,.{decimals}f}"


def spread(amount: Range, decimals: int = 0) -> str:
    """`9,100 to 13,400`."""
    low, high = (round(end, decimals) + 0.0 for end in (amount.low, amount.high))
    return f"{low:,.{decimals}f} to {high:,.{decimals}f}"


def basis(worth: Value) -> str:
    """What the saving was worked out from, or what it lacks."""
    if worth.missing or worth.handled is None or worth.wrong is None:
        return f"To state a saving, measure {'; and '.join(worth.missing)}."
    sentences = [
        f"From {value_text(worth.handled)} of tickets handled without a person ({interval_text(worth.handled)}) and "
        f"{value_text(worth.wrong)} wrong among the answers ({interval_text(worth.wrong)}, measured on "
        f"{worth.wrong_from} as: {worth.wrong.title.lower()}).",
        "The range is from the worst to the best corner of both intervals; the prices are those of kit.toml.",
        "Tickets that the assistant met with a question count as handled by a person.",
    ]
    if worth.break_even is not None:
        sentences.append(f"Nothing is saved once {100 * worth.break_even:.0f} % of the answers are wrong.")
    return " ".join(sentences)


def goal_text(check: Check) -> str:
    """`≥ 45 %` or `≥ 0.60`."""
    return f"{check.sign} {goal_of(check)}"


def _check_row(check: Check) -> tuple[str, ...]:
    figure = check.figure
    measured = ("not evidenced", "–", "0") if figure is None else _figure_cells(figure)
    return (check.title, goal_text(check), *measured, check.source, STATES[check.state])


def _figure_cells(figure: Figure) -> tuple[str, str, str]:
    return value_text(figure), interval_text(figure), str(figure.n)


def _value_parts(worth: Value) -> Iterable[str]:
    yield f"At {worth.contacts:,} contacts a month, of {money(worth.per_agent_contact, worth, 2)} each today."
    rows = [("Today", money(worth.today, worth), "")]
    if worth.saving and worth.with_assistant and worth.per_contact:
        rows.append(("With the assistant", money(worth.with_assistant.value, worth), spread(worth.with_assistant)))
        rows.append(("**Saving**", f"**{money(worth.saving.value, worth)}**", f"**{spread(worth.saving)}**"))
        contact = worth.per_contact
        rows.append(("Per contact with the assistant", money(contact.value, worth, 2), spread(contact, 2)))
    else:
        rows += [("With the assistant", NOT_EVIDENCED, ""), ("Saving", NOT_EVIDENCED, "")]
    yield pipe_table(("A month", "Estimate", "Range"), rows)
    yield basis(worth)


def _gap_parts(report: Assessment) -> Iterable[str]:
    if report.backtest is None:
        yield "Not evidenced: no tickets were replayed."
        return
    gaps = report.backtest.info.gaps
    if gaps.groups:
        rows = (
            (
                str(rank),
                code_span(gap.name),
                str(len(gap.tickets)),
                "–" if gap.minutes is None else f"{gap.minutes:,.0f}",
                money(gap.cost_per_month, report.value),
                code_span(gap.examples[0]),
            )
            for rank, gap in enumerate(gaps.groups, start=1)
        )
        yield pipe_table(("", "Theme", "Tickets", "Minutes", "Cost a month", "For example"), rows)
    else:
        yield "No theme came more than once among the tickets without an answer."
    if gaps.single:
        yield f"{len(gaps.single)} more without an answer, each on a theme of its own."


def _disagreement_rows(replays: Iterable[Replay]) -> Iterable[tuple[str, ...]]:
    for one in replays:
        yield (
            code_span(one.ticket.id),
            code_span(one.ticket.question),
            code_span(one.cited or ""),
            code_span(", ".join(one.linked)),
        )
