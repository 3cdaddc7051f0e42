"""Wires the runs of eval suites: what has the conversations, what they rest on, and where runs lie."""

import os
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.errors import KitError
from kit.progress import Progress
from kit.workspace.judging import Judging

if TYPE_CHECKING:
    from kit.evals import Budget, Converser, Engine, Means, Run, Suite, TalkCache, Tools

__all__ = ["Running"]

# The rooms that nothing of a conversation passes through: those below evals in the order of imports (tests hold it),
# and of evals all but what has the conversations.
_WITHOUT_EFFECT = ("evals", "feasibility", "governance", "reports", "scaffold.py", "app", "cli")
_CONVERSING = (
    "evals/case.py",
    "evals/leaving.py",
    "evals/script.py",
    "evals/types.py",
    "evals/running/conversing.py",
    "evals/customers",
)
# Settings that no turn reads (a test holds it).
_UNREAD = {"costs": True, "handoff": True, "audit": True, "targets": True, "demo": True}
_PRICES = {"chat": {"input_price", "output_price"}}


class Running(Judging):
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

    def _means(self, means: "Means | None", day: date) -> dict[str, Any]:
        """The engine, the cache and the budget of a run."""
        from kit.evals import Means

        means = means or Means()
        return {
            "engine": self._engine(means, day),
            "cache": self._cache(day) if means.cache else None,
            "budget": self._budget(means),
        }

    def _engine(self, means: "Means", day: date) -> "Engine":
        from kit.evals import LocalEngine, RayEngine

        workers = means.workers or os.cpu_count() or 1
        if means.engine == "ray":
            return RayEngine(workers, partial(_opened, self.root, day))
        return LocalEngine(workers)

    def _cache(self, day: date) -> "TalkCache":
        from kit.evals import TalkCache

        return TalkCache(self.derived / "cache" / "evals" / "talks.sqlite", rests_on=self._rests_on(day))

    def _budget(self, means: "Means") -> "Budget":
        from kit.evals import Budget

        budget = Budget(means.max_cost, means.max_tokens)
        budget.check(self._price, model=bool(self.settings.chat.model))
        return budget

    def _price(self, sent: int, received: int) -> float | None:
        chat = self.settings.chat
        if chat.input_price is None or chat.output_price is None:
            return None
        return (sent * chat.input_price + received * chat.output_price) / 1_000_000

    def _converser(self, day: date) -> "Converser":
        """Has conversations on that day: with the assistant, but with tools that touch nothing."""
        from dataclasses import replace

        from kit.assistant import Assistant
        from kit.evals import Converser, Ledger
        from kit.models import load_chat_model
        from kit.playbooks import MockTools

        nodes = self._nodes(self.playbooks, load_chat_model(self.settings.chat))
        reader = nodes.reader and replace(nodes.reader, today=lambda: day)
        nodes = replace(nodes, tools=MockTools(self.tools), today=lambda: day, reader=reader)
        ledger, passages = Ledger(), self.retriever.build.passage
        return Converser(
            Assistant(nodes, on_turn=ledger.note, strict=True),
            passages=lambda id: passages[id].text if id in passages else None,
            disclosure=self.settings.disclosure,
            ledger=ledger,
            price=self._price,
        )

    def _rests_on(self, day: date) -> str:
        """A digest of all that a conversation with the assistant depends on besides the customer."""
        import json
        import platform

        import kit
        from kit.evals import versions
        from kit.text import digest

        package = Path(kit.__file__).parent
        rooms = [path for path in package.iterdir() if path.name not in _WITHOUT_EFFECT]
        places = [*rooms, *(package / name for name in _CONVERSING)]
        files = [file for place in places for file in ([place] if place.is_file() else place.rglob("*"))]
        code = [path for path in sorted(files) if path.is_file() and path.suffix != ".pyc"]
        facts = self.facts() | {
            "settings": self.settings_in_force.model_dump(mode="json", exclude={**_UNREAD, **_PRICES}),
            # What is fitted for scoring says nothing.
            "calibrations": self._calibrations().get("confidence"),
            "code": digest(*(path.relative_to(package).as_posix() for path in code)),
        }
        said = json.dumps([facts, versions(), platform.machine(), day.isoformat()], sort_keys=True)
        return digest(said, *(path.read_bytes() for path in code))


def _opened(root: Path, day: date) -> "Converser":
    """What has the conversations in another process."""
    from kit.workspace import Workspace

    return Workspace.open(root)._converser(day)
