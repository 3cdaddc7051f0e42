"""Why a hit ranks where it does."""

import json

import pytest

from kit.knowledge import HybridRetriever
from kit.text import content_words

SHARED = "how much is express shipping to Alaska for a giraffe"


@pytest.mark.parametrize(
    "query", [SHARED, "how do I turn on the child lock? How much is express shipping?", "my dial shows E204", "保修"]
)
def test_the_parts_sum_to_the_score(retriever: HybridRetriever, query: str) -> None:
    found = retriever.find(query, top=10)
    assert found.hits
    for hit in found.hits:
        parts = retriever.explain(found, hit).parts
        assert sum(value for _, value in parts) == pytest.approx(hit.score, abs=1e-4)
        values = [value for _, value in parts]
        assert values == sorted(values, reverse=True) and 0 not in values


def test_words_are_shared_or_missing(retriever: HybridRetriever) -> None:
    found = retriever.find(SHARED)
    first = retriever.explain(found, found.hits[0])
    assert {"express", "alaska"} <= set(first.words) and set(content_words("giraffe")) == set(first.missing)
    assert not set(first.words) & set(first.missing)
    rarity = [retriever.build.rarity(stem) for stem in first.words]
    assert rarity == sorted(rarity, reverse=True)
    assert first.codes == ()
    for hit in found.hits:
        why = retriever.explain(found, hit)
        assert {*why.words, *why.missing} == {*first.words, *first.missing}


def test_codes_are_named_where_they_stand(twins: HybridRetriever) -> None:
    found = twins.find("my dial shows E204, not 30 degrees")
    codes = [twins.explain(found, hit).codes for hit in found.hits]
    assert codes == [("e204",), *[()] * (len(found.hits) - 1)]
    told = twins.explain(found, found.hits[0]).lines()
    assert "has exactly: e204" in told
    assert any(line.startswith("shares: ") and "e204" in line for line in told)
    assert any(line.startswith("lacks: ") for line in told)


def test_it_is_json(twins: HybridRetriever) -> None:
    found = twins.find("my dial shows E204")
    told = json.loads(json.dumps(twins.explain(found, found.hits[0]).to_json()))
    assert list(told) == ["parts", "words", "missing", "codes"]
    assert told["codes"] == ["e204"] and "codes" in told["parts"]
    assert all(isinstance(value, float) for value in told["parts"].values())


def test_a_follow_up_is_explained_with_what_it_leans_on(retriever: HybridRetriever) -> None:
    found = retriever.find("and to Alaska?", history=["how much is express shipping?"])
    assert "express" in retriever.explain(found, found.hits[0]).words
