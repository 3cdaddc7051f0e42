"""What a tool is, and how one fails."""

from collections.abc import Mapping
from typing import Any, Literal, Protocol

__all__ = ["TIMEOUT", "FailureKind", "Kind", "Tool", "ToolFailure"]

TIMEOUT = 10.0  # seconds: about as long as someone in a chat waits before writing again

Kind = Literal["text", "number", "money", "date", "yes_no", "list", "any"]
FailureKind = Literal["timeout", "failed", "nonsense", "refused"]


class ToolFailure(Exception):
    """A tool could not do what it was asked; the conversation goes to a person.

    Args:
        message: what went wrong, without the values of arguments or answers and without secrets: it is logged.
        kind: `timeout`: no answer in time; `failed`: it could not be done; `nonsense`: the answer is not what was
            agreed; `refused`: the system understood and said no.
        unknown: the call was to change something, and nobody knows whether it did. The person who takes over has to
            look before doing it again.
    """

    def __init__(self, message: str, *, kind: FailureKind = "failed", unknown: bool = False) -> None:
        super().__init__(message)
        self.kind, self.unknown = kind, unknown


class Tool(Protocol):
    """Something that looks a fact up or, with `changes`, does something for the customer."""

    @property
    def description(self) -> str: ...

    @property
    def changes(self) -> bool: ...

    @property
    def parameters(self) -> Mapping[str, bool] | None:
        """Which arguments it takes, and whether each is required; None where that is not known."""
        ...

    @property
    def returns(self) -> Mapping[str, Kind] | None:
        """What a playbook may refer to in its answers, and the type of each; None where that is not known."""
        ...

    def call(self, args: Mapping[str, Any], *, key: str = "") -> dict[str, Any]:
        """Do it. Not to be called directly: `call_tool` guards the conversation against what can go wrong.

        Args:
            args: the arguments by name.
            key: the same for two calls exactly when the second is the first one over again, such as after a restart;
                with it a system can tell that it did already what it is asked. Empty where there is none.

        Raises:
            ToolFailure: it could not be done.
        """
        ...
