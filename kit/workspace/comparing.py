"""Wires comparisons: two runs beside each other, and the baseline that gates hold a run against."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kit.errors import KitError
from kit.workspace.evaluating import Evaluating

if TYPE_CHECKING:
    from kit.evals import Across, Comparison, Run, RunSide

__all__ = ["Comparing"]


class Comparing(Evaluating):
    """A workspace that compares its runs."""

    @property
    def baseline(self) -> Path:
        """Where the run lies that was accepted: a decision of the workspace, so it is kept with the suites."""
        return self.root / "evals" / "baseline"

    def side(self, name: str | None = None) -> "RunSide":
        """A run by its id or folder, or a baseline by its folder, ready to be compared; by default the newest run.

        Raises:
            KitError: there is none.
        """
        from kit.evals import is_baseline, load_baseline, side_of

        for folder in (Path(name), self.root / name) if name is not None else ():
            if is_baseline(folder):
                return load_baseline(folder)
        return side_of(self.run(name))

    def compare(
        self, before: str, after: str | None = None, *, common: bool = False, across: "Collection[Across]" = ()
    ) -> "Comparison":
        """Compare two runs, each by id or folder, or a baseline by its folder.

        Args:
            before: the run that is compared with.
            after: the run that is looked at; by default the newest.
            common: whether to pair only the cases that are the same in both, where others are not.
            across: what may differ because it is what is compared.

        Raises:
            NotComparable: they cannot be compared; says why.
            KitError: there is no such run.
        """
        from kit.evals import compare

        return compare(self.side(before), self.side(after), common=common, across=across)

    def check_comparable(
        self,
        baseline: "RunSide",
        suites: Sequence[str] = (),
        *,
        common: bool = False,
        across: "Collection[Across]" = (),
    ) -> None:
        """Say before a run, and not after it, that it could not be held against a baseline.

        Raises:
            NotComparable: says why.
        """
        from kit.evals import check_planned

        check_planned(baseline, self.suites(suites), self.facts(), common=common, across=across)

    def save_baseline(self, run: "Run") -> Path:
        """Make a run of all suites the baseline.

        Raises:
            KitError: it is not of all suites, it broke off, or a case could not be run.
        """
        from kit.evals import save_baseline, side_of

        missing = {suite.name for suite in self.suites()} - {suite.name for suite in run.info.suites}
        if missing:
            problem = f"A baseline holds all suites, and this run lacks {', '.join(sorted(missing))}."
            raise KitError(problem, remedy="Run `kit eval --save-baseline` without naming suites.")
        save_baseline(side_of(run), self.baseline)
        return self.baseline
