"""The nodes of a turn. Each takes the state and returns what it adds, with a line for the trace."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from kit.assistant import phrases
from kit.assistant.answering import Answerer
from kit.assistant.caring import caring_words
from kit.assistant.compose import Composer, Piece
from kit.assistant.confidence import ConfidenceModel
from kit.assistant.modelled import ModelPhraser, ModelReader
from kit.assistant.options import picked_article, put_first
from kit.assistant.playing import Player, traced
from kit.assistant.policy import Decision, decide
from kit.assistant.saying import Said, gap, say
from kit.assistant.state import Result, TurnState, summary
from kit.assistant.types import Conversation
from kit.knowledge import HybridRetriever, standalone
from kit.playbooks import Handoff, HandoffReason, Priority, Route, Routing, Shelf, Tool
from kit.safety import Outgoing, Sensitive, clean_message, looks_like_injection, sensitive
from kit.settings import Settings
from kit.text import content_words, words

__all__ = ["Nodes", "says_nothing"]

_ASKING = frozenset("how what what's when where which who whose why can could do does did is are will would".split())


@dataclass(frozen=True)
class Nodes:
    """What a turn needs. Nothing here changes while conversations run, so threads may share it."""

    settings: Settings
    retriever: HybridRetriever
    router: Routing
    shelf: Shelf
    tools: Mapping[str, Tool]
    composers: Sequence[Composer]
    confidence: ConfidenceModel
    today: Callable[[], date] = date.today
    phraser: ModelPhraser | None = None
    reader: ModelReader | None = None

    @cached_property
    def answerer(self) -> Answerer:
        """Answers from the knowledge base."""
        return Answerer(self.retriever, self.composers)

    @cached_property
    def player(self) -> Player:
        """Follows playbooks."""
        least = self.settings.assistant.answer_threshold
        return Player(
            self.shelf,
            self.tools,
            self.answerer,
            self.confidence,
            least,
            self.today,
            phraser=self.phraser,
            reader=self.reader,
            safety=self.settings.safety,
        )

    def receive(self, state: TurnState) -> Result:
        """Clean the message and greet a new customer with the disclosure that this is an AI."""
        message, cut = clean_message(state["message"], limit=self.settings.assistant.max_message_chars)
        said = Said(outgoing=Outgoing(self.settings.safety.link_domains))
        if not any(turn.role == "assistant" for turn in state["conversation"].turns):
            said = say(said, [Piece(f"{self.settings.disclosure.strip()}\n\n")])
        suspicious, danger = looks_like_injection(message), sensitive(message)
        notes = [f"{len(message)} characters"] + ["cut"] * cut + ["talks to the model"] * suspicious
        notes += [f"sensitive: {danger.kind}"] if danger else []
        update: TurnState = {"message": message, "cut": cut, "suspicious": suspicious, "said": said}
        update["sensitive"] = danger
        update["over"] = len(_asked(state["conversation"])) >= self.settings.assistant.max_turns
        return Result(update, ", ".join(notes))

    def route(self, state: TurnState) -> Result:
        """What kind of message this is."""
        route = self.router.route(state["message"], customer=state["conversation"].customer, today=self.today())
        if (danger := state["sensitive"]) and not self._takes_care(route, danger):
            route = Route("sensitive", None, 1.0, certain=True)
        elif state["over"] and not (route.certain and route.playbook):
            route = Route("person", None, 1.0, certain=True)
        where = f"playbook {route.playbook}" if route.playbook else route.kind
        article = picked_article(self.retriever, state["conversation"], state["message"])
        note = f", picks {article}" if article else ""
        return Result({"route": route, "picked": article}, f"{where} ({route.probability:.2f}){note}")

    def _takes_care(self, route: Route, danger: Sensitive) -> bool:
        """Whether a playbook for danger has the message: a trigger chose it, or for a hazard one that has triggers."""
        playbook = self.shelf.current.get(route.playbook or "")
        # In danger nobody is asked which playbook it is.
        likely = danger.kind == "hazard" and bool(playbook and playbook.triggers) and not route.ambiguous
        return playbook is not None and (route.certain or likely)

    def converse(self, state: TurnState) -> Result:
        """Everything that needs neither an article nor a playbook."""
        kind, conversation = state["route"].kind, state["conversation"]
        if conversation.handed_off:
            # An urgent matter stays one, with the same team, whatever is written while it waits.
            handoff = conversation.handoff or self._handoff(state, "customer_request")
            return self._reply(state, phrases.WITH_A_PERSON, "handed_off", handoff=handoff)
        # A person can always be asked for, whatever else the message says.
        if kind == "model" or (state["suspicious"] and kind not in ("person", "sensitive")):
            return self._reply(state, phrases.DECLINE["model"], "declined")
        if not state["message"] or (kind == "knowledge" and says_nothing(state["message"])):
            return self._reply(state, phrases.ASK["empty"], "clarified")
        if kind == "not_solved" and not _answered_before(conversation):
            return self._reply(state, phrases.ASK["vague"], "clarified")
        if kind in phrases.CONVERSATION:
            return self._reply(state, phrases.CONVERSATION[kind], "answered")
        if kind == "sensitive" and (danger := state["sensitive"]):
            handoff = self._handoff(state, danger.reason, danger.priority)
            words = caring_words(danger, self.settings.safety)
            return self._reply(state, words, "handed_off", handoff=handoff, note=f"{danger.reason}: {danger.kind}")
        if kind == "sensitive":
            return self._pass_on(state, "sensitive", priority="urgent")
        if state["over"]:
            return self._pass_on(state, "policy_restriction", note="the conversation has reached its limit")
        return self._pass_on(state, "customer_request" if kind == "person" else "missing_knowledge")

    def play(self, state: TurnState) -> Result:
        """One move of the playbook that the conversation is in, or begins."""
        return self.player.play(state)

    def retrieve(self, state: TurnState) -> Result:
        """The articles that may answer, and how sure that looks."""
        if article := state["picked"]:
            question = f"{state['conversation'].asked_back}\n{self.retriever.article(article).title}"
            found = put_first(self.retriever, self.retriever.find(question), article)
        else:
            question = _question(state["conversation"], state["message"])
            found = self.retriever.find(question)
        confidence = self.confidence.confidence(found.signals)
        hits = traced(found)
        first = hits[0]["article_id"] if hits else "nothing"
        update: TurnState = {"question": question, "found": found, "confidence": confidence}
        return Result(update, f"{first} (confidence {confidence:.2f})", {"question": question, "hits": hits})

    def decide(self, state: TurnState) -> Result:
        """Answer, ask back, hand off or decline."""
        if state["picked"]:
            return Result({"decision": Decision("answer", "the customer picked it")}, "answer: the customer picked it")
        decision = decide(
            state["found"],
            confidence=state["confidence"] or 0.0,
            asked_back=state["conversation"].clarifications,
            off_topic=state["route"].kind == "off_topic",
            thresholds=self.settings.assistant,
        )
        return Result({"decision": decision}, f"{decision.action}: {decision.because}")

    def compose(self, state: TurnState) -> Result:
        """Say the answer, with its sources."""
        answered = self.answerer.answer(state["said"], state["question"], state["conversation"], found=state["found"])
        if not answered.said.citations:
            return self._pass_on(state, "missing_knowledge", note=answered.note)
        if not answered.whole:
            # What was said is supported, but a step or an exception may be missing: a person completes it.
            passed = self._pass_on({**state, "said": answered.said}, "tool_failure", note=answered.note)
            return replace(passed, detail={"fell_back": True} if answered.fell_back else None)
        update: TurnState = {"said": answered.said, "outcome": "answered"}
        return Result(update, answered.note, {"fell_back": True} if answered.fell_back else None)

    def ask_back(self, state: TurnState) -> Result:
        """Ask which of the likely articles is meant."""
        passages = [hit.passage for hit in state["found"].hits[:3]]
        said = say(state["said"], [Piece(phrases.clarify([passage.title for passage in passages]))])
        update: TurnState = {
            "said": said,
            "outcome": "clarified",
            "asked_back": state["question"],
            "offered": tuple(passage.article_id for passage in passages),
        }
        return Result(update, f"between {len(passages)} articles")

    def hand_off(self, state: TurnState) -> Result:
        """Pass the conversation on because no article answers it."""
        return self._pass_on(state, "missing_knowledge")

    def decline(self, state: TurnState) -> Result:
        """Say that this is not what the assistant is for."""
        return self._reply(state, phrases.DECLINE["off_topic"], "declined")

    def _pass_on(
        self, state: TurnState, reason: HandoffReason, *, priority: Priority = "normal", note: str = ""
    ) -> Result:
        handoff = self._handoff(state, reason, priority)
        return self._reply(state, phrases.hand_off(reason, handoff.team), "handed_off", handoff=handoff, note=note)

    def _handoff(self, state: TurnState, reason: HandoffReason, priority: Priority = "normal") -> Handoff:
        return Handoff(reason=reason, priority=priority, summary=summary(state))

    def _reply(
        self, state: TurnState, text: str, outcome: Any, *, handoff: Handoff | None = None, note: str = ""
    ) -> Result:
        said = state["said"]
        update: TurnState = {
            "said": say(said, [Piece(gap(said) + text.replace("{company}", self.settings.name))]),
            "outcome": outcome,
            "handoff": handoff,
        }
        return Result(update, note or (handoff.reason if handoff else outcome))


def says_nothing(message: str) -> bool:
    """Whether a message holds no word of a subject and none that asks: "ok", "yes", "???"."""
    return not content_words(message) and _ASKING.isdisjoint(words(message))


def _question(conversation: Conversation, message: str) -> str:
    """What to search for: the message, with the question that it belongs to where it makes no sense alone."""
    if conversation.asked_back:
        return f"{conversation.asked_back}\n{message}"
    return standalone(message, _asked(conversation))


def _asked(conversation: Conversation) -> list[str]:
    """What the customer wrote before."""
    return [turn.text for turn in conversation.turns if turn.role == "customer"]


def _answered_before(conversation: Conversation) -> bool:
    return any(turn.role == "assistant" for turn in conversation.turns)
