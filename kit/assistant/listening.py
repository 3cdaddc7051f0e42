"""The part of a turn that takes in the message: cleans it, tells its language and kind, and calms an angry customer."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from kit.assistant.compose import Piece
from kit.assistant.deciding import picked_all, picked_article
from kit.assistant.hearing import anger, asked_before, hear
from kit.assistant.languages import Detector, language, sounds_alarm
from kit.assistant.saying import Said, gap, say
from kit.assistant.state import Result, TurnState
from kit.assistant.types import Conversation
from kit.knowledge import HybridRetriever
from kit.playbooks import Route, Routing, Shelf
from kit.safety import Outgoing, Sensitive, clean_message, looks_like_injection, sensitive
from kit.settings import Settings

if TYPE_CHECKING:
    from kit.assistant.translating import Translator

__all__ = ["Listener"]

# A message of fewer words, within a playbook, tells no language.
_SENTENCE = 5


@dataclass(frozen=True)
class Listener:
    """Takes in what the customer wrote."""

    settings: Settings
    retriever: HybridRetriever
    router: Routing
    shelf: Shelf
    today: Callable[[], date]
    translator: "Translator | None" = None

    @cached_property
    def detector(self) -> Detector:
        """Tells the customer's language."""
        return Detector.of(self.settings.language, self.retriever.build)

    def receive(self, state: TurnState) -> Result:
        """Clean the message and greet a new customer with the disclosure that this is an AI."""
        conversation = state["conversation"]
        message, cut = clean_message(state["message"], limit=self.settings.assistant.max_message_chars)
        spoken = self._language(conversation, message)
        said = Said(outgoing=Outgoing(self.settings.safety.link_domains))
        if not any(turn.role == "assistant" for turn in conversation.turns):
            hello = self.settings.disclosure.strip()
            if spoken:
                hello = language(spoken).hello.replace("{company}", self.settings.name)
            said = say(said, [Piece(f"{hello}\n\n")])
        wrote = message
        if spoken and (meant := self._understood(conversation, message, spoken)):
            # Nothing is sent before it is translated.
            message, said = meant, replace(said, silent_from=len(said.text))
        suspicious, danger = looks_like_injection(message), sensitive(message)
        notes = [f"{len(message)} characters"] + ["cut"] * cut + ["talks to the model"] * suspicious
        notes += [f"sensitive: {danger.kind}"] if danger else []
        notes += [f"in {language(spoken).name}"] if spoken else []
        update: TurnState = {"message": message, "cut": cut, "suspicious": suspicious, "said": said}
        update |= {"sensitive": danger, "language": spoken, "wrote": wrote if said.silent_from is not None else ""}
        update["over"] = len(asked_before(conversation)) >= self.settings.assistant.max_turns
        return Result(update, ", ".join(notes), {"meant": message} if update["wrote"] else None)

    def _understood(self, conversation: Conversation, message: str, spoken: str) -> str:
        """The message in the company's language, if a model may read it and can."""
        if self.translator is None or conversation.handed_off or conversation.plays.current is not None:
            return ""
        # In danger nothing is waited for, and what talks to the model is not shown to it.
        if sounds_alarm(message, language(spoken)) or sensitive(message) or looks_like_injection(message):
            return ""
        return self.translator.understood(message, conversation.turns, spoken)

    def _language(self, conversation: Conversation, message: str) -> str:
        """The language of the message, if it is not the company's own."""
        playing = conversation.plays.current is not None or conversation.plays.choosing
        if playing and len(message.split()) < _SENTENCE:
            return conversation.language  # names and addresses, which a playbook asks for, may be in any
        found = self.detector.language(message, before=conversation.language)
        return "" if found == self.detector.own else found

    def route(self, state: TurnState) -> Result:
        """What kind of message this is, by itself and after what was said before."""
        conversation, message, danger = state["conversation"], state["message"], state["sensitive"]
        route = self.router.route(message, customer=conversation.customer, today=self.today())
        heard = hear(conversation, message, route, self.retriever)
        if heard.about != message and route.kind in ("greeting", "thanks", "goodbye", "not_solved"):
            # Courtesy was all that the router knew of the message.
            route = self.router.route(heard.about, customer=conversation.customer, today=self.today())
        if danger and not self._takes_care(route, danger):
            route = Route("sensitive", None, 1.0, certain=True)
        elif heard.wants_person or (state["over"] and not (route.certain and route.playbook)):
            route = Route("person", None, 1.0, certain=True)
        every = picked_all(self.retriever, conversation, message)
        article = every[0] if every else picked_article(self.retriever, conversation, message)
        notes = [f"playbook {route.playbook}" if route.playbook else route.kind, f"({route.probability:.2f})"]
        notes += [f", picks {article}" if article else "", f", {heard.again}" if heard.again else ""]
        notes += [", nothing but courtesy" if heard.alone else ""]
        update: TurnState = {"route": route, "picked": article, "question": heard.question, "about": heard.about}
        update["picked_too"] = every[1:]
        update |= {"talk": heard.talk, "alone": heard.alone, "again": heard.again, "topic": heard.topic}
        update |= {"details": heard.details, "vents": heard.vents}
        playbook = self.shelf.current.get(route.playbook or "")
        if not (
            danger
            or conversation.handed_off
            or state["suspicious"]
            or (state["language"] and not state["wrote"])
            or (playbook and playbook.risk == "high")
        ):
            opening, update["offer"] = anger(conversation, message)
            update["said"] = say(state["said"], [Piece(gap(state["said"]) + opening)] if opening else [])
            notes += [", angry"] if opening or update["offer"] else []
        return Result(update, " ".join(notes[:2]) + "".join(notes[2:]))

    def _takes_care(self, route: Route, danger: Sensitive) -> bool:
        """Whether a playbook for danger has the message: a trigger chose it, or for a hazard one that has triggers."""
        playbook = self.shelf.current.get(route.playbook or "")
        # In danger nobody is asked which playbook it is.
        likely = danger.kind == "hazard" and bool(playbook and playbook.triggers) and not route.ambiguous
        return playbook is not None and (route.certain or likely)
