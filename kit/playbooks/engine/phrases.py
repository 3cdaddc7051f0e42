"""The few sentences that the kit itself says in a play; all others are the playbook's."""

from typing import Final

__all__ = ["BACK", "CANCELED", "CANCELED_LATE", "NOTHING_CHANGED", "SWITCHED", "WHICH"]

NOTHING_CHANGED: Final = "All right, I have not changed anything."
CANCELED: Final = "All right, I have stopped that. Nothing has been changed."
CANCELED_LATE: Final = "All right, I have stopped there. What was already done stays as it is."
SWITCHED: Final = "All right, that first. We can come back to the other afterwards."
BACK: Final = "Now back to the other: {offer}."
WHICH: Final = "I want to be sure that I do the right thing. Which of these is it?\n\n{options}"
