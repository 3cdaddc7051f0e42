"""Tools that are Python functions of the company."""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, PydanticSchemaGenerationError, PydanticUserError, ValidationError
from pydantic import validate_call as with_checks

from kit.errors import KitError
from kit.playbooks.tools.functions import find_function, raised_at
from kit.playbooks.tools.kinds import NAME, kinds_of_annotation
from kit.playbooks.tools.origin import Origin
from kit.playbooks.tools.plain import plain
from kit.playbooks.tools.table import Table
from kit.playbooks.tools.tools import TIMEOUT, Kind, ToolFailure

__all__ = ["PythonEntry", "PythonTool"]

KEY = "idempotency_key"  # a parameter of this name gets the key of the call


class PythonEntry(BaseModel):
    """A tool of `tools.yaml` that is a Python function."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    python: str = Field(min_length=1, description="`file.py:function`, `package.module:function`, or an entry point.")
    description: str
    changes: bool = Field(description="Whether it alters something; it cannot be seen from a function.")
    timeout: float = Field(TIMEOUT, gt=0, le=60, description="Seconds.")
    stated: dict[str, Kind] | None = Field(None, alias="returns")
    mock: Table | None = None


@dataclass(frozen=True, eq=False)
class PythonTool:
    """A Python function as a tool. Its module is executed when the tool is first called or checked, not before."""

    entry: PythonEntry
    origin: Origin

    @property
    def description(self) -> str:
        return self.entry.description

    @property
    def changes(self) -> bool:
        return self.entry.changes

    @property
    def timeout(self) -> float:
        return self.entry.timeout

    @property
    def mock(self) -> Table | None:
        return self.entry.mock

    @property
    def parameters(self) -> Mapping[str, bool] | None:
        """From the signature.

        Raises:
            KitError: there is no such function, or it cannot be called by names.
        """
        return self._signature[0]

    @cached_property
    def returns(self) -> Mapping[str, Kind] | None:
        """As stated, or from the annotation of what the function returns.

        Raises:
            KitError: there is no such function, or its annotation refers to what is not there.
        """
        if self.entry.stated is not None:
            return self.entry.stated
        try:
            return kinds_of_annotation(get_type_hints(self._function, include_extras=True).get("return"))
        except (NameError, TypeError) as error:
            raise self._error(f"has type hints that cannot be read ({error})") from error

    def call(self, args: Mapping[str, Any], *, key: str = "") -> dict[str, Any]:
        """Call the function with these arguments, converted to the types of its hints where that loses nothing.

        Raises:
            ToolFailure: an argument is missing, unknown or of the wrong type, or the function failed.
            KitError: there is no such function.
        """
        self._function  # noqa: B018  # loaded before anything is locked
        parameters, takes_key = self._signature
        if parameters is not None and (unknown := sorted(args.keys() - parameters.keys())):
            raise ToolFailure(f"it takes no argument {', '.join(unknown)}")
        missing = [name for name, required in (parameters or {}).items() if required and name not in args]
        if missing:
            raise ToolFailure(f"the argument {', '.join(missing)} is missing")
        try:
            result = self._checked_function(**args, **({KEY: key} if takes_key else {}))
            if inspect.isawaitable(result):
                import asyncio

                result = asyncio.run(_awaited(result))
            return plain(result)  # type: ignore[no-any-return]  # `call_tool` checks what it is
        except ToolFailure as failure:
            # The message is the company's own, which may name the customer.
            raise ToolFailure(
                f"it reported a failure at {self._place(failure)}",
                kind=failure.kind,
                unknown=failure.unknown or (self.changes and failure.kind == "timeout"),
            ) from None
        except ValidationError as error:
            wrong = sorted({str(detail["loc"][0]) for detail in error.errors() if detail["loc"]} & args.keys())
            if wrong and error.title == getattr(self._function, "__qualname__", ""):
                raise ToolFailure(f"the argument {', '.join(wrong)} is not of the type that it takes") from None
            raise ToolFailure(f"it raised ValidationError at {self._place(error)}", unknown=self.changes) from None
        except (Exception, SystemExit) as error:
            raise ToolFailure(
                f"it raised {type(error).__name__} at {self._place(error)}", unknown=self.changes
            ) from None

    def problems(self) -> list[KitError]:
        """What is wrong with it, found by executing its module but not calling it."""
        try:
            self._checked_function  # noqa: B018
            self.parameters  # noqa: B018
            returns = self.returns
        except KitError as error:
            return [error]
        return list(self.origin.misfits(self.mock, returns, "mock")) if self.mock else []

    @property
    def _function(self) -> Callable[..., Any]:
        # Not a cached_property: until Python 3.12 those share a lock among all tools, and loading may take forever.
        if "function" not in self.__dict__:
            self.__dict__["function"] = find_function(self.entry.python, self.origin)
        found: Callable[..., Any] = self.__dict__["function"]
        return found

    @cached_property
    def _signature(self) -> tuple[Mapping[str, bool] | None, bool]:
        """Its parameters, and whether it takes the key of the call."""
        try:
            found = list(inspect.signature(self._function).parameters.values())
        except (ValueError, TypeError) as error:
            raise self._error("does not tell its parameters") from error
        named: dict[str, bool] = {}
        for one in found:
            required = one.default is one.empty
            if one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY) and NAME.fullmatch(one.name):
                named[one.name] = required
            elif required and one.kind not in (one.VAR_KEYWORD, one.VAR_POSITIONAL):
                raise self._error(f"needs `{one.name}`, which a playbook cannot give by name")
        takes_key = named.pop(KEY, None) is not None
        return (None if any(one.kind is one.VAR_KEYWORD for one in found) else named), takes_key

    @cached_property
    def _checked_function(self) -> Callable[..., Any]:
        try:
            return with_checks(config=ConfigDict(arbitrary_types_allowed=True))(self._function)
        except (PydanticUserError, PydanticSchemaGenerationError, NameError, TypeError) as error:
            if getattr(error, "code", "") == "validate-call-type":
                return self._function  # one written in C, or an object that can be called: it has no hints
            raise self._error(f"has type hints that cannot be checked ({type(error).__name__})") from error

    def _place(self, error: BaseException) -> str:
        code = getattr(inspect.unwrap(self._function), "__code__", None)
        return raised_at(error, code.co_filename if code else "")

    def _error(self, problem: str) -> KitError:
        """An error about the function, where it stands."""
        code = getattr(inspect.unwrap(self._function), "__code__", None)
        if code is None:
            return self.origin.error(f"The function of `{self.origin.name}` {problem}.", ("python",))
        return KitError(
            f"`{code.co_name}` {problem}.",
            path=code.co_filename,
            line=code.co_firstlineno,
            remedy=f"The tool `{self.origin.name}` calls it by the names of its parameters.",
        )


async def _awaited(result: Awaitable[Any]) -> Any:
    return await result
