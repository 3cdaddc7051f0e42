"""A suite as a value, and as it stands in a file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from kit.errors import KitError
from kit.evals.types import Case, Threshold
from kit.yamlfile import Located

__all__ = ["NAME", "RESERVED", "Suite", "SuiteFile", "check_name"]

NAME = r"^[A-Za-z0-9][\w.-]*$"
RESERVED = ("run", "new", "accept", "mutate")  # `kit eval new` is a command, so no suite can have that name


class SuiteFile(BaseModel):
    """What a file of cases may say."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    suite: str = Field(pattern=NAME)
    description: str = ""
    gate: dict[str, Threshold] = {}
    cases: tuple[Case, ...] = Field(min_length=1)


@dataclass(frozen=True, kw_only=True)
class Suite:
    """A file of cases. `digest` is over what the file says, `gate` the thresholds by metric."""

    name: str
    description: str
    gate: Mapping[str, Threshold]
    cases: tuple[Case, ...]
    path: Path
    digest: str
    located: Located = field(repr=False, compare=False)


def check_name(path: Path) -> str:
    """The name of the suite that a file would hold, by the file's own name.

    Raises:
        KitError: no suite can have that name.
    """
    if not re.search(NAME, path.stem):
        remedy = "Rename it; letters, digits, `-` and `_` will do."
        raise KitError("The name of this file cannot be that of a suite.", path=path, remedy=remedy)
    if path.stem in RESERVED:
        remedy = f"`kit eval {path.stem}` is a command: choose another name."
        raise KitError(f"A suite cannot be called `{path.stem}`.", path=path, remedy=remedy)
    return path.stem
