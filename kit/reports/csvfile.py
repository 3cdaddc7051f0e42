"""Tables as CSV that a spreadsheet can open without running anything."""

import csv
import io
from collections.abc import Iterable, Sequence

from kit.evals import Comparison, Run, faults

__all__ = ["cases_csv", "comparison_csv", "csv_text"]

Cell = str | float | None


def csv_text(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """The rows as CSV. A text that a spreadsheet would take for a formula gets an apostrophe in front."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return target.getvalue()


def cases_csv(run: Run) -> str:
    """One line a case and try: what was asked, what came of it, every metric's value."""
    names = list(dict.fromkeys(name for record in run.records for name in record.scores))
    head = ["suite", "case", "try", "tags", "customer", "expected", "outcome", "right", "faults", "reply", "error"]

    def rows() -> Iterable[list[Cell]]:
        for record in run.records:
            case, seen = record.case, record.transcript
            wrong = faults(case, seen) if seen else ()
            yield [
                record.suite,
                case.id,
                record.tried,
                " ".join(case.tags),
                case.messages[-1] if case.messages else "",
                case.expect,
                seen.reply.outcome if seen else None,
                None if seen is None else "no" if wrong else "yes",
                "; ".join(wrong),
                seen.reply.text if seen else None,
                record.error,
                *(record.value(name) for name in names),
            ]

    return csv_text([*head, *names], rows())


def comparison_csv(comparison: Comparison) -> str:
    """One line a metric."""
    head = ["metric", "before", "after", "difference", "low", "high", "n", "both", "clusters", "p", "p_holm"]
    rows = (
        (
            one.metric,
            one.before,
            one.after,
            one.difference,
            one.low,
            one.high,
            one.n,
            one.both,
            one.clusters,
            one.p,
            one.adjusted,
            one.detectable,
            one.verdict,
        )
        for one in comparison.metrics
    )
    return csv_text([*head, "detectable", "verdict"], rows)


def _cell(cell: Cell) -> Cell:
    if isinstance(cell, str) and cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n")):
        return "'" + cell
    return cell
