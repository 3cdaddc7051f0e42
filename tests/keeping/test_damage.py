"""Damage is noticed when the index is opened, and mended from what is whole; nothing is ever answered wrongly."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from kit.errors import IndexUnavailable
from kit.knowledge import ExactStore, HybridRetriever
from kit.knowledge.keeping import index as keeping
from tests.keeping.conftest import Shop
from tests.keeping.fake import FakeEmbedder

QUERIES = {"how long is the warranty": "2 years", "what does shipping cost": "$4.95", "return a lamp": "30 days"}


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for place in range(0, len(data), max(1, len(data) // 8)):
        data[place] ^= 0x55
    path.write_bytes(bytes(data))


def empty_it(path: Path) -> None:
    path.write_bytes(b"")


def copied(shop: Shop) -> Shop:
    """A copy that this process has not opened: Chroma keeps open what it once opened."""
    root = shop.root.with_name(f"{shop.root.name}-copy")
    return Shop(Path(shutil.copytree(shop.root, root)), FakeEmbedder())


def answers(shop: Shop) -> None:
    build = shop.open()
    for query, words in QUERIES.items():
        assert words in shop.first(query, build)


def parts(shop: Shop) -> list[str]:
    return sorted(path.relative_to(shop.current).as_posix() for path in shop.current.rglob("*") if path.is_file())


@pytest.mark.parametrize("damage", [cut, empty_it, Path.unlink], ids=lambda damage: damage.__name__)
@pytest.mark.parametrize(
    "part",
    [
        "vectors/headings.npy",
        "vectors/tokens.npy",
        "vectors/whitening.matrix.npy",
        "words/passages/vocab.index.json",
        "chroma/chroma.sqlite3",
    ],
)
def test_a_part_that_is_cut_empty_or_gone_is_mended(shop: Shop, part: str, damage: Callable[[Path], None]) -> None:
    broken = copied(shop)
    folder = broken.current
    damage(folder / part)
    answers(broken)
    assert broken.current != folder


def test_whatever_file_is_damaged_answers_are_right_or_refused(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    fixed = {"columns.json", "manifest.json", *(f"{name}{end}" for name in ("articles", "passages") for end in ENDS)}
    for part in parts(shop):
        if (shop.current / part).stat().st_size == 0:
            continue
        broken = copied(shop)
        flip(broken.current / part)
        caplog.clear()
        if part in fixed:
            with pytest.raises(IndexUnavailable, match=r"The index is damaged \(.*\)\. Run `kit index`\.") as caught:
                broken.open()
            assert part in str(caught.value)
        else:
            answers(broken)
            if part.startswith(("vectors", "words")):
                assert f"The index is damaged ({part}). It has been mended" in caplog.text
        # Whatever it was, the remedy that is named mends it.
        broken.embedder.seen.clear()
        broken.refresh()
        answers(broken)
        assert not broken.refresh().changed
        assert broken.builds == {broken.current.name}
        if part != "manifest.json":
            assert not any("days of delivery" in text for text in broken.embedder.seen)  # no passage embedded again
        shutil.rmtree(broken.root)


ENDS = (".jsonl", ".starts.npy")


def test_a_lost_store_is_filled_from_the_vectors(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    broken = copied(shop)
    shutil.rmtree(broken.current / "chroma")
    answers(broken)
    assert "The index is damaged (chroma). It has been mended from its own passages." in caplog.text
    assert not any("lamp within" in text for text in broken.embedder.seen)
    caplog.clear()
    answers(broken)
    assert caplog.text.count("damaged") == 0


def test_lost_vectors_are_taken_from_the_store(shop: Shop) -> None:
    broken = copied(shop)
    before = np.array(shop.open().vectors["passages"])
    (broken.current / "vectors" / "passages.npy").unlink()
    build = broken.open()
    np.testing.assert_allclose(build.vectors["passages"], before, atol=1e-6)
    assert broken.embedder.seen == []


def test_what_is_lost_twice_is_embedded_again(shop: Shop) -> None:
    broken = copied(shop)
    shutil.rmtree(broken.current / "vectors")
    shutil.rmtree(broken.current / "chroma")
    answers(broken)
    assert sum("lamp within" in text for text in broken.embedder.seen) == 2  # the passage, and its sentence


def test_a_store_with_other_vectors_is_noticed(shop: Shop, tmp_path: Path) -> None:
    other = Shop(tmp_path / "other")
    for name in ("a", "b", "c", "d", "e"):
        other.write(f"{name}.md", f"# {name}\n\nSomething about {name}{name}.\n")
    other.refresh()
    broken = copied(shop)
    shutil.rmtree(broken.current / "chroma")
    shutil.copytree(other.current / "chroma", broken.current / "chroma")
    folder = broken.current
    answers(broken)
    assert broken.current != folder  # mended


def test_a_build_in_which_a_field_is_missing_is_of_an_older_format(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    from kit.knowledge.keeping.fields import VECTORS

    monkeypatch.setitem(VECTORS, "openings", lambda corpus: [passage.text[:20] for passage in corpus.passages])
    with pytest.raises(IndexUnavailable, match=r"older format\. Run `kit index`"):
        shop.open()
    assert shop.refresh().changed
    assert shop.open().vectors["openings"].shape == (5, 32)


def test_where_nothing_can_be_written_a_lost_store_is_done_without(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken = copied(shop)
    shutil.rmtree(broken.current / "chroma")

    def full(*args: object, **options: object) -> None:
        raise OSError(28, "No space left on device", "passages.npy")

    monkeypatch.setattr(keeping, "write_build", full)
    answers(broken)
    assert isinstance(broken.open().store, ExactStore)
    assert "The index is damaged (chroma). It cannot be mended here; all vectors are compared instead." in caplog.text

    cut(broken.current / "words/articles/vocab.index.json")
    with pytest.raises(IndexUnavailable, match=r"damaged \(words/articles/vocab.index.json\)\. Run `kit index`"):
        broken.open()


def test_the_store_is_asked_and_not_only_opened(shop: Shop) -> None:
    build = shop.open()
    assert HybridRetriever(build=build).find("warranty").hits
    build.store.delete(ids=["warranty#1"])  # type: ignore[attr-defined]
    folder = shop.current
    answers(shop)
    assert shop.current != folder  # the count is not right any more
