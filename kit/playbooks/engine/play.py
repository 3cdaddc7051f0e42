"""Where a conversation stands in its playbooks: values that survive a restart as JSON."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from kit.playbooks.language import HandoffReason, Playbook, Priority

__all__ = ["Caller", "Handoff", "Play", "Plays", "SeenPassage", "begin"]


class _State(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SeenPassage(_State):
    """A passage that was found, or also cited, on the way to a hand-off; `url` leads to it, if anything does."""

    article_id: str
    passage_id: str
    title: str = ""
    url: str = ""
    cited: bool = False


class Handoff(_State):
    """What a person gets when the assistant passes a conversation on; the transcript goes with it.

    Attributes:
        reason, team, priority: why, to whom, and how much it presses.
        summary: what the customer wants, what is known, what was done and why it stopped, a line each.
        fields: what was collected, by the playbook's names.
        passages: what was found and cited, the last first.
    """

    reason: HandoffReason
    team: str = "Support"
    priority: Priority = "normal"
    summary: str = ""
    fields: dict[str, Any] = {}
    passages: tuple[SeenPassage, ...] = ()


class Caller(_State):
    """A playbook that waits for the one that it called to end."""

    playbook: str
    edition: str
    step: int
    values: dict[str, Any]


class Play(_State):
    """Where a conversation stands in a playbook; enough to go on after a restart.

    Attributes:
        key: tells this play from all others, also to the systems that tools call.
        playbook, version, edition: what it follows; `edition` is the digest of the playbook that it began with.
        step: the place of the step that comes next.
        values: fields by name, and what tools answered; None is a field that the customer does not know.
        waiting: what the last reply asked for: `field:NAME`, or `confirm:STEP`.
        attempts: how often an answer could not be taken, by what was waited for.
        path: the steps taken so far.
        said: what `say` steps sent, so that nothing is said twice when a correction takes the play back.
        changed: the steps whose tools have changed something; they are never taken back.
        callers: the playbooks that wait for this one, the innermost last.
    """

    key: str
    playbook: str
    version: int
    edition: str
    step: int = 0
    values: dict[str, Any] = {}
    waiting: str | None = None
    attempts: dict[str, int] = {}
    path: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    callers: tuple[Caller, ...] = ()

    @property
    def known(self) -> dict[str, Any]:
        """The values that are known."""
        return {name: value for name, value in self.values.items() if value is not None}

    @property
    def leads(self) -> str:
        """The playbook that the customer came for: this one, or the one that called it."""
        return self.callers[0].playbook if self.callers else self.playbook


class Plays(_State):
    """All that a conversation keeps of its playbooks.

    Attributes:
        current: the play that leads.
        suspended: the plays that wait for it, the last one left first.
        choosing: the playbooks between which the customer was asked to choose.
        about: the message that made it necessary to ask.
        begun: how many plays there have been; makes their keys.
        heard_from: the number of the first turn that may still tell a new play something.
    """

    current: Play | None = None
    suspended: tuple[Play, ...] = ()
    choosing: tuple[str, ...] = ()
    about: str = ""
    begun: int = Field(0, ge=0)
    heard_from: int = Field(0, ge=0)


def begin(playbook: Playbook, *, key: str = "play") -> Play:
    """A play at the start of the playbook."""
    return Play(key=key, playbook=playbook.id, version=playbook.version, edition=playbook.edition)
