"""Playbooks that differ in one thing from the one that was written."""

from kit.playbooks.changing.mutating.form import form
from kit.playbooks.changing.mutating.making import mutants
from kit.playbooks.changing.mutating.mutant import Kind, Mutant

__all__ = ["Kind", "Mutant", "form", "mutants"]
