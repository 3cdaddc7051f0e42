"""The index is the old one or the new one, whatever happens: killed, full disks, two writers, readers."""

import errno
import multiprocessing
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from kit.errors import KitError
from kit.knowledge.keeping import index, writing
from tests.conftest import ROOT
from tests.keeping.children import LIMITS, STAGES
from tests.keeping.conftest import ARTICLES, Shop

OLD, NEW = "2 years", "7 years"
QUERY = "how long is the warranty"


@pytest.fixture
def waiting(tmp_path: Path) -> Shop:
    """A shop whose index is not up to date."""
    shop = Shop(tmp_path / "shop")
    for name, text in ARTICLES.items():
        shop.write(name, text)
    shop.refresh()
    shop.write("warranty.md", ARTICLES["warranty.md"].replace(OLD, NEW))
    return shop


def children(what: str, shop: Shop) -> None:
    command = [sys.executable, "-m", "tests.keeping.children", what, str(shop.root)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stderr


def in_order(shop: Shop) -> None:
    """After one more refresh there is the new build, and nothing else."""
    shop.refresh()
    assert NEW in shop.first(QUERY)
    names = {path.name for path in shop.index.iterdir()}
    assert names == {shop.current.name, "current", "lock", "sources.json"}


def test_killed_at_any_stage_the_old_index_answers_or_the_new(waiting: Shop) -> None:
    children("killed", waiting)
    for stage in (*STAGES, "swap"):
        shop = Shop(waiting.root.with_name(stage))
        assert (NEW if stage in ("clean", "memory") else OLD) in shop.first(QUERY), stage
        in_order(shop)


def test_a_full_disk_leaves_the_old_index_and_one_error(waiting: Shop) -> None:
    children("full", waiting)
    said = []
    for limit in LIMITS:
        shop = Shop(waiting.root.with_name(f"full-{limit}"))
        note = shop.root / "says"
        if note.exists():
            said.append(note.read_text())
            assert shop.builds == {shop.current.name}
        assert (OLD if note.exists() else NEW) in shop.first(QUERY), limit
        in_order(shop)
    assert 3 < len(said) < len(LIMITS)
    assert all("cannot be written" in one or "Chroma cannot write the index" in one for one in said)
    assert len({"Chroma" in one for one in said}) == 2  # some fail there, some elsewhere
    assert all("What was there before is unchanged; make room" in one for one in said)


@pytest.mark.parametrize("stage", [name for name, (place, _, _) in STAGES.items() if place is writing])
@pytest.mark.parametrize("fault", [OSError(errno.ENOSPC, "No space left on device", "some.file"), KeyboardInterrupt()])
def test_a_build_that_fails_at_a_stage_leaves_nothing(
    waiting: Shop, monkeypatch: pytest.MonkeyPatch, stage: str, fault: BaseException
) -> None:
    place, name, _ = STAGES[stage]

    def fail(*args: Any, **options: Any) -> None:
        raise fault

    with monkeypatch.context() as patch:
        patch.setattr(place, name, fail)
        with pytest.raises(KitError if isinstance(fault, OSError) else KeyboardInterrupt) as caught:
            waiting.refresh()
    if isinstance(caught.value, KitError):
        assert str(caught.value).startswith("some.file: The index cannot be written: No space left on device.")
        assert caught.value.exit_code == 2
    assert waiting.builds == {waiting.current.name}
    assert OLD in waiting.first(QUERY)
    in_order(waiting)


def test_there_is_one_writer(shop: Shop) -> None:
    before = shop.builds
    with (
        FileLock(shop.index / "lock"),
        pytest.raises(KitError, match=r"index: Another process is building this index\. Wait until it has finished\."),
    ):
        shop.refresh(rebuild=True)
    assert shop.builds == before
    assert shop.refresh(rebuild=True).changed


def _refresh(root: Path, start: Any, results: Any) -> None:
    start.wait()
    try:
        Shop(root).refresh(rebuild=True)
    except KitError as error:
        results.put(error.problem)
    else:
        results.put("built")


def test_writers_that_race_leave_one_whole_index(waiting: Shop) -> None:
    context = multiprocessing.get_context("spawn")
    start, results = context.Event(), context.Queue()
    writers = [context.Process(target=_refresh, args=(waiting.root, start, results)) for _ in range(3)]
    for writer in writers:
        writer.start()
    start.set()
    said = {results.get(timeout=100) for _ in writers}
    for writer in writers:
        writer.join()
        writer.close()
    assert "built" in said and said <= {"built", "Another process is building this index."}
    in_order(waiting)


def test_readers_never_see_half_an_index(shop: Shop) -> None:
    seen: list[str] = []
    faults: list[Exception] = []
    done = threading.Event()

    def read() -> None:
        reader = Shop(shop.root)
        while not done.is_set() and not faults:
            try:
                seen.append(reader.first(QUERY))
            except Exception as error:
                faults.append(error)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for years in range(3, 9):
        shop.write("warranty.md", f"# Warranty\n\nThe warranty lasts {years} years.\n")
        shop.refresh()
        # Each may have begun a reading before the swap; the next has not.
        enough = len(seen) + 6
        while len(seen) < enough and not faults:
            time.sleep(0.005)
    done.set()
    for thread in threads:
        thread.join()
    assert not faults
    assert set(seen) == {f"The warranty lasts {years} years." for years in range(2, 9)}
    assert seen[-1] == "The warranty lasts 8 years."


def test_a_reader_keeps_its_build_for_as_long_as_it_reads(shop: Shop) -> None:
    reader, first = shop.open(), shop.current.name
    for years in (3, 4, 5):
        shop.write("warranty.md", f"# Warranty\n\nThe warranty lasts {years} years.\n")
        shop.refresh()
        assert shop.builds == {first, shop.current.name}
        assert OLD in shop.first(QUERY, reader)
    del reader
    shop.refresh()
    assert shop.builds == {shop.current.name}


def test_a_build_that_vanishes_while_it_is_opened_is_looked_for_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, opener = shop.current, index.open_build

    def late(folder: Path, *args: Any, **options: Any) -> Any:
        if folder == first:  # between reading the pointer and opening what it leads to
            monkeypatch.setattr(index, "open_build", opener)
            shop.refresh(rebuild=True)
            assert not first.exists()
        return opener(folder, *args, **options)

    monkeypatch.setattr(index, "open_build", late)
    assert shop.open().folder == shop.current != first
