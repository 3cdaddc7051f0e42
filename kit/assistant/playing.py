"""The part of a turn that follows playbooks: what they say is sent, what they ask of the knowledge base is answered."""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from kit.assistant import phrases
from kit.assistant.answering import Answerer
from kit.assistant.caring import caring_words
from kit.assistant.compose import Piece
from kit.assistant.deciding import ConfidenceModel, put_first
from kit.assistant.saying import Said, gap, say
from kit.assistant.state import Result, TurnState, summary
from kit.knowledge import Found
from kit.playbooks import Advance, Handoff, HandoffReason, Part, Playbook, Setting, Shelf, Tool, Turned, take_turn
from kit.settings import Safety

if TYPE_CHECKING:
    from kit.assistant.modelled import ModelPhraser, ModelReader

__all__ = ["Player", "traced"]

_SOMEBODY = re.compile(r"\b(?:they|them|their|he|him|his|she|her)\b", re.IGNORECASE)

# How many of a question's hits are near it.
NEAR = 5


@dataclass(frozen=True)
class Player:
    """Follows playbooks on behalf of the assistant.

    Attributes:
        shelf: the playbooks.
        tools: what they may call.
        answerer: answers from the knowledge base.
        confidence: how probable it is that a hit answers a question.
        answer_threshold: how sure the answer to a question in between has to be.
        today: the day.
        phraser: words what `fluid` playbooks say; without one it is said as written.
        reader: helps to read what was answered.
        safety: whom to call in an emergency.
    """

    shelf: Shelf
    tools: Mapping[str, Tool]
    answerer: Answerer
    confidence: ConfidenceModel
    answer_threshold: float
    today: Callable[[], date]
    phraser: "ModelPhraser | None" = None
    reader: "ModelReader | None" = None
    safety: Safety = field(default_factory=Safety)

    def play(self, state: TurnState) -> Result:
        """One move of the playbook that the conversation is in, or begins."""
        conversation = state["conversation"]
        turned = take_turn(
            conversation.plays,
            state["message"],
            state["route"],
            self._setting(state),
            key=conversation.id,
            said=[turn.text for turn in conversation.turns if turn.role == "customer"],
        )
        move = turned.advance
        playbook = self.shelf.current.get(turned.playbook or "")
        asked: dict[str, Any] = {}
        said, failed = self._parts(move.parts, playbook, state, asked)
        handoff, announced, plays, outcome = move.handoff, move.announced, turned.plays, move.outcome
        if failed is not None:
            # The step was not done, or not to its end; what follows may rest on it.
            handoff, announced, outcome = _unanswered(failed, playbook, move), False, "handed_off"
            plays = plays.model_copy(update={"current": None, "suspended": ()})
        elif handoff is None and said == state["said"]:
            said = say(said, [Piece(gap(said) + phrases.NOTHING_MORE)])
        if handoff is not None:
            if (danger := state["sensitive"]) and handoff.reason == "sensitive":
                # Its own words come before all that the play would say; what is known goes along.
                handoff = handoff.model_copy(update={"reason": danger.reason, "priority": danger.priority})
                said = say(state["said"], [Piece(gap(state["said"]) + caring_words(danger, self.safety))])
            elif not announced:
                if state["over"] and handoff.reason == "customer_request":
                    handoff = handoff.model_copy(update={"reason": "policy_restriction"})
                said = say(said, [Piece(gap(said) + phrases.hand_off(handoff.reason, handoff.team))])
            handoff = handoff.model_copy(update={"summary": f"{handoff.summary} {summary(state)}".strip()})
        update: TurnState = {
            "said": said,
            "outcome": outcome,
            "handoff": handoff,
            "playbook": turned.playbook,
            "plays": plays,
        }
        return Result(update, _note(turned, failed), _detail(turned) | asked)

    def _setting(self, state: TurnState) -> Setting:
        return Setting(
            library=self.shelf,
            # What talks to the model may be read by a playbook, but sets nothing in motion.
            tools={} if state["suspicious"] else self.tools,
            today=self.today(),
            customer=state["conversation"].customer,
            reader=self.reader,
        )

    def _parts(
        self, parts: tuple[Part, ...], playbook: Playbook | None, state: TurnState, asked: dict[str, Any]
    ) -> tuple[Said, HandoffReason | None]:
        """What is said when the parts are, and why it could not be said to the end.

        `asked` takes for the trace what was asked of the knowledge base: the hits, and whether a composer fell back.
        """
        said = state["said"]
        for part in parts:
            if part.kind in ("say", "fixed"):
                said = say(said, [Piece(gap(said) + self._worded(part, playbook, state))])
                continue
            before = len(said.citations)
            found = self._found(part.text, playbook)
            asked["hits"] = [*asked.get("hits", ()), *traced(found)]
            if part.kind == "aside" and not self._is_sure(found, part.text, playbook):
                said = say(said, [Piece(gap(said) + phrases.NO_ANSWER_NOW)])
                continue
            answered = self.answerer.answer(
                said,
                part.text,
                state["conversation"],
                found=found,
                guidance=playbook.guidance if playbook else "",
                never_say=playbook.never_say if playbook else (),
            )
            said = answered.said
            if answered.fell_back:
                asked["fell_back"] = True
            if not answered.whole and part.kind == "answer":
                return said, "tool_failure" if len(said.citations) > before else "missing_knowledge"
            if len(said.citations) == before:
                said = say(said, [Piece(gap(said) + phrases.NO_ANSWER_NOW)])
        return said, None

    def _worded(self, part: Part, playbook: Playbook | None, state: TurnState) -> str:
        """The words of a part: as written, unless a chat model may phrase them. What is risky is said as written."""
        fluid = playbook is not None and playbook.composition == "fluid" and playbook.risk != "high"
        if self.phraser is None or playbook is None or not fluid or part.kind == "fixed" or state["suspicious"]:
            return part.text
        return self.phraser.phrase(part.text, playbook, state["conversation"].turns)

    def _found(self, question: str, playbook: Playbook | None) -> Found:
        """What may answer a question within a playbook: of what is near it, an article of the playbook's own first.

        "Do I pay for shipping?" is about the return when it is asked within one. So the question is also searched for
        with the playbook's title, and what then comes first goes first, if the playbook relies on it and the question
        by itself leads there too.
        """
        retriever = self.answerer.retriever
        found = retriever.find(question)
        if playbook is None or not playbook.knowledge or not found.hits:
            return found
        own = retriever.find(f"{question} {playbook.title}", top=1).hits
        near = {hit.passage.article_id for hit in found.hits[:NEAR]}
        article = own[0].passage.article_id if own else ""
        return put_first(retriever, found, article) if article in near and article in playbook.knowledge else found

    def _is_sure(self, found: Found, question: str, playbook: Playbook | None) -> bool:
        """Whether the first hit may answer; what is asked of somebody else, only an article of the playbook's own may.

        "What is their number?" is about the people of whom the customer told, and any article on numbers is like it.
        """
        if not found.hits or self.confidence.confidence(found.signals) < self.answer_threshold:
            return False
        own = playbook is None or found.hits[0].passage.article_id in playbook.knowledge
        return own or not _SOMEBODY.search(question)


def traced(found: Found) -> list[dict[str, object]]:
    """What a trace keeps of what was found, best first."""
    return [
        {
            "passage_id": hit.passage.passage_id,
            "article_id": hit.passage.article_id,
            "title": hit.passage.title,
            "score": round(hit.score, 3),
        }
        for hit in found.hits
    ]


def _unanswered(reason: HandoffReason, playbook: Playbook | None, move: Advance) -> Handoff:
    """The hand-off of a play whose question had no answer in the knowledge base."""
    if move.handoff is not None or playbook is None:
        return move.handoff or Handoff(reason=reason)
    fields = {item.name: move.values[item.name] for item in playbook.collect if item.name in move.values}
    at = f", stopped at {move.path[-1]}" if move.path else ""
    public = [item.name for item in playbook.collect if item.name in fields and not item.pii]
    known = "".join(f"; {name} {fields[name]}" for name in public)
    return Handoff(reason=reason, team=playbook.team, summary=f"{playbook.title}{at}{known}.", fields=fields)


def _note(turned: Turned, failed: HandoffReason | None) -> str:
    way = " → ".join(turned.advance.path) or "waiting"
    notes = [f"{turned.playbook or 'choosing'}: {way}", turned.note, failed or ""]
    return ", ".join(note for note in notes if note)


def _detail(turned: Turned) -> dict[str, object]:
    """What the trace keeps: the steps, what is known, and the calls that were made."""
    move = turned.advance
    return {
        "steps": list(move.path),
        "fields": dict(move.values),
        "calls": [{**asdict(call), "args": dict(call.args)} for call in move.calls],
        "waiting": move.play.waiting if move.play else None,
        "at": _at(move),
        "taken": [dict(vars(one)) for one in move.taken],
    }


def _at(move: Advance) -> str | None:
    """The step at which the play stands, or ended; None before its first step."""
    path = move.play.path if move.play else move.path
    return path[-1] if path else None
