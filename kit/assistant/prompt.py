"""Prompts are files with a version; what was sent can be told from a run's log."""

from dataclasses import dataclass
from pathlib import Path

from kit.text import digest

__all__ = ["Prompt", "load_prompt"]


@dataclass(frozen=True)
class Prompt:
    """A prompt's text, and a hash that changes with it."""

    name: str
    text: str

    @property
    def hash(self) -> str:
        return digest(self.text)[:12]


def load_prompt(name: str) -> Prompt:
    """The prompt `prompts/<name>.md`."""
    return Prompt(name, Path(__file__).with_name("prompts").joinpath(f"{name}.md").read_text(encoding="utf-8"))
