"""The values of an evaluation: cases (`kit.evals.case`), what was said in them, how they scored."""

from functools import lru_cache
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, Field

from kit.assistant import Conversation, Reply, Turn
from kit.evals.case import OUTCOMES, Case, Expect, ScriptedTurn, ToolCall
from kit.evals.script import Ending

__all__ = [
    "OUTCOMES",
    "Case",
    "Expect",
    "JudgedBy",
    "Record",
    "Replies",
    "Score",
    "ScriptedTurn",
    "Simulated",
    "Threshold",
    "ToolCall",
    "Transcript",
    "Usage",
]


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Threshold(_Value):
    """What a gate asks of a metric's value."""

    min: float | None = None
    max: float | None = None


class Usage(_Value):
    """What replies took from chat models.

    Attributes:
        uncounted: calls whose tokens the provider did not count: the sums lack them.
        cost: None where it is not known: no price is set, or a call was not counted.
    """

    calls: int = Field(0, ge=0)
    input_tokens: int = Field(0, ge=0)
    output_tokens: int = Field(0, ge=0)
    uncounted: int = Field(0, ge=0)
    cost: float | None = None

    @property
    def tokens(self) -> int:
        """Sent and received, as far as they were counted."""
        return self.input_tokens + self.output_tokens

    def __add__(self, other: "Usage") -> "Usage":
        """Both together; the cost is known only if that of all calls is."""
        unknown = any(one.calls and one.cost is None for one in (self, other))
        return Usage(
            calls=self.calls + other.calls,
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            uncounted=self.uncounted + other.uncounted,
            cost=None if unknown else (self.cost or 0.0) + (other.cost or 0.0),
        )


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
        headings: the title and headings that each of these passages stands under, as far as they are known.
        retrieved: the passages that were found for the last reply, best first; `found` has their texts, as far as they
            exist.
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
    headings: dict[str, tuple[str, ...]] = {}
    retrieved: tuple[str, ...] = ()
    found: dict[str, str] = {}
    fields: dict[str, Any] = {}
    tools: tuple[ToolCall, ...] = ()
    usage: Usage = Usage()
    judged: int = -1
    simulated: Simulated | None = None

    @property
    def misplayed(self) -> bool:
        """Whether a simulated customer failed: then the conversation says nothing on the assistant."""
        return self.simulated is not None and bool(self.simulated.failures)

    @property
    def reply(self) -> Reply:
        """The reply that is judged."""
        return self.replies[self.judged]

    @property
    def contained(self) -> bool:
        """Whether the conversation stayed with the assistant."""
        return all(reply.outcome != "handed_off" for reply in self.replies)

    @property
    def customer(self) -> tuple[str, ...]:
        """What the customer said, in order."""
        return tuple(turn.text for turn in self.turns if turn.role == "customer")

    def returned(self, days: int) -> bool | None:
        """Whether the customer came back for the same cause within so many days; None where nobody knows."""
        if self.simulated is None:
            return None
        return self.simulated.returned_days is not None and self.simulated.returned_days <= days

    @property
    def cited(self) -> tuple[str, ...]:
        """The articles that the judged reply cites, in order, each once."""
        return tuple(dict.fromkeys(citation.article_id for citation in self.reply.citations))


class JudgedBy(_Value):
    """The chat model that judged, and how far people agree with it: without that its scores say little.

    Attributes:
        model: its name.
        prompt: the hash of what it was asked.
        n: how many of people's labels it was held against; 0 where it never was.
        kappa: Cohen's kappa with people, None where nothing varied.
        alpha: Krippendorff's alpha with people.
        bias: its mean score less that of people.
    """

    model: str
    prompt: str
    n: int = 0
    kappa: float | None = None
    alpha: float | None = None
    bias: float | None = None

    @property
    def calibrated(self) -> bool:
        """Whether it was held against people at all."""
        return self.n > 0

    @property
    def trusted(self) -> bool:
        """Whether a gate may go by it: people agree with it moderately at least (Landis and Koch, 1977)."""
        return self.calibrated and self.kappa is not None and self.kappa >= 0.4


class Score(_Value):
    """One metric on one case: a value with its reason, or None and why it could not be scored.

    `judge` says whose judgement the value is, where it is that of a chat model.
    """

    value: float | None
    reason: str = ""
    unscored: str = ""
    judge: JudgedBy | None = None

    @classmethod
    def none(cls, cause: str) -> "Score":
        """Unscored, and why. It is counted, and never taken for a zero."""
        return _unscored(cause)


@lru_cache(maxsize=1024)  # most metrics leave most cases unscored, for few causes
def _unscored(cause: str) -> Score:
    return Score(value=None, unscored=cause)


class Record(_Value):
    """One line of a run: a case and what came of it at one try.

    Attributes:
        tried: which try of the case it is, from 1.
        error: why the assistant could not be asked. It is the infrastructure's, and no figure contains the case.
        retried: what failed at first, where the case came through at the second attempt.
        troubles: what failed within turns that were replied to all the same, such as a call of the chat model.
        fell_back: whether an answer was composed by another composer than the one that was to do it.
        cached: whether the conversation is one of an earlier run that rested on all the same.
        spent: on this line in this run, failed attempts included; nothing where it is cached.
    """

    suite: str
    case: Case
    tried: int = Field(1, ge=1)
    transcript: Transcript | None = None
    scores: dict[str, Score] = {}
    error: str | None = None
    retried: str = ""
    troubles: tuple[str, ...] = ()
    fell_back: bool = False
    cached: bool = False
    spent: Usage = Usage()

    def value(self, metric: str) -> float | None:
        """The case's value of a metric, None where it has none."""
        return self.scores[metric].value if metric in self.scores else None


class Replies(Protocol):
    """What is evaluated: the assistant, or anything that talks like it."""

    def start(self) -> Conversation:
        """A new conversation."""

    def reply(self, conversation: Conversation, message: str, /) -> tuple[Conversation, Reply]:
        """The reply to a message, and the conversation with both new turns."""
