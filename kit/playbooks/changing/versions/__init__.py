"""Two versions of a playbook: how they differ, and what comes of it."""

from kit.playbooks.changing.versions.changes import GROUPS, Change, Group
from kit.playbooks.changing.versions.comparing import changes

__all__ = ["GROUPS", "Change", "Group", "changes"]
