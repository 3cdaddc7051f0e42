"""Wires CSAT and the backtest."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.progress import Progress
from kit.workspace.running import Running

if TYPE_CHECKING:
    from kit.evals import Calibration, CsatScorer
    from kit.feasibility import Backtest

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
