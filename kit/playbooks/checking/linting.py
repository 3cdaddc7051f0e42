"""Checks all playbooks of a workspace: gathers what every check finds."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from kit.errors import KitError
from kit.playbooks.checking.asking import check_asking
from kit.playbooks.checking.claims import check_claims, check_neighbours
from kit.playbooks.checking.finding import Finding, Findings
from kit.playbooks.checking.names import check_names
from kit.playbooks.checking.policy import check_policy, check_teams
from kit.playbooks.checking.scope import Case, Embed, Scope
from kit.playbooks.checking.shapes import read_all
from kit.playbooks.checking.testing import check_testing
from kit.playbooks.checking.tooling import check_tooling
from kit.playbooks.checking.truths import check_truths
from kit.playbooks.checking.ways import check_ways
from kit.playbooks.language import playbook_files
from kit.playbooks.tools import Tool
from kit.text import nearest

__all__ = ["Linted", "Linter"]

ONE: Sequence[Callable[[Case], Findings]] = (
    check_names,
    check_ways,
    check_truths,
    check_tooling,
    check_asking,
    check_claims,
    check_policy,
    check_testing,
)
ALL: Sequence[Callable[[Scope], Findings]] = (check_neighbours, check_teams)


@dataclass(frozen=True)
class Linted:
    """What was found in some playbooks, in the order of files and lines."""

    files: Sequence[Path]
    findings: Sequence[Finding]

    @property
    def errors(self) -> Sequence[Finding]:
        """The findings that have to be mended."""
        return [finding for finding in self.findings if finding.level == "error"]

    @property
    def warnings(self) -> Sequence[Finding]:
        """The findings to be weighed."""
        return [finding for finding in self.findings if finding.level == "warning"]


@dataclass(frozen=True)
class Linter:
    """Checks the playbooks of a folder.

    Attributes:
        folder: the playbooks.
        tools: what their `do` steps may call.
        today: the day on which dates are judged.
        missing: which of some article ids do not exist, each with the nearest that does; without it articles are not
            looked at.
        embed: makes vectors of sentences, to find examples that say nearly the same; without it these are not found.
        strict: whether warnings count as errors.
    """

    folder: Path
    tools: Mapping[str, Tool]
    today: date
    missing: Callable[[Collection[str]], Mapping[str, str | None]] | None = None
    embed: Embed | None = None
    strict: bool = False

    def files(self, ids: Sequence[str] = ()) -> list[Path]:
        """The files of these playbooks, or all.

        Raises:
            KitError: there is no such playbook.
        """
        files = playbook_files(self.folder)
        known = {path.stem: path for path in files}
        for id in ids:
            if id not in known:
                guess = nearest(id, known)
                remedy = f"Did you mean `{guess}`?" if guess else f"There are: {', '.join(known) or 'none'}."
                raise KitError(f"There is no playbook `{id}`.", path=self.folder, remedy=remedy)
        return [path for path in files if not ids or path.stem in ids]

    def lint(self, ids: Sequence[str] = ()) -> Linted:
        """Check these playbooks, or all. The others are read as well: a playbook is not right by itself.

        Raises:
            KitError: there is no such playbook.
        """
        files = self.files(ids)
        wanted = set(files)
        pile = read_all(self.files())
        scope = Scope(pile.sources, pile.unread, self.tools, self.today, self.missing, self.embed)
        findings = list(pile.findings)
        for case in scope.cases:
            if case.path in wanted:
                findings += (finding for check in ONE for finding in check(case))
        findings += (finding for check_all in ALL for finding in check_all(scope))
        found = sorted(
            {finding for finding in findings if finding.path in wanted},
            key=lambda one: (one.path, one.line, one.level, one.rule, one.problem),
        )
        return Linted(files, [replace(one, level="error") for one in found] if self.strict else found)
