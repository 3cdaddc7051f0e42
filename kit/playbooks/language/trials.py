"""The tests that a playbook carries: what a customer says, or who the customer is, and what has to come of it.

They are called trials in the code, where a test is one of ours; in a playbook they stand under `tests`.
"""

from datetime import date
from typing import Literal

from pydantic import Field, JsonValue

from kit.playbooks.language.parts import HandoffReason, Name, Outcome, PlaybookId, Priority, Value, WrittenPart
from kit.playbooks.tools import Mock

__all__ = ["Change", "Expect", "ExpectedCall", "ExpectedHandOff", "Mood", "Persona", "Trial", "TrialKind", "TrialTurn"]

TrialKind = Literal["happy_path", "refusal", "change_of_mind", "hand_off", "limit", "bad_input", "other"]
Mood = Literal["calm", "hurried", "angry", "chatty", "confused"]


class ExpectedCall(WrittenPart):
    """A call of a tool; `args` are those that matter."""

    tool: Name
    args: dict[Name, JsonValue] = Field({}, description="Those that matter.")


class ExpectedHandOff(WrittenPart):
    """A hand-off, as far as it matters."""

    reason: HandoffReason | None = None
    team: str | None = None
    priority: Priority | None = None
    fields: tuple[Name, ...] = Field((), description="Fields that the person has to be given.")


class Expect(WrittenPart):
    """What has to hold; what is not said does not matter.

    After a turn it is about that turn's reply, at the end of a trial about the whole conversation.
    """

    playbook: PlaybookId | Literal["none"] | None = Field(None, description="The playbook that leads; `none`: none.")
    outcome: Outcome | None = None
    step: Name | None = Field(None, description="The step at which it stands, or ended.")
    steps: tuple[Name, ...] = Field((), description="Steps that were taken, in this order, others between them.")
    not_steps: tuple[Name, ...] = Field((), description="Steps that were not taken.")
    fields: dict[Name, Value | None] = Field({}, description="What is known; `null` for what must not be.")
    calls: tuple[ExpectedCall | Name, ...] | None = Field(
        None,
        description="Calls that were made, in this order; no call that changes something but these. `[]`: no change.",
    )
    not_calls: tuple[Name, ...] = Field((), description="Tools that were not called.")
    says: tuple[str, ...] = Field((), description="Words of the assistant; case and spaces do not matter.")
    never_says: tuple[str, ...] = Field((), description="Words that it does not say.")
    cites: tuple[str, ...] = Field((), description="Articles that it cites.")
    hand_off: ExpectedHandOff | None = None

    @property
    def asserts(self) -> bool:
        """Whether anything is expected at all."""
        return bool(self.model_fields_set)


class TrialTurn(WrittenPart):
    """A message of the customer and what is expected of the reply to it."""

    customer: str = Field(min_length=1)
    expect: Expect = Expect()


class Change(WrittenPart):
    """A change of mind: once `after` has been answered, the customer gives `field` anew, or calls everything off."""

    after: Name = Field(description="The field, or the step to confirm, whose answer comes first.")
    field: Name | None = Field(None, description="The field that changes; without one everything is called off.")
    to: Value | None = None


class Persona(WrittenPart):
    """A customer who is played: what they want, what they know, how they are."""

    opening: str = Field(min_length=1, description="The first message.")
    knows: dict[Name, Value] = Field({}, description="Fields, as the customer would state them.")
    unknown: tuple[Name, ...] = Field((), description="Fields that the customer does not know.")
    agrees: bool | dict[Name, bool] = Field(True, description="Whether steps are confirmed; one by one if need be.")
    mood: Mood = "calm"
    volunteers: bool = Field(False, description="Whether everything known is said in the first message.")
    asks: dict[Name, str] = Field({}, description="Questions asked instead of answering, by field or step, once each.")
    changes: tuple[Change, ...] = ()
    patience: int = Field(12, ge=1, le=40, description="How many messages before the customer gives up.")
    seed: int = 0


class Trial(WrittenPart):
    """A test of the playbook: either turns, or a persona."""

    id: Name
    kind: TrialKind = "other"
    about: str = Field("", description="What it shows, in a sentence.")
    turns: tuple[TrialTurn | str, ...] = ()
    persona: Persona | None = None
    customer: dict[Name, Value] = Field({}, description="What is known of the customer beforehand: `customer.plan`.")
    today: date | None = Field(None, description="The day on which it plays; by default 2026-06-15.")
    tools: dict[Name, Mock] = Field({}, description="What tools answer instead of what their tables say.")
    expect: Expect = Expect()
