"""Metrics of other packages, by real entry points of a distribution in a temporary folder; and the page."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kit.errors import KitError
from kit.evals import REGISTRY, RUN_REGISTRY, load_plugins
from kit.evals.metrics import Tools
from kit.evals.metrics.page import metrics_page
from kit.evals.running.scoring import Scorer
from tests.conftest import ROOT
from tests.scripted import case, reply, transcript

Install = Callable[[str, str], None]
HEAD = "from kit.evals import Metric, RunMetric, Score, metric\n"
TONE = f"""{HEAD}
class Tone(Metric):
    name, title, kind = "acme_tone", "Tone", "share"
    definition = "Replies that say please ÷ all replies."

    def score(self, case, transcript):
        return Score(value=float("please" in transcript.answer), reason="heard")
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Puts a distribution with one module and one entry point on the path, as an installer does."""
    metrics, figures = dict(REGISTRY), dict(RUN_REGISTRY)
    monkeypatch.syspath_prepend(str(tmp_path))

    def put(code: str, target: str) -> None:
        (tmp_path / "acme_metrics.py").write_text(code, encoding="utf-8")
        info = tmp_path / "acme_metrics-1.2.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-metrics\nVersion: 1.2\n", encoding="utf-8")
        (info / "entry_points.txt").write_text(f"[kit.metrics]\ntone = {target}\n", encoding="utf-8")

    load_plugins.cache_clear()
    yield put
    load_plugins.cache_clear()
    sys.modules.pop("acme_metrics", None)
    REGISTRY.clear()
    REGISTRY.update(metrics)
    RUN_REGISTRY.clear()
    RUN_REGISTRY.update(figures)


def test_a_class_is_scored_like_any_other(install: Install) -> None:
    install(TONE, "acme_metrics:Tone")
    assert load_plugins() == ("tone",)
    with Scorer(Tools()) as scorer:
        scores = scorer.score(case("decline"), transcript(reply("Call us, please.", "declined")))
    assert (scores["acme_tone"].value, scores["acme_tone"].reason) == (1, "heard")
    assert "acme_tone" not in metrics_page(), "the kit's page is of the kit's own"


def test_a_module_registers_what_it_decorates(install: Install) -> None:
    install(TONE.replace("class Tone", "@metric\nclass Tone"), "acme_metrics")
    load_plugins()
    load_plugins()
    assert "acme_tone" in REGISTRY


def test_a_decorated_class_is_registered_once(install: Install) -> None:
    install(TONE.replace("class Tone", "@metric\nclass Tone"), "acme_metrics:Tone")
    assert load_plugins() == ("tone",)


def test_a_figure_over_runs(install: Install) -> None:
    code = f"""{HEAD}
from kit.evals.metrics import Measured
class Count(RunMetric):
    name, title, definition = "acme_count", "Count", "Cases over all."
    def note(self, record):
        return 1
    def measure(self, notes, *, seed=0):
        return Measured(float(len(notes)), len(notes))
"""
    install(code, "acme_metrics:Count")
    load_plugins()
    assert "acme_count" in RUN_REGISTRY


@pytest.mark.parametrize(
    ("code", "target", "why"),
    [
        ("import nowhere_to_be_found", "acme_metrics:Tone", "cannot be loaded (ModuleNotFoundError: No module named"),
        ("1/0", "acme_metrics", "cannot be loaded (ZeroDivisionError: division by zero)"),
        (HEAD, "acme_metrics:Tone", "cannot be loaded (AttributeError: module 'acme_metrics' has no attribute 'Tone')"),
        (HEAD, "acme_metrics", "holds no metric"),
        ("Tone = 5", "acme_metrics:Tone", "holds no metric"),
        (TONE.replace('"acme_tone"', '"deflection"'), "acme_metrics:Tone", "There are two metrics named deflection"),
        (TONE.replace('"acme_tone", "Tone"', '"acme_tone", ""'), "acme_metrics:Tone", "has a metric without title"),
    ],
)
def test_a_broken_plugin_is_one_clear_error(install: Install, code: str, target: str, why: str) -> None:
    install(code, target)
    with pytest.raises(KitError) as caught:
        load_plugins()
    said = str(caught.value)
    assert "The metric plug-in `tone` of the package acme-metrics" in said and why in said
    assert said.endswith("Mend it, or remove it: pip uninstall acme-metrics") and "\n" not in said


@pytest.mark.parametrize("broken", ["def __init__(self, tools)", "def prepare(self, cases)"])
def test_a_plugin_that_cannot_begin_is_one_clear_error(install: Install, broken: str) -> None:
    install(
        TONE.replace("    def score", f"    {broken}: raise OSError('no licence.')\n\n    def score"),
        "acme_metrics:Tone",
    )
    load_plugins()
    with (
        pytest.raises(
            KitError, match=r"^The metric `acme_tone` cannot be used \(OSError: no licence\)\. Mend the package"
        ),
        Scorer(Tools()) as scorer,
    ):
        scorer.prepare(list)


@pytest.mark.parametrize(
    ("body", "cause"),
    [("return 0.5", "TypeError: "), ("return None", "TypeError: "), ("raise KeyError('x')", "KeyError: 'x'")],
)
def test_a_plugin_that_gives_no_score_leaves_the_case_unscored(install: Install, body: str, cause: str) -> None:
    install(
        TONE.replace('return Score(value=float("please" in transcript.answer), reason="heard")', body),
        "acme_metrics:Tone",
    )
    with Scorer(Tools()) as scorer:
        scores = scorer.score(case("decline"), transcript(reply("No.", "declined")))
    assert scores["acme_tone"].unscored.startswith(cause) and scores["containment"].value == 1


def test_the_page_is_current() -> None:
    """`python -m kit.evals.metrics` writes it."""
    assert (ROOT / "evals" / "metrics.md").read_text(encoding="utf-8") == metrics_page()


def test_the_page_names_every_metric() -> None:
    page = metrics_page()
    for one in (*REGISTRY.values(), *RUN_REGISTRY.values()):
        row = next(line for line in page.splitlines() if line.startswith(f"| `{one.name}` |"))
        assert one.title in row and one.definition.replace("|", "\\|") in row and row.count(" | ") == 5
    assert page.count("| `") == len(REGISTRY) + len(RUN_REGISTRY)
