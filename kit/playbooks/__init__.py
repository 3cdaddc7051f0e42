"""Playbooks: policies that support teams write, and the engine that follows them to the letter.

tools/      what a playbook can call
language/   what it may say, and how it is read from its file
reading/    reads fields out of what customers write
routing/    tells which playbook, if any, a message is for
engine/     follows a playbook, and leads a conversation through several
checking/   finds what is wrong with playbooks, and mends what can be mended without thinking
trying/     plays the tests that playbooks carry, with the assistant itself
changing/   what no test notices, and what one version does that another does not
making/     drafts new ones
drawing/    draws them
"""

from typing import TYPE_CHECKING

from kit.late import late
from kit.playbooks.engine import (
    Advance,
    FieldReader,
    Handoff,
    Made,
    Part,
    Play,
    Plays,
    SeenPassage,
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
    parse_playbook,
    playbook_files,
    schema_text,
    targets,
)
from kit.playbooks.reading import asks, read_field, read_yes_no
from kit.playbooks.routing import Route, RouteKind, Router, Routing, asks_for_person
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

# What replies to customers is here at once; what support teams work with comes when it is asked for.
if TYPE_CHECKING:
    from kit.playbooks.changing import (
        MOST_CONVERSATIONS,
        DiffReport,
        Recorded,
        ScoreReport,
        Version,
        compare_metrics,
        diff,
        diff_json,
        diff_lines,
        mutants,
        routed,
        score,
        score_json,
        score_lines,
    )
    from kit.playbooks.checking import RULES, Finding, Linted, Linter, Mended, mend
    from kit.playbooks.drawing import mermaid, svg
    from kit.playbooks.making import Draft, draft_playbook, template
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
        report_junit,
        report_lines,
        try_playbooks,
    )

__all__ = [
    "MOST_CONVERSATIONS",
    "RULES",
    "Advance",
    "Collect",
    "CoverageReport",
    "DiffReport",
    "Draft",
    "FieldReader",
    "Finding",
    "Handoff",
    "HandoffReason",
    "Host",
    "Linted",
    "Linter",
    "Made",
    "Mended",
    "Mock",
    "MockTools",
    "Part",
    "Play",
    "Playbook",
    "Plays",
    "Priority",
    "Recorded",
    "Route",
    "RouteKind",
    "Router",
    "Routing",
    "Said",
    "ScoreReport",
    "SeenPassage",
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
    "Version",
    "asks",
    "asks_for_person",
    "call_tool",
    "check_tools",
    "chosen",
    "compare_metrics",
    "concerns_playbooks",
    "cover",
    "coverage_json",
    "coverage_lines",
    "diff",
    "diff_json",
    "diff_lines",
    "draft_playbook",
    "load_playbook",
    "load_playbooks",
    "load_sources",
    "load_tools",
    "mend",
    "mermaid",
    "mutants",
    "numbered",
    "parse_playbook",
    "picked",
    "play_trials",
    "playbook_files",
    "read_field",
    "read_yes_no",
    "report_json",
    "report_junit",
    "report_lines",
    "routed",
    "schema_text",
    "score",
    "score_json",
    "score_lines",
    "svg",
    "take_turn",
    "targets",
    "template",
    "try_playbooks",
]

__getattr__ = late(__name__, ("drawing", "making", "checking", "trying", "changing"))
