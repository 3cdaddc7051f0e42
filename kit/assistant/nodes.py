"""The nodes of a turn. Each takes the state and returns what it adds, with a line for the trace."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from kit.assistant import phrases
from kit.assistant.answering import Answerer
from kit.assistant.compose import Composer, Piece
from kit.assistant.conversing import Talker, names_only
from kit.assistant.deciding import (
    Clarification,
    ConfidenceModel,
    Decision,
    clarification,
    decide,
    put_first,
    refuses,
)
from kit.assistant.foreign import say_translated
from kit.assistant.further import decide_further
from kit.assistant.listening import Listener
from kit.assistant.playing import Player, traced
from kit.assistant.replying import fixed_reply, offering, pass_on
from kit.assistant.saying import gap, say
from kit.assistant.state import Result, TurnState
from kit.assistant.types import Topic
from kit.knowledge import Found, HybridRetriever
from kit.playbooks import Routing, Shelf, Tool, asks
from kit.settings import Settings
from kit.text import content_words

if TYPE_CHECKING:
    from kit.assistant.modelled import ModelPhraser, ModelReader
    from kit.assistant.translating import Translator

__all__ = ["Nodes"]

_OWN = 3  # content words of a message that may say by itself what it is about


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
    phraser: "ModelPhraser | None" = None
    reader: "ModelReader | None" = None
    translator: "Translator | None" = None

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

    @cached_property
    def talker(self) -> Talker:
        """Says what needs neither an article nor a playbook."""
        return Talker(self.settings)

    @cached_property
    def listener(self) -> Listener:
        """Takes in what the customer wrote."""
        return Listener(self.settings, self.retriever, self.router, self.shelf, self.today, self.translator)

    def receive(self, state: TurnState) -> Result:
        """Clean the message and greet a new customer with the disclosure that this is an AI."""
        return self.listener.receive(state)

    def route(self, state: TurnState) -> Result:
        """What kind of message this is, by itself and after what was said before."""
        return self.listener.route(state)

    def converse(self, state: TurnState) -> Result:
        """Everything that needs neither an article nor a playbook."""
        return self.talker.converse(state)

    def play(self, state: TurnState) -> Result:
        """One move of the playbook that the conversation is in, or begins."""
        return offering(state, self.player.play(state))

    def retrieve(self, state: TurnState) -> Result:
        """The articles that may answer, and how sure that looks."""
        question, topic = state["question"], state["topic"]
        if article := state["picked"]:
            question, found = self._picked(state, article)
        elif state["again"] and topic:
            found = self.retriever.find(question, without=topic.articles)
            if details := state["details"]:
                # What happens instead may be a question of its own, and an answer to it stand anywhere.
                found = max(found, self.retriever.find(details), key=self._sure)
        else:
            question, found = self._searched(state, question)
        update: TurnState = {}
        if not state["again"] and (topic := self._said_before(state, question, found)):
            # The same text once more helps nobody: the part that answers may, another article, or a question back.
            update = self._in_other_words(state, question, found, topic)
            if "again" in update:
                found = self.retriever.find(question, without=topic.articles)
        confidence = self._sure(found)
        hits = traced(found)
        first = hits[0]["article_id"] if hits else "nothing"
        update |= {"question": question, "found": found, "confidence": confidence}
        return Result(update, f"{first} (confidence {confidence:.2f})", {"question": question, "hits": hits})

    def _picked(self, state: TurnState, article: str) -> tuple[str, Found]:
        """The question that was asked back about, put to the article that the customer picked, and what it finds."""
        question = f"{state['conversation'].asked_back}\n{self.retriever.article(article).title}"
        return question, put_first(self.retriever, self.retriever.find(question), article)

    def _searched(self, state: TurnState, question: str) -> tuple[str, Found]:
        """The question with what it finds; in place of an answer to what was asked back, another may have come."""
        tried, about = [(question, self.retriever.find(question))], state["about"]
        if state["conversation"].asked_back and (asks(about) or len(content_words(about)) >= _OWN):
            tried.append((about, self.retriever.find(about)))
        return max(tried, key=lambda one: self._sure(one[1]))

    def _said_before(self, state: TurnState, question: str, found: Found) -> Topic | None:
        """The topic that would be answered in the very words that were said before."""
        conversation = state["conversation"]
        if not conversation.on_topic or not found.hits or state["picked"]:
            return None
        first = found.hits[0].passage.article_id
        topic = next((one for one in reversed(conversation.topics) if first in one.articles), None)
        if topic is None:
            return None
        draft = self.answerer.draft(question, found, conversation)
        said = [turn.read for turn in conversation.turns if turn.role == "assistant"]
        return topic if draft and any(draft in text for text in said) else None

    def _in_other_words(self, state: TurnState, question: str, found: Found, topic: Topic) -> TurnState:
        """What to do in place of an answer that was given before: of another question, give the part that answers."""
        if not asks(state["about"]):
            return {"again": "failed", "topic": topic, "details": state["about"]}
        part = self.answerer.draft(question, found, state["conversation"], brief=True)
        if part and all(turn.read.strip() != part for turn in state["conversation"].turns):
            return {"brief": True}
        return {"again": "repeated", "topic": topic, "details": ""}

    def _sure(self, found: Found) -> float:
        """The probability that the first hit answers the question."""
        return self.confidence.confidence(found.signals)

    def decide(self, state: TurnState) -> Result:
        """Answer, ask back, hand off or decline."""
        thresholds, confidence = self.settings.assistant, state["confidence"] or 0.0
        if state["picked"]:
            return Result({"decision": Decision("answer", "the customer picked it")}, "answer: the customer picked it")
        conversation, distinct = state["conversation"], self._clarification(state) is not None
        if (again := state["again"]) and (topic := state["topic"]):
            decision = decide_further(
                again,
                topic,
                found=bool(state["found"].hits),
                confidence=confidence,
                thresholds=thresholds,
                may_ask=bool(state["details"]) and not conversation.clarifications and distinct,
            )
        else:
            decision = decide(
                state["found"],
                confidence=confidence,
                asked_back=conversation.clarifications,
                off_topic=state["route"].kind == "off_topic",
                thresholds=thresholds,
                pending=conversation.asked_back is not None,
                refused=bool(conversation.offered) and refuses(state["message"]),
                distinct=distinct,
                vague=not conversation.topics and names_only(state["about"]),
            )
        return Result({"decision": decision}, f"{decision.action}: {decision.because}")

    def compose(self, state: TurnState) -> Result:
        """Say the answer, with its sources."""
        again, conversation = state["again"], state["conversation"]
        thanked = {"thanks", "glad"} & set(state["talk"]) and conversation.turns
        opening = phrases.FURTHER if again else phrases.WELCOME if thanked else ""
        answered = self.answerer.answer(
            state["said"],
            state["question"],
            conversation,
            found=state["found"],
            opening=f"{opening}\n\n" if opening else "",
            brief=state.get("brief", False),
        )
        if not answered.said.citations:
            return pass_on(self.settings, state, "missing_knowledge", note=answered.note)
        if not answered.whole:
            # What was said is supported, but a step or an exception may be missing: a person completes it.
            passed = pass_on(self.settings, {**state, "said": answered.said}, "tool_failure", note=answered.note)
            return replace(passed, detail={"fell_back": True} if answered.fell_back else None)
        for article in state["picked_too"]:
            question, found = self._picked(state, article)
            answered = self.answerer.answer(answered.said, question, conversation, found=found)
        update: TurnState = {"said": answered.said, "outcome": "answered"}
        result = Result(update, answered.note, {"fell_back": True} if answered.fell_back else None)
        return offering(state, result)

    def ask_back(self, state: TurnState) -> Result:
        """Ask which of the likely articles is meant, or what was missing in the answer that is asked for again."""
        if state["again"] == "repeated":
            return self.talker.same_again(state, self._title(state))
        asked = self._clarification(state)
        assert asked is not None  # else it would not have been decided
        update: TurnState = {
            "said": say(state["said"], [Piece(gap(state["said"]) + asked.text)]),
            "outcome": "clarified",
            "asked_back": state["question"],
            "offered": asked.articles,
        }
        return offering(state, Result(update, f"between {len(asked.articles)} articles"))

    def _clarification(self, state: TurnState) -> Clarification | None:
        conversation = state["conversation"]
        said = [turn.read for turn in conversation.turns if turn.role == "assistant"]
        return clarification(state["found"], self.retriever.build.article, offered=conversation.offered, said=said)

    def hand_off(self, state: TurnState) -> Result:
        """Pass the conversation on because no article answers it, or none of those that were given did."""
        if state["again"]:
            return self.talker.not_solved(state)
        decision = state["decision"]
        return pass_on(self.settings, state, decision.reason, note=f"{decision.reason}: {decision.because}")

    def _title(self, state: TurnState) -> str:
        """The title of the article that the topic was answered from."""
        articles = state["topic"].articles if state["topic"] else ()
        known = [id for id in articles if id in self.retriever.build.article]
        return self.retriever.article(known[0]).title if known else ""

    def decline(self, state: TurnState) -> Result:
        """Say that this is not what the assistant is for."""
        return offering(state, fixed_reply(self.settings, state, phrases.DECLINE["off_topic"], "declined"))

    def translate(self, state: TurnState) -> Result:
        """Say what was made so far in the customer's language."""
        return say_translated(self.settings, self.translator, state)
