"""Keeps what became of corruptions, so that a trial that was stopped goes on, and one that is repeated is quick."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from kit.evals.mutating.report import Caught

__all__ = ["Fates"]


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str
    result: Caught


class Fates:
    """What is known, in a file of JSON lines to which each new one is added at once.

    Args:
        folder: where the files are.
        rests_on: a digest of all that a verdict rests on; another digest is another file.
    """

    def __init__(self, folder: Path, *, rests_on: str) -> None:
        self._path = folder / f"{rests_on[:24]}.jsonl"
        self._known: dict[str, Caught] = {}
        for line in self._path.read_bytes().splitlines() if self._path.is_file() else []:
            try:
                read = _Line.model_validate_json(line)
            except ValidationError:  # cut short by a crash, or of another version
                continue
            self._known[read.key] = read.result

    def get(self, key: str) -> Caught | None:
        """What became of it, if that is known."""
        return self._known.get(key)

    def add(self, key: str, result: Caught) -> None:
        """Keep it."""
        self._known[key] = result
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(_Line(key=key, result=result).model_dump_json() + "\n")
