"""Playbooks: policies that support teams write, and the engine that follows them to the letter."""

from kit.playbooks.engine.engine import Advance, Part, advance, begin
from kit.playbooks.language.parser import load_playbook, load_playbooks, playbook_files
from kit.playbooks.routing.router import Route, RouteKind, Router
from kit.playbooks.language.schema import Handoff, HandoffReason, Play, Playbook, Priority
from kit.playbooks.tools.tools import TableTool, Tool, ToolFailure, load_tools

__all__ = [
    "Advance",
    "Handoff",
    "HandoffReason",
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
    "load_playbook",
    "load_playbooks",
    "load_tools",
    "playbook_files",
]
