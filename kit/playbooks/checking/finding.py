"""What the linter finds, and the rules it goes by."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from kit.playbooks.checking.edits import Edit
from kit.yamlfile import KeyPath, Located

__all__ = ["RULES", "Finding", "Findings", "Level", "Rule", "rule"]

Level = Literal["error", "warning"]


@dataclass(frozen=True)
class Finding:
    """Something to mend in a playbook.

    Attributes:
        rule: the name of the rule; it stays the same from release to release.
        level: an `error` makes the playbook unusable or lets it do the wrong thing; a `warning` is for its owner to
            weigh.
        problem: what is wrong, in a sentence.
        remedy: what to do about it.
        path: the file.
        line: the line in it, counted from 1.
        fix: the change of the file that mends it; None where only a person can.
    """

    rule: str
    level: Level
    problem: str
    remedy: str
    path: Path
    line: int
    fix: Edit | None = None

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.level}: {self.problem} {self.remedy} [{self.rule}]"

    def plain(self) -> dict[str, Any]:
        """The finding as it stands in JSON."""
        return {
            "rule": self.rule,
            "level": self.level,
            "path": str(self.path),
            "line": self.line,
            "problem": self.problem,
            "remedy": self.remedy,
            "fixable": self.fix is not None,
        }


Findings = Iterator[Finding]


@dataclass(frozen=True)
class Rule:
    """A rule: its name, how grave a breach of it is, and what it asks for.

    Attributes:
        fixes: what `--fix` does about a breach; empty where it does nothing.
    """

    name: str
    level: Level
    about: str
    fixes: str = ""

    def at(
        self,
        located: Located,
        place: KeyPath,
        problem: str,
        remedy: str,
        *,
        fix: Edit | None = None,
        level: Level | None = None,
    ) -> Finding:
        """A breach of the rule at a place of a file."""
        path = Path(located.path)
        return Finding(self.name, level or self.level, problem, remedy, path, located.line(place), fix)


RULES: dict[str, Rule] = {}


def rule(name: str, level: Level, about: str, *, fixes: str = "") -> Rule:
    """Make a rule and enter it in the table of all rules."""
    assert name not in RULES, f"two rules {name}"
    RULES[name] = Rule(name, level, about, fixes)
    return RULES[name]
