# ruff: noqa: E501 (a case is easier to read on one line)
"""Files that are no playbooks, or no good ones: one clear error each, with file, line and remedy, from every command."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from kit.errors import KitError
from kit.playbooks import load_playbook, load_playbooks
from kit.playbooks.language import Collect, pattern_problem
from kit.playbooks.reading import read_field
from tests.conftest import Run
from tests.playbooks.linting import DAMAGED, RETURN, TOOLS, Folder, line_of

HEAD_END = "\n---\n\n# Returns"


def head(old: str, new: str) -> bytes:
    assert RETURN.count(old) == 1
    return RETURN.replace(old, new).encode()


BOMB = "lol: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"lol{n}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9)
)
# What the file holds, the rule that it breaks, the line or what stands on it, and words of the error.
BAD: dict[str, tuple[bytes, str, int | str, tuple[str, ...]]] = {
    "an empty file": (b"", "no-head", 1, ("empty", "kit playbooks new")),
    "a byte-order mark alone": (b"\xef\xbb\xbf", "no-head", 1, ("empty",)),
    "white space": (b" \r\n\n", "no-head", 1, ("empty",)),
    "no head": (b"# Returns\n\nBe kind.\n", "no-head", 1, ("YAML head", "kit playbooks new")),
    "a head without end": (RETURN[: RETURN.index(HEAD_END)].encode(), "no-head", 1, ("no end", "`---`")),
    "an empty head": (b"---\n---\n", "wrong-value", 2, ("must be `key: value` lines", "Known here: id")),
    "a list as the head": (b"---\n- id\n---\n", "wrong-value", 2, ("must be `key: value` lines",)),
    "cp1252": (RETURN.replace("Be kind", "Be “kind”").encode("cp1252"), "unreadable", "Be “kind”", ("UTF-8",)),
    "UTF-16": (RETURN.encode("utf-16"), "unreadable", 1, ("UTF-8",)),
    "a NUL": (head("owner: Returns", "owner: \0Returns"), "not-yaml", 4, ("character",)),
    "tabs": (head("  - name: reason", "\t- name: reason"), "not-yaml", "\t- name", ("spaces, not tabs",)),
    "a colon in a text": (head("What is the order number?", "This: what is it?"), "not-yaml", "This: what", ("quotes",)),
    "a quote without end": (head("'KT-\\d{4}'", "'KT-\\d{4}"), "not-yaml", "{id: look_up", ("YAML",)),
    "an alias bomb": (head("owner:", BOMB + "owner:"), "not-yaml", 5, ("alias", "quote")),
    "a Python object": (head("owner: Returns team", "owner: !!python/object:os.system x"), "not-yaml", 4, ("python",)),
    "a Python call": (head("owner: Returns team", "owner: !!python/object/apply:os.system [x]"), "not-yaml", 4, ("tag",)),
    "a key twice": (head("owner:", "title: Another\nowner:"), "not-yaml", 4, ("`title` is here twice", "line 3")),
    "a second document": (RETURN.replace("owner:", "...\n--- a\nowner:", 1).encode(), "not-yaml", 5, ("second document",)),
    "deeply nested": (head("owner:", "deep: " + "[" * 500 + "]" * 500 + "\nowner:"), "not-yaml", 4, ("nested",)),
    "5 MB": (RETURN.encode() + b"Be kind.\n" * 600_000, "unreadable", 1, ("5.4 MB", "1 MB")),
    "a pattern that looks ahead": (head("'KT-\\d{4}'", "'(?=K)KT-.*'"), "bad-pattern", "(?=K)", ("looking ahead",)),
    "a condition that runs code": (head("if: order.found", "if: __import__('os').system('x')"), "bad-condition", "__import__", ("may not be used",)),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def spoilt(folder: Folder, name: str) -> tuple[Path, str, int, tuple[str, ...]]:
    data, rule, line, says = BAD[name]
    folder.file().write_bytes(data)
    if isinstance(line, str):
        before, found, _ = data.partition(line.encode("cp1252"))
        assert found
        line = before.count(b"\n") + 1
    return folder.file(), rule, line, says


@pytest.mark.parametrize("name", BAD)
def test_it_is_one_error_where_playbooks_are_loaded(folder: Folder, name: str) -> None:
    path, _, line, says = spoilt(folder, name)
    for load in (lambda: load_playbook(path, TOOLS), lambda: load_playbooks(folder.path, TOOLS)):
        with pytest.raises(KitError) as caught:
            load()
        assert (caught.value.path, caught.value.line, caught.value.exit_code) == (path, line, 2)
        assert caught.value.remedy
        for words in says:
            assert words in str(caught.value)
        assert "\n" not in str(caught.value) and len(str(caught.value)) < 600


@pytest.mark.parametrize("name", BAD)
def test_it_is_one_finding_and_the_other_playbook_is_still_checked(folder: Folder, name: str) -> None:
    path, rule, line, says = spoilt(folder, name)
    folder.change("owner: Returns team", "owner: TODO", "damaged-order")
    found = {(finding.path.stem, finding.rule): finding for finding in folder.lint().findings}
    # Whether the other one's team and neighbour exist cannot be told from a file that cannot be read.
    assert found.keys() <= {("damaged-order", "todo-left"), ("damaged-order", "one-way-neighbour"), (path.stem, rule)}
    assert ("damaged-order", "todo-left") in found
    finding = found[path.stem, rule]
    assert (finding.line, finding.level) == (line, "error")
    for words in says:
        assert words in str(finding)


@pytest.mark.parametrize("change", ["bom", "crlf", "spaces behind the marks", "no line break at the end"])
def test_what_editors_do_to_files_is_no_error(folder: Folder, change: str) -> None:
    text = {
        "bom": "\ufeff" + RETURN,
        "crlf": RETURN.replace("\n", "\r\n"),
        "spaces behind the marks": RETURN.replace("---\n", "---  \n"),
        "no line break at the end": RETURN[: RETURN.index(HEAD_END)] + "\n---",
    }[change]
    folder.write("return-order", text)
    assert folder.lint().findings == []
    assert load_playbook(folder.file(), TOOLS).steps[0].id == "look_up"


def test_a_link_out_of_the_folder_is_not_followed(folder: Folder, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "secret.md"
    elsewhere.write_text(DAMAGED.replace("id: damaged-order", "id: linked"))
    link = folder.path / "linked.md"
    link.symlink_to(elsewhere)
    with pytest.raises(KitError, match="link to a file outside") as caught:
        load_playbooks(folder.path, TOOLS)
    assert caught.value.path == link and caught.value.remedy
    [finding] = folder.lint().findings
    assert (finding.rule, finding.path) == ("unreadable", link)


@pytest.mark.parametrize(
    "make", [lambda path: path.symlink_to(path), lambda path: path.symlink_to(path.parent / "gone.md"), Path.mkdir]
)
def test_what_is_no_file_is_one_error(folder: Folder, make: Callable[[Path], None]) -> None:
    path = folder.path / "odd.md"
    make(path)
    with pytest.raises(KitError) as caught:
        load_playbooks(folder.path, TOOLS)
    assert caught.value.path == path
    assert [(finding.rule, finding.path) for finding in folder.lint().findings] == [("unreadable", path)]


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_that_may_not_be_read(folder: Folder) -> None:
    folder.file().chmod(0)
    assert [finding.rule for finding in folder.lint().findings if finding.path == folder.file()] == ["unreadable"]


def test_a_circle_of_calls_is_one_error(folder: Folder) -> None:
    folder.change(
        "{id: details, type: answer, question: how are returns sent}",
        "{id: details, type: call, playbook: damaged-order}",
    )
    folder.change(
        "- {id: sorry, type: say, text: I am sorry to hear that.}",
        "- {id: sorry, type: call, playbook: return-order}",
        "damaged-order",
    )
    with pytest.raises(KitError, match="calls itself: damaged-order → return-order → damaged-order") as caught:
        load_playbooks(folder.path, TOOLS)
    assert caught.value.line == line_of(folder.file("damaged-order"), "{id: sorry")


def test_a_thousand_steps_are_one_error(folder: Folder) -> None:
    steps = "".join(
        f"  - {{id: s{n}, type: check, if: customer.a == {n}, then: s{(n * 7) % 1000}}}\n" for n in range(1000)
    )
    path = folder.change("  - {id: sorry, type: say, text: I am sorry to hear that.}\n", steps, "damaged-order")
    with pytest.raises(KitError, match="more than 200 are not followed") as caught:
        load_playbooks(folder.path, TOOLS)
    assert caught.value.line == line_of(path, "steps:") and "`call`" in (caught.value.remedy or "")
    assert "too-many-steps" in [finding.rule for finding in folder.lint().findings]


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+$", "(a|a)*$", "(a|aa)+$", "(?:a|b|ab)*c", "(a?b?)*c", "(?:(?:a?)?b)*c", "(?:x+y?)*z", "(.*)*$", "([a-z]+)*!",
        "(\\w+\\s?)*$", "(a*)*", "((a|b)*)*", "(?:\\d|\\d\\d)+x", "(a|(?:a))+b", "(?:.|x)*y", "(a{0,9}){1,99}$",
        "\\d*\\d*\\d*x", ".*.*.*=", "[a-z]*[a-f]*[a-z0-9]*!",
    ],
)  # fmt: skip
def test_patterns_that_others_read_forever_are_read_at_once(pattern: str) -> None:
    assert pattern_problem(pattern) is None
    field = Collect(name="code", ask="Which code?", pattern=pattern)
    for message in ("a" * 8_000 + "?", "ab" * 4_000 + "?", "1" * 8_000 + "?", "x y " * 2_000 + "?"):
        value = read_field(field, message, today=date(2026, 6, 15))
        assert value is None or value in message.upper()


@pytest.mark.parametrize(
    ("pattern", "remedy"),
    [
        ("(a", "Mend it."),
        ("(?=A)A\\d+", "without looking ahead"),
        ("(a)\\1", "without looking ahead"),
        ("((a{100}){100}){100}", "at most 1,000 times"),
    ],
)
def test_patterns_that_cannot_be_used_are_refused(pattern: str, remedy: str) -> None:
    problem = pattern_problem(pattern)
    assert problem is not None and pattern in problem[0] and remedy in problem[1]


@pytest.mark.parametrize(
    "pattern",
    [
        "BL-\\d{6}", "(?:B(?:D1|D2|S1)-[A-Z0-9]{8}|PA-\\d{4})", "(?:\\d{4}[ -]?){4}", "[A-Z]+-\\d+", "(?:AB|CD)+\\d*",
        "(?:[A-Z]\\d){1,8}", "\\w+@\\w+\\.\\w+", "[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){2,7}", "(?:\\d+,)*\\d+", "#?\\d+", "(?:a|b)+",
        "\\s*\\d+\\s*", "(?P<y>\\d{4})-(?P<m>\\d\\d)", "", "(?:[a-z]+ )+[a-z]+", "(a?)*$", "(?i:a|A)*b",
    ],
)  # fmt: skip
def test_patterns_that_people_write_are_taken(pattern: str) -> None:
    assert pattern_problem(pattern) is None


def test_hostile_files_end_the_command_with_one_line(kit: Run, tmp_path: Path) -> None:
    """From the command line: loading ends with 2, linting with 1, and neither with a stack trace."""
    (tmp_path / "kit.toml").write_text("")
    (tmp_path / "playbooks").mkdir()
    path = tmp_path / "playbooks" / "bomb.md"
    path.write_bytes(BAD["an alias bomb"][0].replace(b"id: return-order", b"id: bomb"))
    listed = kit("playbooks", "list", "-w", tmp_path)
    assert (listed.returncode, listed.stdout) == (2, "")
    assert listed.stderr.startswith(f"error: {path}:5: The alias") and listed.stderr.count("\n") == 1
    linted = kit("playbooks", "lint", "-w", tmp_path)
    assert (linted.returncode, linted.stderr) == (1, "")
    first, total = linted.stdout.splitlines()
    assert first.startswith(f"{path}:5: error: The alias") and total == "1 playbook: 1 error, 0 warnings."


def test_a_hostile_file_needs_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "bomb.md"
    path.write_bytes(BAD["an alias bomb"][0])
    code = f"""
import resource
from pathlib import Path
from kit.playbooks import load_playbook
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    load_playbook(Path({str(path)!r}), {{}})
except Exception as error:
    print(type(error).__name__, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["KitError", "True"]
