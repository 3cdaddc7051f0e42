"""What DESIGN.md says about the rooms, held against the code."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import kit
from kit.errors import KitError
from tests.conftest import ROOT

PACKAGE = Path(kit.__file__).parent
# What stands in a line may import what stands in the lines above it.
ORDER = (
    {"errors", "files", "late", "progress", "retrying"},
    {"text"},
    {"settings", "tables", "yamlfile"},
    {"models"},
    {"safety"},
    {"knowledge"},
    {"playbooks"},
    {"assistant"},
    {"evals"},
    {"feasibility"},
    {"governance"},
    {"reports"},
    {"scaffold"},
    {"workspace"},
    {"app"},
    {"cli"},
    {"__main__", "__init__"},
)
LEVEL = {room: level for level, rooms in enumerate(ORDER) for room in rooms}
ROOMS = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
# A tool that users start by itself, and that no other room needs.
EXCEPTIONS = {"kit.models.fake_server"}
HEAVY = ("torch", "chromadb", "gradio", "ragas", "langgraph", "sklearn", "pandas", "transformers", "langchain")


def modules() -> list[Path]:
    """The package's modules; templates and data are none."""
    return sorted(PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """Line, module and names of every import of the kit itself, those for types and those within functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name, ()) for alias in node.names if alias.name.split(".")[0] == "kit")
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import"
            if node.module and node.module.split(".")[0] == "kit":
                yield node.lineno, node.module, tuple(alias.name for alias in node.names)


def targets(module: str, names: tuple[str, ...]) -> list[tuple[str, str]]:
    """What an import reaches: each as the room or ground-floor module and the full name of the module."""
    if module == "kit":
        # `from kit import __version__` reaches nothing but the package's own file.
        return [("workspace" if name == "Workspace" else name, f"kit.{name}") for name in names if name in LEVEL]
    return [(module.split(".")[1], module)]


def test_every_module_has_its_place_in_the_order() -> None:
    assert {room(path) for path in modules()} == set(LEVEL)


def test_rooms_import_only_rooms_above_them() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line}: {room(path)} imports {target}"
        for path in modules()
        if room(path) not in ("__init__", "__main__")
        for line, module, names in imports(path)
        for target, _ in targets(module, names)
        if target != room(path) and LEVEL[target] >= LEVEL[room(path)]
    ]
    assert wrong == []


def test_rooms_are_entered_through_their_front_door() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line}: {module}"
        for path in modules()
        for line, module, names in imports(path)
        for target, full in targets(module, names)
        if target in ROOMS and target != room(path) and full not in {f"kit.{target}", *EXCEPTIONS}
    ]
    assert wrong == []


def test_front_doors_name_what_they_have() -> None:
    for name in sorted(ROOMS):
        door = ast.parse((PACKAGE / name / "__init__.py").read_text(encoding="utf-8"))
        [listed] = [
            ast.literal_eval(node.value)
            for node in door.body
            if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["__all__"]
        ]
        assert len(listed) == len(set(listed)), f"kit.{name}.__all__ names something twice"
        bound = {
            (alias.asname or alias.name)
            for node in ast.walk(door)
            if isinstance(node, ast.ImportFrom | ast.Import)
            for alias in node.names
        } | {node.name for node in door.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
        bound |= {ast.unparse(node.targets[0]) for node in door.body if isinstance(node, ast.Assign)}
        assert set(listed) <= bound, f"kit.{name} has no {sorted(set(listed) - bound)}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_module_says_what_it_is_for(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and isinstance(node.type, ast.Name) and node.type.id == "Exception":
            silent = all(isinstance(line, ast.Pass) for line in node.body)
            assert not silent, f"{path}:{node.lineno}: an error is passed over in silence"


def run(code: str) -> str:
    """The output of a fresh interpreter, in which warnings are errors."""
    command = [sys.executable, "-W", "error", "-c", code]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, cwd=ROOT).stdout


LOADED = f"import sys; print(*sorted(name for name in {HEAVY!r} if name in sys.modules))"


@pytest.mark.parametrize(
    "code",
    [
        "import kit; kit.__version__",
        "import kit; kit.Workspace",
        "import kit.settings, kit.text, kit.yamlfile, kit.safety",
        "from kit.playbooks import load_playbooks; from pathlib import Path; load_playbooks(Path('none'), {})",
    ],
)
def test_importing_the_kit_loads_nothing_heavy(code: str) -> None:
    assert run(f"{code}\n{LOADED}").strip() == ""


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["ask", "--help"], ["eval", "--help"]], ids=" ".join)
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    code = f"""
import sys
sys.argv = ["kit", *{arguments!r}]
from kit.cli import main
try:
    main()
except SystemExit as stop:
    assert not stop.code, stop.code
{LOADED}
"""
    *said, loaded = run(code).splitlines()
    assert any("kit" in line for line in said)
    assert loaded == ""


def test_the_public_names() -> None:
    assert kit.__all__ == ["Workspace", "__version__"]
    assert kit.Workspace.__name__ == "Workspace"
    assert {"open", "index", "search", "ask", "assistant", "evaluate"} <= set(dir(kit.Workspace))
    with pytest.raises(AttributeError, match="has no attribute 'Workspaces'"):
        kit.Workspaces  # noqa: B018
    assert issubclass(KitError, Exception)
