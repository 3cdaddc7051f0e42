"""Reports: the same figures everywhere, and nothing that a customer wrote can act as markup."""

from html.parser import HTMLParser
from pathlib import Path

import pytest
from rich.console import Console

from kit.evals import Run, Tools, check_gate, run_suites
from kit.reports import gate_table, interval_text, run_html, run_markdown, summary_table, value_text, write_reports
from kit.settings import Settings, Targets
from tests.scripted import Letters, Scripted, handoff, reply, suite

EVIL = "<script>alert(1)</script> | `x` @everyone [bold]"
SMOKE = f"""
gate: {{outcome_accuracy: {{min: 0.9}}, containment: {{min: 0.1}}}}
cases:
  - {{id: plus, question: how much is plus, expect: answer, articles: [plans], reference: It is 4.99, tags: [billing]}}
  - {{id: evil, question: '{EVIL}', expect: answer, articles: [plans], tags: [hostile]}}
  - {{id: down, question: are you there, expect: decline}}
"""


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("reports")
    script = {
        "how much is plus": reply("It is 4.99", "answered", "plans", confidence=0.9, latency_ms=12.4),
        EVIL: handoff("missing_knowledge", latency_ms=30),
        "are you there": ConnectionError("<b>refused</b>"),
    }
    facts = {"embedder": {"model": "packaged"}, "company": "<i>Brightloom</i>"}
    return run_suites(
        Scripted(script), [suite(folder, SMOKE)], folder=folder / "r1", facts=facts, tools=Tools(embedder=Letters())
    )


def test_figures(done: Run) -> None:
    find = done.summary.overall.figure
    texts = {}
    for name in ("deflection", "csat_index", "latency_p50", "groundedness", "playbook_accuracy"):
        found = find(name)
        assert found
        texts[name] = (value_text(found), interval_text(found))
    assert texts["deflection"] == ("50.0 %", "5.5 to 94.5")  # two cases on one article count as one
    assert texts["csat_index"][0] == "0.71" and texts["latency_p50"][0] == "21 ms"
    assert texts["playbook_accuracy"] == ("not evidenced", "–")


def printed(table: object) -> str:
    console = Console(width=140, record=True, file=None, quiet=False)
    with console.capture() as capture:
        console.print(table)
    return capture.get()


def test_terminal(done: Run) -> None:
    text = printed(summary_table(done.summary))
    assert "Run r1: 3 cases, 1 could not be run" in text
    line = next(line for line in text.splitlines() if "Deflection (verified" in line)
    assert all(part in line for part in ("50.0 %", "5.5 to 94.5", "↑"))
    assert next(line for line in text.splitlines() if "False deflection" in line).count("↓") == 1
    gate = printed(gate_table(check_gate(done)))
    assert gate.count("FAIL") == 2 and gate.count("pass") == 3 and "0.500 is below 0.9" in gate


def test_markdown(done: Run) -> None:
    text = run_markdown(done)
    assert "3 of 3 cases in smoke; 1 could not be run. Gate: **2 of 6 failed**." in text
    assert "| Deflection (verified resolution) ↑ | 50.0 % | 5.5 to 94.5 | 2 | 0 |" in text
    assert "| ❌ | smoke | outcome_accuracy | ≥ 0.9 | 0.500 is below 0.9 (n = 2) |" in text
    assert "### Worst cases (2 of 2 with a fault)" in text and "| `down` | `are you there` | `could not be run" in text
    # What the customer wrote is code: it cannot mention, link, embed or end the cell.
    assert "| `<script>alert(1)</script> \\| 'x' @everyone [bold]` |" in text
    rows = [line.replace("\\|", "") for line in text.splitlines() if line.startswith("|")]
    assert {row.count("|") for row in rows} == {6, 4}
    assert "Worst cases (1 of 2" in run_markdown(done, worst=1)


class Page(HTMLParser):
    """The tags and the text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_page(done: Run) -> None:
    text = run_html(done)
    page = Page(text)
    words = " ".join(" ".join(page.words).split())
    assert not {"script", "link", "img", "iframe", "i"} & set(page.tags)
    assert not [value for name, value in page.attributes if name in ("src", "href")]  # self-contained
    assert "<script>alert(1)</script>" in words and "ConnectionError: <b>refused</b>" in words
    assert "The gate fails: 2 of 6 thresholds not kept." in words and "1 case could not be run" in words
    assert "50.0 %" in words and "5.5 to 94.5" in words and "hostile" in words and "confidence 0.90" in words
    drawn = [f for f in done.summary.overall.figures if f.value is not None and f.unit in ("share", "index")]
    assert len([value for name, value in page.attributes if name == "class" and value == "bar"]) == len(drawn)
    assert "No-go" not in words, "the run does not say what its targets were"
    assert text.index("<code>down</code>") < text.index("<code>evil</code>") < text.index("<code>plus</code>")


def test_the_first_page_holds_the_targets_against_what_was_measured(done: Run) -> None:
    settings = Settings(targets=Targets(deflection=0.9, wrong_answers=0.05, csat_index=0.1, cost_per_contact=9.0))
    facts = {**done.info.facts, "settings": settings.model_dump(mode="json")}
    text = run_html(Run(done.folder, done.info.model_copy(update={"facts": facts}), done.records))
    words = " ".join(" ".join(Page(text).words).split())
    assert "No-go" in words and "Deflection: 50.0 % (5.5 to 94.5, n = 2), target ≥ 90 %." in words
    assert "Cost per contact" in words and "≤ 9.00" in words
    assert words.index("No-go") < words.index("The gate fails") < words.index("Metrics")


def test_the_page_says_which_part_failed(done: Run) -> None:
    words = " ".join(" ".join(Page(run_html(done)).words).split())
    assert "Failed by the decision: handed_off instead of answered" not in words
    assert "Failed by the retrieval: not found: plans" in words
    assert "Failed by the infrastructure: ConnectionError" in words


def test_a_part_of_a_run(done: Run, tmp_path: Path) -> None:
    part = Run(tmp_path, done.info.model_copy(update={"finished": None, "suites": ()}), done.records[:1])
    assert "broke off" in run_html(part) and "set no thresholds" in run_html(part)
    assert "broke off" in run_markdown(part) and "no thresholds set" in run_markdown(part)
    none = Run(tmp_path, part.info, ())
    assert "not evidenced" in run_html(none) and "not evidenced" in run_markdown(none)


def test_files(done: Run) -> None:
    write_reports(done)
    assert (done.folder / "summary.md").read_text(encoding="utf-8") == run_markdown(done)
    assert (done.folder / "report.html").read_text(encoding="utf-8") == run_html(done)
