"""Whitening discounts what varies within articles, and nothing else."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from kit.knowledge.keeping import whitening
from kit.knowledge.keeping.whitening import Whitening, write_whitening

DIMENSION = 16
Vectors = NDArray[np.float32]


def unit(rows: NDArray[np.float64]) -> Vectors:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def learn(folder: Path, passages: Vectors, owners: list[int], sentences: Vectors | None = None) -> Whitening:
    """The whitening of passages that have as many sentences each as there are for one."""
    folder.mkdir(exist_ok=True)
    told = np.zeros((0, DIMENSION), dtype=np.float32) if sentences is None else sentences
    starts = np.arange(len(passages) + 1, dtype=np.int64) * (len(told) // max(len(passages), 1))
    write_whitening(
        folder, passages=passages, sentences=told, article_of=np.array(owners, dtype=np.int32), starts=starts
    )
    return Whitening.read(folder)


def noisy(articles: int, each: int) -> tuple[Vectors, list[int]]:
    """Articles with a direction of their own each, in which one shared direction says more than that, at random."""
    random = np.random.default_rng(5)
    own = random.standard_normal((articles, DIMENSION)) * 0.5
    own[:, 0] = 0
    owners = [article for article in range(articles) for _ in range(each)]
    rows = own[owners] + random.standard_normal((len(owners), DIMENSION)) * 0.1
    rows[:, 0] = random.standard_normal(len(owners)) * 4
    return unit(rows), owners


def test_where_nothing_varies_nothing_is_discounted(tmp_path: Path) -> None:
    passages = unit(np.random.default_rng(1).standard_normal((4, DIMENSION)))
    for name, sentences in (("none", None), ("same", passages)):
        found = learn(tmp_path / name, passages, [0, 1, 2, 3], sentences)
        assert (found.matrix == np.eye(DIMENSION)).all()
        assert found.articles == pytest.approx(passages, abs=1e-6)
        assert found.turn(passages[0]) == pytest.approx(passages[0], abs=1e-6)
        assert found.lengths == pytest.approx(np.ones(0 if sentences is None else 4), abs=1e-6)


def test_it_tells_articles_apart_that_looked_alike(tmp_path: Path) -> None:
    passages, owners = noisy(12, 8)
    known = np.arange(len(owners)) % 8 < 6
    found = learn(tmp_path, passages[known], [owner for owner, one in zip(owners, known, strict=True) if one])
    asked, right = passages[~known], np.array(owners)[~known]
    plain = unit(np.stack([passages[known & (np.array(owners) == one)].mean(axis=0) for one in range(12)]))
    before = np.mean(np.argmax(asked @ plain.T, axis=1) == right)
    after = np.mean(np.argmax(np.stack([found.turn(one) for one in asked]) @ found.articles.T, axis=1) == right)
    assert after > before + 0.2 and after > 0.8
    # What varies within articles counts least.
    assert np.argmin(np.diag(found.matrix)) == 0


def test_it_is_symmetric_and_its_parts_fit_together(tmp_path: Path) -> None:
    passages, owners = noisy(6, 5)
    sentences = unit(np.random.default_rng(2).standard_normal((60, DIMENSION)))
    found = learn(tmp_path, passages, owners, sentences)
    assert found.matrix == pytest.approx(found.matrix.T, abs=1e-5)
    assert np.linalg.eigvalsh(found.matrix).min() > 0
    assert found.articles.shape == (6, DIMENSION)
    assert np.linalg.norm(found.articles, axis=1) == pytest.approx(np.ones(6), abs=1e-5)
    assert found.lengths == pytest.approx(np.linalg.norm(sentences @ found.matrix, axis=1), rel=1e-5)
    assert np.linalg.norm(found.turn(sentences[0])) == pytest.approx(1, abs=1e-5)
    # The likeness of a question and a sentence, both turned, is what the search computes from their product.
    turned = found.turn(sentences[0]) @ found.turn(sentences[1])
    assert found.turn(sentences[0]) @ found.matrix @ sentences[1] / found.lengths[1] == pytest.approx(turned, abs=1e-5)


def test_of_many_rows_whole_articles_are_sampled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    passages, owners = noisy(10, 10)
    whole = learn(tmp_path / "whole", passages, owners)
    monkeypatch.setattr(whitening, "_MOST_ROWS", 40)
    monkeypatch.setattr(whitening, "_CHUNK", 7)
    sampled = learn(tmp_path / "sampled", passages, owners)
    assert np.abs(sampled.matrix - whole.matrix).max() > 1e-3
    taken = [row for row, owner in enumerate(owners) if owner % 3 == 0]  # 100 rows, of which 40 are enough
    monkeypatch.setattr(whitening, "_MOST_ROWS", 50_000)
    some = learn(tmp_path / "some", passages[taken], [owners[row] // 3 for row in taken])
    assert sampled.matrix == pytest.approx(some.matrix, abs=1e-5)
    # Every article is still described, and those that were sampled as before.
    assert sampled.articles.shape == (10, DIMENSION)
    assert sampled.articles[::3] == pytest.approx(some.articles, abs=1e-5)
