"""Wires CSAT and the backtest."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.errors import KitError
from kit.progress import Progress
from kit.workspace.running import Running

if TYPE_CHECKING:
    from kit.assistant import Bound
    from kit.evals import Calibration, CsatScorer
    from kit.feasibility import Backtest
    from kit.feasibility import Calibration as OperatingCalibration

__all__ = ["Evaluating"]


class Evaluating(Running):
    """A workspace that measures itself."""

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
