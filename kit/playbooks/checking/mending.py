"""Mends in the files of playbooks what can be mended without thinking."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kit.files import write_whole
from kit.playbooks.checking.edits import Edit, RemoveItem, edited
from kit.playbooks.checking.linting import Linter

__all__ = ["Mended", "mend"]

# A mended key can show a misspelt value behind it, and so on; nothing is hidden deeper than this.
MAX_ROUNDS = 10
# The head as it stands in the file, whatever ends its lines.
_HEAD = re.compile(r"\ufeff?---[ \t]*\r?\n(?P<head>(?:.*\n)*?)---[ \t]*(?:\r?\n|\Z)")


@dataclass(frozen=True)
class Mended:
    """A change that was made."""

    path: Path
    line: int
    rule: str
    change: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: mended: {self.change} [{self.rule}]"


def mend(linter: Linter, ids: Sequence[str] = ()) -> list[Mended]:
    """Mend these playbooks, or all, until nothing is left that can be mended.

    Each file is written whole or not at all, and only its head changes. A change that would do anything else than
    what it is meant to is not made.

    Raises:
        KitError: there is no such playbook.
        OSError: a file cannot be written.
    """
    linter = replace(linter, embed=None)  # whatever it finds, only a person can mend
    done: list[Mended] = []
    for _ in range(MAX_ROUNDS):
        before = len(done)
        findings = linter.lint(ids).findings
        for path in dict.fromkeys(finding.path for finding in findings if finding.fix is not None):
            fixes = {one.fix: one for one in findings if one.path == path and one.fix is not None}
            for edit in _apply(path, _in_order(fixes)):
                done.append(Mended(path, fixes[edit].line, fixes[edit].rule, str(edit)))
        if len(done) == before:
            break
    return done


def _in_order(edits: Iterable[Edit]) -> list[Edit]:
    """The edits, so that none moves the place of one behind it: items are removed last, and from the end."""
    return sorted(
        edits, key=lambda edit: (isinstance(edit, RemoveItem), *(-int(edit.place[-1]) for _ in _removed(edit)))
    )


def _removed(edit: Edit) -> tuple[Edit, ...]:
    return (edit,) if isinstance(edit, RemoveItem) else ()


def _apply(path: Path, edits: Sequence[Edit]) -> list[Edit]:
    """Make the edits in the file; returns those that were made."""
    text = path.read_bytes().decode("utf-8")
    found = _HEAD.match(text)
    if found is None:
        return []
    ending = "\r\n" if "\r\n" in found["head"] else "\n"
    head = found["head"].replace("\r\n", "\n")
    if head.replace("\n", ending) != found["head"]:
        return []  # lines end now so, now so: they would not all be the same afterwards
    made = []
    for edit in edits:
        changed = edited(head, edit)
        if changed is not None:
            head = changed
            made.append(edit)
    if made:
        write_whole(path, text[: found.start("head")] + head.replace("\n", ending) + text[found.end("head") :])
    return made
