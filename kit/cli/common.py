"""What the commands share: options, progress bars, JSON in and out."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from kit.errors import KitError
from kit.files import write_whole
from kit.progress import Progress

__all__ = [
    "AsJson",
    "Batch",
    "FromFile",
    "OutFile",
    "WorkspaceDir",
    "check_target",
    "one_thread_each",
    "print_json",
    "progress_bar",
    "read_batch",
]

WorkspaceDir = Annotated[
    Path | None,
    typer.Option("-w", "--workspace", metavar="DIR", help="The workspace; by default the nearest kit.toml upwards."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
FromFile = Annotated[
    Path | None,
    typer.Option("--from", metavar="FILE.jsonl", help="Take the input from a file, one JSON object a line."),
]
OutFile = Annotated[
    Path | None, typer.Option("-o", "--output", metavar="FILE.jsonl", help="Write there instead of to standard output.")
]


@dataclass(frozen=True)
class _Row:
    """A line of a batch: its id and number, and its data or what is wrong with it."""

    id: Any
    line: int
    data: dict[str, Any]
    error: str | None = None


def one_thread_each() -> None:
    """Let numpy compute in the thread that calls it; to be called before numpy is loaded.

    What one reply computes is so small that threads which share it wait for each other longer than they work: a third
    of the processor's time, and twice the customers' where fifty ask at once.
    """
    for name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def print_json(value: Any) -> None:
    """Print one JSON document."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A progress bar on standard error: a moving one in a terminal, nothing elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        tasks: dict[str, Any] = {}

        def report(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done, total=total)

        yield report


@dataclass(frozen=True)
class Batch:
    """Lines to work through, and where the results go: a file, written whole or not at all, or standard output."""

    rows: Sequence[_Row]
    target: Path | None

    def run(self, work: Callable[[dict[str, Any]], dict[str, Any]], *, what: str) -> None:
        """Do `work` for each line, in order; a line that fails carries `error` instead of ending the batch.

        Args:
            work: from a line's object to its result.
            what: what the progress bar says.
        """
        results: list[dict[str, Any]] = []
        with progress_bar() as progress:
            for number, row in enumerate(self.rows, start=1):
                results.append({"id": row.id, **_result(row, work)})
                if self.target is None:
                    typer.echo(_json_line(results[-1]), nl=False)
                progress(what, number, len(self.rows))
        if self.target is not None:
            write_whole(self.target, "".join(map(_json_line, results)))
        if failed := sum("error" in result for result in results):
            print(f"{failed} of {len(results)} lines failed; each says why under `error`.", file=sys.stderr)


def read_batch(source: Path, target: Path | None, *, needs: str, kind: type[str] | type[list[Any]] = str) -> Batch:
    """Read the lines of a batch.

    Args:
        source: JSON lines.
        target: the file for the results; standard output when None.
        needs: the key that a line must have, with a text.
        kind: `list` if it is a list that must stand there.

    Raises:
        KitError: `source` cannot be read or no line of it is usable, or `target` cannot be written.
    """
    rows = _read_rows(source, needs, kind)
    # What cannot be written is said before the work is done, not after it.
    if target is not None:
        check_target(target)
    return Batch(rows, target)


def check_target(target: Path) -> None:
    """Refuse a file that cannot be written.

    Raises:
        KitError: it is a folder, or its own folder does not exist or is not ours to write to.
    """
    if target.is_dir():
        raise KitError("This is a folder.", path=target, remedy="Name the file to write.")
    if not target.parent.is_dir():
        raise KitError("This folder does not exist.", path=target.parent, remedy="Make it, or write elsewhere.")
    if not os.access(target.parent, os.W_OK):
        raise KitError("You may not write to this folder.", path=target.parent, remedy="Write elsewhere.")


def _result(row: _Row, work: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    error = row.error
    if error is None:
        try:
            return work(row.data)
        except KitError as problem:
            error = str(problem)
        except Exception as problem:  # One bad line must not cost the other thousand.
            error = f"{type(problem).__name__}: {problem}"
    return {"error": f"line {row.line}: {error}"}


def _json_line(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False) + "\n"
    try:
        text.encode()
    except UnicodeEncodeError:  # Half of a surrogate pair, which JSON can write down but UTF-8 cannot.
        return json.dumps(value) + "\n"
    return text


def _read_rows(source: Path, needs: str, kind: type[Any]) -> Sequence[_Row]:
    try:
        # Not splitlines(): within a JSON string other signs that end a line, such as U+2028, may stand as they are.
        lines = source.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise KitError("This is not UTF-8 text.", path=source, remedy="Save the file as UTF-8.") from error
    except OSError as error:
        raise KitError(f"This file cannot be read: {error.strerror}.", path=source) from error
    rows = [_row(number, line, needs, kind) for number, line in enumerate(lines, start=1) if line.strip()]
    if not rows:
        raise KitError("There are no lines in this file.", path=source, remedy="Write one JSON object on each line.")
    if all(row.error for row in rows):
        problem = f"No line can be used; the first: {rows[0].error}."
        raise KitError(problem, path=source, line=rows[0].line, remedy="Write one JSON object on each line.")
    return rows


def _row(number: int, line: str, needs: str, kind: type[Any]) -> _Row:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        return _Row(str(number), number, {}, f"this is not JSON ({error})")
    if not isinstance(data, dict):
        return _Row(str(number), number, {}, "this is not a JSON object")
    id = data.get("id", str(number))
    if not isinstance(data.get(needs), kind):
        return _Row(id, number, {}, f"there is no {'text' if kind is str else 'list'} under `{needs}`")
    if kind is str and any("\ud800" <= sign <= "\udfff" for sign in data[needs]):
        return _Row(id, number, {}, f"`{needs}` holds half of a character (an unpaired surrogate)")
    return _Row(id, number, data)
