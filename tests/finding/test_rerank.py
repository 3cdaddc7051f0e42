"""A reranker's order, and the kit's own where it fails."""

from collections.abc import Sequence

import pytest
from langchain_core.callbacks import Callbacks
from langchain_core.documents import Document
from langchain_core.documents.compressor import BaseDocumentCompressor

from kit.errors import RerankFailure
from kit.knowledge import Found, HybridRetriever
from kit.models import Reranker, load_reranker
from kit.models.fake_server import Behaviour, FakeReranker
from kit.settings import Reranker as Settings

QUERY = "how much is express shipping"


class Told(BaseDocumentCompressor):
    """Likes the last most; gives back the best only, if told to; fails, if told to."""

    most: int = 1000
    fails: bool = False

    def compress_documents(
        self, documents: Sequence[Document], query: str, callbacks: Callbacks | None = None
    ) -> Sequence[Document]:
        if self.fails:
            raise RerankFailure("The reranker is out.")
        ranked = [
            Document(one.page_content, id=one.id, metadata={**one.metadata, "relevance_score": place / 10})
            for place, one in enumerate(documents)
        ]
        return ranked[::-1][: self.most]


def ids(found: Found) -> list[str]:
    return [hit.passage.passage_id for hit in found.hits]


def check(found: Found) -> None:
    scores = [hit.score for hit in found.hits]
    assert scores == sorted(scores, reverse=True)
    assert [hit.rank for hit in found.hits] == list(range(1, len(scores) + 1))


def using(retriever: HybridRetriever, reranker: BaseDocumentCompressor, *, depth: int = 20) -> HybridRetriever:
    return HybridRetriever(build=retriever.build, reranker=reranker, rerank_depth=depth)


def hosted(server: FakeReranker) -> Reranker:
    reranker = load_reranker(Settings(model="hosted:fake", base_url=server.base_url, max_retries=0))
    assert reranker
    return reranker


def test_the_first_hits_stand_in_its_order(retriever: HybridRetriever) -> None:
    own = ids(retriever.find(QUERY, top=12))
    found = using(retriever, Told(), depth=4).find(QUERY, top=12)
    assert ids(found) == [*own[:4][::-1], *own[4:]]
    check(found)
    assert all(hit.parts["reranker"] == hit.score for hit in found.hits[:4])
    assert not any("reranker" in hit.parts for hit in found.hits[4:])
    assert found.note == ""


def test_what_was_deeper_than_asked_for_can_come_first(retriever: HybridRetriever) -> None:
    own = ids(retriever.find(QUERY, top=10))
    found = using(retriever, Told(), depth=10).find(QUERY, top=3)
    assert ids(found) == own[::-1][:3]
    check(found)


def test_what_a_reranker_leaves_out_is_not_lost(retriever: HybridRetriever) -> None:
    own = ids(retriever.find(QUERY, top=8))
    found = using(retriever, Told(most=2), depth=5).find(QUERY, top=8)
    assert ids(found) == [own[4], own[3], own[0], own[1], own[2], *own[5:]]
    check(found)


@pytest.mark.parametrize("depth", [2, 20])
def test_several_questions_keep_one_scale(retriever: HybridRetriever, depth: int) -> None:
    check(using(retriever, Told(), depth=depth).find(f"{QUERY}? How do I turn on the child lock?", top=8))


def test_a_failure_leaves_the_kits_order_and_is_noted(retriever: HybridRetriever) -> None:
    own = retriever.find(QUERY)
    found = using(retriever, Told(fails=True)).find(QUERY)
    assert found.hits == own.hits and found.signals == own.signals
    assert found.note == "The reranker is out. The kit's own order stands."


def test_without_a_hit_nobody_is_asked(retriever: HybridRetriever) -> None:
    with FakeReranker() as server:
        assert using(retriever, hosted(server)).find("?!").hits == ()
        assert server.requests == []


def test_a_hosted_one_orders_over_http(retriever: HybridRetriever) -> None:
    own = ids(retriever.find(QUERY, top=6))
    with FakeReranker(reply=lambda request: list(range(len(request["documents"])))) as server:
        found = using(retriever, hosted(server), depth=6).find(QUERY, top=6)
        [request] = server.requests
    assert ids(found) == own[::-1]
    assert request["query"] == QUERY and len(request["documents"]) == 6
    # It sees where a passage stands, as the embedder does.
    assert request["documents"][0] == retriever.build.passage[own[0]].indexed_text
    check(found)


def test_personal_data_does_not_leave(retriever: HybridRetriever) -> None:
    query = "how much is shipping? Write to ada@example.org or call +1 415 555 2671, card 4111 1111 1111 1111"
    with FakeReranker() as server:
        found = using(retriever, hosted(server)).find(query)
        follow_up = using(retriever, hosted(server)).find("why?", history=[query])
        sent = [request["query"] for request in server.requests]
    assert len(sent) == 2 and found.query == query and query in follow_up.query
    for one in sent:
        assert "how much is shipping" in one
        assert not any(secret in one for secret in ("ada@", "555", "4111"))


@pytest.mark.parametrize("behaviour", ["bad_json", "empty", Behaviour("status", status=500)], ids=str)
def test_a_server_that_fails_leaves_the_kits_order(retriever: HybridRetriever, behaviour: Behaviour) -> None:
    with FakeReranker(behaviour=behaviour) as server:
        found = using(retriever, hosted(server)).find(QUERY)
    assert found.hits == retriever.find(QUERY).hits
    assert found.note.startswith("The reranker") and found.note.endswith("The kit's own order stands.")
