"""The Evaluation tab: the figures of the newest run, the gate's verdict, the worst cases."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kit.app.panel import render
from kit.errors import KitError

if TYPE_CHECKING:
    from kit.evals import Figure, Record, Run

__all__ = ["evaluation_html", "newest_run"]

WORST = 5
HEADLINE = ("deflection", "false_deflection", "needless_handoff", "csat_index")


@dataclass(frozen=True)
class Fault:
    """A case that did not come out right."""

    case: str
    suite: str
    customer: str
    problem: str


def newest_run(folder: Path) -> "Run | None":
    """The run that began last; None where there is none.

    Raises:
        KitError: the run is damaged.
    """
    from kit.evals import Run

    runs = [one for one in folder.iterdir() if (one / "run.json").is_file()] if folder.is_dir() else []
    # Folders may be named by hand (`kit eval -o`), so the time of writing decides, not the name.
    newest = max(runs, key=lambda one: (one / "run.json").stat().st_mtime, default=None)
    return Run.load(newest) if newest else None


def evaluation_html(folder: Path) -> str:
    """The tab's content; a run that cannot be read gives its error."""
    from kit.evals import check_gate
    from kit.reports import interval_text, value_text

    try:
        run = newest_run(folder)
        if run is None:
            return render("evaluation.html.j2", run=None, error="")
        worst, faulty = run.faulty(WORST)
        return render(
            "evaluation.html.j2",
            run=run,
            error="",
            started=f"{run.info.started:%d %B %Y, %H:%M} UTC",
            summary=run.summary,
            headline=[one for one in run.summary.overall.figures if one.metric in HEADLINE],
            gate=check_gate(run),
            faults=[_fault(record) for record in worst],
            faulty=faulty,
            value=value_text,
            interval=interval_text,
            bar=_bar,
        )
    except KitError as error:
        return render("evaluation.html.j2", run=None, error=str(error))


def _bar(figure: "Figure") -> dict[str, str] | None:
    """Where the value and its interval lie on a track, in percent; None where there is nothing to draw."""
    if figure.value is None or figure.unit not in ("share", "index"):
        return None
    low, high = (figure.value if end is None else end for end in (figure.low, figure.high))
    spots = {"low": low, "width": high - low, "value": figure.value}
    return {name: f"{100 * min(1.0, max(0.0, spot)):.1f}" for name, spot in spots.items()}


def _fault(record: "Record") -> Fault:
    from kit.evals import problem

    return Fault(record.case.id, record.suite, record.case.messages[-1], problem(record))
