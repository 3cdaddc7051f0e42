"""Delivers hand-offs to the people who take over, by webhook, file or Zendesk's JSON, and loses none."""

from kit.governance.handoffs.desk import HandoffDesk, Tried
from kit.governance.handoffs.outbox import Outbox, Waiting
from kit.governance.handoffs.parcel import parcel, ticket
from kit.governance.handoffs.senders import DeliveryFailure, FileSender, Sender
from kit.governance.handoffs.web import WebSender

__all__ = [
    "DeliveryFailure",
    "FileSender",
    "HandoffDesk",
    "Outbox",
    "Sender",
    "Tried",
    "Waiting",
    "WebSender",
    "parcel",
    "ticket",
]
