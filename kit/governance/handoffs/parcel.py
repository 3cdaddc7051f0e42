"""What is delivered of a hand-off: the kit's own JSON, or that of a Zendesk ticket."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from kit.assistant import TurnRecord
from kit.governance.identity import masked
from kit.safety import Rules, Vault, strip_hidden
from kit.text import digest, slug, squash

__all__ = ["comment", "parcel", "ticket"]

_SUBJECT = 90


def parcel(record: TurnRecord, *, company: str, mask: bool, rules: Rules | None = None) -> dict[str, Any] | None:
    """A hand-off as JSON; None where the turn was none.

    What the customer writes while a person has the conversation is an `update` to it, with that message alone. The id
    is made of conversation, place and message: the same turn, recorded twice, is the same hand-off.
    """
    reply, conversation = record.reply, record.conversation
    if reply is None or reply.handoff is None:
        return None
    handoff = reply.handoff
    turns = [{"role": turn.role, "text": turn.text} for turn in conversation.turns]
    last = next((place for place in range(len(turns) - 1, -1, -1) if turns[place]["role"] == "customer"), 0)
    id = digest(conversation.id, str(len(turns)), record.message)[:24]
    texts: dict[str, Any] = {"transcript": turns, "summary": handoff.summary, "fields": handoff.fields}
    if mask:
        # From the first turn on, so that one value has one token in the hand-off and all its updates.
        texts = masked(texts, Vault(), rules=rules)
    if record.was_with_person:
        texts["transcript"] = texts["transcript"][last : last + 1]
    return {
        "id": id,
        "kind": "update" if record.was_with_person else "handoff",
        "conversation_id": conversation.id,
        "at": datetime.fromtimestamp(record.began, UTC).isoformat(timespec="milliseconds"),
        "company": company,
        "reason": handoff.reason,
        "team": handoff.team,
        "priority": handoff.priority,
        "summary": texts["summary"],
        "fields": texts["fields"],
        "playbook": reply.playbook,
        "passages": [passage.model_dump() for passage in handoff.passages],
        "transcript": texts["transcript"],
    }


def ticket(parcel: Mapping[str, Any], custom_fields: Mapping[str, int]) -> dict[str, Any]:
    """A hand-off as the body that Zendesk's `POST /api/v2/tickets` takes.

    Args:
        parcel: what `parcel` made.
        custom_fields: the ids of Zendesk's fields, by the names of a playbook's; other fields stand in the comment.
    """
    fields = parcel["fields"]
    custom = [{"id": custom_fields[name], "value": value} for name, value in fields.items() if name in custom_fields]
    tags = ["support_kit", parcel["kind"], parcel["reason"], f"team_{parcel['team']}"]
    if parcel["playbook"]:
        tags.append(f"playbook_{parcel['playbook']}")
    return {
        "ticket": {
            "external_id": parcel["conversation_id"],
            "subject": _subject(parcel),
            "comment": {"body": _comment(parcel), "public": False},
            "priority": parcel["priority"],
            "tags": [slug(tag).replace("-", "_") for tag in tags],
            "custom_fields": custom,
        }
    }


def comment(parcel: Mapping[str, Any]) -> dict[str, Any]:
    """What the customer wrote later as the body that Zendesk's `PUT /api/v2/tickets/{id}` takes.

    What people may have changed meanwhile is left as it is: subject, tags, and the priority but where it is urgent now.
    """
    said: dict[str, Any] = {
        "external_id": parcel["conversation_id"],
        "comment": {"body": _comment(parcel), "public": False},
    }
    if parcel["priority"] == "urgent":
        said["priority"] = "urgent"
    return {"ticket": said}


def _subject(parcel: Mapping[str, Any]) -> str:
    """What the customer wants, in the ticket's one line."""
    said = [turn["text"] for turn in parcel["transcript"] if turn["role"] == "customer"]
    first = squash(strip_hidden(parcel["summary"].partition("\n")[0].removeprefix("Wants: ")))
    text = squash(strip_hidden(said[-1])) if parcel["kind"] == "update" and said else first
    lead = "Update" if parcel["kind"] == "update" else "Hand-off"
    return f"{lead}: {text}" if len(text) <= _SUBJECT else f"{lead}: {text[:_SUBJECT]}…"


def _comment(parcel: Mapping[str, Any]) -> str:
    said = "\n".join(f"{turn['role']}: {turn['text']}" for turn in parcel["transcript"])
    if parcel["kind"] == "update":
        return f"The customer wrote again:\n{said}"
    known = [f"{name}: {one if isinstance(one, str) else json.dumps(one)}" for name, one in parcel["fields"].items()]
    seen = [f"{one['title'] or one['article_id']} {one['url']}".strip() for one in parcel["passages"]]
    parts = [("", parcel["summary"]), ("Fields", "\n".join(known)), ("Passages", "\n".join(seen)), ("Transcript", said)]
    return "\n\n".join(f"{name}\n{text}".strip() for name, text in parts if text)
