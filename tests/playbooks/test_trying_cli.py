"""`kit playbooks test` and `kit playbooks coverage`, as support teams and CI use them."""

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from kit.playbooks import report_json, report_junit, report_lines, try_playbooks
from tests.conftest import Run
from tests.playbooks.trying import BOOKING, TOOLS, EngineHost, source

TESTS = """
tests:
  - id: good
    turns:
      - customer: i want my money back for order BL-104233
        expect: {playbook: refund, fields: {order_number: BL-104233}}
    expect: {calls: []}
"""
BAD = (
    TESTS
    + """
  - id: bad
    about: It asks for the reason, not for the box.
    turns:
      - {customer: i want my money back for order BL-104233, expect: {step: box}}
"""
)


def with_tests(root: Path, tests: str) -> Path:
    """The workspace with these tests in its refund playbook and none in the others; the last line of the head."""
    for path in (root / "playbooks").glob("*.md"):
        if path.name == "README.md":
            continue
        head, _, body = path.read_text(encoding="utf-8").removeprefix("---\n").partition("\n---\n")
        head = head.partition("\ntests:")[0]
        tail = tests.rstrip() if path.stem == "refund" else ""
        path.write_text(f"---\n{head}{tail}\n---\n{body}", encoding="utf-8")
    return root / "playbooks" / "refund.md"


@pytest.fixture(scope="module")
def good(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = Path(shutil.copytree(sample, tmp_path_factory.mktemp("cli") / "good"))
    with_tests(root, TESTS)
    return root


@pytest.fixture(scope="module")
def bad(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = Path(shutil.copytree(sample, tmp_path_factory.mktemp("cli") / "bad"))
    with_tests(root, BAD)
    return root


def test_passing(kit: Run, good: Path) -> None:
    shown = kit("playbooks", "test", "-w", good)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "refund: 1 of 1 passed\n  ✓ good\n" in shown.stdout
    # What has no tests is said and counted, and is no pass.
    assert "warranty-claim: no tests. Nothing is known of it; write some under `tests`." in shown.stdout
    last = shown.stdout.splitlines()[-1]
    assert last.startswith("1 test of 1 playbook, 0 failed; 1 message in ")
    assert "Without tests: " in last and "warranty-claim" in last


def test_failing(kit: Run, bad: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    shown = kit("playbooks", "test", "refund", "-w", bad, "-o", report)
    assert (shown.returncode, shown.stderr) == (1, "")
    file = bad / "playbooks" / "refund.md"
    number = next(n for n, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1) if "step: box" in line)
    before, _, after = shown.stdout.partition("    ▶ here: expected step `box`, it is at `")
    assert before.startswith("refund: 1 of 2 passed\n  ✓ good\n  ✗ bad  It asks for the reason, not for the box.\n")
    assert "    customer  │ i want my money back for order BL-104233\n    assistant │ " in before
    assert f"      {file}:{number}\n" in after
    [suite] = ET.fromstring(report.read_text(encoding="utf-8"))
    assert [case.get("name") for case in suite] == ["good", "bad"]
    assert [len(case) for case in suite] == [0, 1]


def test_for_programs(kit: Run, bad: Path) -> None:
    shown = kit("playbooks", "test", "refund", "-w", bad, "--json")
    assert shown.returncode == 1
    data = json.loads(shown.stdout)
    assert (data["passed"], data["tests"], data["failed"], data["untested"]) == (False, 2, 1, [])
    [playbook] = data["playbooks"]
    assert [test["passed"] for test in playbook["tests"]] == [True, False]
    [departure] = playbook["tests"][1]["departures"]
    assert departure["turn"] == 0 and departure["expected"] == "step `box`"


def test_bad_usage_and_bad_input(kit: Run, good: Path, bad: Path, tmp_path: Path) -> None:
    for command in ("test", "coverage"):
        wrong = kit("playbooks", command, "refnd", "-w", good)
        assert (wrong.returncode, wrong.stdout) == (2, "")
        assert wrong.stderr == "error: There is no playbook `refnd`. Did you mean `refund`?\n"
    nowhere = kit("playbooks", "test", "-w", good, "-o", tmp_path / "none" / "report.xml")
    assert nowhere.returncode == 2 and "This folder does not exist." in nowhere.stderr
    root = Path(shutil.copytree(good, tmp_path / "flawed"))
    file = with_tests(root, TESTS.replace("calls: []", "step: nowhere"))
    flawed = kit("playbooks", "test", "-w", root)
    number = next(n for n, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1) if "nowhere" in line)
    assert flawed.returncode == 2
    assert flawed.stderr.startswith(f"error: {file}:{number}: There is no step `nowhere`.")


def test_coverage(kit: Run, good: Path) -> None:
    shown = kit("playbooks", "coverage", "refund", "-w", good)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert shown.stdout.startswith("refund: ") and "It takes a customer " in shown.stdout
    below = kit("playbooks", "coverage", "refund", "-w", good, "--min", "1.0", "--json")
    assert below.returncode == 1 and below.stderr == "Below 1: refund.\n"
    [playbook] = json.loads(below.stdout)["playbooks"]
    assert 0 < playbook["share"] < 1 and playbook["missing"]
    assert playbook["step"]["reached"] < playbook["step"]["total"]
    assert kit("playbooks", "coverage", "-w", good, "--min", "2").returncode == 2


# The report itself

ONE = """
- {id: good, about: What it shows., turns: [change BK-1000], expect: {outcome: clarified}}
- id: bad
  turns:
    - change BK-1000
    - {customer: '4', expect: {step: done, says: [one, two, three, four, five]}}
"""


def test_the_lines_of_a_report() -> None:
    one = source(BOOKING, ONE)
    report = try_playbooks(EngineHost(one.playbook), [one], TOOLS)
    lines = list(report_lines(report))
    assert lines[:3] == ["booking: 1 of 2 passed", "  ✓ good  What it shows.", "  ✗ bad"]
    place = next(number for number, line in enumerate(lines) if line.startswith("    ▶ here"))
    assert lines[place - 1] == "    assistant │ What should the host know?"
    assert lines[place] == "    ▶ here: expected step `done`, it is at `remark`"
    assert lines[place + 1] == "      Its way: `look_up` → `in_time` (yes) → `remark`."
    assert lines[place + 2] == f"      booking.md:{one.located.line(('tests', 1, 'turns', 1, 'expect', 'step'))}"
    also = [line for line in lines if line.startswith("    also: ")]
    assert len(also) == 3 and "    and 2 more that may follow from it" in lines
    assert lines[-1].startswith("2 tests of 1 playbook, 1 failed; 3 messages in ")
    # All conversations on request.
    verbose = list(report_lines(report, verbose=True))
    assert [line for line in verbose if "│ change BK-1000" in line] == ["    customer  │ change BK-1000"] * 2
    assert report_json(report)["turns"] == 3


def test_what_xml_cannot_hold() -> None:
    one = source(BOOKING, '- {id: bad, turns: ["change BK-1000 \\x07 <b>&"], expect: {step: done}}\n')
    text = report_junit(try_playbooks(EngineHost(one.playbook), [one], TOOLS))
    [[case]] = ET.fromstring(text)
    assert "change BK-1000 � <b>&" in (case[0].text or "")


def test_progress_is_told_after_each_test() -> None:
    one, told = source(BOOKING, ONE), []
    try_playbooks(EngineHost(one.playbook), [one], TOOLS, progress=lambda *step: told.append(step))
    assert told == [("playing tests", 1, 2), ("playing tests", 2, 2)]
