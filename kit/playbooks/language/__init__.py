"""What a playbook may say, and how it is read from its file."""

from kit.playbooks.language.collect import Collect, FieldType
from kit.playbooks.language.conditions import FUNCTIONS, ConditionError, UnknownName, evaluate, names_in, paths_in
from kit.playbooks.language.parser import Source, load_playbook, load_playbooks, load_sources, parse_playbook, playbook_files
from kit.playbooks.language.parts import RESERVED, HandoffReason, Name, Outcome, Priority, Value, WrittenPart
from kit.playbooks.language.playbook import HandOffRule, Playbook, Targets
from kit.playbooks.language.published import playbook_schema, schema_text
from kit.playbooks.language.references import broken, result_name
from kit.playbooks.language.steps import (
    Answer,
    Ask,
    Call,
    Check,
    Do,
    End,
    Goto,
    HandOff,
    Say,
    Step,
    targets,
    texts,
)
from kit.playbooks.language.trial_flaws import TrialFlaw, fields_in_reach, in_reach, trial_flaws
from kit.playbooks.language.trials import (
    Change,
    Expect,
    ExpectedCall,
    ExpectedHandOff,
    Mood,
    Persona,
    Trial,
    TrialKind,
    TrialTurn,
)
from kit.playbooks.language.words import filled, placeholders

__all__ = [
    "FUNCTIONS",
    "RESERVED",
    "Answer",
    "Ask",
    "Call",
    "Change",
    "Check",
    "Collect",
    "ConditionError",
    "Do",
    "End",
    "Expect",
    "ExpectedCall",
    "ExpectedHandOff",
    "FieldType",
    "Goto",
    "HandOff",
    "HandOffRule",
    "HandoffReason",
    "Mood",
    "Name",
    "Outcome",
    "Persona",
    "Playbook",
    "Priority",
    "Say",
    "Source",
    "Step",
    "Targets",
    "Trial",
    "TrialFlaw",
    "TrialKind",
    "TrialTurn",
    "UnknownName",
    "Value",
    "WrittenPart",
    "broken",
    "evaluate",
    "fields_in_reach",
    "filled",
    "in_reach",
    "load_playbook",
    "load_playbooks",
    "load_sources",
    "names_in",
    "parse_playbook",
    "paths_in",
    "placeholders",
    "playbook_files",
    "playbook_schema",
    "result_name",
    "schema_text",
    "targets",
    "texts",
    "trial_flaws",
]
