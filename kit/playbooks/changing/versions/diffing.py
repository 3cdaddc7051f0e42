"""Compares two versions: in words, on recorded conversations, and by their tests."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kit.errors import KitError, NotComparable
from kit.playbooks.changing.versions.replaying import Opening, Recorded, replay
from kit.playbooks.changing.versions.report import DiffReport, PlaybookDiff, placed
from kit.playbooks.changing.versions.trials import Side, compare_trials
from kit.playbooks.language import Source, broken
from kit.playbooks.tools import MockTools, Tool
from kit.playbooks.trying import TODAY, Host, Talk
from kit.progress import Progress

__all__ = ["MOST_CONVERSATIONS", "Version", "diff"]

# The last ones; some minutes of work.
MOST_CONVERSATIONS = 500


@dataclass(frozen=True)
class Version:
    """One playbook as it is or was, or all of a workspace.

    Attributes:
        name: what it is called.
        sources: its playbooks by id, with their files.
        tools: what they can call; mocks stand in for them.
        host: makes what plays them; it knows these playbooks.
    """

    name: str
    sources: Mapping[str, Source]
    tools: Mapping[str, Tool]
    host: Callable[[], Host]


def diff(
    before: Version,
    after: Version,
    conversations: Sequence[Recorded] = (),
    *,
    play: bool = True,
    most: int = MOST_CONVERSATIONS,
    progress: Progress | None = None,
) -> DiffReport:
    """How two versions differ.

    Args:
        before: the older version.
        after: the newer one.
        conversations: what customers wrote, oldest first.
        play: whether conversations and tests are played at all.
        most: how many conversations are played; the last ones are.
        progress: told how far it is.

    Raises:
        NotComparable: they have no playbook in common.
        KitError: nothing can be played because index or tools are not in order.
    """
    common = [id for id in before.sources if id in after.sources]
    if not common:
        said = f"`{before.name}` and `{after.name}` have no playbook in common"
        ids = f"{', '.join(before.sources) or 'none'}; {', '.join(after.sources) or 'none'}"
        raise NotComparable(f"{said} ({ids}).", remedy="Compare two versions of the same playbook.")
    told = {id: placed(before.sources[id], after.sources[id]) for id in common}
    changed = [id for id in common if told[id]]
    removed = tuple(id for id in before.sources if id not in after.sources)
    added = tuple(id for id in after.sources if id not in before.sources)
    problem = _unplayable(before) or _unplayable(after)
    played = play and problem is None and bool(changed or removed or added)
    replayed, trials = None, {}
    if played:
        old, new = before.host(), after.host()
        concerned = {*changed, *removed, *added}
        openings = _opening(before, old), _opening(after, new)
        replayed = replay(conversations[-most:], *openings, concerned, progress=progress)
        for number, id in enumerate(changed, start=1):
            sides = _side(before, old, id), _side(after, new, id)
            trials[id] = compare_trials(*sides)
            if progress:
                progress("playing tests on both", number, len(changed))
    return DiffReport(
        before.name,
        after.name,
        tuple(PlaybookDiff(id, told[id], trials.get(id)) for id in changed),
        same=tuple(id for id in common if not told[id]),
        removed=removed,
        added=added,
        replayed=replayed,
        recorded=len(conversations),
        not_played=str(problem) if play and problem else "",
    )


def _unplayable(version: Version) -> KitError | None:
    """The first thing that keeps a version from being followed today: a tool that there is no more, say."""
    for source in version.sources.values():
        for error in broken(source.playbook, source.located, version.tools):
            return error
    return None


def _side(version: Version, host: Host, id: str) -> Side:
    return Side(version.sources[id].playbook, host, version.tools)


def _opening(version: Version, host: Host) -> Opening:
    stand_in = next(iter(version.sources.values())).playbook

    def open_for(recorded: Recorded) -> Talk:
        tools = MockTools(version.tools)
        return host.open(playbook=stand_in, tools=tools, today=recorded.day or TODAY, customer={})

    return open_for
