"""The fixed sentences in other languages, from `languages.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from kit.text import squash

__all__ = ["Language", "base", "language", "languages", "sounds_alarm"]


@dataclass(frozen=True)
class Language:
    """A language with its fixed sentences; `languages.yaml` says what each is for."""

    code: str
    name: str
    hello: str
    passing: str
    waiting: str
    danger: str
    alarms: tuple[str, ...] = field(repr=False)
    phrases: tuple[str, ...] = field(repr=False)


def base(code: str) -> str:
    """`pt-BR` → `pt`."""
    return code.strip().lower().replace("_", "-").partition("-")[0]


def language(code: str) -> Language:
    """The language with its sentences; those of English for one that the table does not have, under its own code."""
    found = languages().get(code)
    return found or Language(**{**vars(languages()["en"]), "code": code, "name": f"another language ({code})"})


def sounds_alarm(message: str, spoken: Language) -> bool:
    """Whether a word of the message may mean that somebody is in danger."""
    text = f" {squash(message).lower()}"
    # Where words are not parted by spaces, and in Hebrew and Arabic, what begins a word may stand within one.
    apart = spoken.alarms and spoken.alarms[0][0].isalpha() and ord(spoken.alarms[0][0]) < 0x0500
    return any((f" {alarm}" if apart else alarm) in text for alarm in spoken.alarms)


@cache
def languages() -> Mapping[str, Language]:
    """All of the table, by code."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = Path(__file__).with_name("languages.yaml").read_text(encoding="utf-8")
    raw: dict[str, dict[str, Any]] = yaml.load(text, Loader=loader)
    return {code: _language(code, row) for code, row in raw.items()}


def _language(code: str, row: Mapping[str, Any]) -> Language:
    lists = {key: tuple(row[key]) for key in ("alarms", "phrases")}
    return Language(code, **{**row, **lists})
