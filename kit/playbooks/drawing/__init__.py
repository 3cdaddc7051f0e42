"""Draws a playbook, for people who would rather look than read."""

from kit.playbooks.drawing.mermaid import mermaid
from kit.playbooks.drawing.svg import svg

__all__ = ["mermaid", "svg"]
