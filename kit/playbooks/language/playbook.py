"""A playbook as a whole: the head of the file, and its body."""

from datetime import date
from typing import Literal

from pydantic import Field

from kit.playbooks.language.collect import Collect
from kit.playbooks.language.parts import HandoffReason, Name, PlaybookId, Priority, WrittenPart
from kit.playbooks.language.steps import Step
from kit.playbooks.language.trials import Trial
from kit.text import digest

__all__ = ["HandOffRule", "Playbook", "Targets"]


class HandOffRule(WrittenPart):
    """A condition under which the play stops and a person takes over; held before every step."""

    if_: str = Field(alias="if")
    reason: HandoffReason
    team: str = Field("", description="Who takes over; by default the playbook's own team.")
    priority: Priority = "normal"
    text: str = ""
    summary_fields: tuple[Name, ...] = Field((), description="What the summary names; by default all that is known.")


class Targets(WrittenPart):
    """What the owner wants to reach, as shares from 0 to 1."""

    deflection: float | None = Field(None, ge=0, le=1, description="Solved without a person.")
    csat: float | None = Field(None, ge=0, le=1, description="Satisfaction, as the kit's index.")


class Playbook(WrittenPart):
    """A policy for one kind of request: when it applies, what to collect, the steps, when to hand off."""

    # Identity
    id: PlaybookId = Field(description="The file's name without `.md`.")
    title: str = Field(min_length=1)
    version: int = Field(1, ge=1)
    owner: str = Field(min_length=1, description="Who answers for it.")
    status: Literal["draft", "active", "retired"] = Field("active", description="Only `active` ones are followed.")
    effective_from: date | None = Field(None, description="The first day on which it holds.")
    expires: date | None = Field(None, description="The last day on which it holds.")
    language: str = "en"

    # Routing
    when_to_use: str = Field(min_length=1, description="The request in a sentence.")
    examples: tuple[str, ...] = Field(min_length=3, description="About ten sentences that customers would write.")
    triggers: tuple[str, ...] = Field(
        (), description="Words that settle it: a message that holds the words of one of these, in order, goes here."
    )
    not_for: tuple[str, ...] = Field((), description="Sentences that sound alike and belong elsewhere.")
    audience_if: str = Field("", description="A condition on `customer`: for whom it is; unknown means not for them.")
    priority: int = Field(0, ge=0, le=9, description="The higher one is taken without asking when two are close.")
    disambiguate_with: tuple[PlaybookId, ...] = Field((), description="Playbooks it is easily taken for: ask which.")
    offer: str = Field("", description="How a customer is offered it when two are close; by default the title.")
    callable_only: bool = Field(False, description="Only ever called by another playbook.")

    # Risk
    risk: Literal["low", "medium", "high"] = "medium"
    composition: Literal["strict", "fluid"] = Field("strict", description="`strict` sends only the written words.")

    # What happens
    collect: tuple[Collect, ...] = ()
    steps: tuple[Step, ...] = Field(min_length=1)

    # Policy
    knowledge: tuple[str, ...] = Field((), description="The articles it relies on.")
    must_say: tuple[str, ...] = Field((), description="Words that a play that ends well has said.")
    never_say: tuple[str, ...] = Field((), description="Words that are never sent while it leads.")

    # A person
    team: str = Field("Support", min_length=1, description="Who takes over when nothing else is said.")
    hand_off: tuple[HandOffRule, ...] = ()
    max_clarifications: int = Field(4, ge=1, le=10, description="How many answers may fail before a person takes over.")

    # Outcome
    success_criteria: tuple[str, ...] = Field((), description="How one sees that it went well, for people.")
    targets: Targets = Targets()

    tests: tuple[Trial, ...] = ()
    guidance: str = Field("", description="The Markdown body: guidance for people, and for a chat model's tone.")

    @property
    def offered_as(self) -> str:
        """How a customer is offered it."""
        return self.offer or self.title

    @property
    def edition(self) -> str:
        """A digest of all that a play follows: two playbooks with the same edition play alike."""
        return digest(self.model_dump_json(exclude={"tests", "examples", "not_for", "triggers"}))[:16]

    def holds_on(self, day: date) -> bool:
        """Whether it is active and in force on a day."""
        begun = self.effective_from is None or self.effective_from <= day
        return self.status == "active" and begun and (self.expires is None or day <= self.expires)
