"""Suites are read strictly, because a case that is misread is a case that proves nothing."""

import difflib
import re
from collections.abc import Collection
from pathlib import Path

from kit.errors import KitError
from kit.evals.suites.checking import check_case, check_threshold
from kit.evals.suites.rows import ROWS, read_rows
from kit.evals.suites.suite import RESERVED, Suite, SuiteFile
from kit.text import digest, nearest
from kit.yamlfile import Located, load_yaml, read_text, validate

__all__ = ["load_suite", "load_suites", "suite_files"]

YAML = (".yaml", ".yml")
_PEEK = 65_536  # bytes of a file in which its first line ends


def load_suite(path: Path) -> Suite:
    """Read one suite from YAML, JSON lines or CSV, as its suffix says.

    Raises:
        KitError: not a suite; names the file, the line and what to do.
    """
    located, said = _read(path)
    read = validate(SuiteFile, located)
    if read.suite in RESERVED:
        remedy = f"`kit eval {read.suite}` is a command: rename the suite."
        raise located.error(f"A suite cannot be called `{read.suite}`.", ("suite",), remedy=remedy)
    for metric, threshold in read.gate.items():
        check_threshold(located, metric, threshold)
    first: dict[str, int] = {}
    for index, case in enumerate(read.cases):
        keys = ("cases", index)
        if case.id in first:
            seen = located.line(("cases", first[case.id], "id"))
            raise located.error(f"Two cases have the id `{case.id}`.", (*keys, "id"), remedy=f"The first: line {seen}.")
        first[case.id] = index
        check_case(located, keys, case)
    return Suite(
        name=read.suite,
        description=read.description,
        gate=read.gate,
        cases=read.cases,
        path=path,
        digest=digest(said),
        located=located,
    )


def load_suites(folder: Path, names: Collection[str] = ()) -> list[Suite]:
    """The suites of a folder, ordered by name; all of them or the ones named.

    Every `*.yaml` and `*.yml` is one. Other rows may lie there too, such as tickets, so a `*.csv` or `*.jsonl` is one
    if it has a column or key `expect`, or names its suite in its first line.

    Raises:
        KitError: there are none, one of them is malformed, a name is unknown or two share a name or a case's id.
    """
    files = suite_files(folder)
    if not files:
        raise KitError("There are no suites here.", path=folder, remedy="Add one, such as `smoke.yaml`.")
    suites: dict[str, Suite] = {}
    owner: dict[str, Suite] = {}
    for suite in map(load_suite, files):
        if suite.name in suites:
            other = suites[suite.name].path.name
            raise suite.located.error(
                f"The suite `{suite.name}` also stands in {other}.", ("suite",), remedy="Rename one."
            )
        suites[suite.name] = suite
        for index, case in enumerate(suite.cases):
            if case.id in owner:
                problem = f"The case id `{case.id}` is also in {owner[case.id].path.name}."
                raise suite.located.error(problem, ("cases", index, "id"), remedy="Rename one.")
            owner[case.id] = suite
    for name in names:
        if name not in suites:
            raise _unknown(name, suites, folder)
    return [suites[name] for name in sorted(set(names) or suites)]


def suite_files(folder: Path) -> list[Path]:
    """The files of a folder that are suites, in order of their names."""
    return [path for path in _candidates(folder) if _is_suite(path)]


def _candidates(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*") if path.suffix.lower() in (*YAML, *ROWS) and path.is_file())


def _read(path: Path) -> tuple[Located, str | bytes]:
    if path.suffix.lower() in ROWS:
        return read_rows(path), path.read_bytes()
    text = read_text(path)
    return load_yaml(text, path=path), text


def _is_suite(path: Path) -> bool:
    if path.suffix.lower() in YAML:
        return True
    with path.open("rb") as file:
        # Only keys are looked for, which are ASCII in every encoding once the zeros of UTF-16 are gone.
        lines = file.read(_PEEK).replace(b"\0", b"").decode("latin-1").splitlines()
    head = next((line for line in lines if line.strip()), "")
    keys = re.findall(r"[A-Za-z_]+", head)
    # A misspelt key is to be refused when the file is read, rather than passed over here.
    return "suite" in keys or bool(difflib.get_close_matches("expect", keys, n=1, cutoff=0.8))


def _unknown(name: str, suites: Collection[str], folder: Path) -> KitError:
    guess = nearest(name, suites)
    remedy = f"Did you mean `{guess}`?" if guess else f"There are: {', '.join(sorted(suites))}."
    for path in _candidates(folder):
        if path.stem == name and not _is_suite(path):
            remedy = f"{path.name} is no suite: it has no column or key `expect`."
    return KitError(f"There is no suite `{name}`.", path=folder, remedy=remedy)
