"""Plays the tests of playbooks: the assistant itself, with other playbooks, tools and another day than usual."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from kit.assistant.assistant import Assistant
from kit.assistant.nodes import Nodes
from kit.assistant.remembering import remembering
from kit.assistant.types import Conversation, Reply
from kit.playbooks import Made, Playbook, Route, Routing, Said, Taken, Tool

__all__ = ["AssistantHost"]


class AssistantHost:
    """Opens conversations with an assistant that differs from the usual one only in what a test says.

    All else is shared, and what is slow is done once for each message: tests say the same things over and over.
    """

    def __init__(self, nodes: Nodes) -> None:
        self.playbooks: Sequence[Playbook] = tuple(nodes.shelf.current.values())
        self._nodes = remembering(nodes)

    def open(
        self,
        *,
        playbook: Playbook,
        tools: Mapping[str, Tool],
        today: date,
        customer: Mapping[str, Any],
        begin: bool = False,
    ) -> "_Talk":
        shelf = self._nodes.shelf.swapped(playbook)
        nodes = replace(self._nodes, shelf=shelf, tools=tools, today=lambda: today)
        if begin:
            nodes = replace(nodes, router=_Beginning(nodes.router, playbook.id))
        conversation = Conversation(id=secrets.token_hex(8), customer=dict(customer))
        return _Talk(Assistant(nodes), conversation)


@dataclass
class _Beginning:
    """A router that takes the first message for one playbook's, which it would not find by itself: a draft, say."""

    router: Routing
    playbook: str
    begun: bool = False

    def route(self, message: str, *, customer: Mapping[str, Any] | None = None, today: date | None = None) -> Route:
        if self.begun:
            return self.router.route(message, customer=customer, today=today)
        self.begun = True
        return Route("playbook", self.playbook, 1.0, certain=True)


@dataclass
class _Talk:
    assistant: Assistant
    conversation: Conversation
    known: Said | None = None

    def say(self, message: str) -> Said:
        """Send a message; what is known of playbooks stays known when a message has nothing to do with them."""
        self.conversation, reply = self.assistant.walk(self.conversation, message)
        self.known = _said(reply, self.known)
        return self.known


def _said(reply: Reply, before: Said | None) -> Said:
    by_node = {step.node: step for step in reply.trace}
    detail = by_node["play"].detail if "play" in by_node else {}
    return Said(
        text=reply.text,
        outcome=reply.outcome,
        playbook=reply.playbook,
        at=detail.get("at") or (before.at if before else None),
        path=tuple(detail.get("steps", ())),
        taken=tuple(Taken(**one) for one in detail.get("taken", ())),
        fields=detail.get("fields", before.fields if before else {}),
        calls=tuple(Made(**one) for one in detail.get("calls", ())),
        waiting=detail.get("waiting"),
        handoff=reply.handoff,
        cites=tuple(dict.fromkeys(citation.article_id for citation in reply.citations)),
        route=by_node["route"].summary if "route" in by_node else "",
    )
