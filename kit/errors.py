"""The one kind of error the kit raises on purpose.

Bad input is an expected event: every such error names what is wrong, where, and what to do about it. Commands
print it without a stack trace and exit with its `exit_code`.
"""

from pathlib import Path

__all__ = ["IndexUnavailable", "KitError", "ModelUnavailable", "NotComparable", "RerankFailure", "TooLittle"]


class KitError(Exception):
    """Bad usage or bad input.

    Args:
        problem: what is wrong, one sentence.
        path: the file it is about.
        line: the line in that file, counted from 1.
        remedy: what the reader can do, one sentence.
    """

    exit_code = 2

    def __init__(
        self, problem: str, *, path: Path | str | None = None, line: int | None = None, remedy: str | None = None
    ) -> None:
        self.problem, self.path, self.line, self.remedy = problem, path, line, remedy
        super().__init__(problem)

    def __str__(self) -> str:
        where = "" if self.path is None else f"{self.path}:{self.line}: " if self.line else f"{self.path}: "
        return f"{where}{self.problem}" + (f" {self.remedy}" if self.remedy else "")


class IndexUnavailable(KitError):
    """There is no index that the present settings can use; building one mends it."""


class ModelUnavailable(KitError):
    """A model cannot be loaded or reached: missing package, key or file."""


class NotComparable(KitError):
    """Two things have nothing in common that could be compared."""

    exit_code = 3


class RerankFailure(KitError):
    """A reranker failed at its work; the order that was there before still stands."""


class TooLittle(KitError):
    """There is too little evidence for a figure that can be trusted."""

    exit_code = 3
