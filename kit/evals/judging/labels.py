"""People's labels: what was judged, and what one or more people said of it."""

import json
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from kit.errors import KitError
from kit.text import nearest, squash

__all__ = ["EXAMPLE", "Labelled", "read_labels"]

EXAMPLE = (
    '{"metric": "faithfulness", "question": "…", "answer": "…", "passages": ["…"], "reference": "…", "labels": [1, 0]}'
)
Label = Annotated[float, Field(ge=0, le=1)]


def _listed(value: Any) -> Any:
    """One person's label stands for a list of one."""
    return [value] if isinstance(value, int | float) else value


class Labelled(BaseModel):
    """One line of a file of labels.

    Attributes:
        metric: the metric that the labels are of.
        labels: 0 (bad) to 1 (good), one a person; people are told apart by their place, so keep one order.
        by: the model that wrote the answer, where it is known; a judge may favour its own.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = ""
    metric: str
    question: str = Field(min_length=1)
    answer: str = ""
    reference: str = ""
    passages: tuple[str, ...] = ()
    labels: Annotated[tuple[Label, ...], Field(min_length=1), BeforeValidator(_listed)]
    by: str = ""

    @property
    def people(self) -> float:
        """What people say on average."""
        return sum(self.labels) / len(self.labels)


def read_labels(path: Path, *, shown: dict[str, frozenset[str]]) -> dict[str, list[Labelled]]:
    """The labels by metric.

    Args:
        path: JSON lines.
        shown: for each metric that can be calibrated the fields that its judge is shown.

    Raises:
        KitError: the file cannot be read, or a line is wrong; names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise KitError("This is not UTF-8 text.", path=path, remedy="Save the file as UTF-8.") from error
    except OSError as error:
        raise KitError(f"This file cannot be read: {error.strerror}.", path=path) from error
    found: dict[str, list[Labelled]] = {}
    for number, line in enumerate(lines, start=1):
        if line.strip():
            row = _row(path, number, line, shown)
            found.setdefault(row.metric, []).append(row)
    if not found:
        raise KitError("There are no lines in this file.", path=path, remedy=f"A line of it: {EXAMPLE}")
    return found


def _row(path: Path, number: int, line: str, shown: dict[str, frozenset[str]]) -> Labelled:
    def wrong(problem: str, remedy: str = f"A line of it: {EXAMPLE}") -> KitError:
        return KitError(problem, path=path, line=number, remedy=remedy)

    try:
        row = Labelled.model_validate(json.loads(line))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise wrong(f"`{where}` is not as it should be: {squash(first['msg'])}.") from error
    except (ValueError, RecursionError) as error:
        raise wrong("This is not a JSON object.") from error
    if row.metric not in shown:
        guess = nearest(row.metric, shown)
        remedy = f"Did you mean `{guess}`?" if guess else f"Possible: {', '.join(shown)}."
        raise wrong(f"No judge is asked for the metric `{row.metric}`.", remedy)
    for name in sorted(shown[row.metric]):
        if not getattr(row, name):
            raise wrong(f"`{row.metric}` needs `{name}`.", f"Give it `{name}`.")
    return row
