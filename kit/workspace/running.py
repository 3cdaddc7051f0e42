"""Wires the runs of eval suites: run, resumed, scored again; and where runs lie."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kit.errors import KitError
from kit.progress import Progress
from kit.workspace.conversing import Conversing

if TYPE_CHECKING:
    from kit.evals import Means, Run, Suite, Tools

__all__ = ["Running"]


class Running(Conversing):
    """A workspace that runs its eval suites."""

    def suites(self, names: Sequence[str] = ()) -> "list[Suite]":
        """The suites named, or all; their cases refer only to articles, playbooks, fields and tools that exist.

        Raises:
            KitError: a suite is malformed or refers to what does not exist; names file and line.
        """
        from kit.evals import check_articles, check_playbooks, check_tools, load_suites

        suites = load_suites(self.root / "evals", names)
        check_playbooks(suites, {one.id: [field.name for field in one.collect] for one in self.playbooks})
        check_tools(suites, {name: tool.parameters for name, tool in self.tools.items()})
        check_articles(suites, self.retriever.build.columns.article_ids)
        return suites

    def evaluate(
        self,
        suites: Sequence[str] = (),
        *,
        out: Path | None = None,
        reuse: bool = False,
        tries: int = 1,
        seed: int = 0,
        judge: str | None = None,
        day: date | None = None,
        means: "Means | None" = None,
        progress: Progress | None = None,
    ) -> "Run":
        """Run suites (all, or those named) into a run folder, by default a new one under `.kit/runs`.

        Real systems are never touched: tools answer from the tables and mocks in `tools.yaml`, or fail.

        Args:
            suites: their names.
            out: the folder.
            reuse: whether the newest run is returned instead, if it is complete and made from the same suites,
                settings, articles, playbooks and code.
            tries: how often each case is tried.
            seed: of what is left to chance.
            judge: a chat model, by its name, for the metrics that need one.
            day: what the assistant takes for today; by default today.
            means: with what it is done; nothing of it changes what comes out.
            progress: told after every case and try.

        Raises:
            KitError: suites, index or model are not in order, or the folder cannot be used.
        """
        from kit.evals import new_run_folder, run_suites
        from kit.reports import write_reports

        loaded, facts = self.suites(suites), self.facts() | ({"judge": judge} if judge else {})
        if reuse and (newest := self._newest_run()) is not None and newest.equals(loaded, facts, tries=tries):
            return newest
        day = day or date.today()
        run = run_suites(
            self._converser(day),
            loaded,
            folder=out or new_run_folder(self.derived / "runs"),
            facts=facts,
            tools=self._tools(judge),
            seed=seed,
            tries=tries,
            day=day,
            **self._means(means, day),
            progress=progress,
        )
        write_reports(run)
        return run

    def resume(self, name: str, *, means: "Means | None" = None, progress: Progress | None = None) -> "Run":
        """Go on with a run that broke off or was stopped, in its own folder; the day is the one that it began on.

        Raises:
            KitError: it is complete, under way elsewhere, or something that it rests on has changed; says what.
        """
        from kit.evals import check_unchanged, resume_suites
        from kit.reports import write_reports

        run = self.run(name)
        suites = self.suites([suite.name for suite in run.info.suites])
        judge = run.info.facts.get("judge")
        check_unchanged(run.info, run.folder, suites, self.facts() | ({"judge": judge} if judge else {}))
        day = run.info.day or date.today()
        run = resume_suites(
            run,
            self._converser(day),
            suites,
            tools=self._tools(judge),
            **self._means(means, day),
            progress=progress,
        )
        write_reports(run)
        return run

    def rescore(
        self,
        name: str | None = None,
        *,
        out: Path | None = None,
        expectations: bool = False,
        embeddings: bool = True,
        judge: str | None = None,
        progress: Progress | None = None,
    ) -> "Run":
        """Score a run again with today's metrics, without running it.

        Args:
            name: the run's id or folder; the newest without one.
            out: a new run folder for it; by default the scores replace the old ones. The log stays as it is.
            expectations: whether today's suites say what is right, instead of the suites as they were.
            embeddings: whether to compute the metrics that need the embedder, which take the longest.
            judge: a chat model, by its name, for the metrics that need one.
            progress: told after every line.

        Raises:
            KitError: there is no such run, or its cases are not today's.
        """
        from kit.evals import read_agreements, rescore
        from kit.reports import write_reports

        run = self.run(name)
        suites = self.suites([suite.name for suite in run.info.suites]) if expectations else None
        run = rescore(
            run,
            tools=self._tools(judge, embeddings=embeddings),
            suites=suites,
            agreements=read_agreements(self.judge_file),
            out=out,
            progress=progress,
        )
        write_reports(run)
        return run

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

    def _tools(self, judge: str | None, *, embeddings: bool = True) -> "Tools":
        """What metrics need."""
        from kit.evals import CsatModel, Tools
        from kit.safety import Rules

        return Tools(
            embedder=self.embedder if embeddings else None,
            judge=self.judge(judge) if judge is not None else None,
            playbooks={one.id: one for one in self.playbooks},
            costs=self.settings.costs,
            rules=Rules.of(self.settings.safety),
            csat=CsatModel.load(self.csat_file) if self.csat_file.is_file() else None,
        )
