"""Decides what a message is: a case for a playbook, a question for the knowledge base, or something else.

Every kind is described by examples: those of the playbooks, what their owners say they are *not* for, and the kit's
own list of what customers say anywhere. A message belongs to the kind whose nearest two examples are most similar.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from kit.models import Embedder
from kit.playbooks.schema import Playbook
from kit.yamlfile import load_yaml, read_text

__all__ = ["Route", "RouteKind", "Router"]

RouteKind = Literal[
    "playbook", "knowledge", "person", "greeting", "thanks", "goodbye", "not_solved", "sensitive", "off_topic", "model"
]

# Below these a message is a question for the knowledge base. A play begins only on a clear likeness, since it takes
# the lead; the kit's own kinds are short and formulaic, so likeness is high where it is real.
PLAYBOOK_AT = 0.52
INTENT_AT = 0.62


@dataclass(frozen=True)
class Route:
    """Where a message goes. `score` is a mean cosine; `nearest` the example that it is most like."""

    kind: RouteKind
    playbook: str | None
    score: float
    nearest: str


class Router:
    """Knows the examples of every kind of message. Making one embeds them all, some hundreds of short sentences."""

    def __init__(self, playbooks: Sequence[Playbook], embedder: Embedder) -> None:
        self._embedder = embedder
        self._owners: list[tuple[RouteKind, str | None]] = []
        self._examples: list[str] = []
        for playbook in playbooks:
            if playbook.status == "active":
                self._add("playbook", playbook.id, playbook.examples)
        # What is not for one playbook may be an example of another, which then wins by being listed there.
        self._add("knowledge", None, [text for playbook in playbooks for text in playbook.not_for])
        path = Path(__file__).with_name("intents.yaml")
        for kind, examples in load_yaml(read_text(path), path=path).data.items():
            self._add(kind, None, examples)
        self._vectors = embedder.encode(self._examples)

    def _add(self, kind: RouteKind, playbook: str | None, examples: Sequence[str]) -> None:
        self._owners += [(kind, playbook)] * len(examples)
        self._examples += examples

    def route(self, message: str) -> Route:
        """What the message is."""
        likeness = self._vectors @ self._embedder.encode([message])[0]
        order = np.argsort(-likeness, kind="stable")
        found: dict[tuple[RouteKind, str | None], list[int]] = {}
        for index in order:
            found.setdefault(self._owners[index], []).append(int(index))
        best = max(found, key=lambda owner: self._score(likeness, found[owner]))
        kind, playbook = best
        score = self._score(likeness, found[best])
        nearest = self._examples[found[best][0]]
        if kind != "knowledge" and score < (PLAYBOOK_AT if kind == "playbook" else INTENT_AT):
            return Route("knowledge", None, score, nearest)
        return Route(kind, playbook, score, nearest)

    @staticmethod
    def _score(likeness: np.ndarray, indexes: list[int]) -> float:
        return float(likeness[indexes[:2]].mean())
