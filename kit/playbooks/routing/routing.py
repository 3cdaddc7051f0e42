"""What the assistant needs of a router; tests of playbooks put one around the real one."""

from typing import Protocol

from kit.playbooks.routing.router import Route

__all__ = ["Routing"]


class Routing(Protocol):
    """Tells what a message is."""

    def route(self, message: str) -> Route:
        """Where the message goes."""
        ...
