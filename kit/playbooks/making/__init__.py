"""Makes new playbooks: from a template, or from a procedure that a company already has."""

from kit.playbooks.making.draft import Draft, draft_playbook
from kit.playbooks.making.procedure import Line, read_procedure
from kit.playbooks.making.template import template

__all__ = ["Draft", "Line", "draft_playbook", "read_procedure", "template"]
