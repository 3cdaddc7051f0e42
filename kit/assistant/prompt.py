"""Prompts are files with a version; what was sent can be told from a run's log."""

import re
from dataclasses import dataclass
from pathlib import Path

from kit.text import digest

__all__ = ["PROMPTS", "Prompt", "filled", "load_prompt"]

# Those that there are; a run names them with their hashes.
PROMPTS = ("answer", "phrase", "read", "understand", "translate")


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


def filled(prompt: Prompt, *, company: str, voice: str = "", guidance: str = "", **others: str) -> str:
    """The prompt's text with what it leaves open.

    In one pass and without a template engine: braces in a setting or in an article's text are left as they are.
    """
    values = {
        "company": company,
        "voice": f"\nHow {company} writes: {voice}\n" if voice else "",
        "guidance": f"\nHow to say it in this case:\n{guidance}" if guidance else "",
        **others,
    }
    return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), prompt.text)
