"""Playbooks that differ in one thing from the one that was written."""

from kit.playbooks.changing.mutants.form import form
from kit.playbooks.changing.mutants.mutant import Kind, Mutant
from kit.playbooks.changing.mutants.mutating import mutants

__all__ = ["Kind", "Mutant", "form", "mutants"]
