"""The engine on Ray: a real cluster on this machine, and what happens without Ray."""

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from kit.errors import KitError
from kit.evals import Converser, RayEngine, run_suites
from tests.evals.test_running import CASES, SCRIPT, N
from tests.scripted import Scripted, suite


def opens() -> Converser:
    """Opens the assistant in a worker."""
    return Converser(Scripted(SCRIPT))


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # Ray leaves its log files and sockets open
def test_a_cluster_gives_what_threads_give(tmp_path: Path) -> None:
    numbers = suite(tmp_path, CASES, "numbers")
    local = run_suites(Scripted(SCRIPT), [numbers], folder=tmp_path / "local")
    unused = dict.fromkeys(SCRIPT, OSError("the assistant of this process has nothing to do"))
    ray = run_suites(Scripted(unused), [numbers], folder=tmp_path / "ray", engine=RayEngine(2, opens))
    for file in ("cases.jsonl", "scores.jsonl"):
        assert (local.folder / file).read_bytes() == (ray.folder / file).read_bytes()
    assert (ray.info.engine, ray.info.workers, ray.info.tally.lines) == ("ray", 2, N)
    import ray as package

    assert not package.is_initialized()


class Actor:
    """An actor of a cluster whose workers cannot open the assistant."""

    @property
    def ready(self) -> "Actor":
        return self

    def remote(self, *_: object) -> "Actor":
        return self


def test_an_assistant_that_cannot_be_opened_is_said_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed: list[Actor] = []

    def get(_: object) -> None:
        raise RuntimeError("ray::_Worker.__init__()\nkit.errors.KitError: There is no index.")

    fake = SimpleNamespace(
        is_initialized=lambda: True, remote=lambda **_: lambda _: Actor(), get=get, kill=killed.append
    )
    monkeypatch.setitem(sys.modules, "ray", fake)
    numbers = suite(tmp_path, CASES, "numbers")
    with pytest.raises(KitError, match=r"could be opened on Ray: kit\.errors\.KitError: There is no index"):
        run_suites(Scripted(SCRIPT), [numbers], folder=tmp_path / "no", engine=RayEngine(2, opens))
    assert len(killed) == 2


def test_without_ray_the_command_that_mends_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    numbers = suite(tmp_path, CASES, "numbers")
    with pytest.raises(KitError, match="Ray is not installed") as caught:
        run_suites(Scripted(SCRIPT), [numbers], folder=tmp_path / "ray", engine=RayEngine(2, opens))
    assert "pip install 'support-kit[ray]'" in str(caught.value)
