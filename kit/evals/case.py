"""A case: what the customer says, and what a right reply is."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from kit.assistant import Outcome
from kit.evals.script import Script
from kit.playbooks import HandoffReason

__all__ = ["OUTCOMES", "Case", "Expect", "ScriptedTurn", "ToolCall"]

Expect = Literal["answer", "clarify", "hand_off", "decline"]
OUTCOMES: dict[Expect, Outcome] = {
    "answer": "answered",
    "clarify": "clarified",
    "hand_off": "handed_off",
    "decline": "declined",
}


def _listed(value: Any) -> Any:
    """One word stands for a list of one."""
    return [value] if isinstance(value, str) else value


def _spoken(value: Any) -> Any:
    """A turn that is only a text stands for one of which nothing is expected."""
    return {"customer": value} if isinstance(value, str | int | float) else value


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ToolCall(_Value):
    """A tool that is called, or was, with what it was given."""

    tool: str
    arguments: dict[str, Any] = {}


class ScriptedTurn(_Value):
    """A message of the customer in a scripted conversation, and what is expected of the reply to it, if anything.

    The keys mean what they mean in a case. Without `expect` the reply may have any outcome.
    """

    customer: str
    expect: Expect | None = None
    articles: tuple[str, ...] = ()
    must_contain: tuple[str, ...] = ()
    must_not_contain: tuple[str, ...] = ()
    playbook: str | None = None

    @property
    def expects(self) -> bool:
        """Whether anything is expected of the reply."""
        return bool(self.expect or self.articles or self.must_contain or self.must_not_contain or self.playbook)


class Case(_Value):
    """One eval example: what the customer says, and what a right reply is.

    Attributes:
        question: the customer's only message; or
        turns: the customer's messages in order. The last reply is the one that is judged; what turns before expect of
            theirs is judged apart (`kit.evals.scripted`); or
        customer: the script of a simulated customer. The last reply before they leave is the one that is judged.
        articles: acceptable articles; citing any one of them is right, unless `articles_all`.
        must_contain: texts that the reply must contain; upper and lower case are the same.
        must_not_contain: texts that it must not contain.
        reference: what an expert would reply; answers are compared with it.
        reason: acceptable reasons of a hand-off; any, where none is given.
        playbook: the playbook that must be followed.
        fields: what the playbook must have collected by the end; other fields may be there.
        tools: the calls of tools that must have been made, in this order; other arguments may be there.
        without: articles that are left out of the search for this case, so that nothing answers it.
        generated: whether a program made the case and no person has accepted it yet.
        weight: how much the case counts in shares and means.
        cluster: cases that share a cluster are not independent; by default the first article, else the case itself.
    """

    id: str = Field(pattern=r"^[A-Za-z0-9][\w.-]*$")
    question: str = ""
    turns: tuple[Annotated[ScriptedTurn, BeforeValidator(_spoken)], ...] = ()
    customer: Script | None = None
    expect: Expect
    articles: tuple[str, ...] = ()
    articles_all: bool = False
    must_contain: tuple[str, ...] = ()
    must_not_contain: tuple[str, ...] = ()
    reference: str = ""
    reason: Annotated[tuple[HandoffReason, ...], BeforeValidator(_listed)] = ()
    playbook: str | None = None
    fields: dict[str, Any] = {}
    tools: tuple[ToolCall, ...] = ()
    without: tuple[str, ...] = ()
    generated: bool = False
    tags: tuple[str, ...] = ()
    weight: float = Field(1, gt=0)
    cluster: str | None = None

    @property
    def messages(self) -> tuple[str, ...]:
        """What the customer says, in order; of a simulated one only how they begin."""
        if self.customer is not None:
            return self.customer.opens[:1]
        return tuple(turn.customer for turn in self.turns) or (self.question,)

    @property
    def group(self) -> str:
        """The cluster that the case is resampled with."""
        return self.cluster or (self.articles[0] if self.articles else self.id)
