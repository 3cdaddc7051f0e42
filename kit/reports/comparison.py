"""Two runs side by side: in the terminal, in Markdown for a pull request, as a page."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kit.evals import CaseChange, Comparison, MetricChange, Seen
from kit.reports.figures import title_text
from kit.reports.html import environment
from kit.reports.markdown import code_span, pipe_table

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

__all__ = ["comparison_html", "comparison_markdown", "comparison_parts"]

_HEAD = ("Metric", "Before", "After", "Difference", "95 % interval", "n", "p (Holm)", "Detectable", "")
MOST_CASES = 200
_MOST_SCORES = 4


def comparison_parts(comparison: Comparison, *, cases: int = 5) -> "Iterator[RenderableType]":
    """What the terminal shows: what changed, the metrics, and `cases` of the changed cases side by side."""
    from rich.markup import escape
    from rich.table import Table

    yield escape("\n".join(summary_lines(comparison)))
    table = Table()
    for place, heading in enumerate(_HEAD):
        table.add_column(heading, justify="right" if 0 < place < len(_HEAD) - 1 else "left", no_wrap=place > 0)
    same = [one for one in comparison.metrics if one.difference == 0 and one.low is None]
    for one in comparison.metrics:
        if one in same:
            continue
        style = {"worse": "bold red", "better": "green"}.get(one.verdict)
        table.add_row(*map(escape, metric_row(one)), style=style)
    yield table
    if same:
        yield escape(f"{len(same)} metrics are the same: {', '.join(one.metric for one in same)}.")
    for change in comparison.cases[:cases]:
        yield _side_by_side(change)
    if len(comparison.cases) > cases:
        yield escape(f"{len(comparison.cases) - cases} more cases changed; `-o FILE.html` shows them.")


def comparison_markdown(comparison: Comparison, *, cases: int = 20) -> str:
    """Short enough for a comment on a pull request."""
    lines = summary_lines(comparison)
    parts = [f"## {lines[0]}", *lines[1:], pipe_table(_HEAD, map(metric_row, comparison.metrics))]
    if comparison.cases:
        shown = comparison.cases[:cases]
        parts.append(f"### Cases that changed ({len(shown)} of {len(comparison.cases)})")
        rows = ((one.kind, code_span(one.case), code_span(_what(one))) for one in shown)
        parts.append(pipe_table(("", "Case", "What changed"), rows))
    return "\n\n".join(parts) + "\n"


def comparison_html(comparison: Comparison) -> str:
    """One self-contained page."""
    return (
        environment()
        .get_template("compare.html.j2")
        .render(
            comparison=comparison,
            lines=summary_lines(comparison),
            head=_HEAD,
            rows=[(one, metric_row(one)) for one in comparison.metrics],
            cases=[(one, _what(one)) for one in comparison.cases[:MOST_CASES]],
        )
    )


def summary_lines(comparison: Comparison) -> list[str]:
    """In sentences: what was compared, what it can show, what changed, how many cases."""
    found = comparison
    lines = [f"{found.before} → {found.after}: {found.n} cases in {found.clusters} clusters"]
    if found.least is not None:
        lines.append(
            f"So many cases cannot show a difference of less than {100 * found.least:.1f} points in any share, and "
            "only larger ones for certain: see “Detectable”, found four times in five."
        )
    if found.not_common:
        lines.append(f"{found.not_common} cases are not the same in both runs and were left out.")
    if found.left_out:
        lines.append(f"{found.left_out} cases could not be run in one of the runs and were left out.")
    changed = "; ".join(f"{one.what}: {one.before} → {one.after}" for one in found.changed)
    lines.append(f"What changed: {changed or 'nothing that the runs record'}.")
    worse, better, other = (found.count(kind) for kind in ("worse", "better", "other"))
    lines.append(f"{worse} cases worse, {better} better, {other} with other scores.")
    return lines


def metric_row(one: MetricChange) -> tuple[str, ...]:
    """The cells of a metric, as `_HEAD` names them."""
    arrow = "↑" if one.better == "higher" else "↓"
    interval = "–" if one.low is None or one.high is None else f"{_signed(one.low, one)} to {_signed(one.high, one)}"
    return (
        f"{title_text(one)} {arrow}",
        _value(one.before, one),
        _value(one.after, one),
        _signed(one.difference, one),
        interval,
        str(one.n),
        "–" if one.adjusted is None else f"{one.adjusted:.2g}",
        "–" if one.detectable is None else _value(one.detectable, one),
        one.verdict,
    )


def _value(value: float, one: MetricChange) -> str:
    return f"{100 * value:.1f} %" if one.unit == "share" else f"{value:.2f}" if abs(value) < 10 else f"{value:.0f}"


def _signed(value: float, one: MetricChange) -> str:
    shown = 100 * value if one.unit == "share" else value
    digits = 1 if one.unit == "share" else 2 if abs(value) < 10 else 0
    return f"{shown:+.{digits}f}".replace("-", "−") if round(shown, digits) else "0"


def _what(change: CaseChange) -> str:
    """Why a case counts as changed, in a line."""
    if change.after and change.kind == "worse":
        return "; ".join(change.after.faults) or _scores(change)
    if change.kind == "better":
        faults = change.before.faults if change.before else ()
        return f"right now; before {'; '.join(faults)}" if faults else "right now"
    return _scores(change)


def _scores(change: CaseChange) -> str:
    def cell(value: float | None) -> str:
        return "–" if value is None else f"{value:.3g}"

    shown = [f"{name} {cell(was)} → {cell(now)}" for name, (was, now) in list(change.scores.items())[:_MOST_SCORES]]
    return ", ".join([*shown, "…"] if len(change.scores) > _MOST_SCORES else shown)


def _side_by_side(change: CaseChange) -> "Table":
    from rich.markup import escape
    from rich.table import Table

    title = f"{change.kind}: {change.suite}/{change.case}: {_what(change)}"
    table = Table(title=escape(title), title_justify="left", show_lines=True, expand=True)
    for heading in ("Before", "After"):
        table.add_column(heading, ratio=1)
    before, after = _turns(change.before), _turns(change.after)
    for number in range(max(len(before), len(after))):
        left, right = (side[number] if number < len(side) else "" for side in (before, after))
        table.add_row(escape(left), escape(right), style="dim" if left == right else None)
    return table


def _turns(seen: Seen | None) -> Sequence[str]:
    if seen is None:
        return ("no transcript is kept",)
    cited = f"cites {', '.join(seen.cited)}" if seen.cited else "cites nothing"
    return (*(f"{role}: {text}" for role, text in seen.turns), f"[{seen.outcome}; {cited}]")
