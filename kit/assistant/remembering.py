"""What is slow in a turn and comes out alike each time, done once: for turns that are played by the thousand.

Nothing of this is used for customers: what they write is not to be kept in memory.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from pydantic import PrivateAttr

from kit.assistant.compose import ComposeFailure, Composer, Evidence, Piece
from kit.assistant.composing import ExtractiveComposer
from kit.assistant.nodes import Nodes
from kit.knowledge import Found, HybridRetriever, Where
from kit.playbooks import Route, Routing

__all__ = ["remembering"]


def remembering(nodes: Nodes) -> Nodes:
    """The same nodes, which route, search and compose the same thing only once."""
    retriever = nodes.retriever
    fields = {name: getattr(retriever, name) for name in HybridRetriever.model_fields}
    composers = [_Composer(one) if isinstance(one, ExtractiveComposer) else one for one in nodes.composers]
    return replace(nodes, router=_Router(nodes.router), retriever=_Retriever(**fields), composers=composers)


class _Router:
    def __init__(self, router: Routing) -> None:
        self._router = router
        self._known: dict[tuple[str, str, date | None], Route] = {}

    def route(self, message: str, *, customer: Mapping[str, Any] | None = None, today: date | None = None) -> Route:
        key = (message, repr(customer), today)
        if key not in self._known:
            self._known[key] = self._router.route(message, customer=customer, today=today)
        return self._known[key]


class _Retriever(HybridRetriever):
    _known: dict[tuple[object, ...], Found] = PrivateAttr(default_factory=dict)

    def find(
        self,
        query: str,
        *,
        top: int | None = None,
        where: Where | None = None,
        history: Sequence[str] = (),
        without: Collection[str] = (),
    ) -> Found:
        key = (query, top, repr(where), tuple(history), tuple(without))
        if key not in self._known:
            self._known[key] = super().find(query, top=top, where=where, history=history, without=without)
        return self._known[key]


class _Composer(Composer):
    """The extractive composer, which looks at the question and the passages and at nothing else."""

    def __init__(self, composer: ExtractiveComposer) -> None:
        self.name = composer.name
        self._composer = composer
        self._known: dict[tuple[object, ...], tuple[list[Piece], ComposeFailure | None]] = {}

    def compose(self, evidence: Evidence) -> Iterator[Piece]:
        passages = tuple(passage.passage_id for passage in evidence.passages)
        key = (evidence.question, passages, evidence.first.passage_id)
        if key not in self._known:
            self._known[key] = self._composed(evidence)
        pieces, failure = self._known[key]
        yield from pieces
        if failure is not None:
            raise failure

    def _composed(self, evidence: Evidence) -> tuple[list[Piece], ComposeFailure | None]:
        pieces: list[Piece] = []
        try:
            pieces.extend(self._composer.compose(evidence))
        except ComposeFailure as failure:
            return pieces, failure
        return pieces, None
