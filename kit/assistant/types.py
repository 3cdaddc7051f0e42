"""The values that travel through a turn: what was said, what is replied, and why."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from kit.playbooks import Handoff, Plays, SeenPassage

__all__ = ["Citation", "Conversation", "Outcome", "Reply", "Role", "Topic", "TraceStep", "Turn"]

# What `kit ask` prints of a hand-off; what else it holds goes only to the person who takes over.
_HANDOFF = {"reason", "team", "priority", "summary", "fields"}

Role = Literal["customer", "assistant", "agent"]
Outcome = Literal["answered", "clarified", "handed_off", "declined"]


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Turn(_Value):
    """One thing that was said. `agent` is a person of the company.

    `meant` is what a customer wrote, in the company's language, where it was written in another.
    """

    role: Role
    text: str
    meant: str = ""

    @property
    def read(self) -> str:
        """What was said, in the company's language as far as that is known."""
        return self.meant or self.text


class Citation(_Value):
    """The passage that supports a part of the reply; `quote` stands in it word for word."""

    article_id: str
    passage_id: str
    quote: str
    title: str = ""
    url: str = ""


class TraceStep(_Value):
    """What one node of the turn decided, and how long it took (milliseconds)."""

    node: str
    summary: str
    ms: float
    detail: dict[str, Any] = {}


class Reply(_Value):
    """What the assistant returns for one turn. `confidence` is None where no answer was in question.

    `text` is empty where the assistant is silent because a person has the conversation: nothing is shown then.
    """

    outcome: Outcome
    text: str
    citations: tuple[Citation, ...] = ()
    confidence: float | None = None
    playbook: str | None = None
    handoff: Handoff | None = None
    latency_ms: float = 0.0
    trace: tuple[TraceStep, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The reply in the shape that `kit ask` prints (without the trace)."""
        citations = [{"article_id": c.article_id, "passage_id": c.passage_id, "quote": c.quote} for c in self.citations]
        return {
            "outcome": self.outcome,
            "text": self.text,
            "citations": citations,
            "confidence": self.confidence,
            "playbook": self.playbook,
            "handoff": self.handoff.model_dump(include=_HANDOFF) if self.handoff else None,
            "latency_ms": round(self.latency_ms, 1),
        }


class Topic(_Value):
    """A question that was answered from the knowledge base.

    `asked` is as the customer put it, `question` as it was searched for, `articles` are those cited for it; `failed`
    says how often the customer wrote that it did not help, and `repeated` how often the same was asked again.
    """

    question: str
    asked: str = ""
    articles: tuple[str, ...] = ()
    failed: int = Field(0, ge=0)
    repeated: int = Field(0, ge=0)


class Conversation(BaseModel):
    """What was said so far and where a playbook stands. The assistant returns a new one with every reply.

    `asked_back` holds the question that the last reply asked to clarify; the answer to it is read together with it.
    `offered` holds the ids of the articles that it asked about, in order. `plays` says where it stands in
    playbooks, and `customer` what the company knows of the customer: playbooks see it as `customer.plan` and the like.
    `told_to_wait` says that a reply has said so since a person took over: from then on the assistant is silent.
    `handoff` is what the person who took over was given; `seen` are the passages that were found, the last first.
    `topics` are the questions answered so far, the last one last; `on_topic` says that the last answer was to it.
    `person_offered`: the last reply offered a person. `language` is the customer's, where it is not the company's.
    `tokens` and `cost` are what chat models have used in it so far.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    turns: tuple[Turn, ...] = ()
    plays: Plays = Plays()
    customer: dict[str, Any] = {}
    handed_off: bool = False
    told_to_wait: bool = False
    handoff: Handoff | None = None
    asked_back: str | None = None
    offered: tuple[str, ...] = ()
    clarifications: int = Field(0, ge=0)
    seen: tuple[SeenPassage, ...] = ()
    topics: tuple[Topic, ...] = ()
    on_topic: bool = False
    person_offered: bool = False
    tokens: int = Field(0, ge=0)
    cost: float = Field(0.0, ge=0)
    language: str = ""

    def said(self, role: Role, text: str, *, meant: str = "") -> "Conversation":
        """This conversation with one more turn."""
        return self.model_copy(update={"turns": (*self.turns, Turn(role=role, text=text, meant=meant))})
