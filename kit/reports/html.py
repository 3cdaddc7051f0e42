"""A run as one self-contained HTML page."""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from kit.evals import Figure, GateResult, Run, check_gate, faults
from kit.files import write_whole
from kit.reports.figures import causes_text, interval_text, title_text, value_text
from kit.reports.markdown import run_markdown

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["run_html", "write_reports"]

MOST_CASES = 400  # more make a page that browsers struggle with; cases.jsonl has them all
SLICED = ("outcome_accuracy", "deflection", "false_deflection", "needless_handoff", "csat_index")


def run_html(run: Run, *, gate: Sequence[GateResult] | None = None) -> str:
    """The page: gate, metrics with intervals, slices by suite and tag, cases worst first with their transcripts.

    `gate` is what the gate said; by default what it says of the run alone.
    """
    summary = run.summary
    slices = [one for one in (*summary.suites, *summary.tags) if one.cases < summary.overall.cases]
    cases = [(one, faults(one.case, one.transcript) if one.transcript else ()) for one in run.worst()[:MOST_CASES]]
    return (
        environment()
        .get_template("run.html.j2")
        .render(
            run=run,
            summary=summary,
            gate=check_gate(run) if gate is None else gate,
            slices=slices,
            sliced=SLICED,
            cases=cases,
        )
    )


def write_reports(run: Run, *, gate: Sequence[GateResult] | None = None) -> None:
    """Write `summary.md` and `report.html` into the run's folder, with what the gate said."""
    write_whole(run.folder / "summary.md", run_markdown(run, gate=gate))
    write_whole(run.folder / "report.html", run_html(run, gate=gate))


def _bar(figure: Figure) -> dict[str, float] | None:
    """Where value and interval lie on a track from 0 to 100; None where there is nothing to draw."""
    if figure.value is None or figure.unit not in ("share", "index"):
        return None
    low, high = (figure.value if end is None else end for end in (figure.low, figure.high))
    spots = [100 * min(1.0, max(0.0, spot)) for spot in (low, figure.value, high)]
    return {"low": spots[0], "value": spots[1], "high": spots[2]}


@lru_cache(maxsize=1)
def environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("kit.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "title_text": title_text,
        "value": value_text,
        "interval": interval_text,
        "causes": causes_text,
        "bar": _bar,
    }
    return environment
