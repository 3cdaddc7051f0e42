"""The baseline: a run that was accepted, kept beside the suites without its transcripts.

`baseline.json` says what ran with what, `cases.jsonl` one line a case, ordered, so that the difference between two
versions shows which case got worse. Of the metrics only those are kept that may not get worse.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from kit.errors import KitError
from kit.evals.comparing.side import Entry, RunSide
from kit.evals.metrics import REGISTRY
from kit.files import write_whole

__all__ = ["is_baseline", "load_baseline", "save_baseline"]

INFO, CASES = "baseline.json", "cases.jsonl"
_DIGITS = 4  # what lies beyond differs between processors


class _Info(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    run: str
    started: AwareDatetime
    day: date | None
    suites: tuple[str, ...]
    facts: dict[str, Any]


def is_baseline(folder: Path) -> bool:
    """Whether there is one in this folder."""
    return (folder / INFO).is_file()


def save_baseline(side: RunSide, folder: Path) -> None:
    """Keep a run as the baseline in `folder`, in place of the one that was there.

    Raises:
        KitError: the run broke off, or a case could not be run.
    """
    lost = [entry.case for entry in side.entries.values() if not entry.ran]
    if lost or not side.complete:
        what = f"Case `{lost[0]}` could not be run" if lost else "The run broke off"
        raise KitError(f"{what}, so it is no baseline.", remedy="Run the suites again.")
    folder.mkdir(parents=True, exist_ok=True)
    info = _Info(run=side.name, started=side.started, day=side.day, suites=side.suites, facts=dict(side.facts))
    lines = [_line(side.entries[key]) for key in sorted(side.entries)]
    write_whole(folder / CASES, "".join(lines))
    write_whole(folder / INFO, info.model_dump_json(indent=1) + "\n")


def load_baseline(folder: Path) -> RunSide:
    """The baseline in a folder.

    Raises:
        KitError: there is none, or it is damaged; names file and line.
    """
    path = folder / INFO
    try:
        info = _Info.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        remedy = "Make one with `kit eval --save-baseline`."
        raise KitError("This is not the description of a baseline.", path=path, remedy=remedy) from error
    entries = _entries(folder / CASES)
    return RunSide(
        name=f"baseline {info.run}",
        started=info.started,
        day=info.day,
        complete=True,
        facts=info.facts,
        suites=info.suites,
        entries={entry.key: entry for entry in entries},
    )


def _entries(path: Path) -> list[Entry]:
    entries: list[Entry] = []
    for number, line in enumerate(path.read_bytes().splitlines() if path.is_file() else [], start=1):
        try:
            entries.append(Entry.model_validate_json(line))
        except ValidationError as error:
            remedy = "Make it again with `kit eval --save-baseline`."
            raise KitError("This line is not a case of a baseline.", path=path, line=number, remedy=remedy) from error
    return entries


def _line(entry: Entry) -> str:
    tries = [one.model_copy(update={"scores": _kept(one.scores)}) for one in entry.tries]
    data = entry.model_copy(update={"tries": tuple(tries)}).model_dump(mode="json")
    return json.dumps(data, ensure_ascii=False) + "\n"


def _kept(scores: dict[str, float]) -> dict[str, float]:
    tested = (name for name in sorted(scores) if name in REGISTRY and REGISTRY[name].gated and REGISTRY[name].tested)
    return {name: round(scores[name], _DIGITS) for name in tested}
