"""Holds the calls that a test lists against those that were made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kit.playbooks.engine import Made
from kit.playbooks.language import ExpectedCall
from kit.playbooks.trying.values import same, shown
from kit.yamlfile import KeyPath

__all__ = ["Mismatch", "mismatch"]


@dataclass(frozen=True)
class Mismatch:
    """The first call that is not as listed.

    Attributes:
        call: the one that was made and should not have been; None where one is missing at the end.
        place: which of the list it is about; empty for the list as a whole.
        expected, found: in words.
    """

    call: Made | None
    place: KeyPath
    expected: str
    found: str


def mismatch(made: Sequence[Made], listed: Sequence[ExpectedCall | str]) -> Mismatch | None:
    """What is wrong with the calls; None where they are those listed, in order.

    A call that changes something has to be listed; one that only looks something up may be.
    """
    wanted = [ExpectedCall(tool=one) if isinstance(one, str) else one for one in listed]
    at = 0
    for call in made:
        if at < len(wanted) and _fits(wanted[at], call):
            at += 1
        elif call.changes:
            found = f"it called {_called(call)}"
            if at < len(wanted):
                return Mismatch(call, (at,), f"the call {_asked(wanted[at])}", found)
            return Mismatch(call, (), "no (other) call that changes anything", found)
    if at < len(wanted):
        found = f"called was {'; '.join(map(_called, made)) or 'nothing'}"
        return Mismatch(None, (at,), f"the call {_asked(wanted[at])}", found)
    return None


def _fits(wanted: ExpectedCall, call: Made) -> bool:
    given = call.args
    return wanted.tool == call.tool and all(
        name in given and same(value, given[name]) for name, value in wanted.args.items()
    )


def _asked(wanted: ExpectedCall) -> str:
    return f"`{wanted.tool}`({_arguments(wanted.args)})" if wanted.args else f"`{wanted.tool}`"


def _called(call: Made) -> str:
    failed = f", which failed: {call.failed}" if call.failed else ""
    return f"`{call.tool}`({_arguments(call.args)}){failed}"


def _arguments(args: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}: {shown(value)}" for name, value in args.items())
