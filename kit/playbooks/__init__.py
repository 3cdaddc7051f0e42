"""Playbooks: policies that support teams write, and the engine that follows them to the letter.

    tools/      what a playbook can call
    language/   what it may say, and how it is read from its file
    reading/    reads fields out of what customers write
    routing/    tells which playbook, if any, a message is for
    engine/     follows a playbook, and leads a conversation through several
"""

from kit.playbooks.engine import (
    Advance,
    FieldReader,
    Handoff,
    Part,
    Play,
    Plays,
    Setting,
    Shelf,
    Turned,
    concerns_playbooks,
    numbered,
    picked,
    take_turn,
)
from kit.playbooks.language import (
    Collect,
    HandoffReason,
    Playbook,
    Priority,
    load_playbook,
    load_playbooks,
    playbook_files,
    schema_text,
)
from kit.playbooks.reading import read_field
from kit.playbooks.routing import Route, RouteKind, Router
from kit.playbooks.tools import (
    Mock,
    MockTools,
    TableTool,
    Tool,
    ToolFailure,
    call_tool,
    check_tools,
    load_tools,
)

__all__ = [
    "Advance",
    "Collect",
    "FieldReader",
    "Handoff",
    "HandoffReason",
    "Mock",
    "MockTools",
    "Part",
    "Play",
    "Playbook",
    "Plays",
    "Priority",
    "Route",
    "RouteKind",
    "Router",
    "Setting",
    "Shelf",
    "TableTool",
    "Tool",
    "ToolFailure",
    "Turned",
    "call_tool",
    "check_tools",
    "concerns_playbooks",
    "load_playbook",
    "load_playbooks",
    "load_tools",
    "numbered",
    "picked",
    "playbook_files",
    "read_field",
    "schema_text",
    "take_turn",
]
