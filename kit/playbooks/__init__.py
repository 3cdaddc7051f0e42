"""Playbooks: policies that support teams write, and the engine that follows them to the letter.

    tools/      what a playbook can call
    language/   what it may say, and how it is read from its file
    reading/    reads fields out of what customers write
    routing/    tells which playbook, if any, a message is for
    engine/     follows a playbook, and leads a conversation through several
    trying/     plays the tests that playbooks carry, with the assistant itself
"""

from kit.playbooks.engine import (
    Advance,
    FieldReader,
    Handoff,
    Made,
    Part,
    Play,
    Plays,
    Setting,
    Shelf,
    Taken,
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
    Source,
    load_playbook,
    load_playbooks,
    load_sources,
    playbook_files,
    schema_text,
)
from kit.playbooks.reading import read_field
from kit.playbooks.routing import Route, RouteKind, Router, Routing
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

from kit.playbooks.trying import (
    CoverageReport,
    Host,
    Said,
    TrialReport,
    TrialResult,
    chosen,
    cover,
    coverage_json,
    coverage_lines,
    play_trials,
    report_json,
    report_lines,
    try_playbooks,
)

__all__ = [
    "Advance",
    "Collect",
    "CoverageReport",
    "FieldReader",
    "Handoff",
    "HandoffReason",
    "Host",
    "Made",
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
    "Routing",
    "Said",
    "Setting",
    "Shelf",
    "Source",
    "TableTool",
    "Taken",
    "Tool",
    "ToolFailure",
    "TrialReport",
    "TrialResult",
    "Turned",
    "call_tool",
    "check_tools",
    "chosen",
    "cover",
    "coverage_json",
    "coverage_lines",
    "concerns_playbooks",
    "load_playbook",
    "load_playbooks",
    "load_sources",
    "load_tools",
    "numbered",
    "picked",
    "play_trials",
    "playbook_files",
    "read_field",
    "report_json",
    "report_lines",
    "schema_text",
    "take_turn",
    "try_playbooks",
]
