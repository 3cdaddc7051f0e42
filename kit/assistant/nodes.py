"""The nodes of a turn. Each takes the state and returns what it adds, with a line for the trace."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from kit.assistant import phrases
from kit.assistant.answering import Answerer
from kit.assistant.compose import Composer, Piece
from kit.assistant.conversing import Talker, asked_before
from kit.assistant.deciding import (
    Clarification,
    ConfidenceModel,
    Decision,
    clarification,
    decide,
    picked_article,
    put_first,
    refuses,
)
from kit.assistant.modelled import ModelPhraser, ModelReader
from kit.assistant.playing import Player
from kit.assistant.replying import fixed_reply, pass_on
from kit.assistant.saying import Said, say
from kit.assistant.state import Result, TurnState
from kit.assistant.types import Conversation
from kit.knowledge import Found, HybridRetriever, standalone
from kit.playbooks import Route, Routing, Shelf, Tool
from kit.safety import Outgoing, Sensitive, clean_message, looks_like_injection, sensitive
from kit.settings import Settings
from kit.text import content_words

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

    @cached_property
    def talker(self) -> Talker:
        """Says what needs neither an article nor a playbook."""
        return Talker(self.settings)

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
        update["over"] = len(asked_before(state["conversation"])) >= self.settings.assistant.max_turns
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
        return self.talker.converse(state)

    def play(self, state: TurnState) -> Result:
        """One move of the playbook that the conversation is in, or begins."""
        return self.player.play(state)

    def retrieve(self, state: TurnState) -> Result:
        """The articles that may answer, and how sure that looks."""
        if article := state["picked"]:
            question = f"{state['conversation'].asked_back}\n{self.retriever.article(article).title}"
            found = put_first(self.retriever, self.retriever.find(question), article)
        else:
            question, found = self._searched(state["conversation"], state["message"])
        confidence = self.confidence.confidence(found.signals)
        hits = [
            {
                "passage_id": hit.passage.passage_id,
                "article_id": hit.passage.article_id,
                "title": hit.passage.title,
                "score": round(hit.score, 3),
            }
            for hit in found.hits
        ]
        first = hits[0]["article_id"] if hits else "nothing"
        update: TurnState = {"question": question, "found": found, "confidence": confidence}
        return Result(update, f"{first} (confidence {confidence:.2f})", {"question": question, "hits": hits})

    def _searched(self, conversation: Conversation, message: str) -> tuple[str, Found]:
        tried = [(question, self.retriever.find(question)) for question in _questions(conversation, message)]
        return max(tried, key=lambda one: self.confidence.confidence(one[1].signals))

    def decide(self, state: TurnState) -> Result:
        """Answer, ask back, hand off or decline."""
        if state["picked"]:
            return Result({"decision": Decision("answer", "the customer picked it")}, "answer: the customer picked it")
        conversation = state["conversation"]
        decision = decide(
            state["found"],
            confidence=state["confidence"] or 0.0,
            asked_back=conversation.clarifications,
            off_topic=state["route"].kind == "off_topic",
            thresholds=self.settings.assistant,
            pending=conversation.asked_back is not None,
            refused=bool(conversation.offered) and refuses(state["message"]),
            distinct=self._clarification(state) is not None,
        )
        return Result({"decision": decision}, f"{decision.action}: {decision.because}")

    def compose(self, state: TurnState) -> Result:
        """Say the answer, with its sources."""
        answered = self.answerer.answer(state["said"], state["question"], state["conversation"], found=state["found"])
        if not answered.said.citations:
            return pass_on(self.settings, state, "missing_knowledge", note=answered.note)
        if not answered.whole:
            # What was said is supported, but a step or an exception may be missing: a person completes it.
            return pass_on(self.settings, {**state, "said": answered.said}, "tool_failure", note=answered.note)
        return Result({"said": answered.said, "outcome": "answered"}, answered.note)

    def ask_back(self, state: TurnState) -> Result:
        """Ask which of the likely articles is meant."""
        asked = self._clarification(state)
        assert asked is not None  # else it would not have been decided
        update: TurnState = {
            "said": say(state["said"], [Piece(asked.text)]),
            "outcome": "clarified",
            "asked_back": state["question"],
            "offered": asked.articles,
        }
        return Result(update, f"between {len(asked.articles)} articles")

    def _clarification(self, state: TurnState) -> Clarification | None:
        conversation = state["conversation"]
        said = [turn.text for turn in conversation.turns if turn.role == "assistant"]
        return clarification(state["found"], self.retriever.build.article, offered=conversation.offered, said=said)

    def hand_off(self, state: TurnState) -> Result:
        """Pass the conversation on because no article answers it."""
        decision = state["decision"]
        return pass_on(self.settings, state, decision.reason, note=f"{decision.reason}: {decision.because}")

    def decline(self, state: TurnState) -> Result:
        """Say that this is not what the assistant is for."""
        return fixed_reply(self.settings, state, phrases.DECLINE["off_topic"], "declined")


def _questions(conversation: Conversation, message: str) -> list[str]:
    """What to search for: the message, with the question that it belongs to where it makes no sense alone.

    The answer to a question that was asked back belongs to that question, or is a question of its own.
    """
    if conversation.asked_back:
        whole = f"{conversation.asked_back}\n{message}"
        return [whole, message] if len(content_words(message)) >= _OWN else [whole]
    return [standalone(message, asked_before(conversation))]
