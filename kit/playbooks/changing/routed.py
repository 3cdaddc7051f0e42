"""The part of a playbook that decides which messages it gets, as against what it does with them."""

from kit.playbooks.language import Playbook

__all__ = ["routed"]

_PLAYED = {
    "steps",
    "collect",
    "hand_off",
    "tests",
    "guidance",
    "must_say",
    "never_say",
    "success_criteria",
    "targets",
    "version",
    "owner",
    "team",
    "max_clarifications",
    "composition",
    "knowledge",
}


def routed(playbook: Playbook) -> str:
    """All that the router and the question "which of these?" look at, as JSON; anything in doubt is in it."""
    return playbook.model_dump_json(exclude=_PLAYED)
