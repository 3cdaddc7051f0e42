"""Which articles are found, for every kind of message, filter and vector store."""

import asyncio
import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from langchain_core.retrievers import BaseRetriever

from kit.errors import KitError
from kit.knowledge import Build, Found, HybridRetriever, Where
from kit.knowledge.keeping import Build as KeptBuild
from tests.finding.conftest import ERRORS, FACTS, PARTS, VERSIONS
from tests.keeping.conftest import Shop
from tests.keeping.test_stores import exact, in_memory


def ids(found: Found) -> list[str]:
    return [hit.passage.article_id for hit in found.hits]


def check_shape(found: Found, top: int) -> None:
    """Ranks, scores and grouping, which hold for whatever is asked."""
    assert [hit.rank for hit in found.hits] == list(range(1, len(found.hits) + 1))
    assert len(found.hits) <= top and len(set(ids(found))) == len(found.hits)
    scores = [hit.score for hit in found.hits]
    assert all(map(math.isfinite, scores)) and scores == sorted(scores, reverse=True)


# Identifiers


@pytest.mark.parametrize(
    ("folder", "codes", "question"),
    [
        ("errors", ERRORS, "my dial shows {} what can I do"),
        ("versions", VERSIONS, "what is new in firmware {}?"),
        ("parts", PARTS, "does {} fit my wall plate"),
    ],
)
def test_the_twin_that_is_named_comes_first(
    twins: HybridRetriever, folder: str, codes: list[str], question: str
) -> None:
    for code in codes:
        for written in (code, code.lower()):
            found = twins.find(question.format(written))
            assert found.hits[0].passage.title.endswith(f" {code}"), written
            check_shape(found, 5)


# Several questions


@pytest.mark.parametrize(
    "message",
    [
        "How much is express shipping? And how do I turn on the child lock?",
        "how do I turn on the child lock and how much is express shipping",
        "hi! how much is express shipping? how do i turn on the child lock? thanks",
    ],
)
def test_each_question_of_a_message_finds_its_article(retriever: HybridRetriever, message: str) -> None:
    found = retriever.find(message)
    assert {"orders/shipping-times-and-costs", "using/child-lock"} <= set(ids(found)[:3])
    check_shape(found, 5)
    for hit in found.hits:
        assert sum(hit.parts.values()) == pytest.approx(hit.score, abs=1e-4)
    check_shape(retriever.find(message, top=1), 1)


# Follow-ups


@pytest.mark.parametrize(
    ("message", "history", "article"),
    [
        ("and to Alaska?", ["how much is express shipping?"], "orders/shipping-times-and-costs"),
        ("and how do I turn it off?", ["my dial has the child lock on"], "using/child-lock"),
        ("why?", ["the dial's screen is blank"], "troubleshooting/blank-screen"),
        ("How do I set up geofencing?", ["how much is express shipping?"], "using/geofencing"),
    ],
)
def test_a_follow_up_finds_what_it_is_about(
    retriever: HybridRetriever, message: str, history: list[str], article: str
) -> None:
    found = retriever.find(message, history=history)
    assert ids(found)[0] == article and message in found.query
    assert retriever.find(message, history=[]) == retriever.find(message)


# Filters


@pytest.fixture(scope="module")
def builds(company: Shop) -> dict[str, Build]:
    build = company.open()
    assert isinstance(build, KeptBuild)
    return {
        "as it is": build,
        "Chroma": build.using(build.store),
        "exact": build.using(exact(build)),
        "in memory": build.using(in_memory(build)),
    }


@pytest.mark.parametrize("store", ["as it is", "Chroma", "exact", "in memory"])
@pytest.mark.parametrize(
    "where",
    [
        {"language": "de"},
        {"language": ["en", "fr"]},
        {"audience": "installers"},
        {"product": ("Hub",)},
        {"language": "en", "audience": ["customers"], "product": ["Lamp", "Hub"]},
        {"language": "en", "audience": "nobody"},
        {"language": []},
        {"language": "de", "product": "Hub"},
    ],
    ids=str,
)
def test_only_what_matches_a_filter_is_found(builds: dict[str, Build], store: str, where: Where) -> None:
    def matches(facts: tuple[str, str, str]) -> bool:
        values = dict(zip(("language", "audience", "product"), facts, strict=True))
        return all(values[name] in ([one] if isinstance(one, str) else one) for name, one in where.items())

    expected = {name for name, facts in FACTS.items() if matches(facts)}
    # The second question shares its words with an article that has none of these values.
    for query in ("how long is the warranty of the lamp", "when are the opening hours of the shop"):
        found = HybridRetriever(build=builds[store]).find(query, top=9, where=where)
        assert set(ids(found)) == expected
        check_shape(found, 9)
    narrowed = HybridRetriever(build=builds[store], where=where).find("warranty", top=9)
    assert set(ids(narrowed)) == expected


@pytest.mark.parametrize("store", ["as it is", "Chroma", "exact", "in memory"])
@pytest.mark.parametrize("query", ["warranty", ""])
def test_a_filter_that_there_is_not_is_refused(builds: dict[str, Build], store: str, query: str) -> None:
    with pytest.raises(KitError, match=r"There is no filter `colour`\. There are language, audience, product"):
        HybridRetriever(build=builds[store]).find(query, where={"colour": "red"})


def test_words_alone_bring_what_the_store_does_not(builds: dict[str, Build]) -> None:
    class Silent(type(exact(builds["exact"]))):  # type: ignore[misc]
        def similarity_search_by_vector(self, *_: object, **__: object) -> list[object]:
            return []

    build = builds["exact"]
    silent = Silent(build.vectors["passages"], build.columns.passage_ids)
    retriever = HybridRetriever(build=replace(build, store=silent))
    assert ids(retriever.find("opening hours")) == ["plain"]
    assert set(ids(retriever.find("warranty", where={"language": "de"}))) == {"lamp-de"}
    assert retriever.find("opening hours", where={"language": "de"}).hits == ()


# Any message


ODD = {
    "chinese": "保修期多长",
    "hidden": "war\u200branty \u202eof\u202c the\U000e0041 lamp",
    "nul": "warranty\x00 of the lamp",
    "surrogate": "warranty \ud800 of the lamp \udfff",
    "long": "What does the warranty of lamp number one cover in winter? " * 1000,
    "different": " ".join(f"What does part{number} of kind{number} do?" for number in range(1600)),
    "one word": "w" * 10_000,
    "markup": "<b>warranty</b> \x1b[31mred\x1b[0m {lamp} $1 %s",
}


@pytest.mark.parametrize("odd", ODD)
def test_any_message_can_be_searched(retriever: HybridRetriever, odd: str) -> None:
    found = retriever.find(ODD[odd])
    check_shape(found, 5)
    assert len(found.hits) == 5
    assert retriever.find(ODD[odd]) == found
    follow_up = retriever.find("why?", history=[ODD[odd]])
    check_shape(follow_up, 5)
    found.query.encode()


def test_what_cannot_be_seen_changes_nothing(retriever: HybridRetriever) -> None:
    plain = retriever.find("warranty of the lamp")
    assert retriever.find(ODD["hidden"]) == plain
    assert retriever.find(ODD["nul"]) == plain
    assert retriever.find(ODD["surrogate"]).hits[0].passage == plain.hits[0].passage


@pytest.mark.parametrize("query", ["", "  \n", "?!… – .", "\u200b", "\ud800", "\x00"])
def test_without_a_word_nothing_is_found(retriever: HybridRetriever, query: str) -> None:
    found = retriever.find(query)
    assert found.hits == () and found.signals == type(found.signals)()


def test_an_article_that_the_model_sees_nothing_in_does_no_harm(retriever: HybridRetriever, tmp_path: Path) -> None:
    # The model drops U+FFFD, which is no hidden sign: this passage has not a single token.
    shop = Shop(tmp_path, embedder=retriever.build.embedder)  # type: ignore[arg-type]
    shop.write("odd.md", "# \ufffd\n\n\ufffd\n")
    shop.write("a.md", "# Shipping\n\nShipping costs five dollars.\n")
    shop.write("z.md", "# Warranty\n\nThe warranty lasts two years.\n")
    shop.refresh()
    build = HybridRetriever(build=shop.open())
    assert build.build.tokens.of([build.build.columns.article_row("odd") or 0])[0].shape[0] == 0
    assert ids(build.find("how long is the warranty"))[0] == "z"
    assert ids(build.find("what does shipping cost"))[0] == "a"


@pytest.mark.parametrize("top", [1, 2, 5, 45, 100])
def test_top_is_a_limit(retriever: HybridRetriever, top: int) -> None:
    found = retriever.find("how much is express shipping", top=top)
    check_shape(found, top)
    assert ids(found)[0] == "orders/shipping-times-and-costs"
    assert len(found.hits) == top if top < 10 else len(found.hits) > 20  # as many as are near or share a word
    assert found.hits == retriever.find("how much is express shipping", top=top).hits


# As a LangChain retriever


def test_a_langchain_retriever(retriever: HybridRetriever) -> None:
    assert isinstance(retriever, BaseRetriever)
    asked = "how much is express shipping"
    documents = retriever.invoke(asked)
    found = retriever.find(asked)
    assert [document.id for document in documents] == [hit.passage.passage_id for hit in found.hits]
    for document, hit in zip(documents, found.hits, strict=True):
        assert document.page_content == hit.passage.text
        assert document.metadata == {
            "article_id": hit.passage.article_id,
            "passage_id": hit.passage.passage_id,
            "title": hit.passage.title,
            "score": hit.score,
        }
    other = "how do I turn on the child lock"
    assert retriever.batch([asked, other]) == [documents, retriever.invoke(other)]
    assert asyncio.run(retriever.ainvoke(asked)) == documents
    one = HybridRetriever(build=retriever.build, top=1, where={"product": "App"})
    assert [document.metadata["article_id"] for document in one.invoke("geofencing")] == ["using/geofencing"]


def test_fifty_threads_find_what_one_finds(retriever: HybridRetriever) -> None:
    subjects = ["express shipping", "child lock", "geofencing", "refund", "blank screen"]
    messages = [f"tell me about {one} and {other}" for one in subjects for other in subjects]
    alone = [retriever.find(message) for message in messages]
    with ThreadPoolExecutor(50) as pool:
        assert list(pool.map(retriever.find, messages)) == alone


# Articles that are left out


def test_articles_left_out_are_as_if_they_were_not_there(retriever: HybridRetriever) -> None:
    question = "how much is Plus a month, and how long does the refund take"
    whole = ids(retriever.find(question, top=8))
    lacking = retriever.model_copy(update={"without": frozenset(whole[:2])})
    left = ids(lacking.find(question, top=8))
    assert len(left) == 8 and not set(whole[:2]) & set(left)
    assert set(whole[2:]) <= set(left)
    assert ids(retriever.find(question, top=8)) == whole


def test_without_any_article_nothing_is_found(retriever: HybridRetriever) -> None:
    everything = frozenset(retriever.build.columns.article_ids)
    assert retriever.model_copy(update={"without": everything}).find("how much is Plus").hits == ()
