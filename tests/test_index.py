"""The index: built beside the old one, swapped in whole, and trusted only when it is whole."""

import json
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from filelock import FileLock

from kit.errors import IndexUnavailable, KitError
from kit.knowledge import IndexReport
from kit.knowledge.store import Manifest, vectors_of
from kit.models import Embedder, load_embedder
from kit.scaffold import create_workspace
from kit.settings import cache_folder
from kit.workspace import Workspace

ARTICLES = {
    "returns.md": "# Returns\n\nYou can return a lamp within 30 days of delivery.\n",
    "orders/shipping.md": "# Shipping\n\nStandard shipping costs $4.95 and takes 4 days.\n",
    "warranty.md": "# Warranty\n\nThe warranty lasts 2 years.\n",
    "care.md": "# Care\n\n"  # two passages
    + "\n\n".join(
        f"## {part.title()}\n\nClean the {part} with a dry cloth. "
        + f"Never hold the {part} under running water. " * 12
        for part in ("shade", "switch")
    ),
}


@pytest.fixture(scope="module")
def embedder(environment: None) -> Embedder:
    return load_embedder("packaged", cache=cache_folder())


@pytest.fixture
def shop(tmp_path: Path, embedder: Embedder) -> Workspace:
    """A workspace of three articles, indexed."""
    create_workspace(tmp_path / "shop")
    for name, text in ARTICLES.items():
        write(tmp_path / "shop", name, text)
    space = reopened(tmp_path / "shop", embedder)
    space.index()
    return space


def reopened(root: Path, embedder: Embedder) -> Workspace:
    """The workspace as another process would see it, with the model loaded already."""
    space = Workspace.open(root)
    space.__dict__["embedder"] = embedder
    return space


def write(root: Path, name: str, text: str) -> Path:
    path = root / "playbooks" / "knowledge" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def first(space: Workspace, query: str) -> str:
    return space.search(query)[0].passage.passage_id


def builds(space: Workspace) -> set[str]:
    return {path.name for path in (space.derived / "index").glob("build-*")}


def current(space: Workspace) -> Path:
    folder = space.derived / "index"
    return folder / (folder / "current").read_text()


def changes(report: IndexReport) -> tuple[int, int, int, bool]:
    return report.articles, report.passages, report.embedded, report.changed


# What is embedded, and when


def test_only_what_changed_is_embedded(shop: Workspace) -> None:
    assert changes(shop.index()) == (4, 5, 0, False)

    write(shop.root, "care.md", ARTICLES["care.md"].replace("Clean the shade", "Dust the shade"))
    assert changes(shop.index()) == (4, 5, 1, True)  # one of its two passages
    assert "Dust the shade" in shop.search("how to clean the shade")[0].passage.text

    write(shop.root, "returns.md", "---\nurl: https://help.example/returns\n---\n" + ARTICLES["returns.md"])
    assert changes(shop.index()) == (4, 5, 0, True)  # shown, but not embedded
    assert shop.search("return a lamp")[0].passage.url == "https://help.example/returns"

    (shop.root / "playbooks/knowledge/orders/shipping.md").unlink()
    assert changes(shop.index()) == (3, 4, 0, True)
    assert {hit.passage.article_id for hit in shop.search("shipping costs", top=9)} == {"returns", "warranty", "care"}

    write(shop.root, "moved/deliveries.md", ARTICLES["orders/shipping.md"])
    assert changes(shop.index()) == (4, 5, 2, True)  # gone from the build before, so embedded again
    assert first(shop, "what does shipping cost") == "moved/deliveries#1"

    assert changes(shop.index(rebuild=True)) == (4, 5, 9, True)  # five passages and four titles
    assert first(shop, "what does shipping cost") == "moved/deliveries#1"


def test_a_refreshed_index_equals_one_built_from_nothing(shop: Workspace) -> None:
    write(shop.root, "returns.md", "# Returns\n\nYou can return a lamp within 60 days, unopened.\n")
    write(shop.root, "hours.md", "# Hours\n\nWe are open on Sundays.\n")
    shop.index()
    refreshed, folder = vectors_of(current(shop)), current(shop)
    hits = [hit.to_json() for hit in shop.search("return", top=9)]
    shop.index(rebuild=True)
    rebuilt = vectors_of(current(shop))
    assert current(shop) != folder and refreshed.keys() == rebuilt.keys()
    # Batches are padded differently, so the last bits differ.
    assert all(np.allclose(refreshed[text], rebuilt[text], atol=1e-6) for text in rebuilt)
    again = [hit.to_json() for hit in shop.search("return", top=9)]
    assert [(h["passage_id"], h["text"]) for h in again] == [(h["passage_id"], h["text"]) for h in hits]
    assert [h["score"] for h in again] == pytest.approx([h["score"] for h in hits], abs=1e-4)


def test_another_length_of_passages_is_a_change(shop: Workspace, embedder: Embedder) -> None:
    write(shop.root, "long.md", "# Long\n\n" + "\n\n".join(f"Rule {n} says that lamp {n} is blue." for n in range(60)))
    before = shop.index()
    settings = shop.root / "kit.toml"
    settings.write_text(settings.read_text() + "\n[knowledge]\npassage_tokens = 64\n")
    after = reopened(shop.root, embedder).index()
    assert after.passages > before.passages and after.changed and 0 < after.embedded < after.passages + after.articles


def test_progress_is_told_to_its_end(shop: Workspace) -> None:
    told: list[tuple[str, int, int]] = []
    shop.index(rebuild=True, progress=lambda *step: told.append(step))
    assert [step for step in told if step[1] == step[2]] == [("reading articles", 4, 4), ("embedding passages", 9, 9)]


# Swapped in whole


def _out_of_disk(value: Any) -> Any:
    raise OSError(28, "No space left on device", "manifest.json")


def _power_cut(value: Any) -> Any:
    raise KeyboardInterrupt


@pytest.mark.parametrize(("fault", "raised"), [(_out_of_disk, KitError), (_power_cut, KeyboardInterrupt)])
def test_a_build_that_fails_at_its_last_step_leaves_the_old_one(
    shop: Workspace,
    embedder: Embedder,
    monkeypatch: pytest.MonkeyPatch,
    fault: Callable[[Any], Any],
    raised: type[BaseException],
) -> None:
    before = {path: path.read_bytes() for path in current(shop).rglob("*.json*")}
    with monkeypatch.context() as patch:
        # The manifest is written last.
        patch.setattr(
            "kit.knowledge.store.asdict", lambda value: (fault if isinstance(value, Manifest) else asdict)(value)
        )
        write(shop.root, "warranty.md", "# Warranty\n\nThere is none.\n")
        with pytest.raises(raised) as caught:
            shop.index()
    if raised is KitError:
        assert str(caught.value).startswith("manifest.json: The index cannot be written: No space left on device.")
    assert sorted(path.name for path in (shop.derived / "index").iterdir()) == sorted(
        [current(shop).name, "current", "lock"]
    )
    assert {path: path.read_bytes() for path in current(shop).rglob("*.json*")} == before
    assert "2 years" in reopened(shop.root, embedder).search("how long is the warranty")[0].passage.text
    # And the next build, undisturbed, takes its place.
    assert changes(shop.index()) == (4, 5, 1, True)
    assert "none" in shop.search("warranty")[0].passage.text


def test_the_old_build_stays_until_the_one_after_the_next(shop: Workspace) -> None:
    one = current(shop).name
    shop.index(rebuild=True)
    two = current(shop).name
    assert builds(shop) == {one, two}
    shop.index(rebuild=True)
    assert builds(shop) == {two, current(shop).name} and one != two


def test_a_reader_that_has_the_old_build_open_goes_on(shop: Workspace, embedder: Embedder) -> None:
    reader = reopened(shop.root, embedder)
    assert "2 years" in reader.search("how long is the warranty")[0].passage.text
    write(shop.root, "warranty.md", "# Warranty\n\nIt lasts 7 years.\n")
    shop.index()
    assert "2 years" in reader.search("how long is the warranty")[0].passage.text
    assert "7 years" in shop.search("how long is the warranty")[0].passage.text


def test_readers_never_see_half_an_index(shop: Workspace, embedder: Embedder) -> None:
    seen: list[str] = []
    faults: list[Exception] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set() and not faults:
            try:
                seen.append(reopened(shop.root, embedder).search("how long is the warranty")[0].passage.text)
            except Exception as error:
                faults.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    for years in (3, 4, 5):
        write(shop.root, "warranty.md", f"# Warranty\n\nThe warranty lasts {years} years.\n")
        reopened(shop.root, embedder).index()
        # One reading may have begun before the swap; the next has not.
        enough = len(seen) + 2
        while len(seen) < enough and not faults:
            time.sleep(0.005)
    done.set()
    thread.join()
    assert not faults
    assert list(dict.fromkeys(seen)) == [f"The warranty lasts {years} years." for years in (2, 3, 4, 5)]


def test_there_is_one_builder(shop: Workspace) -> None:
    before = builds(shop)
    with (
        FileLock(shop.derived / "index" / "lock"),
        pytest.raises(KitError, match=r"index: Another process is building this index\. Wait until it has finished\."),
    ):
        shop.index(rebuild=True)
    assert builds(shop) == before
    assert shop.index(rebuild=True).changed


# Trusted only when whole


def test_without_an_index_the_remedy_is_named(tmp_path: Path, embedder: Embedder) -> None:
    create_workspace(tmp_path / "shop")
    with pytest.raises(IndexUnavailable, match=r"There is no index yet\. Run `kit index`\."):
        reopened(tmp_path / "shop", embedder).search("x")
    assert not (tmp_path / "shop" / ".kit").exists()


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _one_line_less(path: Path) -> None:
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))


@pytest.mark.parametrize(
    ("part", "damage", "remedy"),
    [
        ("articles.jsonl", _cut, "--rebuild"),
        ("articles.jsonl", Path.unlink, "--rebuild"),
        ("passages.jsonl", _one_line_less, "--rebuild"),
        ("manifest.json", _cut, "--rebuild"),
        ("manifest.json", Path.unlink, "--rebuild"),
        ("bm25", shutil.rmtree, "--rebuild"),
        ("bm25/articles/vocab.index.json", _cut, "--rebuild"),
        ("chroma", shutil.rmtree, "--rebuild"),
        ("chroma/chroma.sqlite3", _cut, "--rebuild"),
        (".", shutil.rmtree, "`kit index`"),
    ],
)
def test_a_damaged_index_is_refused_and_can_be_mended(
    shop: Workspace, embedder: Embedder, part: str, damage: Callable[[Path], None], remedy: str
) -> None:
    # A copy, because Chroma keeps what this process has open.
    damaged = Path(shutil.copytree(shop.root, shop.root.with_name("damaged")))
    damage(current(reopened(damaged, embedder)) / part)
    with pytest.raises(IndexUnavailable) as caught:
        reopened(damaged, embedder).search("warranty")
    assert remedy in str(caught.value) and str(damaged / ".kit" / "index") in str(caught.value)
    reopened(damaged, embedder).index(rebuild="--rebuild" in remedy)
    assert first(reopened(damaged, embedder), "how long is the warranty") == "warranty#1"


@pytest.mark.parametrize(("key", "value"), [("embedder", "another@0123/torch-fp32"), ("format", 0)])
def test_an_index_of_another_make_is_refused_and_built_again(
    shop: Workspace, embedder: Embedder, key: str, value: object
) -> None:
    path = current(shop) / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {key: value}))
    with pytest.raises(IndexUnavailable, match=r"another@0123/torch-fp32|older format") as caught:
        reopened(shop.root, embedder).search("warranty")
    assert str(caught.value).endswith("Run `kit index`.")
    report = reopened(shop.root, embedder).index()
    assert report.changed and (report.embedded == 9) is (key == "embedder")
    assert first(reopened(shop.root, embedder), "how long is the warranty") == "warranty#1"
