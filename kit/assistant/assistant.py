"""The assistant: runs turns, hands on what is to be known of them, and lets no customer go without a reply."""

import logging
import secrets
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from kit.assistant.ending import ended
from kit.assistant.metering import Meter, unanswered
from kit.assistant.nodes import Nodes
from kit.assistant.once import Once
from kit.assistant.record import TurnRecord, considered, followed
from kit.assistant.rescue import rescued, what_broke
from kit.assistant.state import TurnState
from kit.assistant.types import Conversation, Reply
from kit.assistant.walking import walked
from kit.errors import ModelUnavailable
from kit.models import PURSE, UNTIL, Purse

__all__ = ["Assistant"]

_LEFT = "Nobody waited for the end of the reply."
_LOG = logging.getLogger(__name__)


class Assistant:
    """Answers messages. It holds no conversation: each call takes one and returns the next. Threads may share it.

    Args:
        nodes: what a turn needs.
        on_turn: receives the record of each turn. Where it fails the customer still gets the reply.
        versions: for the records.
        strict: for measuring: what breaks a turn is raised, and so is the failure of a chat model. Else the passages
            answer in the model's place, and a customer whose turn breaks is passed to a person.
        walks: whether turns go without LangGraph, which takes a fifth of a second to load; the text then comes whole.
    """

    def __init__(
        self,
        nodes: Nodes,
        *,
        on_turn: Callable[[TurnRecord], None] | None = None,
        versions: Mapping[str, str] | None = None,
        strict: bool = False,
        walks: bool = False,
    ) -> None:
        self._nodes = nodes
        self._walks = walks
        self._on_turn = on_turn
        self._versions = versions or {}
        self._strict = strict
        self._once = Once()

    def without(self, articles: Collection[str]) -> "Assistant":
        """The assistant as it would be if its knowledge base did not have these articles."""
        retriever = self._nodes.retriever.model_copy(update={"without": frozenset(articles)})
        nodes = replace(self._nodes, retriever=retriever)
        return Assistant(nodes, on_turn=self._on_turn, versions=self._versions, strict=self._strict, walks=self._walks)

    def start(self) -> Conversation:
        """A new conversation."""
        return Conversation(id=secrets.token_hex(8))

    def reply(self, conversation: Conversation, message: str) -> tuple[Conversation, Reply]:
        """The conversation with this message and its reply, and the reply.

        Raises:
            ModelUnavailable: the assistant is strict, and the chat model failed. A strict one also raises whatever else
                breaks a turn.
        """
        *_, last = self.stream(conversation, message)
        assert not isinstance(last, str), "a stream ends with the reply"
        return last

    def stream(self, conversation: Conversation, message: str) -> Iterator[str | tuple[Conversation, Reply]]:
        """The reply's text in pieces as it is made, then what `reply` returns.

        The same message after the same conversation is one turn, however often and however soon it is sent again.
        """
        with self._once.turn(conversation, message) as turn:
            if turn.result is None:
                made = _Turn(self._nodes, conversation, message, walks=self._walks)
                try:
                    yield from self._made(made)
                finally:
                    turn.result = made.result
            else:
                yield turn.result[1].text
            assert turn.result is not None, "a turn ends with its result"
            yield turn.result

    def _made(self, turn: "_Turn") -> Iterator[str]:
        """Make a turn, and hand on its record."""
        try:
            yield from turn.run()
            if self._strict and (failure := unanswered(turn.meter.calls)):
                raise ModelUnavailable(failure, remedy="Nothing was measured; run it again once the model answers.")
        except GeneratorExit:
            self._tell(turn, _LEFT)
            raise
        except Exception as error:
            problem = what_broke(error, turn.state)
            if self._strict:
                turn.result = None
                self._tell(turn, problem)
                raise
            # The trace of the stack is for whoever looks for it: errors quote what customers wrote.
            _LOG.error("%s: %s", turn.conversation.id, problem)
            _LOG.debug("%s", turn.conversation.id, exc_info=True)
            rest = turn.rescue()
            self._tell(turn, problem, *[_LEFT] * turn.left)
            if not turn.left:
                yield rest
        else:
            self._tell(turn)

    def _tell(self, turn: "_Turn", *errors: str) -> None:
        """Hand on the record of a turn."""
        if self._on_turn is None:
            return
        try:
            self._on_turn(turn.record(self._versions, errors))
        except Exception as error:
            # The customer gets the reply even where it cannot be written down, as on a full disk.
            _LOG.error("A turn of %s was not recorded: %s", turn.conversation.id, error)

    def walk(self, conversation: Conversation, message: str) -> tuple[Conversation, Reply]:
        """What `reply` returns, from the same nodes on the same way, but ten times as fast: for turns by the thousand.

        There is no graph that could be traced or streamed, nobody is told of the turn, and what breaks it is raised.
        """
        state: TurnState = {"conversation": conversation, "began": time.perf_counter(), "message": message}
        *_, state = walked(state, self._nodes)
        return ended(state, self._nodes, latency_ms=sum(step.ms for step in state["trace"]))

    def draw(self) -> str:
        """The graph of a turn, as Mermaid."""
        from kit.assistant.graph import turn_graph

        return str(turn_graph().get_graph().draw_mermaid())


@dataclass
class _Turn:
    """One turn while it is made; `result` once it has one. `left`: nobody reads on, and it is made all the same."""

    nodes: Nodes
    conversation: Conversation
    message: str
    walks: bool = False
    at: float = field(default_factory=time.time)
    meter: Meter = field(default_factory=Meter)
    purse: Purse = field(default_factory=Purse)
    sent: str = ""
    left: bool = False
    broke: bool = False
    result: tuple[Conversation, Reply] | None = None

    def __post_init__(self) -> None:
        began = time.perf_counter()
        self.state: TurnState = {"conversation": self.conversation, "began": began, "message": self.message}
        self.purse = Purse(self.conversation.tokens, self.conversation.cost)

    @property
    def ms(self) -> float:
        """How long it has taken so far."""
        return (time.perf_counter() - self.state["began"]) * 1000

    def run(self) -> Iterator[str]:
        """Go through the nodes; gives the text as it is made."""
        passing = self._walked() if self.walks else self._streamed()
        try:
            for mode, value in passing:
                if mode == "custom":
                    self.sent += value
                    yield value
                else:
                    self.state = value
        except GeneratorExit:
            # A customer who left may have asked for a person, or be in danger.
            self.left = True
            for mode, value in passing:
                if mode == "values":
                    self.state = value
            raise
        finally:
            if "outcome" in self.state:
                self.result = self._ended()

    def _walked(self) -> Iterator[tuple[str, Any]]:
        """The state after each node, then the whole text."""
        for state in walked(self.state, self.nodes):
            yield "values", state
        yield "custom", self.state["said"].text

    def _streamed(self) -> Iterator[tuple[str, Any]]:
        """The state after each node, and each piece of text as soon as it is made."""
        from kit.assistant.graph import turn_graph

        until = time.monotonic() + self.nodes.settings.chat.timeout_seconds
        yield from turn_graph().stream(
            self.state,
            config={"callbacks": [self.meter], "configurable": {UNTIL: until, PURSE: self.purse}},
            context=self.nodes,
            stream_mode=["custom", "values"],
        )

    def _ended(self) -> tuple[Conversation, Reply]:
        """What the turn comes to, with what the chat models took."""
        later, reply = ended(self.state, self.nodes, latency_ms=self.ms)
        return later.model_copy(update={"tokens": self.purse.tokens, "cost": self.purse.cost}), reply

    def rescue(self) -> str:
        """End a turn that broke as a hand-off; gives what is still to be said."""
        self.broke = True
        self.state, rest = rescued(self.state, self.nodes, sent=self.sent)
        self.result = self._ended()
        return rest

    def record(self, versions: Mapping[str, str], errors: tuple[str, ...]) -> TurnRecord:
        """What is to be known of it."""
        state, calls = self.state, self.meter.calls
        found = state.get("found")
        failed = [call.error for call in calls if call.error] + ([found.note] if found and found.note else [])
        later, reply = self.result or (self.conversation, None)
        return TurnRecord(
            conversation=later,
            message=state.get("wrote") or state["message"],
            reply=reply,
            trace=state.get("trace", ()),
            starts_ms=state.get("starts", ()),
            was_with_person=self.conversation.handed_off,
            began=self.at,
            took_ms=self.ms,
            considered=considered(state, self.nodes),
            playbook=followed(state, self.nodes),
            calls=calls,
            errors=(*failed, *errors),
            broke=self.broke,
            versions=versions,
        )
