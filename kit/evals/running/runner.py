"""Runs suites: every case through the assistant, into a run folder, with its scores; or goes on with a run."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

from kit.errors import KitError
from kit.evals.columns import Columns
from kit.evals.metrics import Tools
from kit.evals.running.caching import TalkCache
from kit.evals.running.conversing import Converser, Passages, Talk, Task
from kit.evals.running.engines import Engine, LocalEngine, Submit, done, in_order
from kit.evals.running.info import RunInfo, Tally, new_info
from kit.evals.running.log import CASES, SCORES, Lines, Records, appended, logged, read_lines, scored
from kit.evals.running.resuming import check_log, claimed
from kit.evals.running.run import SUMMARY, Run
from kit.evals.running.scoring import Scorer, scoring
from kit.evals.running.spending import Budget, priced
from kit.evals.suites import Suite
from kit.evals.summary import summarise
from kit.evals.types import Case, Record, Replies
from kit.files import write_whole
from kit.progress import Progress

__all__ = ["resume_suites", "run_suites"]


def run_suites(
    assistant: Replies | Converser,
    suites: Sequence[Suite],
    *,
    folder: Path,
    facts: Mapping[str, Any] | None = None,
    tools: Tools | None = None,
    passages: Passages | None = None,
    disclosure: str = "",
    seed: int = 0,
    tries: int = 1,
    day: date | None = None,
    engine: Engine | None = None,
    cache: TalkCache | None = None,
    budget: Budget | None = None,
    progress: Progress | None = None,
) -> Run:
    """Run every case of the suites, in order, and score it.

    Args:
        assistant: what is evaluated; or what has the conversations with it, and then says `passages` and `disclosure`.
        suites: what with.
        folder: the folder of this run, named by its id; must not hold a run yet.
        facts: what the log is to say about the workspace: settings, model names, data hashes; JSON values.
        tools: what metrics need; what lacks leaves those that need it unscored.
        passages: the text of a passage by its id, None where there is no such passage.
        disclosure: the sentences that open a conversation, taken off before the answer is scored.
        seed: of the bootstrap, and of what is left to chance in conversations.
        tries: how often each case is tried.
        day: what the assistant takes for today, where it asks.
        engine: what has the conversations; by default one thread.
        cache: conversations of earlier runs.
        budget: how much may be spent; when it is used up, the run stops, says so, and can be resumed.
        progress: told after every case and try.

    An exception of the assistant is tried once more; then it makes its case an error, which is counted apart from all
    scores.

    Raises:
        KitError: there are no cases, or the folder holds a run or cannot be written.
    """
    if not any(suite.cases for suite in suites):
        raise KitError("There are no cases to run.", remedy="Name a suite that has some.")
    engine = engine or LocalEngine()
    info = new_info(
        folder,
        suites,
        facts or {},
        seed=seed,
        tries=tries,
        day=day,
        engine=engine.name,
        workers=engine.workers,
    )
    with claimed(folder, new=True):
        info.save(folder)
        converser = _converser(assistant, passages, disclosure)
        return _Running(
            folder, info, suites, converser, tools or Tools(), engine, cache, budget or Budget(), progress
        ).go_on()


def resume_suites(
    run: Run,
    assistant: Replies | Converser,
    suites: Sequence[Suite],
    *,
    tools: Tools | None = None,
    passages: Passages | None = None,
    disclosure: str = "",
    engine: Engine | None = None,
    cache: TalkCache | None = None,
    budget: Budget | None = None,
    progress: Progress | None = None,
) -> Run:
    """Go on with a run that broke off or was stopped, in its own folder; see `run_suites` for the arguments.

    What it rests on must be what it was, which `check_unchanged` says. The budget is what may be spent from now on.

    Raises:
        KitError: it is complete, another process has it under way, or its log is not one of these suites.
    """
    engine = engine or LocalEngine()
    with claimed(run.folder, new=False):
        info = RunInfo.model_validate(
            vars(run.info) | {"stopped": "", "engine": engine.name, "workers": engine.workers}
        )
        converser = _converser(assistant, passages, disclosure)
        return _Running(
            run.folder, info, suites, converser, tools or Tools(), engine, cache, budget or Budget(), progress
        ).go_on()


def _converser(assistant: Replies | Converser, passages: Passages | None, disclosure: str) -> Converser:
    if isinstance(assistant, Converser):
        return assistant
    return Converser(assistant, passages=passages, disclosure=disclosure)


@dataclass
class _Running:
    """A run under way."""

    folder: Path
    info: RunInfo
    suites: Sequence[Suite]
    converser: Converser
    tools: Tools
    engine: Engine
    cache: TalkCache | None
    budget: Budget
    progress: Progress | None
    tally: Tally = field(default_factory=Tally)
    columns: Columns = field(default_factory=Columns)
    stopped: str = ""

    def go_on(self) -> Run:
        """Do what is not done yet: converse, score, summarise."""
        log, scores = self.folder / CASES, self.folder / SCORES
        if self.tools.judge is not None:
            self.budget.check(self.tools.judge.price, model=True, what="the judge")
        self.tally = Tally(judging=self.info.tally.judging)
        for record in check_log(log, self._tasks()):
            self.tally = self.tally.plus(record)
        done_before, scored_before = self.tally.lines, 0
        with ExitStack() as stack:
            lines = stack.enter_context(appended(log))
            score_lines = stack.enter_context(appended(scores, keep=done_before))
            submit = stack.enter_context(self.engine.start(self.converser))
            scorer = stack.enter_context(Scorer(self.tools))
            scorer.prepare(lambda: (case for suite in self.suites for case in suite.cases))
            self.columns = Columns()
            for record in islice(Records(self.folder).scored(), done_before):
                self.columns.add(record)
                scored_before += 1
            unscored = islice(read_lines(log), scored_before, done_before)
            records = chain(unscored, self._conversed(islice(self._tasks(), done_before, None), submit, lines))
            coming = in_order(records, scoring(scorer), slots=self.engine.workers)
            for count, (record, result) in enumerate(coming, start=scored_before + 1):
                done_now = record.model_copy(update={"scores": result})
                score_lines.add(scored(done_now))
                self._account()
                self.columns.add(done_now)
                if self.progress:
                    self.progress("running cases", count, self.info.lines)
        return self._end()

    def _account(self) -> None:
        """Take off what the judge has taken meanwhile: with it, too, a run may use up its budget."""
        if self.tools.judge is not None:
            judged = priced(self.tools.judge.meter.take(), self.tools.judge.price)
            self.budget.add(judged)
            self.tally = self.tally.judged(judged)

    def _tasks(self) -> Iterator[Task]:
        for suite in self.suites:
            for case in suite.cases:
                # As the log will have it, where dates and the like are text.
                plain = Case.model_validate_json(case.model_dump_json(fallback=str))
                for tried in range(1, self.info.tries + 1):
                    yield Task(suite.name, plain, tried, self.info.seed)

    def _conversed(self, tasks: Iterator[Task], submit: Submit, lines: Lines) -> Iterator[Record]:
        """Have the conversations that are not cached; each is in the log before it is handed on."""

        def begin(found: tuple[Task, Talk | None]) -> "Future[Talk]":
            task, talk = found
            return done(talk) if talk is not None else self._begun(task, submit)

        for (task, _), talk in in_order(self._found(tasks), begin, slots=self.engine.workers):
            record = talk.record(task)
            lines.add(logged(record))
            self.tally = self.tally.plus(record)
            yield record

    def _found(self, tasks: Iterator[Task]) -> Iterator[tuple[Task, Talk | None]]:
        """The tasks with what the cache has of them, until the budget is used up; what is cached costs nothing."""
        for task in tasks:
            talk = self.cache.get(task) if self.cache else None
            if talk is None and (reason := self.budget.used_up):
                self.stopped = reason
                return
            yield task, talk and talk.at(self.converser.price)

    def _begun(self, task: Task, submit: Submit) -> "Future[Talk]":
        """A conversation that is accounted for, and cached, before it counts as done."""
        settled: Future[Talk] = Future()

        def settle(future: "Future[Talk]") -> None:
            if future.cancelled():
                settled.cancel()
                return
            try:
                talk = future.result()
                self.budget.add(talk.spent)
                if self.cache:
                    self.cache.put(task, talk)
            except BaseException as error:  # the main thread raises it
                settled.set_exception(error)
            else:
                settled.set_result(talk)

        submit(task).add_done_callback(settle)
        return settled

    def _end(self) -> Run:
        finished = None if self.stopped else datetime.now(UTC)
        self.info = self.info.model_copy(update={"finished": finished, "stopped": self.stopped, "tally": self.tally})
        write_whole(self.folder / SUMMARY, summarise(self.info.id, self.columns, seed=self.info.seed).to_text())
        self.info.save(self.folder)
        return Run(self.folder, self.info, Records(self.folder))
