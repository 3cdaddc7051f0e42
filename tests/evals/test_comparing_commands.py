"""`kit eval` against a baseline and `kit compare`, as their users run them."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

from kit.workspace import Workspace
from tests.conftest import Run


def test_a_baseline_a_change_and_what_it_did(small: Path, kit: Run, tmp_path: Path) -> None:
    first = kit("eval", "-w", small, "--save-baseline", "-o", tmp_path / "one", "-o", tmp_path / "one.csv")
    assert first.returncode == 0, first.stderr
    assert f"Baseline: {small / 'evals' / 'baseline'}" in first.stdout and (tmp_path / "one" / "run.json").is_file()
    assert (tmp_path / "one.csv").read_text(encoding="utf-8").startswith("suite,case,")

    same = kit("eval", "-w", small, "--gate", "--baseline", small / "evals" / "baseline")
    assert same.returncode == 0, same.stderr
    assert "what was right is right" in same.stdout and "metrics" in same.stdout

    (small / "kit.toml").write_text(
        (small / "kit.toml").read_text(encoding="utf-8").replace("answer_threshold", "answer_threshold = 1.0\n#"),
        encoding="utf-8",
    )
    worse = kit("eval", "-w", small, "--gate", "--baseline", small / "evals" / "baseline", "-o", tmp_path / "gate.xml")
    assert worse.returncode == 1, worse.stderr
    assert "express (right)" in " ".join(worse.stdout.split())
    failures = [
        case.get("name")
        for case in ET.parse(tmp_path / "gate.xml").iter("testcase")
        if len(case) and case[0].tag == "failure"
    ]
    # Playbooks' own tests expect answers too.
    assert failures == ["regression: kept", "rule: playbook_tests"]

    told = kit("compare", tmp_path / "one", "-w", small, "-o", tmp_path / "c.html")
    assert told.returncode == 0, told.stderr
    assert "settings.assistant.answer_threshold" in told.stdout and "worse: small/express" in told.stdout
    assert "how much is express shipping" in (tmp_path / "c.html").read_text(encoding="utf-8")
    data = json.loads(kit("compare", small / "evals" / "baseline", "-w", small, "--json").stdout)
    assert [one["case"] for one in data["cases"]] == ["express"] and data["cases"][0]["kind"] == "worse"

    article = small / "playbooks" / "knowledge" / "orders" / "shipping-times-and-costs.md"
    article.write_text(article.read_text(encoding="utf-8") + "\nWe ship from Duluth.\n", encoding="utf-8")
    Workspace.open(small).index()
    runs = sorted((small / ".kit" / "runs").iterdir())
    refused = kit("eval", "-w", small, "--baseline", small / "evals" / "baseline")
    assert refused.returncode == 3 and "the articles differ" in refused.stderr and "--across data" in refused.stderr
    assert sorted((small / ".kit" / "runs").iterdir()) == runs  # said before the run, not after it
    assert kit("eval", "-w", small, "--baseline", small / "evals" / "baseline", "--across", "data").returncode == 0


def test_bad_usage(small: Path, kit: Run, tmp_path: Path) -> None:
    for words, says in (
        (("-o", tmp_path / "x.pdf"), "`.xml`, `.md`, `.html`, `.json`, `.csv`"),
        (("-o", tmp_path / "x", "-o", tmp_path / "y"), "A run has one folder."),
        (("-o", tmp_path / "none" / "x.md"), "This folder does not exist."),
        (("--baseline", "nothing"), "There is no run here."),
        (("--baseline", tmp_path, "--across", "time"), "There is no run here."),
        (("--gate",), "None of these suites has thresholds"),
    ):
        told = kit("eval", "-w", small, *words)
        assert told.returncode == 2 and says in told.stderr, told.stderr
    told = kit("compare", "x", "-w", small, "--across", "time")
    assert told.returncode == 2 and "There is `--across data`." in told.stderr
    assert kit("compare", "x", "-w", small, "-o", tmp_path / "x.xml").returncode == 2
    assert not (small / ".kit" / "runs").exists()
