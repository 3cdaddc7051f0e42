import importlib.metadata
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kit.errors import KitError
from kit.playbooks import ToolFailure, call_tool, check_tools, load_tools

SECRET = "maria.lopez@example.com"
CODE = """
from __future__ import annotations

import datetime
import enum
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, NotRequired, TypedDict

from pydantic import BaseModel

from kit.playbooks import ToolFailure

LOADED = []


class State(enum.Enum):
    SENT = "sent"


class Order(TypedDict):
    found: bool
    total: NotRequired[Decimal]
    on: datetime.date | None
    state: State
    lines: list[str]
    how: Literal["post", "van"]
    more: dict[str, Any]


def look_up(order: str, day: datetime.date, count: int = 1, *, rush: bool = False) -> Order:
    return {"found": True, "total": Decimal("12.50"), "on": day, "state": State.SENT, "lines": (order,), "how": "post",
            "more": {"count": count, "whole": Decimal("3.00"), "rush": rush, "set": {"b", "a"}}}


@dataclass
class Refund:
    ok: bool
    reference: str
    amount: float


def refund(order: str, *, idempotency_key: str) -> Refund:
    return Refund(True, idempotency_key, 2.5)


class Parcel(BaseModel):
    place: str
    on: datetime.datetime


async def parcel(order: str) -> Parcel:
    return Parcel(place=order, on=datetime.datetime(2026, 3, 1, 9, 30))


def loose(**anything: object):
    return anything


def plain(order):
    return {"order": order}


def fails(email: str):
    raise ValueError(email)


def says_no(email: str):
    raise ToolFailure(f"{email} is blocked", kind="refused")


def too_late(email: str):
    raise ToolFailure("the bank did not answer", kind="timeout")


def leaves(email: str):
    raise SystemExit(email)


def validates(email: str):
    Parcel(place=email, on="never")


def positional(order, /):
    return {}


def broken_hint(order: Missing) -> Gone:
    return {}


def broken_return(order: str) -> Gone:
    return {}


NUMBER = 7
"""

Load = Callable[..., Any]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    (tmp_path / "kit.toml").write_text("", encoding="utf-8")
    folder = tmp_path / "playbooks"
    folder.mkdir()
    (folder / "tools.py").write_text(CODE, encoding="utf-8")

    def loaded(python: str = "tools.py:look_up", *lines: str, changes: bool = False) -> Any:
        entry = [f'  python: "{python}"', "  description: d", f"  changes: {str(changes).lower()}", *lines]
        (folder / "tools.yaml").write_text("tool:\n" + "\n".join(entry) + "\n", encoding="utf-8")
        return load_tools(folder)["tool"]

    return loaded


def problem(tool: Any) -> KitError:
    [error] = check_tools({"tool": tool})
    # What the check finds, a call fails by.
    with pytest.raises(ToolFailure) as caught:
        call_tool(tool, {})
    assert caught.value.kind == "failed" and not caught.value.unknown
    return error


def test_arguments_and_results_are_converted_by_their_hints(load: Load) -> None:
    tool = load()
    answer = call_tool(tool, {"order": "BL-1", "day": "2026-03-01", "count": "2"})
    assert answer == {
        "found": True,
        "total": 12.5,
        "on": "2026-03-01",
        "state": "sent",
        "lines": ["BL-1"],
        "how": "post",
        "more": {"count": 2, "whole": 3, "rush": False, "set": ["a", "b"]},
    }
    assert tool.parameters == {"order": True, "day": True, "count": False, "rush": False}
    assert tool.returns == {
        "found": "yes_no",
        "total": "number",
        "on": "date",
        "state": "text",
        "lines": "list",
        "how": "text",
        "more": "any",
    }


def test_dataclasses_models_and_coroutines(load: Load) -> None:
    tool = load("tools.py:refund", changes=True)
    assert call_tool(tool, {"order": "BL-1"}, key="k-1") == {"ok": True, "reference": "k-1", "amount": 2.5}
    assert (tool.parameters, tool.returns) == (
        {"order": True},
        {"ok": "yes_no", "reference": "text", "amount": "number"},
    )
    tool = load("tools.py:parcel")
    assert call_tool(tool, {"order": "BL-1"}) == {"place": "BL-1", "on": "2026-03-01T09:30:00"}
    assert tool.returns == {"place": "text", "on": "date"}


def test_what_hints_do_not_say_is_not_known(load: Load) -> None:
    tool = load("tools.py:loose")
    assert (tool.parameters, tool.returns) == (None, None)
    assert call_tool(tool, {"a": 1}) == {"a": 1}
    tool = load("tools.py:plain", "  returns: {order: text}")
    assert (tool.parameters, tool.returns) == ({"order": True}, {"order": "text"})
    with pytest.raises(ToolFailure) as caught:
        call_tool(tool, {"order": 5})
    assert caught.value.kind == "nonsense"


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ({"day": "2026-03-01"}, "the argument order is missing"),
        ({"order": "x", "day": "2026-03-01", "dya": 1}, "it takes no argument dya"),
        ({"order": "x", "day": SECRET}, "the argument day is not of the type that it takes"),
    ],
)
def test_bad_arguments_are_named_without_their_values(load: Load, args: Any, says: str) -> None:
    with pytest.raises(ToolFailure) as caught:
        call_tool(load(changes=True), args)
    assert (str(caught.value), caught.value.kind, caught.value.unknown) == (says, "failed", False)


@pytest.mark.parametrize("changes", [True, False])
@pytest.mark.parametrize(
    ("name", "says", "kind"),
    [
        ("fails", "it raised ValueError at tools.py:", "failed"),
        ("leaves", "it raised SystemExit at tools.py:", "failed"),
        ("validates", "it raised ValidationError at tools.py:", "failed"),
        ("says_no", "it reported a failure at tools.py:", "refused"),
        ("too_late", "it reported a failure at tools.py:", "timeout"),
    ],
)
def test_a_function_that_fails(load: Load, name: str, says: str, kind: str, changes: bool) -> None:
    with pytest.raises(ToolFailure) as caught:
        call_tool(load(f"tools.py:{name}", changes=changes), {"email": SECRET})
    failed = caught.value
    code = CODE.splitlines()
    line = int(str(failed).rpartition(":")[2])
    assert str(failed).startswith(says) and any(f"def {name}(" in one for one in code[line - 3 : line])
    assert failed.kind == kind and failed.unknown == (changes and name != "says_no")


def test_nothing_is_executed_before_it_is_called_or_checked(load: Load, tmp_path: Path) -> None:
    mark = tmp_path / "executed"
    code = f"from pathlib import Path\nPath({str(mark)!r}).touch()\ndef f(): return {{'ok': True}}\n"
    (tmp_path / "playbooks" / "other.py").write_text(code, encoding="utf-8")
    tool = load("other.py:f")
    assert (tool.description, tool.changes) == ("d", False) and not mark.exists()
    assert check_tools({"tool": tool}) == [] and mark.exists()
    mark.unlink()
    assert call_tool(load("other.py:f"), {}) == {"ok": True}
    assert not mark.exists()  # the file is the same, so is its module


def test_a_module_that_never_comes_to_an_end_holds_up_no_other_tool(load: Load, tmp_path: Path) -> None:
    over, folder = tmp_path / "over", tmp_path / "playbooks"
    code = f"""
import time
from pathlib import Path
while not Path({str(over)!r}).exists():
    time.sleep(0.01)
def f(): return {{}}
"""
    (folder / "endless.py").write_text(code, encoding="utf-8")
    endless = load("endless.py:f")
    with pytest.raises(ToolFailure) as caught:
        call_tool(endless, {}, timeout=0.5)
    assert caught.value.kind == "timeout"
    assert call_tool(load("tools.py:plain"), {"order": "1"}, timeout=60) == {"order": "1"}
    over.touch()
    assert call_tool(endless, {}, timeout=60) == {}


def test_a_changed_file_is_read_anew(load: Load, tmp_path: Path) -> None:
    path = tmp_path / "playbooks" / "other.py"
    for number in (1, 2):
        path.write_text(f"def f(): return {{'number': {number}}}\n", encoding="utf-8")
        os.utime(path, ns=(number * 10**9, number * 10**9))
        assert call_tool(load("other.py:f"), {}) == {"number": number}


@pytest.mark.parametrize(
    ("python", "says", "line"),
    [
        ("missing.py:f", "There is no file `missing.py`.", 2),
        ("tools.py:lok_up", "has no function `lok_up`. Did you mean `look_up`?", 2),
        ("tools.py:NUMBER", "`tools.py:NUMBER` is not a function", 2),
        ("../../tools.py:f", "leads out of the workspace", 2),
        ("/etc/passwd.py:f", "leads out of the workspace", 2),
        ("no_such_package.tools:f", "There is no module `no_such_package.tools`", 2),
        ("os.path:joyn", "has no function `joyn`. Did you mean `join`?", 2),
        ("nothing", "`nothing` names no function", 2),
        ("tools.py:broken_return", "`broken_return` has type hints that cannot be", "def broken_return"),
        ("tools.py:broken_hint", "`broken_hint` has type hints that cannot be", "def broken_hint"),
        ("tools.py:positional", "needs `order`, which a playbook cannot give by name", "def positional"),
    ],
)
def test_what_is_missing_is_told_with_file_and_line(load: Load, python: str, says: str, line: int | str) -> None:
    error = problem(load(python))
    assert says in str(error)
    if isinstance(line, str):
        line = next(number for number, text in enumerate(CODE.splitlines(), 1) if line in text)
        assert str(error.path).endswith("playbooks/tools.py")
    else:
        assert str(error.path).endswith("playbooks/tools.yaml")
    assert error.line == line


@pytest.mark.parametrize(
    ("code", "says", "name", "line"),
    [
        ("def f(:\n", "This is not Python", "other.py", 1),
        ("\n\nraise ValueError('s3cret')\n", "cannot be loaded: ValueError at other.py:3.", "tools.yaml", 2),
        ("import no_such_package\n", "cannot be loaded: ModuleNotFoundError at other.py:1.", "tools.yaml", 2),
        ("import sys\nsys.exit(3)\n", "cannot be loaded: SystemExit at other.py:2.", "tools.yaml", 2),
    ],
)
def test_a_file_that_cannot_be_executed(load: Load, tmp_path: Path, code: str, says: str, name: str, line: int) -> None:
    (tmp_path / "playbooks" / "other.py").write_text(code, encoding="utf-8")
    error = problem(load("other.py:f"))
    assert says in str(error) and "s3cret" not in str(error)
    assert (Path(str(error.path)).name, error.line) == (name, line)


def test_a_link_out_of_the_workspace_is_not_followed(load: Load, tmp_path: Path) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}-outside.py"
    outside.write_text("def f(): return {}\n", encoding="utf-8")
    (tmp_path / "playbooks" / "link.py").symlink_to(outside)
    assert "leads out of the workspace" in str(problem(load("link.py:f")))
    # Elsewhere in the workspace is fine.
    (tmp_path / "own.py").write_text("def f(): return {'ok': True}\n", encoding="utf-8")
    assert call_tool(load("../own.py:f"), {}) == {"ok": True}


@pytest.mark.parametrize(
    ("lines", "line", "says"),
    [
        (["  timeout: 0"], 5, "timeout"),
        (["  timeout: 61"], 5, "timeout"),
        (["  retries: 3"], 5, "Unknown key `retries`"),
        (["  mock: {recods: {}}"], 5, "Did you mean `records`?"),
        (["  returns: {ok: yes_no}", "  mock:", "    otherwise: {ok: sure}"], 7, "`ok` is not of the type `yes_no`"),
    ],
)
def test_a_malformed_entry(load: Load, lines: list[str], line: int, says: str) -> None:
    with pytest.raises(KitError) as caught:
        load("tools.py:plain", *lines)
    assert says in str(caught.value) and caught.value.line == line


def test_whether_a_function_changes_something_has_to_be_said(tmp_path: Path) -> None:
    (tmp_path / "tools.yaml").write_text('tool:\n  python: "tools.py:f"\n  description: d\n', encoding="utf-8")
    with pytest.raises(KitError, match="`changes` in `tool` is missing"):
        load_tools(tmp_path)


def test_a_mock_that_the_function_could_not_answer_is_found(load: Load) -> None:
    tool = load("tools.py:refund", "  mock:", "    otherwise: {ok: true, amount: much}", changes=True)
    [error] = check_tools({"tool": tool})
    assert "`amount` is not of the type `number`" in str(error) and error.line == 6


def test_an_entry_point_is_found_by_its_name(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    points = [
        importlib.metadata.EntryPoint("shop_cwd", "os:getcwd", "kit.tools"),
        importlib.metadata.EntryPoint("shop_gone", "os:gone", "kit.tools"),
    ]

    def entry_points(**select: str) -> Any:
        return importlib.metadata.EntryPoints(points).select(**select)

    monkeypatch.setattr(importlib.metadata, "entry_points", entry_points)
    tool = load("shop_cwd")
    assert check_tools({"tool": tool}) == []
    with pytest.raises(ToolFailure, match="the answer is not a mapping"):
        call_tool(tool, {})
    assert "The entry point `shop_gone` cannot be loaded: AttributeError" in str(problem(load("shop_gone")))
    assert "Did you mean `shop_cwd`?" in str(problem(load("shop_cdw")))


def test_playbooks_load_without_what_tools_import() -> None:
    code = "import sys, kit.playbooks; print([n for n in ('httpx', 'jsonschema') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"
