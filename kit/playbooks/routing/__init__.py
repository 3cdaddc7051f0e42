"""Decides what a message is about."""

from kit.playbooks.routing.router import Route, RouteKind, Router
from kit.playbooks.routing.routing import Routing

__all__ = ["Route", "RouteKind", "Router", "Routing"]
