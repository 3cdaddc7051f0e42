"""Plays the tests of playbooks against changed playbooks."""

import random
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from kit.errors import KitError
from kit.playbooks.changing.mutating import Mutant, mutants
from kit.playbooks.changing.scoring.keeping import Kept, key_of, load, save
from kit.playbooks.changing.scoring.reaching import reaching
from kit.playbooks.changing.scoring.report import Fate, PlaybookScore, ScoreReport, Verdict
from kit.playbooks.language import Playbook, Source
from kit.playbooks.tools import Tool
from kit.playbooks.trying import Host, TrialResult, play_trials
from kit.progress import Progress

__all__ = ["score"]


def score(
    host: Host,
    sources: Sequence[Source],
    tools: Mapping[str, Tool],
    *,
    sample: int | None = None,
    seed: int = 0,
    most_seconds: float | None = None,
    keep_in: Path | None = None,
    context: str = "",
    progress: Progress | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> ScoreReport:
    """Change one thing at a time in each playbook, and see whether one of its tests fails.

    Args:
        host: the assistant, with all playbooks of the workspace.
        sources: the playbooks to change, with their files.
        tools: those of the workspace; mocks stand in for them.
        sample: how many changes to try, drawn from all of them; by default all.
        seed: which ones are drawn.
        most_seconds: when to stop; what is left then is `not_tried`.
        keep_in: the folder in which verdicts are kept, so that what did not change is not played again.
        context: a digest of all that verdicts rest on beside the playbooks.
        progress: told after every change.
        clock: the time in seconds.

    Raises:
        KitError: a test mocks a tool that there is not.
    """
    began = clock()
    others = {playbook.id: playbook for playbook in host.playbooks}
    found = {source.playbook.id: list(mutants(source.playbook, tools, others)) for source in sources}
    among = sum(map(len, found.values()))
    if sample is not None and sample < among:
        found = _drawn(found, sample, seed)
    total, done, known, scores = sum(map(len, found.values())), 0, 0, []
    for source in sources:
        playbook = source.playbook
        one = _Scorer(host, playbook, tools, keep_in, key_of(playbook, others, context), others)
        verdicts = []
        for mutant in found[playbook.id]:
            known += mutant.form in one.kept.fates
            late = most_seconds is not None and clock() - began > most_seconds
            fate, by = one.fate(mutant, late=late)
            verdicts.append(Verdict(mutant, fate, by, source.located.line(mutant.where)))
            done += 1
            if progress:
                progress("playing tests against changed playbooks", done, total)
        one.end()
        path, lines = Path(source.located.path), source.located.lines
        scores.append(PlaybookScore(playbook.id, path, len(playbook.tests), one.kept.failing, tuple(verdicts), lines))
    return ScoreReport(tuple(scores), among, known, clock() - began)


def _drawn(found: Mapping[str, Sequence[Mutant]], sample: int, seed: int) -> dict[str, list[Mutant]]:
    """So many of all mutants, in their order."""
    every = [(id, number) for id, ones in found.items() for number in range(len(ones))]
    chosen = set(random.Random(seed).sample(every, sample))
    return {id: [one for number, one in enumerate(ones) if (id, number) in chosen] for id, ones in found.items()}


class _Scorer:
    """Tells the fate of one playbook's mutants, with what is known from before."""

    def __init__(
        self,
        host: Host,
        playbook: Playbook,
        tools: Mapping[str, Tool],
        folder: Path | None,
        key: str,
        others: Mapping[str, Playbook],
    ) -> None:
        self.host, self.playbook, self.tools, self.folder, self.others = host, playbook, tools, folder, others
        self.kept = load(folder, playbook.id, key, others) if folder else Kept(key)
        self._before: list[TrialResult] | None = None
        self._noticed: Counter[str] = Counter()
        self._learned = False

    def fate(self, mutant: Mutant, *, late: bool) -> tuple[Fate, str]:
        """What becomes of a mutant."""
        if mutant.form in self.kept.fates:
            fate, by = self.kept.fates[mutant.form]
            return fate, by  # type: ignore[return-value]
        if late:
            return "not_tried", ""
        found = self._played(mutant)
        self.kept.fates[mutant.form] = found
        self._learned = True
        return found

    def end(self) -> None:
        """Keep what was learned."""
        if self._learned and self.folder:
            save(self.folder, self.playbook.id, self.kept)

    def _played(self, mutant: Mutant) -> tuple[Fate, str]:
        tests = reaching(mutant, self.playbook, self._unchanged())
        if not tests:
            return "unreached", ""
        # Which test noticed most so far does not change what is found, only how soon.
        for test in sorted(tests, key=lambda id: -self._noticed[id]):
            try:
                [result] = self._play(mutant.playbook, test)
            except KitError:
                raise
            except Exception as error:  # A changed playbook may ask of the engine what no written one does.
                return "broke", f"{type(error).__name__}: {error}"
            if not result.passed:
                self._noticed[test] += 1
                return "noticed", test
        return "survived", ""

    def _unchanged(self) -> list[TrialResult]:
        """What comes of the tests without a change; of those that pass."""
        if self._before is None:
            results = play_trials(self.host, self.playbook, self.tools)
            self._visit(results)
            self.kept.failing = tuple(result.trial_id for result in results if not result.passed)
            self._before = [result for result in results if result.passed]
        return self._before

    def _play(self, playbook: Playbook, test: str) -> list[TrialResult]:
        results = play_trials(self.host, playbook, self.tools, only=(test,), stop_at_first=True)
        self._visit(results)
        return results

    def _visit(self, results: Sequence[TrialResult]) -> None:
        """Note which other playbooks the conversations entered: what becomes of them rests on these too."""
        named = {one.playbook for result in results for one in result.taken}
        named |= {exchange.said.playbook or "" for result in results for exchange in result.transcript}
        for id in named & self.others.keys() - {self.playbook.id}:
            self.kept.visited[id] = self.others[id].edition
