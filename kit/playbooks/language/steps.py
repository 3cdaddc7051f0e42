"""What a playbook does, step by step."""

from typing import Annotated, Literal

from pydantic import Field

from kit.playbooks.language.parts import HandoffReason, Name, PlaybookId, Priority, WrittenPart

__all__ = ["Answer", "Ask", "Call", "Check", "Do", "End", "Goto", "HandOff", "Say", "Step", "targets", "texts"]


class _Step(WrittenPart):
    id: Name


class Say(_Step):
    """Sends a text."""

    type: Literal["say"]
    text: str = Field(min_length=1)


class Ask(_Step):
    """Collects a field at this point of the play, unless it is known."""

    type: Literal["ask"]
    field: Name
    again: bool = Field(False, description="Ask even if it is known: in a loop, where the answer is another each time.")


class Check(_Step):
    """Branches on a condition; a branch that is not given goes to the next step."""

    type: Literal["check"]
    if_: str = Field(alias="if")
    then: Name | None = None
    else_: Name | None = Field(None, alias="else")


class Do(_Step):
    """Calls a tool; with `confirm` only after the customer has said yes.

    A no goes to `else`, a failure of the tool to `on_fail`; without `on_fail` a person takes over.
    """

    type: Literal["do"]
    tool: Name
    args: dict[Name, str | int | float | bool] = Field({}, description="What the tool is given.")
    save_as: Name | None = None
    confirm: str = ""
    else_: Name | None = Field(None, alias="else")
    on_fail: Name | None = None


class Answer(_Step):
    """Answers a question from the knowledge base; a person takes over where it has no answer."""

    type: Literal["answer"]
    question: str = Field(min_length=1)


class Call(_Step):
    """Plays another playbook to its end and comes back with what it collected, as `save_as`."""

    type: Literal["call"]
    playbook: PlaybookId
    args: dict[Name, str | int | float | bool] = Field({}, description="Fields of the other playbook that are known.")
    save_as: Name | None = None


class Goto(_Step):
    """Goes on at another step."""

    type: Literal["goto"]
    to: Name


class HandOff(_Step):
    """Passes the conversation to a person."""

    type: Literal["hand_off"]
    reason: HandoffReason
    team: str = Field("", description="Who takes over; by default the playbook's own team.")
    priority: Priority = "normal"
    text: str = ""
    summary_fields: tuple[Name, ...] = Field((), description="What the summary names; by default all that is known.")


class End(_Step):
    """Ends the play."""

    type: Literal["end"]
    text: str = ""
    outcome: Literal["answered", "declined"] = "answered"


Step = Annotated[Say | Ask | Check | Do | Answer | Call | Goto | HandOff | End, Field(discriminator="type")]


def targets(step: Step) -> dict[str, str]:
    """The steps that a step names, by the key that names them."""
    named = {
        "then": getattr(step, "then", None),
        "else": getattr(step, "else_", None),
        "on_fail": getattr(step, "on_fail", None),
        "to": getattr(step, "to", None),
    }
    return {key: target for key, target in named.items() if target is not None}


def texts(step: Step) -> dict[str, str]:
    """What a step says or asks, by the key that holds it."""
    written = {key: getattr(step, key, "") for key in ("text", "confirm", "question")}
    return {key: text for key, text in written.items() if text}
