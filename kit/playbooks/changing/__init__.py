"""Changes to playbooks.

    mutants/    playbooks that differ in one thing from the one that was written
    scoring/    which of them no test notices
    versions/   how two versions differ, in words and in what they do
"""

from kit.playbooks.changing.mutants import Kind, Mutant, mutants
from kit.playbooks.changing.versions import GROUPS, Change, Group, changes

__all__ = ["GROUPS", "Change", "Group", "Kind", "Mutant", "changes", "mutants"]
