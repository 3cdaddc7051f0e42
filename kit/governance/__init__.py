"""What makes the assistant accountable: the record of every turn, and what people thought of it."""

from kit.governance.audit import AuditStore

__all__ = ["AuditStore"]
