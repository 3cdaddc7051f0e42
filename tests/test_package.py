"""The wheel works away from the checkout, and the documents say what is true."""

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import typer

from kit.cli import app
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the wheel installs."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, timeout=110)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_wheel_carries_the_sample_workspace(installed: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(installed)}

    def kit(*args: str) -> str:
        command = [sys.executable, "-m", "kit", *args]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True, timeout=110
        ).stdout

    kit("init", "demo", "--sample")
    assert "71 articles" in kit("index", "-w", "demo")
    assert "$4.99" in kit("ask", "-w", "demo", "how much is plus per month")


def test_wheel_holds_nothing_derived(installed: Path) -> None:
    names = [path.relative_to(installed).as_posix() for path in installed.rglob("*")]
    assert not [name for name in names if "/.kit" in name or "/tests/" in name or name.endswith(".pyc")]


def test_readme_names_every_command() -> None:
    group = typer.main.get_command(app)
    commands = set(group.commands)  # type: ignore[attr-defined]
    assert {name for name in commands if f"`kit {name}" not in README} == set()
    shown = set(re.findall(r"`kit ([a-z]+)", README))
    assert shown <= commands


def test_readme_names_every_extra() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert [extra for extra in project["optional-dependencies"] if f"`{extra}`" not in README] == []


def test_readme_python_runs(sample: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    # The one about stores embeds all passages again, and is run on fewer of them in tests/keeping.
    (block,) = (one for one in re.findall(r"```python\n(.*?)```", README, re.DOTALL) if "VectorStore" not in one)
    exec(block.replace('"acme"', repr(str(sample))), {})
    assert "answered" in capsys.readouterr().out


def test_links_of_the_readme_exist() -> None:
    targets = re.findall(r"\]\(([^)#:]+)\)", README)
    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []
