"""The words that all parts of a playbook share."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["RESERVED", "HandoffReason", "Name", "Outcome", "PlaybookId", "Priority", "Value", "WrittenPart"]

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
Outcome = Literal["answered", "clarified", "handed_off", "declined"]
Value = str | int | float | bool
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
PlaybookId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]

# What conditions know without being told; no field and no result may be called so.
RESERVED = frozenset({"today", "customer", "yes", "no", "true", "false", "and", "or", "not", "in", "is", "if", "else"})


class WrittenPart(BaseModel):
    """A part of a playbook as it was written: nothing unknown is in it, and nothing changes it."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    def written(self) -> dict[str, Any]:
        """The part as it would be written: only what was said, by the names that playbooks use."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)
