"""Has one conversation: a case at one try becomes a transcript, or the reason why there is none.

What a conversation comes to depends on nothing but its case, its seed, and what the assistant rests on, so it does not
matter in which thread or process it is had, nor after which others.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from kit.assistant import Conversation, Reply
from kit.evals.customers import Voice, simulate
from kit.evals.leaving import replies_to
from kit.evals.running.spending import Ledger, Price, priced
from kit.evals.types import Case, Record, Replies, Simulated, ToolCall, Transcript, Usage
from kit.text import digest

__all__ = ["ATTEMPTS", "Converser", "Passages", "Talk", "Task"]

Passages = Callable[[str], str | None]
_DIGITS = 6  # of the confidence
ATTEMPTS = 2  # what the infrastructure fails at is tried once more


@dataclass(frozen=True)
class Task:
    """A case at one try; `seed` is the run's."""

    suite: str
    case: Case
    tried: int = 1
    seed: int = 0

    @property
    def conversation(self) -> str:
        """The id of the conversation: another one for each try and seed, the same in each run."""
        return digest(self.suite, self.case.id, str(self.tried), str(self.seed))[:16]


@dataclass(frozen=True)
class Talk:
    """What came of a task: a transcript or an error; see `Record` for the rest."""

    transcript: Transcript | None = None
    error: str | None = None
    retried: str = ""
    troubles: tuple[str, ...] = ()
    fell_back: bool = False
    cached: bool = False
    spent: Usage = field(default_factory=Usage)

    def at(self, price: Price | None) -> "Talk":
        """With what the conversation costs at today's price."""
        if self.transcript is None:
            return self
        usage = priced(self.transcript.usage, price)
        return replace(self, transcript=self.transcript.model_copy(update={"usage": usage}))

    def record(self, task: Task) -> Record:
        """The line of the run."""
        return Record(suite=task.suite, case=task.case, tried=task.tried, **vars(self))


@dataclass(frozen=True)
class Converser:
    """Has conversations with an assistant. Threads may share it.

    Attributes:
        assistant: what is evaluated.
        passages: the text of a passage by its id, None where there is no such passage.
        headings: the title and headings that a passage stands under, by its id; empty where there is no such passage.
        disclosure: the sentences that open a conversation, taken off before the answer is scored.
        ledger: what hears of the assistant's turns, where something does.
        price: of what chat models take.
        voice: phrases what simulated customers say; without one they say it in their own words.
    """

    assistant: Replies
    passages: Passages | None = None
    disclosure: str = ""
    ledger: Ledger | None = None
    price: Price | None = None
    voice: Voice | None = None
    headings: Callable[[str], tuple[str, ...]] | None = None

    def __call__(self, task: Task) -> Talk:
        """Have the conversation. Whatever fails is the infrastructure's, not the assistant's judgement."""
        spent, first = Usage(cost=0.0), ""
        for attempt in range(1, ATTEMPTS + 1):
            problem, transcript = "", None
            try:
                transcript = self._transcript(task)
            except Exception as error:
                problem = f"{type(error).__name__}: {error}"
            usage, troubles = self.ledger.take(task.conversation) if self.ledger else (Usage(), ())
            usage = priced(usage, self.price)
            spent += usage
            if transcript is not None:
                return Talk(
                    transcript=transcript.model_copy(update={"usage": usage}),
                    retried=first,
                    troubles=troubles,
                    fell_back=any(_fell_back(reply) for reply in transcript.replies),
                    spent=spent,
                )
            first = first or problem
            if attempt == ATTEMPTS:
                return Talk(error=problem, troubles=troubles, spent=spent)
        raise AssertionError("the last attempt always ends")

    def _transcript(self, task: Task) -> Transcript:
        named = _Named(replies_to(task.case, self.assistant), task.conversation)
        if task.case.customer is not None:
            said = self._simulated(task, named)
        else:
            conversation, replies = named.start(), list[Reply]()
            for message in task.case.messages:
                conversation, reply = named.reply(conversation, message)
                replies.append(reply)
            said = self._said(conversation, replies)
        # Scored is what the log keeps, where dates and other values have become text: so scoring again comes out alike.
        return Transcript.model_validate_json(said.model_dump_json(fallback=str))

    def _simulated(self, task: Task, assistant: Replies) -> Transcript:
        visit = simulate(assistant, task.case, seed=task.seed + task.tried - 1, voice=self.voice)
        days, second = visit.returned or (None, None)
        simulated = Simulated(
            ending=visit.ending,
            said_so=visit.said_so,
            mood=visit.mood,
            returned_days=days,
            returned_turns=second.conversation.turns if second else (),
            failures=visit.failures,
        )
        said = self._said(visit.conversation, list(visit.replies), judged=visit.judged)
        return said.model_copy(update={"simulated": simulated})

    def _said(self, conversation: Conversation, replies: list[Reply], *, judged: int = -1) -> Transcript:
        reply = replies[judged]
        cited, retrieved = [citation.passage_id for citation in reply.citations], _retrieved(reply)
        return Transcript(
            turns=conversation.turns,
            replies=tuple(map(_rounded, replies)),
            answer=_without(self.disclosure, reply.text) if reply is replies[0] else reply.text,
            passages=None if self.passages is None else _texts(cited, self.passages),
            headings={} if self.headings is None else {id: self.headings(id) for id in cited},
            retrieved=retrieved,
            found={} if self.passages is None else _texts(retrieved, self.passages),
            fields=_fields(replies),
            tools=tuple(_calls(replies)),
            judged=judged,
        )


@dataclass
class _Named:
    """An assistant whose conversations have names: a simulated customer who comes back begins another one."""

    assistant: Replies
    name: str
    started: int = 0

    def start(self) -> Conversation:
        self.started += 1
        name = self.name if self.started == 1 else f"{self.name}-{self.started}"
        return self.assistant.start().model_copy(update={"id": name})

    def reply(self, conversation: Conversation, message: str, /) -> tuple[Conversation, Reply]:
        return self.assistant.reply(conversation, message)


def _rounded(reply: Reply) -> Reply:
    """Without the last digits of the confidence, which hang on what else was embedded in the same process before."""
    if reply.confidence is None:
        return reply
    return reply.model_copy(update={"confidence": round(reply.confidence, _DIGITS)})


def _without(disclosure: str, text: str) -> str:
    return text.strip().removeprefix(disclosure.strip()).strip() if disclosure else text


def _texts(ids: Iterable[str], passages: Passages) -> dict[str, str]:
    """The texts of passages, as far as they exist."""
    return {id: text for id in ids if (text := passages(id)) is not None}


def _details(reply: Reply, *nodes: str) -> list[dict[str, Any]]:
    return [step.detail for step in reply.trace if step.node in nodes]


def _retrieved(reply: Reply) -> tuple[str, ...]:
    """The passages found for a reply: those for the message, or for what a playbook had to have answered."""
    hits = [hit for detail in _details(reply, "retrieve", "play") for hit in detail.get("hits", ())]
    return tuple(dict.fromkeys(hit["passage_id"] for hit in hits))


def _fields(replies: list[Reply]) -> dict[str, Any]:
    """What playbooks knew at the end of each turn; of what was corrected, the last."""
    known: dict[str, Any] = {}
    for reply in replies:
        for detail in _details(reply, "play"):
            known |= detail.get("fields", {})
    return known


def _calls(replies: list[Reply]) -> list[ToolCall]:
    calls = [call for reply in replies for detail in _details(reply, "play") for call in detail.get("calls", ())]
    return [ToolCall(tool=call["tool"], arguments=dict(call["args"])) for call in calls]


def _fell_back(reply: Reply) -> bool:
    return any(detail.get("fell_back", False) for detail in _details(reply, "compose", "play"))
