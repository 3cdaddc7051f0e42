"""Scores a run again: with today's metrics, and where that is wanted with today's expectations, without running it."""

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import kit
from kit.errors import KitError
from kit.evals.columns import Columns
from kit.evals.judging import JudgeAgreement
from kit.evals.metrics import Tools
from kit.evals.running.caching import asked
from kit.evals.running.info import suite_infos
from kit.evals.running.log import CASES, SCORES, Records, read_cases, read_lines, read_scores, replaced, scored
from kit.evals.running.resuming import claimed
from kit.evals.running.run import SUMMARY, Run
from kit.evals.running.scoring import Scorer
from kit.evals.running.spending import priced
from kit.evals.suites import Suite
from kit.evals.summary import summarise
from kit.evals.types import Case, JudgedBy, Record, Score
from kit.files import write_whole
from kit.progress import Progress

__all__ = ["rescore"]

_AT_ONCE = 8


def rescore(
    run: Run,
    *,
    tools: Tools,
    suites: Sequence[Suite] | None = None,
    agreements: Iterable[JudgeAgreement] = (),
    out: Path | None = None,
    progress: Progress | None = None,
) -> Run:
    """Score every line of a run's log with the metrics that there are now.

    Args:
        run: complete or not. Its log stays as it is.
        tools: what metrics need.
        suites: today's expectations and thresholds; they must ask the same. Without them those of the log count.
        agreements: how far people agree with judges today; without a judge, what was judged stands, and this beside it.
        out: a new run folder for it; by default the scores are put in the place of the old ones.
        progress: told after every line.

    Raises:
        KitError: a case is gone, new, or asks something else than it did; or `out` holds a run.
    """
    expected = None if suites is None else _expected(run, suites)
    known = {(one.metric, one.model, one.prompt): one.judged_by for one in agreements}
    with claimed(run.folder, new=False):
        if out is None:
            return _scored_again(run.folder, run, expected, suites, tools, known, progress)
        with claimed(out, new=True):
            shutil.copyfile(run.folder / CASES, out / CASES)
            return _scored_again(out, run, expected, suites, tools, known, progress)


def _scored_again(
    folder: Path,
    run: Run,
    expected: "dict[tuple[str, str], Case] | None",
    suites: Sequence[Suite] | None,
    tools: Tools,
    known: Mapping[tuple[str, str, str], JudgedBy],
    progress: Progress | None,
) -> Run:
    log, info = folder / CASES, run.info.model_copy(update={"id": folder.name})
    # What was judged stands, unless it is judged again or what is right has changed: a judge costs money.
    kept = tools.judge is None and suites is None
    judged = (_judged(scores, known) for scores in read_scores(run.folder / SCORES, judged=True)) if kept else iter(())
    # A summary that is not there is computed; one that is not of these scores would be wrong.
    (folder / SUMMARY).unlink(missing_ok=True)
    with replaced(folder / SCORES) as lines, Scorer(tools) as scorer:
        columns = Columns()
        scorer.prepare(lambda: read_cases(log) if expected is None else expected.values())
        records = scorer.many(_with(expected, read_lines(log)), at_once=_AT_ONCE)
        for number, (record, scores) in enumerate(records, start=1):
            again = record.model_copy(update={"scores": scores | next(judged, {})})
            lines.add(scored(again))
            columns.add(again)
            if progress:
                progress("scoring cases", number, info.lines)
    rescored = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "kit": kit.__version__}
    if tools.judge is not None:
        info = info.model_copy(update={"tally": info.tally.judged(priced(tools.judge.meter.take(), tools.judge.price))})
    update = {"rescored": rescored | ({"expectations": "today's"} if suites is not None else {})}
    info = info.model_copy(update=update | ({} if suites is None else {"suites": suite_infos(suites)}))
    info.save(folder)
    write_whole(folder / SUMMARY, summarise(info.id, columns, seed=info.seed).to_text())
    return Run(folder, info, Records(folder))


def _judged(scores: Mapping[str, Score], known: Mapping[tuple[str, str, str], JudgedBy]) -> dict[str, Score]:
    """The scores that a judge gave, with what is known of it today."""
    found: dict[str, Score] = {}
    for name, score in scores.items():
        if (by := score.judge) is not None:
            today = known.get((name, by.model, by.prompt), by)
            found[name] = score.model_copy(update={"judge": today})
    return found


def _with(expected: "dict[tuple[str, str], Case] | None", records: Iterable[Record]) -> Iterator[Record]:
    """The records with the cases as they are now."""
    for record in records:
        if expected is None:
            yield record
        else:
            yield record.model_copy(update={"case": expected[record.suite, record.case.id]})


def _expected(run: Run, suites: Sequence[Suite]) -> dict[tuple[str, str], Case]:
    now = {(suite.name, case.id): (suite, index, case) for suite in suites for index, case in enumerate(suite.cases)}
    before = {(record.suite, record.case.id): record.case for record in read_lines(run.folder / CASES)}
    remedy = "Run `kit eval` again; what has not changed is taken from the cache."
    for name, case in before.items():
        if name not in now:
            raise KitError(f"The case `{name[1]}` of this run is no longer in the suite {name[0]}.", remedy=remedy)
        suite, index, today = now[name]
        if asked(case) != asked(today):
            problem = f"The case `{name[1]}` asks something else than in this run."
            raise suite.located.error(problem, ("cases", index, "id"), remedy=remedy)
    if run.complete:
        for name, (suite, index, _) in now.items():
            if name not in before:
                problem = f"The case `{name[1]}` is new since this run."
                raise suite.located.error(problem, ("cases", index, "id"), remedy=remedy)
    return {name: case for name, (_, _, case) in now.items()}
