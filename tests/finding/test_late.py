"""Late interaction against its definition, and how what the rankers say is added up."""

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray

from kit.knowledge.finding.fusion import contributions, standardised, weights
from kit.knowledge.finding.late import late_interaction
from kit.knowledge.finding.rankers import FIRST, LATE
from kit.knowledge.keeping.tokens import KnownTokens, Tokens, TokenWriter
from kit.models import TokenVectors
from tests.keeping.fake import FakeEmbedder

Vectors = NDArray[np.float32]
DIMENSION = 64


def unit(random: np.random.Generator, count: int) -> Vectors:
    rows = random.standard_normal((count, DIMENSION))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def kept(folder: Path, passages: Sequence[Vectors]) -> SimpleNamespace:
    """An index that has tokens only."""
    keys = [str(number).encode() for number in range(len(passages))]
    with TokenWriter(folder, KnownTokens(), FakeEmbedder(dimension=DIMENSION)) as writer:
        for key, vectors in zip(keys, passages, strict=True):
            writer.add(key, TokenVectors(np.ones(len(vectors), dtype=np.int32), vectors))
        writer.finish(keys)
    return SimpleNamespace(tokens=Tokens(folder))


def compare(folder: Path, counts: Sequence[int], looked_at: Sequence[Sequence[int]], asked: int = 5) -> None:
    """Late interaction as it is defined, one token after the other."""
    random = np.random.default_rng(len(counts))
    passages, tokens = [unit(random, count) for count in counts], unit(random, asked)
    build = kept(folder, passages)
    rows = [np.array(one, dtype=np.int64) for one in looked_at]
    articles, alone = late_interaction(build, tokens, rows)  # type: ignore[arg-type]
    assert articles.shape == (len(looked_at),) and [len(one) for one in alone] == [len(one) for one in looked_at]
    for article, passage_scores, of in zip(articles, alone, looked_at, strict=True):
        best = [[max((float(t @ v) for v in passages[row]), default=0.0) for t in tokens] for row in of]
        assert article == pytest.approx(np.mean(np.max(best, axis=0)) if asked else 0.0, abs=0.01)
        assert passage_scores == pytest.approx([np.mean(one) if asked else 0.0 for one in best], abs=0.01)


@pytest.mark.parametrize(
    ("counts", "looked_at"),
    [
        ([7], [[0]]),
        ([1, 1, 1], [[0], [1], [2]]),
        ([4, 9, 2, 6, 3], [[0, 1], [2], [3, 4]]),
        ([4, 9, 2, 6, 3], [[4], [1, 3]]),
        ([4, 0, 2], [[0, 1], [2]]),  # a passage that the model sees nothing in
        ([0, 4, 2, 0], [[0], [1, 2], [3]]),
        ([0], [[0]]),
    ],
    ids=str,
)
def test_it_is_the_mean_of_the_best_matches(tmp_path: Path, counts: list[int], looked_at: list[list[int]]) -> None:
    compare(tmp_path, counts, looked_at)


def test_a_question_without_tokens_likes_all_alike(tmp_path: Path) -> None:
    compare(tmp_path, [4, 9, 2], [[0, 1], [2]], asked=0)


def test_each_ranker_has_a_weight_and_no_other() -> None:
    assert set(weights()) == {"first", "second"}
    assert set(weights()["first"]) == set(FIRST)
    assert set(weights()["second"]) == {*FIRST, *LATE}
    assert all(weight >= 0 for stage in weights().values() for weight in stage.values())
    assert all(any(stage.values()) for stage in weights().values())


@pytest.mark.parametrize("name", ["meaning", "tokens", "headings"])
def test_what_likes_all_alike_says_nothing(name: str) -> None:
    assert standardised(name, np.full(5, 0.7, dtype=np.float32)).tolist() == pytest.approx([0] * 5, abs=1e-6)
    assert len(standardised(name, np.zeros(0, dtype=np.float32))) == 0
    spread = standardised(name, np.array([1, 2, 3, 6], dtype=np.float32))
    assert spread.mean() == pytest.approx(0, abs=1e-6) and spread.std() == pytest.approx(1, abs=1e-6)


def test_words_count_in_their_own_unit() -> None:
    given = np.array([0, 2, 5], dtype=np.float32)
    for name in ("passage_words", "article_words", "codes"):
        assert standardised(name, given).tolist() == [0, 2, 5]
    added = contributions({name: given for name in FIRST}, "first")
    assert added["codes"].tolist() == pytest.approx((weights()["first"]["codes"] * given).tolist())
    assert set(contributions({name: given for name in (*FIRST, *LATE)}, "second")) == {
        name for name, weight in weights()["second"].items() if weight
    }
