"""Decides what a message is about."""

from kit.playbooks.routing.router import Route, RouteKind, Router

__all__ = ["Route", "RouteKind", "Router"]
