"""Results in the form that the name of a file asks for: `-o report.md -o gate.xml`."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from kit.errors import KitError
from kit.evals import Comparison, GateResult, Run
from kit.files import write_whole
from kit.reports.comparison import comparison_html, comparison_markdown
from kit.reports.csvfile import cases_csv, comparison_csv
from kit.reports.junit import run_junit
from kit.reports.markdown import run_markdown
from kit.reports.run_page import run_html

__all__ = ["COMPARISON_FORMS", "RUN_FORMS", "check_form", "run_values", "write_comparison", "write_run"]


def _run_json(run: Run, gate: Sequence[GateResult]) -> str:
    return json.dumps(run_values(run, gate), indent=1, ensure_ascii=False) + "\n"


def run_values(run: Run, gate: Sequence[GateResult]) -> dict[str, object]:
    """A run's folder, figures and gate as JSON values: what `kit eval --json` prints."""
    return {
        "run": str(run.folder),
        "complete": run.complete,
        "stopped": run.info.stopped,
        "tally": run.info.tally.model_dump(),
        "summary": run.summary.to_json(),
        "gate": [one.model_dump() for one in gate],
    }


RUN_FORMS: Mapping[str, Callable[[Run, Sequence[GateResult]], str]] = {
    ".xml": run_junit,
    ".md": lambda run, gate: run_markdown(run, gate=gate),
    ".html": lambda run, gate: run_html(run, gate=gate),
    ".json": _run_json,
    ".csv": lambda run, gate: cases_csv(run),
}
COMPARISON_FORMS: Mapping[str, Callable[[Comparison], str]] = {
    ".md": comparison_markdown,
    ".html": comparison_html,
    ".json": lambda comparison: comparison.model_dump_json(indent=1) + "\n",
    ".csv": comparison_csv,
}


def check_form(path: Path, forms: Mapping[str, object]) -> None:
    """Refuse a file whose name asks for no form that there is.

    Raises:
        KitError: says which there are.
    """
    if path.suffix.lower() not in forms:
        raise KitError("The name of this file says no form that there is.", path=path, remedy=f"One of {_list(forms)}.")


def write_run(run: Run, gate: Sequence[GateResult], path: Path) -> None:
    """Write a run, with what the gate said, in the form of the file's suffix."""
    write_whole(path, RUN_FORMS[path.suffix.lower()](run, gate))


def write_comparison(comparison: Comparison, path: Path) -> None:
    """Write a comparison in the form of the file's suffix."""
    write_whole(path, COMPARISON_FORMS[path.suffix.lower()](comparison))


def _list(forms: Mapping[str, object]) -> str:
    return ", ".join(f"`{suffix}`" for suffix in forms)
