"""The committed sentences that measure the grounding check, and how they are counted."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["LITERAL", "Row", "read_rows", "shares"]

FOLDER = Path(__file__).parent
# What issue 5 asks for by name: invented figures, dates, names and flipped negations.
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


def read_rows(name: str) -> list[Row]:
    """The rows of `grounding.jsonl` (Brightloom) or `grounding_other.jsonl` (companies of other fields)."""
    return [Row(**json.loads(line)) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]


def shares(rows: Sequence[Row], supports: Callable[[str, str], bool]) -> dict[str, tuple[int, int]]:
    """For each kind of bad sentence how many are caught and how many there are; under "false alarms" the good ones."""
    found: dict[str, tuple[int, int]] = {}
    for row in rows:
        kind = "false alarms" if row.supported else row.kind
        caught, count = found.get(kind, (0, 0))
        found[kind] = (caught + (not supports(row.text, row.passage)), count + 1)
    return found
