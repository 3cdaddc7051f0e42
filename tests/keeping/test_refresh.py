"""What a refresh does again, and what it need not."""

import json
from pathlib import Path

import numpy as np
import pytest

from kit.errors import IndexUnavailable, KitError
from kit.knowledge import HybridRetriever
from kit.knowledge.keeping import index as keeping
from kit.knowledge.keeping import memory, words
from kit.text import content_words
from tests.keeping.conftest import ARTICLES, Shop, changes
from tests.keeping.fake import FakeEmbedder


def test_only_what_changed_is_embedded(shop: Shop) -> None:
    assert changes(shop.refresh()) == (4, 5, 0, False)

    shop.write("care.md", ARTICLES["care.md"].replace("Clean the shade", "Dust the shade"))
    assert changes(shop.refresh()) == (4, 5, 1, True)  # one of its two passages
    assert "Dust the shade" in shop.first("how to dust the shade")

    shop.write("returns.md", "---\nurl: https://help.example/returns\n---\n" + ARTICLES["returns.md"])
    assert changes(shop.refresh()) == (4, 5, 0, True)  # shown, but not embedded
    assert shop.open().article["returns"].url == "https://help.example/returns"

    (shop.root / "articles/orders/shipping.md").unlink()
    assert changes(shop.refresh()) == (3, 4, 0, True)
    assert list(shop.open().article) == ["care", "returns", "warranty"]

    shop.write("moved/deliveries.md", ARTICLES["orders/shipping.md"])
    assert changes(shop.refresh()) == (4, 5, 1, True)  # gone from the build before, so embedded again

    assert changes(shop.refresh(rebuild=True)) == (4, 5, 5, True)
    assert "$4.95" in shop.first("what does shipping cost")


def test_what_two_texts_share_is_embedded_once(empty: Shop) -> None:
    empty.write("copy.md", ARTICLES["warranty.md"])
    assert empty.refresh().embedded == 5 and len(set(empty.embedder.seen)) == len(empty.embedder.seen)
    assert len(empty.open().passages) == 6


def test_a_refreshed_index_equals_one_built_from_nothing(shop: Shop) -> None:
    shop.write("returns.md", "# Returns\n\nYou can return a lamp within 60 days, unopened.\n")
    shop.write("hours.md", "# Hours\n\nWe are open on Sundays.\n")
    shop.refresh()
    refreshed = shop.open()
    shop.refresh(rebuild=True)
    rebuilt = shop.open()
    assert refreshed.folder != rebuilt.folder
    assert list(refreshed.articles) == list(rebuilt.articles) and list(refreshed.passages) == list(rebuilt.passages)
    for name, matrix in rebuilt.vectors.items():
        np.testing.assert_allclose(refreshed.vectors[name], matrix, atol=1e-6)
    for query in ("return", "is it open on sunday", "clean a switch"):
        one, other = (HybridRetriever(build=build).find(query).hits for build in (refreshed, rebuilt))
        assert [hit.to_json() for hit in one] == [hit.to_json() for hit in other]


def test_unchanged_files_are_not_read_and_unchanged_articles_not_cut(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    cut: list[str] = []
    reader, splitter = memory.Memory.read, keeping.split

    def spy(self: memory.Memory, path: Path, name: str, afresh: object) -> object:
        return reader(self, path, name, lambda: (read.append(name), afresh())[1])  # type: ignore[operator]

    monkeypatch.setattr(memory.Memory, "read", spy)
    monkeypatch.setattr(
        keeping, "split", lambda article, **options: (cut.append(article.article_id), splitter(article, **options))[1]
    )
    shop.write("broken.pdf", "no PDF")
    shop.write("warranty.md", "# Warranty\n\nIt lasts 7 years.\n")
    report = shop.refresh()
    assert (sorted(read), cut) == (["broken.pdf", "warranty.md"], ["warranty"])
    assert [one.path for one in report.skipped] == ["broken.pdf"]

    read.clear()
    again = shop.refresh()
    assert (read, again.changed, again.skipped) == ([], False, report.skipped)

    # Another length of passages: all is cut again, nothing read.
    cut.clear()
    shop.tokens = 64
    assert shop.refresh().changed and read == [] and len(cut) == 4

    # Other code: all is read and cut again; what has the same text is not embedded again.
    cut.clear()
    for module in ("index", "memory", "past"):
        monkeypatch.setattr(f"kit.knowledge.keeping.{module}.code_digest", lambda: "other")
    assert shop.refresh().embedded == 0 and len(read) == 5 and len(cut) == 4

    read.clear()
    (shop.index / "sources.json").write_text("{")
    assert not shop.refresh().changed and len(read) == 5


def test_texts_that_have_not_changed_are_not_taken_apart_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []
    monkeypatch.setattr(words, "content_words", lambda text: (taken.append(text), content_words(text))[1])
    shop.write("warranty.md", "# Warranty\n\nIt lasts 7 years.\n")
    shop.refresh()
    assert taken == ["Warranty\nIt lasts 7 years."] * 2  # as a passage and as an article
    refreshed = shop.open()
    taken.clear()
    shop.refresh(rebuild=True)
    assert len(taken) == 9
    for name, rebuilt in shop.open().words.items():
        for stem in content_words("how long does the warranty for a lamp last in years"):
            np.testing.assert_array_equal(rebuilt.scores([stem]), refreshed.words[name].scores([stem]))
            assert sorted(rebuilt.rows(stem)) == sorted(refreshed.words[name].rows(stem))
            assert rebuilt.holding(stem) == len(rebuilt.rows(stem))
    assert rebuilt.holding("warrant") == 1 and rebuilt.holding("unheardof") == 0


def test_files_that_take_in_others_are_read_again_with_them(shop: Shop) -> None:
    past = keeping.Past(shop.current)
    shop.write("page.rst", "x")
    shop.write("other.rst", "y")
    calls: list[str] = []

    def read() -> None:
        # Anew for each round, as in each `kit index`.
        remembered = memory.Memory(shop.index, past)
        for name in ("page.rst", "returns.md"):
            path = shop.root / "articles" / name
            remembered.read(path, name, lambda name=name: (calls.append(name), memory.Reading(()))[1])  # type: ignore[misc]
        remembered.save()

    read()
    calls.clear()
    read()
    assert calls == []
    shop.write("other.rst", "z")
    read()
    assert calls == ["page.rst"]


def test_progress_is_told_to_its_end(shop: Shop) -> None:
    told: list[tuple[str, int, int]] = []
    shop.refresh(rebuild=True, progress=lambda *step: told.append(step))
    # Five passages, and the headings and sentences that are texts of their own.
    ends = [step for step in told if step[1] == step[2]]
    assert ends == [("reading articles", 4, 4), ("embedding passages", 17, 17), ("storing vectors", 5, 5)]


def test_another_embedder_is_named_and_embeds_all(shop: Shop) -> None:
    shop.embedder = FakeEmbedder("fake@2", 48)
    with pytest.raises(IndexUnavailable) as caught:
        shop.open()
    assert "built with the embedder fake@1, but kit.toml now asks for fake@2. Run `kit index`." in str(caught.value)
    assert changes(shop.refresh()) == (4, 5, 5, True)
    assert "2 years" in shop.first("how long is the warranty")


def test_an_older_format_is_named_and_built_again(shop: Shop) -> None:
    path = shop.current / "manifest.json"
    path.write_text(json.dumps({"format": 1, "embedder": "fake@1", "passages": 5}))
    with pytest.raises(IndexUnavailable, match=r"The index has an older format\. Run `kit index`\."):
        shop.open()
    assert changes(shop.refresh()) == (4, 5, 5, True)
    assert "2 years" in shop.first("how long is the warranty")


def test_a_query_of_another_length_is_an_error_and_no_crash(shop: Shop) -> None:
    build = shop.open()
    with pytest.raises(IndexUnavailable, match=r"vector has 3 numbers, those of the index 32\. Run `kit index --reb"):
        build.nearest([1.0, 0.0, 0.0], k=3)


def test_an_embedder_that_changes_its_mind_is_an_error_and_the_old_index_stays(shop: Shop) -> None:
    shop.embedder.dimension = 16  # under the same name
    shop.write("hours.md", "# Hours\n\nWe are open on Sundays.\n")
    with pytest.raises(KitError, match=r"vectors of different lengths\. Run `kit index --rebuild`"):
        shop.refresh()
    shop.embedder.dimension = 32
    assert "2 years" in shop.first("how long is the warranty")


def test_deleted_articles_leave_nothing_on_the_disk(shop: Shop) -> None:
    shop.write("secret.md", "# Secret\n\nThe vault opens with xylophone.\n")
    shop.refresh()
    assert _holding(shop.index, b"xylophone")
    reader = shop.open()
    (shop.root / "articles/secret.md").unlink()
    shop.refresh()
    assert "xylophone" not in shop.first("secret: what opens the vault")
    assert "xylophone" in shop.first("secret: what opens the vault", reader)  # still reads the build before
    del reader
    assert not shop.refresh().changed
    assert not _holding(shop.index, b"xylophone") and shop.builds == {shop.current.name}


def _holding(folder: Path, text: bytes) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and text in path.read_bytes()]


def test_an_index_of_nothing_is_refused(empty: Shop) -> None:
    for path in (empty.root / "articles").rglob("*.md"):
        path.unlink()
    with pytest.raises(KitError, match="There are no articles in this folder"):
        empty.refresh()
    with pytest.raises(IndexUnavailable, match=r"There is no index yet\. Run `kit index`\."):
        empty.open()


def test_without_a_folder_of_articles_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(KitError, match="There is no such folder"):
        Shop(tmp_path).refresh()
    with pytest.raises(IndexUnavailable):
        Shop(tmp_path).open()
    assert list(tmp_path.iterdir()) == []
