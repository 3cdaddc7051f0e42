"""Changes to playbooks: which ones no test would notice, and what one version does that another does not."""

from kit.playbooks.changing.form import form
from kit.playbooks.changing.mutant import Kind, Mutant
from kit.playbooks.changing.mutating import mutants

__all__ = ["Kind", "Mutant", "form", "mutants"]
