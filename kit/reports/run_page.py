"""A run as one self-contained HTML page: the verdict first, then what it rests on, then the cases, worst first."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from kit.evals import GROUPS, Blame, GateResult, Record, Run, blame, check_gate, faults
from kit.feasibility import Verdict, verdict
from kit.files import write_whole
from kit.reports.charts import blame_rows, outcome_rows, risk_coverage_chart
from kit.reports.feasibility import DECISIONS, STATES, goal_text
from kit.reports.gathering import Gathered, gathered
from kit.reports.html import environment
from kit.reports.markdown import run_markdown
from kit.settings import Settings

__all__ = ["run_html", "write_reports"]

SLICED = ("outcome_accuracy", "deflection", "false_deflection", "needless_handoff", "csat_index")


@dataclass(frozen=True)
class _Shown:
    """A case as the page shows it."""

    record: Record
    wrong: tuple[str, ...]
    blame: Blame | None


def run_html(run: Run, *, gate: Sequence[GateResult] | None = None, seen: Gathered | None = None) -> str:
    """The page. `gate` is what the gate said, by default of the run alone; `seen` its records, if gathered already."""
    summary, settings, seen = run.summary, _settings(run), seen or gathered(run)
    slices = [one for one in (*summary.suites, *summary.tags) if one.cases < summary.overall.cases]
    bound = settings.targets.wrong_answers if settings else None
    return (
        environment()
        .get_template("run.html.j2")
        .render(
            run=run,
            summary=summary,
            gate=check_gate(run) if gate is None else gate,
            verdict=_verdict(run, settings),
            decisions=DECISIONS,
            states=STATES,
            goal=goal_text,
            groups=GROUPS,
            slices=slices,
            sliced=SLICED,
            outcomes=outcome_rows(seen.outcomes),
            blames=blame_rows(seen.blames),
            curve=risk_coverage_chart(seen.curve, bound=bound),
            bound=bound,
            cases=[_shown(one) for one in seen.worst],
        )
    )


def write_reports(run: Run, *, gate: Sequence[GateResult] | None = None) -> None:
    """Write `summary.md` and `report.html` into the run's folder, with what the gate said."""
    gate, seen = check_gate(run) if gate is None else gate, gathered(run)
    write_whole(run.folder / "summary.md", run_markdown(run, gate=gate, seen=seen))
    write_whole(run.folder / "report.html", run_html(run, gate=gate, seen=seen))


def _shown(record: Record) -> _Shown:
    wrong = faults(record.case, record.transcript) if record.transcript else ()
    return _Shown(record, wrong, blame(record))


def _settings(run: Run) -> Settings | None:
    """The workspace's settings as they were; None for a run that does not say, or says it in another version."""
    try:
        return Settings.model_validate(run.info.facts["settings"])
    except (KeyError, ValidationError):
        return None


def _verdict(run: Run, settings: Settings | None) -> Verdict | None:
    return None if settings is None else verdict(run, None, settings)
