"""Decides what a message is: a case for a playbook, a question for the knowledge base, or something else.

Every kind is described by examples: those of the playbooks with their titles, what their owners say they are *not*
for, the topics of the knowledge base, and the kit's own list of what customers say anywhere. A logistic regression over
what the embedder makes of the sentences tells the kinds apart, and is calibrated on the same examples.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kit.models import Embedder
from kit.playbooks.language import Playbook, compiled
from kit.playbooks.reading import split_question
from kit.playbooks.routing.availability import unavailable
from kit.playbooks.routing.deciding import decide
from kit.playbooks.routing.denials import without_denied
from kit.playbooks.routing.examples import gather, own_triggers
from kit.playbooks.routing.learning import EMAILS, learn
from kit.playbooks.routing.person import asks_for_person
from kit.playbooks.routing.route import Kind, Route
from kit.playbooks.routing.triggers import stems, triggers_of

__all__ = ["Router"]

# Chosen on every other first message of Brightloom's suites; `make bench` reports on the rest.
EXCLUDED = 0.7  # a message this like a `not_for` sentence is what its owner says it is, if no example is more alike
BESIDE = 0.8  # a request beside a question is taken for one if it is this probable by itself
KNOWN_ID = 5.0  # added to a playbook's log-odds when the message holds an identifier that it collects
# How many of the articles' readers ask what, how or when: a playbook whose examples ask less often is so much less
# probable for a message that does.
ASKING = 0.5

_ASKS = re.compile(r"\W*(?:(?:hi|hello|hey|so|ok|and)\W+)*(?:how|what|which|when|why|who)\b", re.IGNORECASE)


class Router:
    """Knows the examples of every kind of message.

    Learning takes about a second; what was learned is kept in `cache` and learned again only when an example or the
    embedder changes.

    Args:
        playbooks: all there are; drafts, retired ones and those that are only ever called are left out.
        embedder: what makes vectors of sentences.
        topics: the titles of the articles.
        cache: the file to keep what was learned in.
    """

    def __init__(
        self,
        playbooks: Sequence[Playbook],
        embedder: Embedder,
        *,
        topics: Sequence[str] = (),
        cache: Path | None = None,
    ) -> None:
        active = [playbook for playbook in playbooks if playbook.status == "active" and not playbook.callable_only]
        self._playbooks = {playbook.id: playbook for playbook in active}
        self._embedder = embedder
        self._triggers = triggers_of(active, own_triggers())
        self._patterns = {playbook.id: _patterns(playbook) for playbook in active}
        self._asks = {playbook.id: _asking(playbook) for playbook in active}
        examples = gather(active, topics)
        self._learned = learn(examples, embedder, cache)
        # What somebody wrote down as an example is one, whatever the regression makes of all the others.
        self._known: dict[str, list[Kind]] = {}
        for example, owner in zip(examples, self._learned.owners, strict=True):
            if example.origin != "named" and owner >= 0:
                self._known.setdefault(stems(example.text), []).append(example.kind)
        self._excluded = [row for row, example in enumerate(examples) if example.origin == "excluded"]
        self._said: dict[str, list[int]] = {id: [] for id in self._playbooks}
        for row, example in enumerate(examples):
            if example.origin == "said" and example.kind[1]:
                self._said[example.kind[1]].append(row)
        self._alone = not topics

    def route(self, message: str, *, customer: Mapping[str, Any] | None = None, today: date | None = None) -> Route:
        """What the message is.

        Args:
            message: what the customer wrote.
            customer: what the company knows of the customer, for the playbooks that are for some only.
            today: the day it is; by default the machine's.
        """
        missing = unavailable(list(self._playbooks.values()), customer or {}, today or date.today())
        said = stems(message)
        for trigger, (kind, owner) in self._triggers:
            if owner not in missing and trigger.search(said):
                return Route(kind, owner, 1.0, certain=True, playbooks=((owner, 1.0),) if owner else ())
        if asks_for_person(message):
            return Route("person", None, 1.0, certain=True)
        for kind, owner in self._known.get(said, ()):
            if owner not in missing:
                return Route(kind, owner, 1.0, playbooks=((owner, 1.0),) if owner else ())
        route = self._judged(message, missing)
        if route.kind != "knowledge":
            return route
        # "I want to return it. Do I pay for shipping?" is a request, whatever is asked beside it.
        statements, questions = split_question(message)
        if statements and questions:
            request = self._judged(statements, missing)
            if request.kind == "playbook" and request.probability >= BESIDE and not request.ambiguous:
                return replace(request, beside=questions)
        return route

    def _judged(self, message: str, missing: frozenset[str]) -> Route:
        """What the message is by the examples."""
        message = without_denied(message)
        shares, vector = self._learned.read(message, self._embedder)
        route = decide(self._told(message, shares), self._playbooks, missing, alone=self._alone)
        if route.playbook and self._is_excluded(route.playbook, vector):
            return Route("knowledge", None, 1.0 - route.probability, playbooks=route.playbooks)
        return route

    def _told(self, message: str, shares: NDArray[np.float64]) -> dict[Kind, float]:
        """The probability of each kind, given also the identifiers in the message and whether it asks."""
        asks = bool(_ASKS.match(message))
        odds = np.zeros(len(shares))
        for place, (_, playbook) in enumerate(self._learned.kinds):
            if playbook:
                collects = any(pattern.search(message) for pattern in self._patterns[playbook])
                odds[place] = KNOWN_ID * collects + self._asks[playbook] * asks
        shares = shares * np.exp(odds)
        return dict(zip(self._learned.kinds, (shares / shares.sum()).tolist(), strict=True))

    def _is_excluded(self, playbook: str, vector: NDArray[np.float32]) -> bool:
        """Whether the message is nearly word for word what a playbook's owner lists as not for it."""
        if not self._excluded:
            return False
        likeness = self._learned.vectors @ vector
        nearest = float(likeness[self._excluded].max())
        return nearest >= EXCLUDED and nearest > float(likeness[self._said[playbook]].max())


def _patterns(playbook: Playbook) -> list[Any]:
    """What the identifiers that a playbook collects look like."""
    found = [compiled(field.pattern) for field in playbook.collect if field.pattern]
    return found + [re.compile(EMAILS, re.IGNORECASE) for field in playbook.collect if field.type == "email"]


def _asking(playbook: Playbook) -> float:
    """What a question word adds to a playbook's log-odds: nothing, or less where its own examples seldom ask."""
    asked = sum(bool(_ASKS.match(text)) for text in playbook.examples)
    return min(0.0, float(np.log((asked + 1) / (len(playbook.examples) + 2) / ASKING)))
