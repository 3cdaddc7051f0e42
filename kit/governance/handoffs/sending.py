"""Which way hand-offs go, as `[handoff]` says."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kit.governance.handoffs.parcel import comment, ticket
from kit.governance.handoffs.senders import FileSender, Sender
from kit.governance.handoffs.web import Web, WebSender
from kit.governance.handoffs.zendesk import Tickets, ZendeskSender
from kit.settings import HandoffDelivery

__all__ = ["sender_for"]


def sender_for(
    settings: HandoffDelivery, file: Path, tickets: Tickets, environment: Mapping[str, str]
) -> Sender | None:
    """What delivers hand-offs; None where they go nowhere."""
    if settings.to == "none":
        return None

    def as_ticket(made: Any) -> Any:
        return comment(made) if made["kind"] == "update" else ticket(made, settings.custom_fields)

    if not settings.url or settings.to == "file":
        return FileSender(file, as_ticket if settings.to == "zendesk" else dict)
    web = Web(
        settings.timeout_seconds,
        secret=environment.get("KIT_HANDOFF_SECRET", ""),
        authorization=environment.get("KIT_HANDOFF_AUTHORIZATION", ""),
    )
    if settings.to == "zendesk":
        return ZendeskSender(web, settings.url, tickets, settings.custom_fields)
    return WebSender(web, settings.url, dict)
