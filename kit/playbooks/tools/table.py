"""Tools whose answers stand in a table: for demos and tests, where no real system may be touched."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from kit.playbooks.tools.kinds import NAME, fits, kinds_of_records
from kit.playbooks.tools.tools import Kind, ToolFailure

__all__ = ["Table", "TableTool"]


class Table(BaseModel):
    """Records by the value of one argument."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str = Field("", description="The argument that selects the record; case does not matter.")
    records: dict[str, dict[str, Any]] = {}
    otherwise: dict[str, Any] | None = Field(None, description="The answer where no record fits; without it, none is.")

    def call(self, args: Mapping[str, Any], *, key: str = "") -> dict[str, Any]:
        """The record that the arguments select.

        Raises:
            ToolFailure: there is none.
        """
        wanted = str(args.get(self.key, "")).casefold()
        for name, record in self.records.items():
            if name.casefold() == wanted:
                return dict(record)
        if self.otherwise is None:
            raise ToolFailure(f"no record for {self.key or 'this call'}")
        return dict(self.otherwise)

    def answers(self) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
        """Every answer it can give, with its place in the table."""
        for name, record in self.records.items():
            yield ("records", name), record
        if self.otherwise is not None:
            yield ("otherwise",), self.otherwise

    def misfits(self, returns: Mapping[str, Kind] | None) -> Iterator[tuple[tuple[str, ...], str]]:
        """What a playbook could not use: place and problem of each."""
        for place, record in self.answers():
            for key, value in record.items():
                kind = (returns or {}).get(key)
                if not NAME.fullmatch(key):
                    yield (*place, key), f"`{key}` is not a name: small letters, digits and _ only."
                elif kind and not fits(value, kind):
                    yield (*place, key), f"`{key}` is not of the type `{kind}`, which this tool returns."


class TableTool(Table):
    """A table that is a tool of its own."""

    description: str
    changes: bool = False
    stated: dict[str, Kind] | None = Field(None, alias="returns")

    @property
    def parameters(self) -> None:
        """Not known: a table uses one argument, and the system it stands for may take more."""

    @cached_property
    def returns(self) -> Mapping[str, Kind] | None:
        answers = [record for _, record in self.answers()]
        return self.stated or (kinds_of_records(answers) if answers else None)
