"""What a playbook may say: the Pydantic models behind its YAML head."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "Answer",
    "Ask",
    "Check",
    "Collect",
    "Do",
    "End",
    "Goto",
    "HandOff",
    "HandOffRule",
    "Handoff",
    "HandoffReason",
    "Play",
    "Playbook",
    "Priority",
    "Say",
    "Step",
]

HandoffReason = Literal[
    "customer_request",
    "missing_knowledge",
    "unsupported_request",
    "policy_restriction",
    "tool_failure",
    "pending_clarification",
    "sensitive",
    "safety",
]
Priority = Literal["low", "normal", "high", "urgent"]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Handoff(_Part):
    """What a person gets when the assistant passes a conversation on."""

    reason: HandoffReason
    team: str = "Support"
    priority: Priority = "normal"
    summary: str = ""
    fields: dict[str, Any] = {}


class Collect(_Part):
    """A fact to get from the customer."""

    name: Name
    ask: str
    type: Literal["text", "number", "money", "date", "email", "phone", "choice", "yes_no"] = "text"
    pattern: str = ""
    choices: tuple[str, ...] = ()
    synonyms: dict[str, tuple[str, ...]] = Field({}, description="Other words that customers use for a choice.")
    currency: str = Field("", description="ISO 4217 code; an amount named in another currency is not read.")
    country: str = Field("US", description="For phone numbers without `+`, and for the order of day and month.")
    past: Literal["", "past", "future"] = Field(
        "", description='Where a date such as "Friday" or "the 3rd" points; the past if nothing is said.'
    )
    on_reject: str = ""
    max_attempts: int = Field(2, ge=1, le=5)
    pii: bool = False


class _Step(_Part):
    id: Name


class Say(_Step):
    """Sends a text."""

    type: Literal["say"]
    text: str


class Ask(_Step):
    """Collects a field at this point of the play."""

    type: Literal["ask"]
    field: Name


class Check(_Step):
    """Branches on a condition; a branch that is not given goes to the next step."""

    type: Literal["check"]
    if_: str = Field(alias="if")
    then: Name | None = None
    else_: Name | None = Field(None, alias="else")


class Do(_Step):
    """Calls a tool; with `confirm` only after the customer has said yes."""

    type: Literal["do"]
    tool: Name
    args: dict[Name, str | int | float | bool] = {}
    save_as: Name | None = None
    confirm: str = ""
    else_: Name | None = Field(None, alias="else")


class Answer(_Step):
    """Answers a question from the knowledge base."""

    type: Literal["answer"]
    question: str


class Goto(_Step):
    """Goes on at another step."""

    type: Literal["goto"]
    to: Name


class HandOff(_Step):
    """Passes the conversation to a person."""

    type: Literal["hand_off"]
    reason: HandoffReason
    team: str = "Support"
    priority: Priority = "normal"
    text: str = ""


class End(_Step):
    """Ends the play."""

    type: Literal["end"]
    text: str = ""
    outcome: Literal["answered", "declined"] = "answered"


Step = Annotated[Say | Ask | Check | Do | Answer | Goto | HandOff | End, Field(discriminator="type")]


class HandOffRule(_Part):
    """A condition under which the play stops and a person takes over."""

    if_: str = Field(alias="if")
    reason: HandoffReason
    team: str = "Support"
    priority: Priority = "normal"
    text: str = ""


class Playbook(_Part):
    """A policy for one kind of request: when it applies, what to collect, the steps, when to hand off."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: str
    version: int = Field(1, ge=1)
    owner: str
    status: Literal["draft", "active", "retired"] = "active"
    language: str = "en"
    risk: Literal["low", "medium", "high"] = "medium"
    composition: Literal["strict", "fluid"] = "strict"
    when_to_use: str
    examples: tuple[str, ...] = Field(min_length=3)
    triggers: tuple[str, ...] = Field(
        (), description="Words that settle it: a message that holds the words of one of these, in order, goes here."
    )
    not_for: tuple[str, ...] = ()
    knowledge: tuple[str, ...] = ()
    collect: tuple[Collect, ...] = ()
    steps: tuple[Step, ...] = Field(min_length=1)
    hand_off: tuple[HandOffRule, ...] = ()
    guidance: str = Field("", description="The Markdown body: guidance for people, and for a chat model's tone.")


class Play(_Part):
    """Where a conversation stands in a playbook; enough to go on after a restart.

    `waiting` names the field, or the step to confirm, that the last reply asked for.
    """

    playbook: str
    version: int
    step: int = 0
    values: dict[str, Any] = {}
    waiting: str | None = None
    attempts: dict[str, int] = {}
