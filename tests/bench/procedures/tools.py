"""The buttons of a manual as tools that are mocked."""

from collections.abc import Mapping
from typing import Any

from tests.bench.procedures.manual import Button

__all__ = ["changes", "table"]

# Interactions that only bring something up or write it down; all others change an order, an account or a payment.
_NOTES = ("pull", "record", "enter", "send", "notify")
_ANSWERS: dict[str, dict[str, Any]] = {
    "ask-the-oracle": {"answer": True},
    "verify-identity": {"verified": True},
    "validate-purchase": {"valid": True},
    "make-password": {"password": "a new password"},
    "promo-code": {"code": "a new code"},
}


def changes(button: Button) -> bool:
    """Whether pressing it changes something for the customer, so that they are asked first."""
    first = button.name.partition("-")[0]
    return button.kind == "interaction" and first not in _NOTES and not button.name.endswith("status")


def table(buttons: Mapping[str, Button]) -> dict[str, dict[str, Any]]:
    """The tools as they stand in `tools.yaml`."""
    return {
        button.tool: {
            "description": f"{button.name.replace('-', ' ').capitalize()}.",
            "changes": changes(button),
            "otherwise": _answer(button),
        }
        for button in buttons.values()
    }


def _answer(button: Button) -> dict[str, Any]:
    """What it answers; whatever looks up a status also finds what is to be paid, and when."""
    if button.kind == "kb_query" and button.name.endswith("status"):
        return {"active": True, "amount": 99, "due_date": "2026-07-01"}
    return _ANSWERS.get(button.name, {"done": True})
