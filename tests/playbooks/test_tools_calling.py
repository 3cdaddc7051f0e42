import contextvars
import json
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.errors import KitError
from kit.playbooks import TableTool, ToolFailure, call_tool
from kit.playbooks.tools import calling
from kit.playbooks.tools.kinds import fits, kind_of

settings.register_profile("kit", deadline=None, derandomize=True, database=None)
settings.load_profile("kit")

SECRET = "maria.lopez@example.com"


@dataclass
class Does:
    """A tool that does what it is given."""

    does: Callable[[Mapping[str, Any]], Any]
    changes: bool = False
    returns: Mapping[str, Any] | None = None
    parameters: None = None
    description: str = "d"

    def call(self, args: Mapping[str, Any], *, key: str = "") -> Any:
        return self.does(args)


def failure(tool: Any, **more: Any) -> ToolFailure:
    with pytest.raises(ToolFailure) as caught:
        call_tool(tool, {"email": SECRET}, **more)
    return caught.value


def gives(answer: Any, **more: Any) -> Does:
    return Does(lambda _: answer, **more)


def raises(error: BaseException, **more: Any) -> Does:
    def does(_: Any) -> Any:
        raise error

    return Does(does, **more)


def test_an_answer_is_a_copy_of_its_own() -> None:
    kept = {"a": [1, {"b": (2.5, None)}]}
    answer = call_tool(gives(kept), {})
    assert answer == {"a": [1, {"b": [2.5, None]}]}
    kept["a"].append(3)
    assert answer == {"a": [1, {"b": [2.5, None]}]}
    assert call_tool(TableTool(description="d", otherwise={"found": False}), {"x": 1}) == {"found": False}


def test_arguments_and_key_reach_the_tool() -> None:
    class Keyed(Does):
        def call(self, args: Mapping[str, Any], *, key: str = "") -> Any:
            return {"args": dict(args), "key": key}

    assert call_tool(Keyed(dict), {"a": 1}, key="k-1") == {"args": {"a": 1}, "key": "k-1"}


@pytest.mark.parametrize("changes", [True, False])
@pytest.mark.parametrize(
    "error",
    [RuntimeError(SECRET), KeyError(SECRET), TimeoutError(SECRET), SystemExit(SECRET), KeyboardInterrupt(SECRET)],
    ids=lambda error: type(error).__name__,
)
def test_whatever_it_raises_is_a_failure_that_names_nobody(error: BaseException, changes: bool) -> None:
    failed = failure(raises(error, changes=changes))
    assert (failed.kind, failed.unknown) == ("failed", changes)
    assert str(failed) == f"it raised {type(error).__name__}"
    assert failed.__cause__ is failed.__context__ is None


def test_a_failure_of_the_tools_own_stays_what_it_is_but_for_values() -> None:
    failed = failure(raises(ToolFailure(f"{SECRET} is not known", kind="refused", unknown=True)))
    assert (str(failed), failed.kind, failed.unknown) == ("… is not known", "refused", True)
    failed = failure(raises(KitError("There is no file `x`.")))
    assert (str(failed), failed.kind) == ("There is no file `x`.", "failed")


@pytest.mark.parametrize("changes", [True, False])
def test_a_tool_that_hangs_does_not_hold_the_conversation_up(changes: bool) -> None:
    over = threading.Event()
    daemons: list[bool] = []

    def hangs(_: Any) -> Any:
        daemons.append(threading.current_thread().daemon)
        over.wait(60)
        return {}

    failed = failure(Does(hangs, changes=changes), timeout=1)
    assert (failed.kind, failed.unknown) == ("timeout", changes)
    assert daemons == [True]
    over.set()


def test_the_time_limit_is_the_tools_own() -> None:
    over = threading.Event()

    class Slow(Does):
        timeout = 0.05

    failed = failure(Slow(lambda _: over.wait(60)))
    assert failed.kind == "timeout"
    over.set()


def test_only_so_many_may_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "_room", threading.BoundedSemaphore(2))
    over = threading.Event()
    hanging = Does(lambda _: over.wait(60) and {}, changes=True)
    assert [failure(hanging, timeout=0.05).kind for _ in range(2)] == ["timeout", "timeout"]
    failed = failure(Does(lambda _: {}, changes=True), timeout=0.05)
    # It never began, so it has changed nothing.
    assert (failed.kind, failed.unknown, str(failed)) == ("failed", False, "too many calls of tools are still running")
    over.set()
    assert call_tool(gives({"ok": True}), {}, timeout=30) == {"ok": True}


def test_the_callers_context_goes_along() -> None:
    turn: contextvars.ContextVar[str] = contextvars.ContextVar("turn")
    turn.set("seven")
    assert call_tool(Does(lambda _: {"turn": turn.get()}), {}) == {"turn": "seven"}


def nested(levels: int) -> dict[str, Any]:
    value: dict[str, Any] = {"a": 1}
    for _ in range(levels - 1):
        value = {"a": value}
    return value


def endless() -> dict[str, Any]:
    value: dict[str, Any] = {}
    value["self"] = value
    return value


def shared() -> dict[str, Any]:
    value: Any = 1
    for _ in range(5):
        value = [value] * 1000
    return {"a": value}


NONSENSE: list[Any] = [
    None,
    [],
    "text",
    3,
    {"a"},
    object(),
    {"a": object()},
    {"a": b"x"},
    {"a": {1, 2}},
    {1: 2},
    {None: 1},
    {"Total": 1},
    {"a b": 1},
    {"": 1},
    {"__class__": 1},
    {"a": {"order-id": 1}},
    {"a" * 65: 1},
    {"a": float("nan")},
    {"a": float("inf")},
    {"a": [float("-inf")]},
    {"a": "\ud800"},
    {"a": 10**5000},
    {"a": "x" * 65_536},
    {"a": [0] * 70_000},
    {f"a{n}": "x" * 100 for n in range(700)},
    nested(7),
    endless(),
    shared(),
]


@pytest.mark.parametrize("number", range(len(NONSENSE)))
@pytest.mark.parametrize("changes", [True, False])
def test_nonsense_is_no_answer(number: int, changes: bool) -> None:
    failed = failure(gives(NONSENSE[number], changes=changes))
    # What changes something and answers nonsense may well have changed it.
    assert (failed.kind, failed.unknown) == ("nonsense", changes)


def test_the_largest_and_deepest_answers() -> None:
    assert call_tool(gives(nested(6)), {}) == nested(6)
    large = {"a": "x" * (65_536 - len('{"a": ""}'))}
    assert call_tool(gives(large), {}) == large


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("text", ["", "x", "2026-01-01", None], [1, True, ["x"]]),
        ("number", [0, -1.5, None], ["1", True, [1]]),
        ("money", [4.99, 5], ["4.99", False]),
        (
            "date",
            ["2026-02-28", "2026-02-28T09:30:00Z", "2026-02-28 09:30"],
            ["2026-02-30", "28.2.2026", "x", 20260228],
        ),
        ("yes_no", [True, False], ["yes", 1, 0]),
        ("list", [[], [1]], ["a", {"a": 1}]),
        ("any", [1, "x", [1], {"a": 1}, None], []),
    ],
)
def test_values_are_of_the_stated_types(kind: Any, good: list[Any], bad: list[Any]) -> None:
    for value in good:
        assert call_tool(gives({"a": value}, returns={"a": kind, "not_there": kind}), {})["a"] == value
    for value in bad:
        failed = failure(gives({"a": value, "b": 1}, returns={"a": kind}))
        assert failed.kind == "nonsense" and str(failed).endswith(f"`a` that is not of the type {kind}")


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abAB_1", max_size=3), inner, max_size=4),
    max_leaves=30,
)


@given(PLAIN)
def test_any_answer_is_plain_data_or_nonsense(answer: Any) -> None:
    try:
        found = call_tool(gives(answer), {})
    except ToolFailure as failed:
        assert failed.kind == "nonsense"
        return
    assert found == answer and json.loads(json.dumps(found, allow_nan=False)) == found
    for value in found.values():
        kind = kind_of(value)
        assert kind is None or fits(value, kind)


def test_a_mapping_that_misbehaves_is_a_failure() -> None:
    class Odd(Mapping[str, Any]):
        def __getitem__(self, key: str) -> Any:
            raise OSError(SECRET)

        def __iter__(self) -> Any:
            return iter(["a"])

        def __len__(self) -> int:
            return 1

    assert str(failure(gives(Odd()))) == "it raised OSError"


def test_what_answers_from_memory_needs_no_thread() -> None:
    """Mocks do: thousands of their calls are made while playbooks are tested."""

    class Instant(Does):
        instant = True

    threads = []
    assert call_tool(Instant(lambda _: {"a": threads.append(threading.current_thread())}), {}) == {"a": None}
    assert threads == [threading.current_thread()]
    # Its failures are those of any tool, and a person who stops the command stops it.
    failed = failure(Instant(raises(RuntimeError(SECRET)).does, changes=True))
    assert (failed.kind, failed.unknown, SECRET in str(failed)) == ("failed", True, False)
    with pytest.raises(KeyboardInterrupt):
        call_tool(Instant(raises(KeyboardInterrupt()).does), {})
    # The room that each took is free again.
    for _ in range(calling.MAX_RUNNING + 1):
        call_tool(Instant(lambda _: {}), {})


def test_no_thread_is_left_behind() -> None:
    before = threading.active_count()
    for number in range(200):
        assert call_tool(Does(dict), {"n": number}) == {"n": number}
    for thread in threading.enumerate():
        if thread.name == "kit-tool":
            thread.join(30)
    assert threading.active_count() <= before


def test_what_hangs_does_not_keep_the_process_alive() -> None:
    import subprocess

    code = """
import threading
from kit.playbooks import ToolFailure, call_tool

class Hangs:
    description, changes, parameters, returns = "d", True, None, None
    def call(self, args, *, key=""):
        threading.Event().wait()

try:
    call_tool(Hangs(), {}, timeout=0.01)
except ToolFailure as failure:
    print(failure.kind, failure.unknown)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["timeout", "True"]
