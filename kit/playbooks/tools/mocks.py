"""Tools for tests and demos: they answer from tables and from what a test says, and never reach a real system."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from kit.errors import KitError
from kit.playbooks.tools.openapi.tool import OpenApiTool
from kit.playbooks.tools.python_tool import PythonTool
from kit.playbooks.tools.table import Table
from kit.playbooks.tools.tools import FailureKind, Kind, Tool, ToolFailure
from kit.text import nearest

__all__ = ["Call", "Mock", "MockAnswer", "MockTools"]


class MockAnswer(BaseModel):
    """What one call comes to: an answer, or a failure."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    returns: dict[str, Any] | None = Field(None, description="The answer.")
    merge: bool = Field(False, description="Whether `returns` only changes keys of what the tool's table answers.")
    fails: FailureKind | None = Field(None, description="How the call fails.")

    @model_validator(mode="after")
    def _one_of(self) -> "MockAnswer":
        said = [name for name in ("returns", "fails", "answers") if getattr(self, name, None) not in (None, ())]
        if len(said) != 1:
            known = "returns, fails and answers" if isinstance(self, Mock) else "returns and fails"
            raise ValueError(f"exactly one of {known} is needed")
        if self.merge and self.returns is None:
            raise ValueError("`merge` needs `returns`")
        return self


class Mock(MockAnswer):
    """What the calls of a tool come to in a test: always the same, or one after the other."""

    answers: tuple[MockAnswer, ...] = Field((), description="For the first call, the second …; the last one stays.")

    def answer(self, number: int) -> MockAnswer:
        """The answer to the call of this number, counted from 0."""
        return self.answers[min(number, len(self.answers) - 1)] if self.answers else self


@dataclass(frozen=True)
class Call:
    """A call that was made, whether it was answered or failed."""

    tool: str
    args: dict[str, Any]
    changes: bool


class MockTools(Mapping[str, Tool]):
    """Stands in for the tools of a workspace; `calls` holds what was called, in order.

    A tool answers as its override says, else from its table (of a table tool) or `mock` (of any other in `tools.yaml`).
    Without any of these a call fails: no function of the company is called and no server asked.

    Args:
        tools: the real ones.
        overrides: by the name of the tool.

    Raises:
        KitError: an override for a tool that there is not.
    """

    def __init__(self, tools: Mapping[str, Tool], overrides: Mapping[str, Mock] | None = None) -> None:
        for name in overrides or {}:
            if name not in tools:
                guess = nearest(name, tools)
                raise KitError(
                    f"There is no tool `{name}` to be mocked.", remedy=f"Did you mean `{guess}`?" if guess else None
                )
        self.calls: list[Call] = []
        self._tools = {
            name: _MockTool(name, tool, (overrides or {}).get(name), self.calls) for name, tool in tools.items()
        }

    def __getitem__(self, name: str) -> Tool:
        return self._tools[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tools)

    def __len__(self) -> int:
        return len(self._tools)


@dataclass
class _MockTool:
    name: str
    tool: Tool
    mock: Mock | None
    calls: list[Call]
    number: int = field(default=0, init=False)
    instant: ClassVar[bool] = True

    @property
    def description(self) -> str:
        return self.tool.description

    @property
    def changes(self) -> bool:
        return self.tool.changes

    @property
    def parameters(self) -> Mapping[str, bool] | None:
        # Those of a function are only known by executing its module.
        return None if isinstance(self.tool, PythonTool) else self.tool.parameters

    @property
    def returns(self) -> Mapping[str, Kind] | None:
        return self.tool.entry.stated if isinstance(self.tool, PythonTool) else self.tool.returns

    def call(self, args: Mapping[str, Any], *, key: str = "") -> dict[str, Any]:
        self.calls.append(Call(self.name, dict(args), self.changes))
        number, self.number = self.number, self.number + 1
        if self.mock is None:
            return self.table().call(args)
        answer = self.mock.answer(number)
        if answer.fails:
            unknown = self.changes and answer.fails in ("timeout", "nonsense")
            raise ToolFailure(f"the mock fails: {answer.fails}", kind=answer.fails, unknown=unknown)
        return {**(self.table().call(args) if answer.merge else {}), **(answer.returns or {})}

    def table(self) -> Table:
        if isinstance(self.tool, Table):
            return self.tool
        if isinstance(self.tool, PythonTool | OpenApiTool) and self.tool.mock:
            return self.tool.mock
        raise ToolFailure(f"no mock for {self.name}")
