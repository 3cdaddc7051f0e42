"""Playbooks: policies that support teams write, and the engine that follows them to the letter."""

from kit.playbooks.engine.engine import Advance, Part, advance, begin
from kit.playbooks.language.parser import load_playbook, load_playbooks, playbook_files
from kit.playbooks.routing.router import Route, RouteKind, Router
from kit.playbooks.language.schema import Handoff, HandoffReason, Play, Playbook, Priority
from kit.playbooks.tools.calling import call_tool
from kit.playbooks.tools.loading import check_tools, load_tools
from kit.playbooks.tools.mocks import Call, Mock, MockAnswer, MockTools
from kit.playbooks.tools.table import TableTool
from kit.playbooks.tools.tools import Tool, ToolFailure

__all__ = [
    "Advance",
    "Call",
    "Handoff",
    "HandoffReason",
    "Mock",
    "MockAnswer",
    "MockTools",
    "Part",
    "Play",
    "Playbook",
    "Priority",
    "Route",
    "RouteKind",
    "Router",
    "TableTool",
    "Tool",
    "ToolFailure",
    "advance",
    "begin",
    "call_tool",
    "check_tools",
    "load_playbook",
    "load_playbooks",
    "load_tools",
    "playbook_files",
]
