"""Whether the assistant tells the customer's language, and how often it takes English for another."""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from kit.assistant import Detector
from kit.evals import Case, load_suites, wilson
from kit.scaffold import create_workspace
from kit.workspace import Workspace
from tests.bench.data import DATA

__all__ = ["run"]

ROOT = Path(__file__).parents[2]
ROWS = ROOT / "tests" / "assistant" / "languages.jsonl"


def run() -> None:
    """Print the tables. The rows `unseen` were written after the thresholds were chosen on the others."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "brightloom"
        create_workspace(folder, sample=True)
        workspace = Workspace.open(folder)
        workspace.index()
        _tables(Detector.of("en", workspace.retriever.build))


def _tables(known: Detector) -> None:
    rows = [json.loads(line) for line in ROWS.read_text(encoding="utf-8").split("\n") if line]
    for half in ("chosen on", "unseen"):
        of_half = [row for row in rows if row["half"] == half]
        foreign = [row for row in of_half if row["language"] != "en"]
        right = [row for row in foreign if known.language(row["text"]) == row["language"]]
        noticed = [row for row in foreign if known.language(row["text"]) != "en"]
        languages = len({row["language"] for row in foreign})
        print(f"languages, {half}: {languages} other languages, named right {_share(right, foreign)},")
        print(f"  taken for another language at all {_share(noticed, foreign)}")
        _alarms(f"own sentences, {half}", [row["text"] for row in of_half if row["language"] == "en"], known)
    suites = load_suites(ROOT / "evals", [])
    asked = [text for suite in suites for case in suite.cases if "language" not in case.tags for text in _said(case)]
    _alarms("what customers say in English in evals/*.yaml", asked, known)
    plain = Detector("en", lambda stem: False)
    for name, texts in (("TechQA", _techqa()), ("CLINC150", _clinc())):
        if texts:
            _alarms(f"{name}, without a company's vocabulary", texts, plain)


def _said(case: Case) -> Sequence[str]:
    return [text for text in (case.question, *(turn.customer for turn in case.turns)) if text]


def _alarms(name: str, texts: Sequence[str], detector: Detector) -> None:
    wrong = [text for text in texts if detector.language(text) != "en"]
    print(f"languages, {name}: false alarms {_share(wrong, texts)} {wrong[:4]}")


def _share(part: Sequence[object], whole: Sequence[object]) -> str:
    low, high = wilson(len(part) / len(whole), len(whole))
    assert low is not None and high is not None, "a share is bounded on both sides"
    return f"{len(part)}/{len(whole)} = {len(part) / len(whole):.4f} [{low:.4f}, {high:.4f}]"


def _techqa() -> list[str]:
    path = DATA / "techqa" / "questions.jsonl"
    lines = path.read_text(encoding="utf-8").split("\n") if path.is_file() else []
    return [json.loads(line)["question"] for line in lines if line]


def _clinc() -> list[str]:
    path = DATA / "clinc150" / "data_full.json"
    parts = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return [text for part in parts.values() for text, _ in part]
