"""Reads and checks `tools.yaml`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kit.errors import KitError
from kit.playbooks.tools.kinds import NAME
from kit.playbooks.tools.openapi.entry import OpenApiEntry
from kit.playbooks.tools.openapi.tool import OpenApiTool
from kit.playbooks.tools.origin import Origin
from kit.playbooks.tools.python_tool import PythonEntry, PythonTool
from kit.playbooks.tools.table import TableTool
from kit.playbooks.tools.tools import Tool
from kit.yamlfile import Located, load_yaml, read_text, validate

__all__ = ["check_tools", "load_tools"]

FILE = "tools.yaml"


def load_tools(folder: Path) -> dict[str, Tool]:
    """The tools of a workspace, from `tools.yaml` in its playbooks folder; none when there is no such file.

    Nothing of the company is executed and no server is asked: that is for the first call, or for `check_tools`.

    Raises:
        KitError: the file is malformed; names file and line.
    """
    path = folder / FILE
    if not path.is_file():
        return {}
    located = load_yaml(read_text(path), path=path)
    if located.data is None:
        return {}
    if not isinstance(located.data, dict):
        raise located.error("This file must be `name: tool` entries.", remedy="Begin with `order_lookup:`.")
    # Files that a tool names lie in the workspace; a playbooks folder by itself is one of its own.
    root = folder.parent if (folder.parent / "kit.toml").is_file() else folder
    return {name: _tool(Origin(located, name, root), located, name) for name in located.data}


def check_tools(tools: Mapping[str, Tool]) -> list[KitError]:
    """What would keep the tools from working, found without calling any.

    Checked are: files, functions, operations and their parameters, type hints and schemas, addresses, environment
    variables, and whether the mock of a tool answers with what the tool returns. Modules that Python tools name are
    executed, as they are before a call.
    """
    problems: list[KitError] = []
    for tool in tools.values():
        if isinstance(tool, PythonTool | OpenApiTool):
            problems += tool.problems()
    return problems


def _tool(origin: Origin, located: Located, name: str) -> Tool:
    if not NAME.fullmatch(name):
        raise origin.error(f"`{name}` is not a name for a tool.", remedy="Use small letters, digits and _ only.")
    data: Any = located.data[name]
    kinds = [kind for kind in ("python", "openapi") if isinstance(data, dict) and kind in data]
    if len(kinds) > 1:
        raise origin.error("A tool is either a function or an operation.", (kinds[1],), remedy="Make two tools of it.")
    tool: TableTool | PythonTool | OpenApiTool
    if kinds == ["python"]:
        tool = PythonTool(validate(PythonEntry, located, (name,)), origin)
    elif kinds == ["openapi"]:
        tool = OpenApiTool(validate(OpenApiEntry, located, (name,)), origin)
    else:
        tool = validate(TableTool, located, (name,))
    stated = tool.stated if isinstance(tool, TableTool) else tool.entry.stated
    for key in stated or {}:
        if not NAME.fullmatch(key):
            raise origin.error(f"`{key}` is not a name: small letters, digits and _ only.", ("returns", key))
    table, place = (tool, ()) if isinstance(tool, TableTool) else (tool.entry.mock, ("mock",))
    for misfit in origin.misfits(table, stated, *place) if table else ():
        raise misfit
    return tool
