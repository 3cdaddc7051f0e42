"""What the assistant needs of a router; tests of playbooks put one around the real one."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

from kit.playbooks.routing.route import Route

__all__ = ["Routing"]


class Routing(Protocol):
    """Tells what a message is."""

    def route(self, message: str, *, customer: Mapping[str, Any] | None = None, today: date | None = None) -> Route:
        """Where the message goes, for a customer of whom this is known."""
        ...
