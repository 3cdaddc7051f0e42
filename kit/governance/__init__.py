"""What makes the assistant accountable: the record of every turn, what people thought of it, and who took over.

The assistant hands on one record a turn (`kit.assistant.TurnRecord`); three receivers take from it what is theirs:
`AuditStore` writes it down masked, `HandoffDesk` delivers hand-offs, `Telemetry` makes OpenTelemetry spans.
"""

from kit.governance.audit import AuditStore
from kit.governance.costs import Prices
from kit.governance.erasing import Erased, conversations_with, erase, finish_erasing
from kit.governance.handoffs import HandoffDesk, Tried, Waiting
from kit.governance.replay import conversation_lines, overview
from kit.governance.telemetry import Telemetry, load_telemetry

__all__ = [
    "AuditStore",
    "Erased",
    "HandoffDesk",
    "Prices",
    "Telemetry",
    "Tried",
    "Waiting",
    "conversation_lines",
    "conversations_with",
    "erase",
    "finish_erasing",
    "load_telemetry",
    "overview",
]
