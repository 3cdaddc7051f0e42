"""The nodes of a turn. Each takes the state and returns what it adds, with a line for the trace."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from langgraph.config import get_stream_writer

from kit.assistant import phrases
from kit.assistant.compose import ComposeFailure, Composer, Evidence, Piece
from kit.assistant.confidence import ConfidenceModel
from kit.assistant.policy import decide
from kit.assistant.state import Said, TurnState
from kit.assistant.types import Conversation
from kit.knowledge import Found, HybridRetriever
from kit.playbooks import Handoff, HandoffReason, Playbook, Priority, Router, Tool, advance, begin
from kit.safety import clean_message, looks_like_injection
from kit.settings import Settings
from kit.text import content_words

__all__ = ["Nodes", "Result"]

# How many passages of the first article an answer may be made from, and how many of other articles.
_OWN, _OTHER = 12, 2
# A message with fewer content words than this only makes sense after the one before it.
_SHORT = 3


@dataclass(frozen=True)
class Result:
    """What a node adds to the state, and what the trace says of it."""

    update: TurnState
    summary: str
    detail: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Nodes:
    """What a turn needs. Nothing here changes while conversations run, so threads may share it."""

    settings: Settings
    retriever: HybridRetriever
    router: Router
    playbooks: Mapping[str, Playbook]
    tools: Mapping[str, Tool]
    composers: Sequence[Composer]
    confidence: ConfidenceModel

    def receive(self, state: TurnState) -> Result:
        """Clean the message and greet a new customer with the disclosure that this is an AI."""
        message, cut = clean_message(state["message"], limit=self.settings.assistant.max_message_chars)
        said = Said()
        if not any(turn.role == "assistant" for turn in state["conversation"].turns):
            said = _say(said, [Piece(f"{self.settings.disclosure}\n\n")])
        suspicious = looks_like_injection(message)
        notes = [f"{len(message)} characters"] + ["cut"] * cut + ["talks to the model"] * suspicious
        update: TurnState = {"message": message, "cut": cut, "suspicious": suspicious, "said": said}
        return Result(update, ", ".join(notes))

    def route(self, state: TurnState) -> Result:
        """What kind of message this is."""
        route = self.router.route(state["message"])
        where = f"playbook {route.playbook}" if route.playbook else route.kind
        return Result({"route": route}, f"{where} ({route.probability:.2f})")

    def converse(self, state: TurnState) -> Result:
        """Everything that needs neither an article nor a playbook."""
        kind, conversation = state["route"].kind, state["conversation"]
        if conversation.handed_off:
            handoff = self._handoff(state, "customer_request")
            return self._reply(state, phrases.WITH_A_PERSON, "handed_off", handoff=handoff)
        if state["suspicious"] or kind in ("model", "off_topic"):
            return self._reply(state, phrases.DECLINE["model" if kind != "off_topic" else kind], "declined")
        if not state["message"]:
            return self._reply(state, phrases.ASK["empty"], "clarified")
        if kind == "not_solved" and not _answered_before(conversation):
            return self._reply(state, phrases.ASK["vague"], "clarified")
        if kind in phrases.CONVERSATION:
            return self._reply(state, phrases.CONVERSATION[kind], "answered")
        if kind == "sensitive":
            return self._pass_on(state, "sensitive", priority="urgent")
        return self._pass_on(state, "customer_request" if kind == "person" else "missing_knowledge")

    def play(self, state: TurnState) -> Result:
        """One move of the playbook that the conversation is in, or begins."""
        conversation, route = state["conversation"], state["route"]
        play = conversation.play
        # A trigger, such as the smell of burning, takes the lead from whatever was going on.
        if play is None or (route.certain and route.playbook != play.playbook):
            play = begin(self.playbooks[route.playbook or ""])
        playbook = self.playbooks[play.playbook]
        move = advance(playbook, play, state["message"], self.tools)
        said = state["said"]
        for part in move.parts:
            gap = "" if said.text == "" or said.text.endswith("\n\n") else "\n\n"
            if part.kind == "say":
                said = _say(said, [Piece(gap + part.text)])
            else:
                said, _, _ = self._compose(_say(said, [Piece(gap)]), part.text, conversation, playbook.guidance)
        handoff = move.handoff
        if handoff is not None:
            if not move.parts:
                said = _say(said, [Piece(phrases.hand_off(handoff.reason, handoff.team))])
            handoff = handoff.model_copy(update={"summary": f"{handoff.summary} {_summary(state)}"})
        update: TurnState = {
            "said": said,
            "outcome": move.outcome,
            "handoff": handoff,
            "playbook": playbook.id,
            "play": move.play,
        }
        return Result(update, f"{playbook.id}: {' → '.join(move.path) or 'waiting'}", {"steps": list(move.path)})

    def retrieve(self, state: TurnState) -> Result:
        """The articles that may answer, and how sure that looks."""
        question = _question(state["conversation"], state["message"])
        found = self.retriever.find(question)
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

    def decide(self, state: TurnState) -> Result:
        """Answer, ask back, hand off or decline."""
        decision = decide(
            state["found"],
            confidence=state["confidence"] or 0.0,
            asked_back=state["conversation"].clarifications,
            thresholds=self.settings.assistant,
        )
        return Result({"decision": decision}, f"{decision.action}: {decision.because}")

    def compose(self, state: TurnState) -> Result:
        """Say the answer, with its sources."""
        said, note, whole = self._compose(state["said"], state["question"], state["conversation"], found=state["found"])
        if not said.citations:
            return self._pass_on(state, "missing_knowledge", note=note)
        if not whole:
            # What was said is supported, but a step or an exception may be missing: a person completes it.
            return self._pass_on({**state, "said": _say(said, [Piece("\n\n")])}, "tool_failure", note=note)
        return Result({"said": said, "outcome": "answered"}, note)

    def ask_back(self, state: TurnState) -> Result:
        """Ask which of the likely articles is meant."""
        titles = [hit.passage.title for hit in state["found"].hits[:3]]
        said = _say(state["said"], [Piece(phrases.clarify(titles))])
        update: TurnState = {"said": said, "outcome": "clarified", "asked_back": state["question"]}
        return Result(update, f"between {len(titles)} articles")

    def hand_off(self, state: TurnState) -> Result:
        """Pass the conversation on because no article answers it."""
        return self._pass_on(state, "missing_knowledge")

    def decline(self, state: TurnState) -> Result:
        """Say that this is not what the assistant is for."""
        return self._reply(state, phrases.DECLINE["off_topic"], "declined")

    def _compose(
        self, said: Said, question: str, conversation: Conversation, guidance: str = "", *, found: Found | None = None
    ) -> tuple[Said, str, bool]:
        """Answer from the knowledge base with the first composer that can.

        Returns:
            What is said now, a note on who composed it and what failed, and whether the answer is complete.
        """
        found = found or self.retriever.find(question)
        notes = []
        if found.hits:
            evidence = self._evidence(question, found, conversation, guidance)
            for composer in self.composers:
                before, whole = len(said.citations), True
                try:
                    for piece in composer.compose(evidence):
                        said = _say(said, [piece])
                except ComposeFailure as failure:
                    notes.append(f"{composer.name}: {failure}")
                    whole = False
                if len(said.citations) > before:
                    notes.append(f"{composer.name}, {len(said.citations) - before} citations")
                    return said, "; ".join(notes), whole
        return said, "; ".join(notes) or "nothing was found", False

    def _evidence(self, question: str, found: Found, conversation: Conversation, guidance: str) -> Evidence:
        first = found.hits[0].passage
        own = self.retriever.passages_of(first.article_id)
        # Of a long article the passages around the best one, in the article's order.
        start = max(0, min(first.number - 1 - _OWN // 2, len(own) - _OWN))
        others = [hit.passage for hit in found.hits[1 : 1 + _OTHER]]
        return Evidence(question, [*own[start : start + _OWN], *others], first, conversation.turns, guidance)

    def _pass_on(
        self, state: TurnState, reason: HandoffReason, *, priority: Priority = "normal", note: str = ""
    ) -> Result:
        handoff = self._handoff(state, reason, priority)
        return self._reply(state, phrases.hand_off(reason, handoff.team), "handed_off", handoff=handoff, note=note)

    def _handoff(self, state: TurnState, reason: HandoffReason, priority: Priority = "normal") -> Handoff:
        return Handoff(reason=reason, priority=priority, summary=_summary(state))

    def _reply(
        self, state: TurnState, text: str, outcome: Any, *, handoff: Handoff | None = None, note: str = ""
    ) -> Result:
        update: TurnState = {
            "said": _say(state["said"], [Piece(text.replace("{company}", self.settings.name))]),
            "outcome": outcome,
            "handoff": handoff,
        }
        return Result(update, note or (handoff.reason if handoff else outcome))


def _say(said: Said, pieces: Iterable[Piece]) -> Said:
    """Send pieces to whoever streams this turn, and add them to what was said."""
    write = get_stream_writer()
    for piece in pieces:
        write(piece.text)
        said = Said(said.text + piece.text, (*said.citations, *piece.citations))
    return said


def _question(conversation: Conversation, message: str) -> str:
    """What to search for: the message, with the question that it belongs to where it makes no sense alone."""
    if conversation.asked_back:
        return f"{conversation.asked_back}\n{message}"
    before = [turn.text for turn in conversation.turns if turn.role == "customer"]
    return f"{before[-1]}\n{message}" if before and len(content_words(message)) < _SHORT else message


def _answered_before(conversation: Conversation) -> bool:
    return any(turn.role == "assistant" for turn in conversation.turns)


def _summary(state: TurnState) -> str:
    """What a person needs to know first: what the customer wrote, shortened."""
    said = [turn.text for turn in state["conversation"].turns if turn.role == "customer"] + [state["message"]]
    return " / ".join(f"“{text[:200]}{'…' if len(text) > 200 else ''}”" for text in said[-3:])
