"""The pilot notebook is committed without outputs, runs from top to bottom, and shows what it promises."""

import base64
import os
import re
from pathlib import Path

import nbformat
import pytest
from lxml import html
from nbclient import NotebookClient
from nbformat import NotebookNode

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "pilot.ipynb"
# In the kernel, warnings of the notebook and of the kit are errors; those of other packages are not ours to mend.
STRICT = r'import warnings; warnings.filterwarnings("error", module=r"(__main__|kit)(\.|$)")'
PLOTS = {"folders", "intervals", "outcomes", "histogram", "risk-coverage"}

# Where the notebook is the first to need the model, the time covers exporting it.
pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> NotebookNode:
    """The notebook with its outputs, run where it finds neither the repository nor settings of this user."""
    folder = tmp_path_factory.mktemp("notebook")
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(STRICT, id="strict"))
    client = NotebookClient(notebook, resources={"metadata": {"path": str(folder)}})
    client.execute(env=os.environ | {"TMPDIR": str(folder), "IPYTHONDIR": str(folder / "ipython")})
    return notebook


def outputs(notebook: NotebookNode, cell: str) -> list[NotebookNode]:
    return next(one.outputs for one in notebook.cells if one.id == cell)


def table(notebook: NotebookNode, cell: str) -> list[dict[str, str]]:
    """The rows of the table that the cell shows, by column."""
    (source,) = (output.data["text/html"] for output in outputs(notebook, cell) if "data" in output)
    head, *rows = (
        [field.text_content().strip() for field in row.iter("th", "td")] for row in html.fromstring(source).iter("tr")
    )
    return [dict(zip(head, row, strict=True)) for row in rows]


def text(notebook: NotebookNode, cell: str) -> str:
    return "".join(output.text for output in outputs(notebook, cell) if output.get("name") == "stdout")


def test_committed_without_outputs() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.kernelspec.name == "python3"
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)


def test_runs_without_errors_and_warnings(executed: NotebookNode) -> None:
    shown = [output for cell in executed.cells for output in cell.get("outputs", [])]
    assert not [output for output in shown if output.output_type == "error"]
    assert "Warning" not in "".join(output.text for output in shown if output.get("name") == "stderr")


def test_index(executed: NotebookNode) -> None:
    found = re.fullmatch(
        r"(\d+) articles, cut into (\d+) passages in \d+ s\n0 files skipped\n", text(executed, "index")
    )
    assert found and int(found[2]) > int(found[1]) > 50


def test_questions(executed: NotebookNode) -> None:
    answer, playbook, handoff = table(executed, "ask")
    assert answer["outcome"] == "answered" and "$99" in answer["reply"]
    assert answer["based on"].startswith("[1] billing/plans-and-prices: “") and 0 < float(answer["confidence"]) <= 1
    assert playbook["outcome"] == "clarified" and playbook["based on"] == "playbook double-charge"
    assert handoff["outcome"] == "handed_off" and handoff["based on"].startswith("to Support: missing_knowledge")


def test_metrics(executed: NotebookNode) -> None:
    (cases,) = re.findall(r"(\d+) cases; 0 could not be run", text(executed, "evaluate"))
    (row,) = (row for row in table(executed, "metrics") if row["metric"].startswith("Deflection (verified"))
    value, low, high = map(float, re.findall(r"\d+\.\d", f"{row['value']} {row['95 % interval']}"))
    assert 0 <= low <= value <= high <= 100 and low < high
    assert int(row["n"]) > 0 and int(row["n"]) + int(row["unscored"]) == int(cases)


def test_plots(executed: NotebookNode) -> None:
    pngs = {
        cell.id: base64.b64decode(output.data["image/png"])
        for cell in executed.cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    }
    assert set(pngs) == PLOTS
    assert all(png.startswith(b"\x89PNG") and len(png) > 5000 for png in pngs.values())


def test_confidence(executed: NotebookNode) -> None:
    found = re.match(r"(\d+) of (\d+) cases were looked up; .* right in (\d+)\n", text(executed, "looked-up"))
    assert found and int(found[2]) >= int(found[1]) > int(found[3]) > 0


def test_worst_cases(executed: NotebookNode) -> None:
    found = re.match(r"(\d+) of \d+ cases have a fault; the worst (\d+):", text(executed, "worst"))
    rows = table(executed, "worst")
    assert found and len(rows) == int(found[2]) <= int(found[1])
    assert all(row["case"].startswith("sm-") and row["what is wrong"] for row in rows)
