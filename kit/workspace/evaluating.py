"""Wires evals and backtest: suites, runs, CSAT."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.errors import KitError
from kit.progress import Progress
from kit.workspace.trying import Trying

if TYPE_CHECKING:
    from kit.assistant import Bound
    from kit.evals import Calibration, CsatScorer, Run, Suite
    from kit.feasibility import Backtest
    from kit.feasibility import Calibration as OperatingCalibration

__all__ = ["Evaluating"]


class Evaluating(Trying):
    """A workspace that measures itself."""

    def suites(self, names: Sequence[str] = ()) -> "list[Suite]":
        """The suites named, or all; their cases refer only to articles and playbooks that exist.

        Raises:
            KitError: a suite is malformed or refers to what does not exist; names file and line.
        """
        from kit.evals import check_articles, check_playbooks, load_suites

        suites = load_suites(self.root / "evals", names)
        check_playbooks(suites, [playbook.id for playbook in self.playbooks])
        check_articles(suites, self.retriever.build.columns.article_ids)
        return suites

    def evaluate(
        self,
        suites: Sequence[str] = (),
        *,
        out: Path | None = None,
        reuse: bool = False,
        progress: Progress | None = None,
    ) -> "Run":
        """Run suites (all, or those named) into a run folder, by default a new one under `.kit/runs`.

        With `reuse` the newest run is returned instead, if it is complete and made from the same suites, settings,
        articles, playbooks and code.

        Raises:
            KitError: suites, index or model are not in order, or the folder cannot be used.
        """
        from kit.evals import new_run_folder, run_suites
        from kit.reports import write_reports

        loaded, facts = self.suites(suites), self.facts()
        if reuse and (newest := self._newest_run()) is not None and newest.equals(loaded, facts):
            return newest
        passages = self.retriever.build.passage
        run = run_suites(
            self.assistant(strict=True),
            loaded,
            folder=out or new_run_folder(self.derived / "runs"),
            facts=facts,
            embedder=self.embedder,
            passages=lambda id: passages[id].text if id in passages else None,
            disclosure=self.settings.disclosure,
            progress=progress,
        )
        write_reports(run)
        return run

    @property
    def csat_file(self) -> Path:
        """The CSAT model that ratings were fitted with: a decision of the workspace, so it is kept with the evals."""
        return self.root / "evals" / "csat.json"

    def csat(self, *, coming: "Iterable[Mapping[str, Any]]" = ()) -> "CsatScorer":
        """What scores transcripts: with the calibrated model where there is one, else by the index alone.

        Args:
            coming: the rows that it will be asked for, in order; judged in batches, they take less time.

        Raises:
            KitError: the model is damaged, or was calibrated with another embedder.
        """
        from kit.evals import CsatModel, CsatScorer

        model = CsatModel.load(self.csat_file) if self.csat_file.is_file() else None
        return CsatScorer(model, lambda: self.embedder, coming=coming)

    def calibrate_csat(self, ratings: Path) -> "Calibration":
        """Fit the CSAT model to rated conversations and keep it.

        Raises:
            KitError: the file is not right; the model that was there still stands.
            TooLittle: too few conversations are rated, or all alike.
        """
        from kit.evals import calibrate

        self.csat_file.parent.mkdir(exist_ok=True)
        done = calibrate(ratings, self.embedder)
        done.model.save(self.csat_file)
        return done

    def calibrate(
        self,
        *,
        alpha: float | None = None,
        delta: float = 0.05,
        bound: "Bound" = "learn-then-test",
        progress: Progress | None = None,
    ) -> "OperatingCalibration":
        """Fit the confidence to the workspace's cases, choose the operating point, and keep both.

        Args:
            alpha: the share of wrong answers that is allowed; by default `[targets] wrong_answers`.
            delta: how likely the bound may be missed by chance.
            bound: of which kind.
            progress: told of each case.

        Raises:
            KitError: suites or index are not in order; a calibration that was there still stands.
            TooLittle: too few cases say which article is right.
        """
        from kit.assistant import shipped_confidence
        from kit.feasibility import calibrate, labelled

        try:
            now, point = self.confidence, self.settings_in_force.assistant
        except KitError:  # what is damaged or out of date is replaced
            now, point = shipped_confidence(), self.settings.assistant
        rows = labelled(self.suites(), self.retriever.for_customers().find, progress=progress)
        done = calibrate(
            rows,
            now=now,
            start=shipped_confidence(),
            threshold=point.answer_threshold,
            alpha=self.settings.targets.wrong_answers if alpha is None else alpha,
            delta=delta,
            bound=bound,
            embedder=self.embedder.fingerprint,
            reranker=self.reranker_fingerprint,
            corpus=self.retriever.build.manifest.corpus,
        )
        done.kept.save(self.confidence_file)
        return done

    def backtest(self, *, out: Path | None = None, progress: Progress | None = None) -> "Backtest":
        """Replay the imported tickets into a folder, by default a new one under `.kit/backtests`.

        Raises:
            KitError: there are no tickets, index or model are not in order, or the folder cannot be used.
        """
        from kit.evals import new_run_folder
        from kit.feasibility import load_tickets, run_backtest

        return run_backtest(
            self.assistant(strict=True),
            load_tickets(self.root / "evals").tickets,
            folder=out or new_run_folder(self.derived / "backtests"),
            embedder=self.embedder,
            costs=self.settings.costs,
            articles=self.retriever.build.columns.article_ids,
            facts=self.facts(),
            progress=progress,
        )

    def run(self, name: str | None = None) -> "Run":
        """A run by its id or folder; without a name the newest.

        Raises:
            KitError: there is none.
        """
        from kit.evals import Run

        runs = self.derived / "runs"
        if name is not None:
            return Run.load(Path(name) if Path(name).is_dir() else runs / name)
        newest = self._newest_run()
        if newest is None:
            raise KitError("There is no run yet.", path=runs, remedy="Make one with `kit eval`.")
        return newest

    def _newest_run(self) -> "Run | None":
        from kit.evals import Run

        folders = sorted(path.parent for path in (self.derived / "runs").glob("*/run.json"))
        return Run.load(folders[-1]) if folders else None
