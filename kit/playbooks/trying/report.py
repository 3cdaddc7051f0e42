"""Plays the tests of several playbooks."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from kit.errors import KitError
from kit.playbooks.language import Source, trial_flaws
from kit.playbooks.tools import Tool
from kit.playbooks.trying.host import Host
from kit.playbooks.trying.results import PlaybookResult, TrialReport
from kit.playbooks.trying.trying import play_trial
from kit.progress import Progress
from kit.text import nearest

__all__ = ["check_trials", "chosen", "try_playbooks"]


def chosen(sources: Sequence[Source], ids: Sequence[str]) -> list[Source]:
    """The playbooks named, in the order of their files; all where none is named.

    Raises:
        KitError: there is none with one of the names.
    """
    known = [source.playbook.id for source in sources]
    for id in ids:
        if id not in known:
            guess = nearest(id, known)
            remedy = f"Did you mean `{guess}`?" if guess else f"There are: {', '.join(known) or 'none'}."
            raise KitError(f"There is no playbook `{id}`.", remedy=remedy)
    return [source for source in sources if not ids or source.playbook.id in ids]


def check_trials(host: Host, sources: Sequence[Source], tools: Mapping[str, Tool]) -> None:
    """Refuse tests that cannot be played, or that cannot fail.

    Raises:
        KitError: for the first of them; names file and line.
    """
    others = {playbook.id: playbook for playbook in host.playbooks}
    for source in sources:
        for flaw in trial_flaws(source.playbook, tools, others):
            raise source.located.error(flaw.problem, flaw.place, remedy=flaw.remedy)


def try_playbooks(
    host: Host, sources: Sequence[Source], tools: Mapping[str, Tool], *, progress: Progress | None = None
) -> TrialReport:
    """Play all tests of these playbooks.

    Args:
        host: the assistant.
        sources: the playbooks with their files.
        tools: those of the workspace; mocks stand in for them.
        progress: told after every test.

    Raises:
        KitError: a test cannot be played; names file and line.
    """
    check_trials(host, sources, tools)
    began, done = time.perf_counter(), 0
    total = sum(len(source.playbook.tests) for source in sources)
    played = []
    for source in sources:
        results = []
        for trial in source.playbook.tests:
            results.append(play_trial(host, source.playbook, trial, tools))
            done += 1
            if progress:
                progress("playing tests", done, total)
        path, lines = Path(source.located.path), source.located.lines
        played.append(PlaybookResult(source.playbook.id, path, tuple(results), lines))
    return TrialReport(tuple(played), time.perf_counter() - began)
