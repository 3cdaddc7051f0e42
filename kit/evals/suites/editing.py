"""Changes cases in the file of their suite; comments, order and layout of all else stay as they are.

What is to be written is read first: if anything but those cases had changed, the file stays as it was.
"""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from kit.errors import KitError
from kit.evals.case import Case
from kit.evals.suites.in_rows import with_rows, without_row
from kit.evals.suites.in_yaml import with_values, without_item
from kit.evals.suites.reading import load_suite
from kit.evals.suites.rows import ROWS
from kit.evals.suites.suite import Suite
from kit.files import write_whole

__all__ = ["accept_cases", "drop_case"]


def accept_cases(suite: Suite, ids: Collection[str], values: Mapping[str, str] | None = None) -> Suite:
    """Say in the file that a person has accepted generated cases.

    Args:
        suite: as it was read; its file must not have changed since.
        ids: the cases.
        values: new texts by key, such as `question`, for each of them.

    Returns:
        The suite as it is now.

    Raises:
        KitError: the file has changed since, or this cannot be changed without changing more.
    """
    texts = dict(values or {})
    places = _places(suite, ids)
    changed = {place: suite.cases[place].model_copy(update={**texts, "generated": False}) for place in places}
    edit = with_rows if _in_rows(suite) else with_values
    content = edit(suite.path, {place: texts for place in places}, drop=("generated",))
    return _written(suite, content, [changed.get(place, case) for place, case in enumerate(suite.cases)], places)


def drop_case(suite: Suite, case_id: str) -> Suite:
    """Take a case out of its file.

    Raises:
        KitError: the file has changed since, this cannot be done without changing more, or it is the suite's only case.
    """
    [place] = places = _places(suite, [case_id])
    if len(suite.cases) == 1:
        remedy = "Delete the file, if nothing of it is wanted."
        raise KitError(f"Case `{case_id}` is the only one of its suite.", path=suite.path, remedy=remedy)
    edit = without_row if _in_rows(suite) else without_item
    return _written(suite, edit(suite.path, place), [*suite.cases[:place], *suite.cases[place + 1 :]], places)


def _in_rows(suite: Suite) -> bool:
    return suite.path.suffix.lower() in ROWS


def _places(suite: Suite, ids: Collection[str]) -> list[int]:
    if load_suite(suite.path).digest != suite.digest:
        raise KitError("This file has changed meanwhile.", path=suite.path, remedy="Try again.")
    return [place for place, case in enumerate(suite.cases) if case.id in set(ids)]


def _written(suite: Suite, content: str | bytes, wanted: Sequence[Case], places: Sequence[int]) -> Suite:
    """Write the new content if it says what is wanted, and nothing else."""
    with TemporaryDirectory() as folder:
        trial = Path(folder) / suite.path.name
        trial.write_bytes(content.encode() if isinstance(content, str) else content)
        try:
            read = load_suite(trial)
            same = (read.cases, read.description, read.gate) == (tuple(wanted), suite.description, suite.gate)
        except KitError:
            same = False
    if not same:
        case = suite.cases[places[0]]
        problem = f"Case `{case.id}` cannot be changed here without changing more than it."
        raise suite.located.error(problem, ("cases", places[0]), remedy="Change it by hand.")
    write_whole(suite.path, content)
    return load_suite(suite.path)
