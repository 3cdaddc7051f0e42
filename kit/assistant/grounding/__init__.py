"""Checks a sentence against the passage that it cites."""

from kit.assistant.grounding.check import Support, check_sentence

__all__ = ["Support", "check_sentence"]
