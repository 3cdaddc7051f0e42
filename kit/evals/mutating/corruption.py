"""One thing that is wrong with a workspace."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, get_args

from kit.assistant import Prompt
from kit.playbooks import Playbook
from kit.text import digest

__all__ = ["CORRUPTION_KINDS", "Corruption", "CorruptionKind"]

CorruptionKind = Literal["figure", "negation", "removed", "swapped", "playbook", "threshold", "prompt"]
CORRUPTION_KINDS: tuple[CorruptionKind, ...] = get_args(CorruptionKind)


@dataclass(frozen=True, kw_only=True)
class Corruption:
    """A workspace that differs in one thing from the one that there is.

    Attributes:
        kind: what sort of mistake it is.
        target: the article, playbook, setting or prompt that is wrong.
        what: the mistake as a clause that follows "if": "`$14.95` becomes `$22.43`".
        path: the file, below the workspace.
        line: where in it, from 1; 0 where it is about the whole.
        edits: by file below the workspace its new text; None: the file is gone.
        playbook: takes the place of the one with its id.
        routes: whether it may lead messages elsewhere, so that it can change conversations that it has no part in.
        settings: settings of the assistant that differ.
        prompt: takes the place of the one with its name.
    """

    kind: CorruptionKind
    target: str
    what: str
    path: str
    line: int = 0
    edits: Mapping[str, str | None] = field(default_factory=dict)
    playbook: Playbook | None = None
    routes: bool = False
    settings: Mapping[str, float] = field(default_factory=dict)
    prompt: Prompt | None = None

    @property
    def of_knowledge(self) -> bool:
        """Whether it is the articles that are wrong."""
        return bool(self.edits)

    @cached_property
    def key(self) -> str:
        """Equal for two that are wrong in the same way."""
        parts = [self.kind, self.target, json.dumps([dict(self.edits), dict(self.settings)], sort_keys=True)]
        parts += [self.playbook.model_dump_json() if self.playbook else "", self.prompt.text if self.prompt else ""]
        return digest(*parts)[:24]
