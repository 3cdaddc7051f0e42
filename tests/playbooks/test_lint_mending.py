# ruff: noqa: E501 (a case is easier to read on one line)
"""`kit playbooks lint --fix`: what it mends, that nothing else changes, and that nothing becomes worse."""

import re
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.playbooks import RULES, load_playbooks, mend
from kit.playbooks.checking.edits import AddItem, AddKey, RemoveItem, RenameKey, SetValue, TrimLines, edited
from tests.playbooks.linting import DAMAGED, RETURN, TOOLS, Folder

COMMENTED = RETURN.replace("collect:\n", "collect:   # what we ask\n").replace(
    "  - {id: found, type: check", "  # nothing is looked up twice\n  - {id: found,   type: check"
)
# What is spoilt, and how it reads once it is mended; None where it reads as before.
MENDED: list[tuple[str, str, str, str | None]] = [
    ("unknown-key", "owner: Returns team", "ownr: Returns team", None),
    ("unknown-key", "type: ask, field: opened", "type: ask, feild: opened", None),
    ("unknown-key", "    synonyms: {changed", "    synonims: {changed", None),
    ("missing-key", "{id: state, type: ask", "{id: state, tpye: ask", None),
    ("wrong-value", "type: yes_no", "type: yes_on", None),
    ("wrong-value", "type: end, text: Nothing", "type: edn, text: Nothing", None),
    ("id-not-file-name", "id: return-order", "id: return-ordre", None),
    ("duplicate-playbook", "id: return-order", "id: damaged-order", None),
    ("no-such-step", "else: unknown", "else: unkown", None),
    ("no-such-field", "type: ask, field: reason", "type: ask, field: raeson", None),
    ("no-such-tool", "tool: order_lookup", "tool: 'order_lokup'", "tool: order_lookup"),
    ("no-such-playbook", "[damaged-order]", "[damagde-order]", None),
    ("pii-not-marked", "    type: email\n    pii: true\n", "    type: email   # theirs\n", "    type: email   # theirs\n    pii: true\n"),
    ("pii-not-marked", "    type: email\n    pii: true\n  - {name: opened, ask: Has it been opened?, type: yes_no}", "    type: email\n    pii: true\n  - {name: opened, ask: Which number?, type: phone}", "    type: email\n    pii: true\n  - {name: opened, ask: Which number?, type: phone, pii: true}"),
    ("duplicate-example", "  - refund please\n", "  - refund please\n  - REFUND, please\n", None),
    ("trailing-spaces", "owner: Returns team", "owner: Returns team \t ", None),
    ("one-way-neighbour", "disambiguate_with: [damaged-order]", "disambiguate_with: []", None),
    ("one-way-neighbour", "disambiguate_with: [damaged-order]", "disambiguate_with: [other]", "disambiguate_with: [other, damaged-order]"),
    ("one-way-neighbour", "disambiguate_with: [damaged-order]", "disambiguate_with:\n  - other", "disambiguate_with:\n  - other\n  - damaged-order"),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path)
    folder.write("return-order", COMMENTED)
    return folder


@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize(("rule", "good", "spoilt", "mended"), MENDED)
def test_what_is_mended_reads_as_it_should(
    folder: Folder, rule: str, good: str, spoilt: str, mended: str | None, ending: str
) -> None:
    assert COMMENTED.count(good) == 1
    path = folder.write("return-order", COMMENTED.replace(good, spoilt).replace("\n", ending))
    assert rule in [finding.rule for finding in folder.lint().findings if finding.fix], folder.lint().findings
    changes = mend(folder.linter)
    assert [(change.path, change.rule) for change in changes] == [(path, rule)]
    assert path.read_bytes().decode() == COMMENTED.replace(good, mended or good).replace("\n", ending)
    assert str(changes[0]).startswith(f"{path}:{changes[0].line}: mended: ") and str(changes[0]).endswith(f"[{rule}]")
    assert mend(folder.linter) == []


def test_every_rule_that_says_it_is_mended_is(folder: Folder) -> None:
    assert {rule for rule, *_ in MENDED} == {name for name, rule in RULES.items() if rule.fixes}


def test_a_neighbour_is_added_where_no_neighbours_were_named(folder: Folder) -> None:
    text = folder.file().read_text().replace("disambiguate_with: [damaged-order]\n", "")
    folder.write("return-order", text)
    [change] = mend(folder.linter)
    assert "disambiguate_with: [damaged-order]" in change.change
    assert folder.lint().findings == []
    body = text[text.index("\n---\n") :]
    assert folder.file().read_text().endswith(body)


def test_several_at_once_and_one_behind_the_other(folder: Folder) -> None:
    text = COMMENTED
    for old, new in [
        ("owner:", "ownr:"),
        ("else: unknown", "else: unkown"),
        ("type: yes_no", "typ: yes_on"),
        ("  - refund please\n", "  - refund please\n  - refund please\n  - Refund please.\n"),
    ]:
        text = text.replace(old, new)
    folder.write("return-order", text)
    assert len(mend(folder.linter)) == 6
    assert folder.file().read_text() == COMMENTED
    assert folder.lint().findings == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("else: unknown", "else: unknwnx"),  # two slips in a short name
        ("else: unknown", "else: known"),  # another first letter: the opposite, perhaps
        ("else: unknown", "else: stoped1"),
        ("owner: Returns team", "hobby: Returns team"),
        ("type: yes_no", "type: number1"),
    ],
)
def test_what_is_in_doubt_is_left_to_people(folder: Folder, old: str, new: str) -> None:
    text = COMMENTED.replace(old, new)
    folder.write("return-order", text)
    assert folder.lint().errors and mend(folder.linter) == []
    assert folder.file().read_text() == text


def test_an_id_that_others_use_is_left_to_people(folder: Folder) -> None:
    folder.change("id: damaged-order", "id: broken-order", "damaged-order")
    folder.change("disambiguate_with: [damaged-order]", "disambiguate_with: [broken-order]")
    changed = folder.file("damaged-order").read_text()
    assert not [change for change in mend(folder.linter) if change.rule == "id-not-file-name"]
    assert "id: broken-order" in changed and "id: broken-order" in folder.file("damaged-order").read_text()


def test_examples_never_become_too_few(folder: Folder) -> None:
    examples = "  - one\n  - One\n  - ONE!\n  - two\n"
    text = re.sub(r"(?s)examples:\n.*?disambiguate", f"examples:\n{examples}disambiguate", DAMAGED)
    folder.write("damaged-order", text)
    assert mend(folder.linter) == []
    assert len(load_playbooks(folder.path, TOOLS)) == 2


def test_names_with_digits_are_not_taken_for_each_other(folder: Folder) -> None:
    folder.change("{id: stopped, ", "{id: stopped_1, ")
    folder.change("    else: stopped\n", "    else: stopped_2\n")
    assert mend(folder.linter) == []


def test_only_the_playbooks_named_are_mended(folder: Folder) -> None:
    folder.change("owner:", "ownr:")
    folder.change("owner:", "ownr:", "damaged-order")
    assert {change.path.stem for change in mend(folder.linter, ["damaged-order"])} == {"damaged-order"}
    assert "ownr:" in folder.file().read_text()


def test_a_file_whose_lines_end_in_two_ways_is_left_as_it_is(folder: Folder) -> None:
    text = COMMENTED.replace("title: Return an order\n", "title: Return an order\r\n").replace("owner:", "ownr:")
    path = folder.write("return-order", text)
    assert mend(folder.linter) == [] and path.read_bytes().decode() == text


def test_nothing_is_left_behind_and_rights_and_links_stay(folder: Folder) -> None:
    folder.change("owner:", "ownr:")
    folder.file().chmod(0o640)
    target = folder.file().rename(folder.path / "kept.txt")
    folder.file().symlink_to(target)
    assert len(mend(folder.linter)) == 1
    assert folder.file().is_symlink() and target.stat().st_mode & 0o777 == 0o640 and "owner:" in target.read_text()
    assert sorted(path.name for path in folder.path.iterdir()) == ["damaged-order.md", "kept.txt", "return-order.md"]


def test_a_failed_write_leaves_the_file_as_it_was(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.change("owner:", "ownr:")
    before = folder.file().read_bytes()

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        mend(folder.linter)
    assert folder.file().read_bytes() == before
    assert sorted(path.name for path in folder.path.iterdir()) == ["damaged-order.md", "return-order.md"]


# Edits by themselves

HEADS = [
    ("a: 1\nb: [x, y]\n", SetValue(("b", 1), "z z"), "a: 1\nb: [x, z z]\n"),
    ("a: 'é, 🙂'  # why\nb: x\n", SetValue(("a",), "it's: so"), "a: 'it''s: so'  # why\nb: x\n"),
    ("a: no\n", SetValue(("a",), "yes"), "a: 'yes'\n"),
    ("{a: 1, b: 2}\n", RenameKey(("b",), "c"), "{a: 1, c: 2}\n"),
    ("a: 1\n'b c': 2\n", RenameKey(("b c",), "b"), "a: 1\nb: 2\n"),
    ("a: 1\n", RenameKey(("b",), "c"), None),
    ("a: 1\nb: 2\n", RenameKey(("a",), "b"), None),
    ("a: |\n  long\n  text\nb: 1 # x\n", AddKey(("c",), True), "a: |\n  long\n  text\nb: 1 # x\nc: true\n"),
    ("a: |\n  long\n  text\n", AddKey(("c",), True), None),
    ("a: |\n  long\n  text\n", SetValue(("a",), "x"), None),
    ("a:\n  - b: 1\n    c:\n      - 2\n", AddKey(("a", 0, "d"), ("x",)), "a:\n  - b: 1\n    d: [x]\n    c:\n      - 2\n"),
    ("a: {\n  b: 1,\n  c: 2\n}\n", AddKey(("a", "d"), True), "a: {\n  b: 1,\n  c: 2, d: true\n}\n"),
    ("a: [\n  x,\n]\n", AddItem(("a",), "z"), "a: [\n  x, z,\n]\n"),
    ("a:\n- x\n- y # last\n", AddItem(("a",), "z"), "a:\n- x\n- y # last\n- z\n"),
    ("a:\n- x\n- y\nb: 1\n", RemoveItem(("a", 1)), "a:\n- x\nb: 1\n"),
    ("a: [x, 'y', z]\n", RemoveItem(("a", 1)), "a: [x, z]\n"),
    ("a:\n- x\n- >-\n  long\n  text\n", RemoveItem(("a", 1)), None),
    ("a: |\n  kept  \n  text\nb: x  \n", TrimLines(), None),
    ("a: x\t \nb: 'y '  \n", TrimLines(), "a: x\nb: 'y '\n"),
]  # fmt: skip


@pytest.mark.parametrize(("head", "edit", "wanted"), HEADS)
def test_an_edit_changes_what_it_says_or_nothing(head: str, edit: SetValue, wanted: str | None) -> None:
    assert edited(head, edit) == wanted


# Any damage

LINES = RETURN.split("\n---\n")[0].count("\n")


def damaged(draw_from: Sequence[tuple[int, int, str]]) -> str:
    """The good playbook with letters of its head dropped, doubled, swapped or replaced."""
    text = RETURN
    for line, column, how in draw_from:
        lines = text.split("\n")
        at = lines[1 + line % LINES]
        place = column % max(1, len(at))
        one, rest = at[place : place + 1], at[place + 1 :]
        changed = {
            "drop": rest,
            "double": one + one + rest,
            "swap": rest[:1] + one + rest[1:],
            "space": one + rest + "  ",
        }
        lines[1 + line % LINES] = at[:place] + changed.get(how, how + rest)
        text = "\n".join(lines)
    return text


DAMAGE = st.lists(
    st.tuples(
        st.integers(0, 200),
        st.integers(0, 80),
        st.sampled_from(["drop", "double", "swap", "space", "x", "'", "{", ":", "-"]),
    ),
    min_size=1,
    max_size=4,
)


@settings(
    deadline=None, derandomize=True, database=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow]
)
@given(DAMAGE)
def test_mending_never_makes_a_playbook_worse(damage: list[tuple[int, int, str]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Folder(Path(name))
        text = damaged(damage)
        folder.write("return-order", text)
        before = folder.lint()
        assert folder.lint() == before
        assert before.findings == sorted(
            before.findings, key=lambda one: (one.path, one.line, one.level, one.rule, one.problem)
        )
        changes = mend(folder.linter)
        after = folder.lint()
        assert mend(folder.linter) == [] and folder.lint() == after
        # The body is never touched, nor anything where nothing can be mended.
        now = folder.file().read_text(encoding="utf-8")
        if not any(finding.fix for finding in before.findings):
            assert now == text and not changes
        if "\n---\n" in text:
            assert now.split("\n---\n", 1)[1:] == text.split("\n---\n", 1)[1:]
        # What could be read still can, and what was right still is. Something that could not be looked at before may
        # turn out to be wrong, but only where something else is right now.
        shapes = {"no-head", "not-yaml", "unreadable", "unknown-key", "missing-key", "wrong-value"}
        worse = Counter(f.rule for f in after.errors) - Counter(f.rule for f in before.errors)
        assert not shapes & worse.keys() or shapes & {f.rule for f in before.errors}
        if worse:
            assert {change.rule for change in changes} & {"unknown-key", "missing-key", "wrong-value", "no-such-step"}
        assert len(after.errors) <= len(before.errors) or shapes & {f.rule for f in before.errors}


@settings(deadline=None, derandomize=True, database=None, max_examples=200)
@given(st.text(max_size=200), st.binary(max_size=100))
def test_any_file_is_linted_and_mended_without_an_exception(text: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Folder(Path(name))
        folder.file().write_bytes(f"---\nid: return-order\n{text}\n---\n".encode("utf-8", "surrogatepass"))
        folder.file("damaged-order").write_bytes(data)
        found = folder.lint().findings
        assert {finding.path.stem for finding in found} == {"return-order", "damaged-order"}
        mend(folder.linter)
        assert folder.lint().errors
