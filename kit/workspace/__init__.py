"""Opens a workspace and wires the rooms together; the only place that knows them all.

Each module wires one room and builds on the one before, as the rooms do: folder, knowledge, records, playbooks,
what decides, assistant, the tests of playbooks, runs, CSAT and backtest, comparisons, the gate's trial, the making of
cases. The rooms are imported where they are used: a command pays only for those that it needs.
"""

from kit.workspace.making import Making

__all__ = ["Workspace"]


class Workspace(Making):
    """A folder with `kit.toml`, `playbooks/` and `evals/`, and what the kit derives from them in `.kit/`."""
