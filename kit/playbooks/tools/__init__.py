"""What the `do` steps of a playbook can call."""

from collections.abc import Mapping
from typing import Any

from kit.playbooks.tools.tools import TableTool, Tool, ToolFailure, load_tools

__all__ = ["TableTool", "Tool", "ToolFailure", "call_tool", "load_tools"]


def call_tool(tool: Tool, args: Mapping[str, Any], *, key: str = "") -> dict[str, Any]:
    """Call a tool; whatever goes wrong is a ToolFailure."""
    try:
        return tool.call(args)
    except Exception as error:  # A tool is the company's own code.
        raise ToolFailure(str(error)) from error
