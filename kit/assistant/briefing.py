"""What a person who takes over is told first, so that ten seconds are enough."""

from collections.abc import Sequence
from typing import Final

from kit.assistant.nodes import Nodes
from kit.assistant.state import TurnState, summary
from kit.assistant.types import Citation, Conversation
from kit.knowledge import Found
from kit.playbooks import Handoff, HandoffReason, Playbook, SeenPassage
from kit.text import content_words, squash

__all__ = ["briefed", "now_seen"]

_MOST_SEEN = 8
_PER_TURN = 3
_QUOTED = 160

_WHY: Final[dict[HandoffReason, str]] = {
    "customer_request": "the customer asked for a person",
    "missing_knowledge": "no article answers this reliably",
    "unsupported_request": "the assistant may not do this",
    "policy_restriction": "the policy leaves this to a person",
    "pending_clarification": "the question stayed unclear after asking back",
    "tool_failure": "a system or an answer failed on the way",
    "sensitive": "this is a matter for a person, at once",
    "safety": "somebody may be in danger",
}


def briefed(handoff: Handoff, state: TurnState, nodes: Nodes, seen: tuple[SeenPassage, ...]) -> Handoff:
    """The hand-off with a summary of at most four lines, and the passages seen.

    First what the customer wants, in a line: what the playbook does that they came for, or else what was searched for;
    then what is known, what was tried, and why it stopped.
    """
    playbook = nodes.shelf.current.get(state.get("playbook") or "")
    # What the playbook says of itself, as the engine words it: its title, where it stopped, what is known and done.
    played = squash(handoff.summary.removesuffix(summary(state)))
    lines = [
        ("Wants", _wish(state, playbook)),
        ("Known", _known(handoff, playbook)),
        ("Tried", "; ".join([*_answers(seen), *_steps(played, playbook, handoff)])),
        ("Stopped because", _WHY.get(handoff.reason, handoff.reason) + _last_words(state, handoff)),
    ]
    text = "\n".join(f"{label}: {line}" for label, line in lines if line)
    return handoff.model_copy(update={"summary": text, "passages": seen})


def now_seen(
    conversation: Conversation, found: Found | None, citations: tuple[Citation, ...]
) -> tuple[SeenPassage, ...]:
    """The passages that this turn cited and found, then those of the turns before; the oldest are forgotten."""
    cited = [
        SeenPassage(article_id=one.article_id, passage_id=one.passage_id, title=one.title, url=one.url, cited=True)
        for one in citations
    ]
    hits = [hit.passage for hit in found.hits[:_PER_TURN]] if found else []
    others = [
        SeenPassage(article_id=one.article_id, passage_id=one.passage_id, title=one.title, url=one.link) for one in hits
    ]
    by_id: dict[str, SeenPassage] = {}
    for one in (*cited, *others, *conversation.seen):
        by_id.setdefault(one.passage_id, one)
    return tuple(by_id.values())[:_MOST_SEEN]


def _wish(state: TurnState, playbook: Playbook | None) -> str:
    said = [turn.text for turn in state["conversation"].turns if turn.role == "customer"]
    asks_for_a_person = (route := state.get("route")) is not None and route.kind == "person"
    if not asks_for_a_person or not said:
        said.append(state["message"])
    if playbook is not None:
        return f"{playbook.title} ({_quote(_nearest(said, f'{playbook.title} {playbook.when_to_use}'))})"
    if "found" in state and (question := squash(state.get("question", ""))):
        return question if question == squash(state["message"]) else f"{question} ({_quote(state['message'])})"
    return _quote(_nearest(said, ""))


def _nearest(said: Sequence[str], subject: str) -> str:
    """Of what the customer said that which is most about the subject, the latest of equals; never a mere "yes"."""
    wanted = set(content_words(subject))
    telling = [text for text in said if len(content_words(text)) > 1] or list(said)
    return max(reversed(telling), key=lambda text: len(wanted.intersection(content_words(text))))


def _known(handoff: Handoff, playbook: Playbook | None) -> str:
    """What was collected, without what the playbook marks as personal: that stands in the fields alone."""
    personal = {item.name for item in playbook.collect if item.pii} if playbook else set()
    fields = [(name, value) for name, value in handoff.fields.items() if name not in personal]
    words = [f"{name.replace('_', ' ')} {_plain(value)}" for name, value in fields]
    given = [name.replace("_", " ") for name in handoff.fields if name in personal]
    return ", ".join([*words, *([f"and {', '.join(given)} (in the fields)"] if given else [])])


def _answers(seen: Sequence[SeenPassage]) -> list[str]:
    """The articles that the customer has been answered from."""
    titles = list(dict.fromkeys(one.title or one.article_id for one in seen if one.cited))[:_PER_TURN]
    return [f"answered from {', '.join(f'“{title}”' for title in titles)}"] if titles else []


def _steps(played: str, playbook: Playbook | None, handoff: Handoff) -> list[str]:
    """Where the playbook stopped, what its tools did and what its author says of the reason."""
    if not played:
        return []
    title = playbook.title if playbook else ""
    parts = played.removeprefix(title).lstrip(",; ").rstrip(".").split("; ")
    # What is known has a line of its own.
    known = tuple(f"{name} " for name in handoff.fields)
    return [part for part in parts if part and not (known and part.startswith(known))]


def _last_words(state: TurnState, handoff: Handoff) -> str:
    """What the customer wrote last, where that is why: a person asked for, a word of danger."""
    telling = handoff.reason in ("customer_request", "sensitive", "safety")
    return f" ({_quote(state['message'])})" if telling and state["message"] else ""


def _quote(text: str) -> str:
    text = squash(text)
    return f"“{text[:_QUOTED]}…”" if len(text) > _QUOTED else f"“{text}”"


def _plain(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
