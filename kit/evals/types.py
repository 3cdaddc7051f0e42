"""The values of an evaluation: what a case asks for, what was said, how it scored."""

from typing import Annotated, Any, Literal, Protocol

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from kit.assistant import Conversation, Outcome, Reply, Turn
from kit.evals.script import Ending, Script
from kit.playbooks import HandoffReason

__all__ = [
    "OUTCOMES",
    "Case",
    "Expect",
    "Record",
    "Replies",
    "Score",
    "Simulated",
    "Threshold",
    "ToolCall",
    "Transcript",
    "Usage",
]

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


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Threshold(_Value):
    """What a gate asks of a metric's value."""

    min: float | None = None
    max: float | None = None


class ToolCall(_Value):
    """A tool that is called, or was, with what it was given."""

    tool: str
    arguments: dict[str, Any] = {}


class Usage(_Value):
    """What the replies of a conversation took from chat models. `cost` is None where no price is set."""

    calls: int = Field(0, ge=0)
    input_tokens: int = Field(0, ge=0)
    output_tokens: int = Field(0, ge=0)
    cost: float | None = None


class Case(_Value):
    """One eval example: what the customer says, and what a right reply is.

    Attributes:
        question: the customer's only message; or
        turns: the customer's messages in order. The last reply is the one that is judged; or
        customer: the script of a simulated customer. The last reply before they leave is the one that is judged.
        articles: acceptable articles; citing any one of them is right, unless `articles_all`.
        must_contain: texts that the reply must contain; upper and lower case are the same.
        must_not_contain: texts that it must not contain.
        reference: what an expert would reply; answers are compared with it.
        reason: acceptable reasons of a hand-off; any, where none is given.
        playbook: the playbook that must be followed.
        fields: what the playbook must have collected by the end; other fields may be there.
        tools: the calls of tools that must have been made, in this order; other arguments may be there.
        generated: whether a program made the case and no person has accepted it yet.
        weight: how much the case counts in shares and means.
        cluster: cases that share a cluster are not independent; by default the first article, else the case itself.
    """

    id: str = Field(pattern=r"^[A-Za-z0-9][\w.-]*$")
    question: str = ""
    turns: tuple[str, ...] = ()
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
    generated: bool = False
    tags: tuple[str, ...] = ()
    weight: float = Field(1, gt=0)
    cluster: str | None = None

    @property
    def messages(self) -> tuple[str, ...]:
        """What the customer says, in order; of a simulated one only how they begin."""
        if self.customer is not None:
            return self.customer.opens[:1]
        return self.turns or (self.question,)

    @property
    def group(self) -> str:
        """The cluster that the case is resampled with."""
        return self.cluster or (self.articles[0] if self.articles else self.id)


class Simulated(_Value):
    """What became of a simulated customer. Failures are the simulation's: such a case says nothing on the assistant.

    Attributes:
        ending: how the visit ended.
        said_so: whether a content customer said that they were helped, or left in silence.
        mood: at the end, from -1 to 1.
        returned_days: after how many days they came back about the same; None if they did not.
        returned_turns: what was said then.
        failures: what the simulated customer did wrong.
    """

    ending: Ending
    said_so: bool = False
    mood: float = Field(0, ge=-1, le=1)
    returned_days: int | None = None
    returned_turns: tuple[Turn, ...] = ()
    failures: tuple[str, ...] = ()


class Transcript(_Value):
    """What was said in one case, with all that scoring it needs.

    Attributes:
        turns: the whole conversation.
        replies: one for each message of the customer, with its trace.
        answer: the text of the last reply without the AI disclosure that opens a conversation.
        passages: the text of each passage that the last reply cites and that exists.
        retrieved: the passages that were found for the last reply, best first.
        fields: what playbooks had collected by the end.
        tools: the calls of tools that were made, in order.
        usage: of chat models, over the whole conversation.
        judged: the place of the reply that is judged; the last, unless a customer said goodbye after it.
        simulated: of a simulated customer.
    """

    turns: tuple[Turn, ...]
    replies: tuple[Reply, ...] = Field(min_length=1)
    answer: str
    passages: dict[str, str] | None = None
    retrieved: tuple[str, ...] = ()
    fields: dict[str, Any] = {}
    tools: tuple[ToolCall, ...] = ()
    usage: Usage = Usage()
    judged: int = -1
    simulated: Simulated | None = None

    @property
    def reply(self) -> Reply:
        """The reply that is judged."""
        return self.replies[self.judged]

    @property
    def contained(self) -> bool:
        """Whether the conversation stayed with the assistant."""
        return all(reply.outcome != "handed_off" for reply in self.replies)

    @property
    def cited(self) -> tuple[str, ...]:
        """The articles that the judged reply cites, in order, each once."""
        return tuple(dict.fromkeys(citation.article_id for citation in self.reply.citations))


class Score(_Value):
    """One metric on one case: a value with its reason, or None and why it could not be scored."""

    value: float | None
    reason: str = ""
    unscored: str = ""

    @classmethod
    def none(cls, cause: str) -> "Score":
        """Unscored, and why. It is counted, and never taken for a zero."""
        return cls(value=None, unscored=cause)


class Record(_Value):
    """One line of a run: a case and what came of it at one try.

    `error` says why the assistant could not be asked; tries of a case are numbered from 1.
    """

    suite: str
    case: Case
    tried: int = Field(1, ge=1)
    transcript: Transcript | None = None
    scores: dict[str, Score] = {}
    error: str | None = None

    def value(self, metric: str) -> float | None:
        """The case's value of a metric, None where it has none."""
        return self.scores[metric].value if metric in self.scores else None


class Replies(Protocol):
    """What is evaluated: the assistant, or anything that talks like it."""

    def start(self) -> Conversation:
        """A new conversation."""

    def reply(self, conversation: Conversation, message: str, /) -> tuple[Conversation, Reply]:
        """The reply to a message, and the conversation with both new turns."""
