"""Runs the suites in corrupted workspaces, as far as it takes to know whether the gate would fail.

Without a chat model, one case that was right and is wrong decides. So the cases that are likeliest to be lost run
first, and as soon as one is, the rest need not be run.

The gate also plays the playbooks' own tests, so where a playbook is wrong its tests come first; those of others, which
might fail as well, are not played.

Of articles and playbooks, only the cases run whose conversation came across them, in what was found, cited or followed;
the others are taken to come out as before. Where that is not so, a mistake counts as let through that the gate would
have caught, never the other way round.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Protocol

from kit.errors import KitError
from kit.evals.comparing import Across, RunSide, side_of
from kit.evals.gate import NEVER, GateResult, check_gate, lost, moved, playbook_tests
from kit.evals.mutating.corruption import Corruption, CorruptionKind
from kit.evals.mutating.keeping import Fates
from kit.evals.mutating.report import Caught, Fate, MutationReport
from kit.evals.running import Run
from kit.evals.suites import Suite
from kit.evals.types import Record
from kit.playbooks import Playbook, TrialReport
from kit.progress import Progress

__all__ = ["Ground", "check_tests", "try_corruptions"]

_FIRST, _MORE = 12, 48  # cases at a time
_ACROSS: tuple[Across, ...] = ("data",)  # the articles may differ: they are what is wrong


class Ground(Protocol):
    """A corrupted workspace."""

    def run(self, suites: Sequence[Suite]) -> Run:
        """Run these cases in it."""

    def failing(self, playbook: Playbook) -> str:
        """The first of a playbook's own tests that fails in it; empty where none does."""


Opened = Callable[[Corruption], AbstractContextManager[Ground]]


def try_corruptions(
    corruptions: Sequence[Corruption],
    reference: Run,
    suites: Sequence[Suite],
    opened: Opened,
    *,
    among: dict[CorruptionKind, int],
    seed: int = 0,
    fates: Fates | None = None,
    progress: Progress | None = None,
) -> MutationReport:
    """See which corruptions the gate catches.

    Args:
        corruptions: those to try.
        reference: the run of the suites without any.
        suites: the suites.
        opened: the workspace with a corruption; raises `KitError` where its suites cannot even be run.
        among: how many there are of each kind.
        seed: of the order in which cases run.
        fates: what is known from before.
        progress: told after every corruption.

    Raises:
        KitError: the gate fails without any corruption, so that it would seem to catch everything.
    """
    baseline = side_of(reference)
    _check_quiet(check_gate(reference, baseline=baseline))
    results, kept = [], 0
    records = {(one.suite, one.case.id): one for one in reference.records if not one.case.generated}
    for number, corruption in enumerate(corruptions, start=1):
        known = fates.get(corruption.key) if fates else None
        kept += known is not None
        result = known or _tried(corruption, reference, baseline, records, suites, opened, seed)
        if fates and known is None:
            fates.add(corruption.key, result)
        results.append(result)
        if progress:
            progress("trying mistakes", number, len(corruptions))
    return MutationReport(results=tuple(results), among=among, kept=kept, seed=seed)


def check_tests(report: TrialReport) -> None:
    """Refuse playbooks whose own tests fail as they are.

    Raises:
        KitError: a test fails without any corruption.
    """
    _check_quiet([playbook_tests(report)])


def _check_quiet(results: Sequence[GateResult]) -> None:
    if failed := [one for one in results if not one.passed]:
        problem = f"The gate fails without any mistake ({failed[0].metric}: {failed[0].reason})."
        raise KitError(problem, remedy="Mend that first, or change the threshold.")


def _tried(
    corruption: Corruption,
    reference: Run,
    baseline: RunSide,
    records: dict[tuple[str, str], Record],
    suites: Sequence[Suite],
    opened: Opened,
    seed: int,
) -> Caught:
    def caught(fate: Fate, by: str, ran: int) -> Caught:
        names = ("kind", "target", "what", "path", "line")
        return Caught(**{name: getattr(corruption, name) for name in names}, fate=fate, by=by, ran=ran)

    near, rest = _ordered(corruption, records, seed)
    found: dict[tuple[str, str], Record] = {}
    try:
        with opened(corruption) as ground:
            if corruption.playbook is not None and (test := ground.failing(corruption.playbook)):
                return caught("failed", f"{corruption.target}: its test {test}", 0)
            for keys in _batches(near, rest):
                run = ground.run(_part(suites, keys))
                side = side_of(run)
                for record in run.records:
                    found[record.suite, record.case.id] = record
                if not side.chance and (by := _decides(baseline, side, run)):
                    return caught("failed", by, len(found))
            whole = [found.get(key, record) for key, record in records.items()]
            facts = run.info.facts if found else reference.info.facts
            info = reference.info.model_copy(update={"id": "corrupted", "facts": facts})
            results = check_gate(Run(reference.folder / "corrupted", info, whole), baseline=baseline, across=_ACROSS)
    except KitError as error:
        return caught("refused", error.problem, len(found))
    failed = [one for one in results if not one.passed]
    return (
        caught("failed", f"{failed[0].metric}: {failed[0].reason}", len(found))
        if failed
        else caught("passed", "", len(found))
    )


def _decides(baseline: RunSide, side: RunSide, run: Run) -> str:
    """What in a part of the cases is enough for the whole gate to fail."""
    for key, entry in side.entries.items():
        if not entry.ran:
            return f"{key[1]} could not be run"
        if what := lost(baseline.entries[key], entry):
            return f"{key[1]}: {what}"
    for key, what in moved(baseline.entries, side.entries).items():
        return f"{key[1]}: {what}"
    broken = (f"{r.case.id}: {name}" for r in run.records for name in NEVER if (r.value(name) or 0) > 0)
    return next(broken, "")


def _ordered(
    corruption: Corruption, records: dict[tuple[str, str], Record], seed: int
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The cases that came across what is wrong, likeliest first; and the others, where it could change any."""
    near = [key for key, record in records.items() if _touches(corruption, record)]
    apart = corruption.of_knowledge or (corruption.playbook is not None and not corruption.routes)
    rest = [] if apart else [key for key in records if key not in set(near)]
    random.Random(seed).shuffle(rest)
    near.sort(key=lambda key: not _cites(corruption, records[key]))
    return near, rest


def _touches(corruption: Corruption, record: Record) -> bool:
    if not (corruption.playbook or corruption.of_knowledge):
        return False
    said = record.transcript.model_dump_json() if record.transcript else ""
    return corruption.target in said or corruption.target in record.case.articles


def _cites(corruption: Corruption, record: Record) -> bool:
    """The likeliest to be lost."""
    return record.transcript is not None and (
        corruption.target in record.transcript.cited or record.transcript.reply.playbook == corruption.target
    )


def _batches(near: Sequence[tuple[str, str]], rest: Sequence[tuple[str, str]]) -> Iterable[Sequence[tuple[str, str]]]:
    for keys, first in ((near, _FIRST), (rest, _MORE)):
        start, size = 0, first
        while start < len(keys):
            yield keys[start : start + size]
            start, size = start + size, _MORE


def _part(suites: Sequence[Suite], keys: Sequence[tuple[str, str]]) -> list[Suite]:
    """The suites with these cases only."""
    wanted = set(keys)
    parts = [
        replace(suite, cases=tuple(case for case in suite.cases if (suite.name, case.id) in wanted)) for suite in suites
    ]
    return [part for part in parts if part.cases]
