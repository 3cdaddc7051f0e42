"""Reads what a playbook asks for out of what the customer wrote."""

from kit.playbooks.reading.cancels import cancels
from kit.playbooks.reading.corrections import corrected
from kit.playbooks.reading.fields import read_field, volunteered
from kit.playbooks.reading.found import Value
from kit.playbooks.reading.questions import asks, split_question
from kit.playbooks.reading.unknown import does_not_know
from kit.playbooks.reading.yes_no import read_yes_no

__all__ = [
    "Value",
    "asks",
    "cancels",
    "corrected",
    "does_not_know",
    "read_field",
    "read_yes_no",
    "split_question",
    "volunteered",
]
