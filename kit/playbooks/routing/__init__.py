"""Decides what a message is about.

route         what is said of a message
routing       what routes a message
router        takes a message to its route
triggers, person, availability   what needs no learning
examples → learning (regression, calibration) → deciding   what does
"""

from kit.playbooks.routing.route import Route, RouteKind
from kit.playbooks.routing.router import Router
from kit.playbooks.routing.routing import Routing

__all__ = ["Route", "RouteKind", "Router", "Routing"]
