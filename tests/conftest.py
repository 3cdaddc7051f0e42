"""What the tests share: one exported model, one indexed sample workspace, and an environment without keys."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import absl.logging
import pytest

from kit.scaffold import create_workspace
from kit.workspace import Workspace

ROOT = Path(__file__).parents[1]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session", autouse=True)
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Caches go to a temporary folder, and no key or proxy of this machine is seen."""
    patch = pytest.MonkeyPatch()
    patch.setenv("KIT_CACHE", str(tmp_path_factory.mktemp("cache")))
    for name in list(os.environ):
        if name.upper().endswith(("_API_KEY", "_PROXY")):
            patch.delenv(name)
    yield
    patch.undo()


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> None:
    """What tests start can be interrupted: where tests run side by side Ctrl-C is ignored, and that is inherited."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def absl_keeps_off_captured_output() -> None:
    """`rouge_score` brings absl, whose handler takes hold of `sys.stderr` as it is when it is first imported.

    Here that is the file that pytest captures into. Uvicorn sets logging up anew, which closes every handler, and absl
    closes its stream along with itself: all tests after that would fail for want of a place to write to.
    """
    absl.logging.get_absl_handler().python_handler.setStream(sys.__stderr__)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory, environment: None) -> Path:
    """The indexed sample workspace; tests must not change it."""
    path = tmp_path_factory.mktemp("sample") / "brightloom"
    create_workspace(path, sample=True)
    Workspace.open(path).index()
    Workspace.open(path).assistant()  # learns the router, so that no copy of this workspace has to
    return path


@pytest.fixture
def indexed_workspace(sample: Path, tmp_path: Path) -> Path:
    """A copy of the indexed sample workspace that a test may change, without what other tests asked in the original."""
    kept = shutil.ignore_patterns("audit", "outbox", "handoffs.jsonl")
    return Path(shutil.copytree(sample, tmp_path / "workspace", ignore=kept))


@pytest.fixture(scope="session")
def kit() -> Run:
    """Runs the `kit` command as its users do, in a process of its own."""

    def run(*args: str | Path, stdin: str = "", cwd: Path | None = None) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-W", "error", "-m", "kit", *map(str, args)]
        return subprocess.run(command, input=stdin, cwd=cwd, capture_output=True, text=True, timeout=110, check=False)

    return run
