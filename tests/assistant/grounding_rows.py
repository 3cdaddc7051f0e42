"""The committed sentences that measure the grounding check, and how they are counted."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["LITERAL", "Row", "read_rows", "shares"]

FOLDER = Path(__file__).parent
# What must be caught: invented figures, dates, names and flipped negations.
LITERAL = ("figure", "unit", "date", "name", "negation")


@dataclass(frozen=True)
class Row:
    """A sentence, its passage, and whether the passage supports it; what is `held` was not tuned on."""

    id: str
    text: str
    passage: str
    supported: bool
    kind: str
    held: bool
    headings: tuple[str, ...] = ()

    @property
    def article(self) -> str:
        """The article that its passage is of, or what stands for one."""
        return re.sub(r"^[a-z]-", "", self.id).rsplit("-", 2)[0]


def read_rows(name: str) -> list[Row]:
    """The rows of one file.

    `grounding.jsonl`, `grounding_tuning.jsonl` and `grounding_said.jsonl` (as a chat model words it) are of Brightloom,
    `grounding_other.jsonl` of companies of other fields; `grounding_held.jsonl`, again of Brightloom, was written when
    a first check was done, from passages that none of the others use. Only the last has not been tuned on.
    """
    rows = [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]
    return [Row(**row | {"headings": tuple(row.get("headings", ()))}) for row in rows]


def shares(rows: Sequence[Row], supports: Callable[[Row], bool]) -> dict[str, tuple[int, int]]:
    """For each kind of bad sentence how many are caught and how many there are; under "false alarms" the good ones."""
    found: dict[str, tuple[int, int]] = {}
    for row in rows:
        kind = "false alarms" if row.supported else row.kind
        caught, count = found.get(kind, (0, 0))
        found[kind] = (caught + (not supports(row)), count + 1)
    return found
