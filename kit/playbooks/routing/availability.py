"""Which playbooks a customer can be led to today."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from kit.playbooks.language import Playbook
from kit.playbooks.language.conditions import ConditionError, evaluate

__all__ = ["unavailable"]


def unavailable(playbooks: Sequence[Playbook], customer: Mapping[str, Any], today: date) -> frozenset[str]:
    """The ids of those that are not in force today, or not for this customer.

    Args:
        playbooks: those to look through.
        customer: what the company knows of the customer, by attribute.
        today: the day.
    """
    return frozenset(one.id for one in playbooks if not one.holds_on(today) or not _is_for(one, customer))


def _is_for(playbook: Playbook, customer: Mapping[str, Any]) -> bool:
    if not playbook.audience_if:
        return True
    try:
        return bool(evaluate(playbook.audience_if, {"customer": customer}))
    except ConditionError:
        # An attribute that nobody knows: what is for some customers only is not offered to who may not be one.
        return False
