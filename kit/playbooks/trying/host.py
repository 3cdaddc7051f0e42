"""What plays a test: the assistant of the workspace, given as a protocol since this room does not know it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from kit.playbooks.engine import Handoff, Made, Taken
from kit.playbooks.language import Outcome, Playbook
from kit.playbooks.tools import Tool

__all__ = ["Host", "Said", "Talk"]


@dataclass(frozen=True)
class Said:
    """The reply to one message, and what became of the playbook with it.

    Attributes:
        text: what the customer reads.
        outcome: of the reply.
        playbook: the one that leads, if any.
        at: the step at which it stands, or ended; None before the first.
        path: the steps that were taken with this message.
        taken: the same with branches, hand-off rules and refused answers.
        fields: what is known now, fields and results.
        calls: of tools, made with this message.
        waiting: what the reply asks for: `field:NAME`, or `confirm:STEP`.
        handoff: what a person was given.
        cites: the articles that it cites, by id.
        route: what the router took the message for, in a few words.
    """

    text: str
    outcome: Outcome
    playbook: str | None = None
    at: str | None = None
    path: tuple[str, ...] = ()
    taken: tuple[Taken, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    calls: tuple[Made, ...] = ()
    waiting: str | None = None
    handoff: Handoff | None = None
    cites: tuple[str, ...] = ()
    route: str = ""


class Talk(Protocol):
    """A conversation with the assistant."""

    def say(self, message: str) -> Said:
        """Send a message."""
        ...


class Host(Protocol):
    """Opens conversations with the assistant; cheap enough to do it thousands of times."""

    @property
    def playbooks(self) -> Sequence[Playbook]:
        """Those of the workspace: what the router was made from."""
        ...

    def open(
        self,
        *,
        playbook: Playbook,
        tools: Mapping[str, Tool],
        today: date,
        customer: Mapping[str, Any],
        begin: bool = False,
    ) -> Talk:
        """A new conversation.

        Args:
            playbook: stands in for the one with its id; all others are as they are.
            tools: all that playbooks can call. They are called, so give mocks.
            today: the day on which it plays.
            customer: what is known of the customer beforehand.
            begin: whether the first message begins this playbook, whatever the router makes of it.
        """
        ...
