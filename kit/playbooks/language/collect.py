"""The facts that a playbook gets from the customer."""

from typing import Literal

from pydantic import Field

from kit.playbooks.language.parts import Name, Value, WrittenPart

__all__ = ["Collect", "FieldType"]

FieldType = Literal["text", "number", "money", "date", "email", "phone", "choice", "yes_no"]


class Collect(WrittenPart):
    """A fact to get from the customer."""

    name: Name = Field(description="How steps and conditions call it.")
    ask: str = Field(description="The question that gets it.", min_length=1)
    type: FieldType = Field("text", description="What it is; `text` takes any answer as it stands.")
    pattern: str = Field(
        "", description="A regular expression that the value matches in full, such as an order number."
    )
    choices: tuple[str, ...] = Field((), description="The possible values of a `choice`.")
    synonyms: dict[str, tuple[str, ...]] = Field({}, description="Other words that customers use for a choice.")
    currency: str = Field("", description="The currency of `money`, such as USD; amounts in another are not taken.")
    country: str = Field("US", description="Where phone numbers without + belong, and whether the month comes first.")
    past: Literal["past", "future"] = Field("past", description="Where a date such as `Friday` lies.")
    valid: str = Field("", description="A condition that the value has to meet, such as `amount > 0`.")
    on_reject: str = Field("", description="What is said when the answer cannot be taken; else it is asked again.")
    optional: bool = Field(False, description="Whether the play goes on without it if the customer does not know it.")
    default: Value | None = Field(None, description="What an optional field is if the customer does not know it.")
    pii: bool = Field(False, description="Whether it is personal: kept out of summaries and logs.")
    max_attempts: int = Field(2, ge=1, le=5, description="How often it is asked before a person takes over.")
