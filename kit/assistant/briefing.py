"""What a person who takes over is told first, so that ten seconds are enough."""

from typing import Final

from kit.assistant.state import TurnState, summary
from kit.assistant.types import Citation, Conversation
from kit.knowledge import Found
from kit.playbooks import Handoff, HandoffReason, SeenPassage
from kit.text import squash

__all__ = ["briefed", "now_seen"]

_MOST_SEEN = 8
_PER_TURN = 3

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


def briefed(handoff: Handoff, state: TurnState, seen: tuple[SeenPassage, ...]) -> Handoff:
    """The hand-off with a summary of at most five lines, and the passages seen.

    What the playbook says of itself (where it stopped, what is known and done) is kept as it is.
    """
    wants = summary(state)
    played = squash(handoff.summary.removesuffix(wants))
    answered = list(dict.fromkeys(one.title or one.article_id for one in seen if one.cited))
    lines = [
        ("Wants", wants),
        ("Playbook", played),
        # What a playbook collected stands in its own line, without what it marks as personal.
        ("Known", "" if played else ", ".join(f"{name} {value}" for name, value in handoff.fields.items())),
        ("Answered so far from", ", ".join(answered[:_PER_TURN])),
        ("Stopped because", _WHY.get(handoff.reason, handoff.reason)),
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
