"""The fixed sentences in other languages, from `languages.yaml`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from kit.text import squash

__all__ = ["Language", "base", "language", "languages", "sounds_alarm", "wants_person"]

_WORD = re.compile(r"[^\W_]+")


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
    persons: tuple[str, ...] = field(repr=False)
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
    return _holds(message, spoken.alarms)


def wants_person(message: str, spoken: Language) -> bool:
    """Whether the message has the words with which a person is asked for."""
    return _holds(message, spoken.persons)


def _holds(message: str, beginnings: Sequence[str]) -> bool:
    """Whether a word, or a run of words, of the message begins so."""
    text, *found = (" ".join(_WORD.findall(squash(one).lower())) for one in (message, *beginnings))
    # Where words are not parted by spaces, and in Hebrew and Arabic, what begins a word may stand within one.
    apart = bool(found) and ord(found[0][0]) < 0x0500
    return any((f" {one}" if apart else one) in f" {text}" for one in found)


@cache
def languages() -> Mapping[str, Language]:
    """All of the table, by code."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = Path(__file__).with_name("languages.yaml").read_text(encoding="utf-8")
    raw: dict[str, dict[str, Any]] = yaml.load(text, Loader=loader)
    return {code: _language(code, row) for code, row in raw.items()}


def _language(code: str, row: Mapping[str, Any]) -> Language:
    lists = {key: tuple(row[key]) for key in ("alarms", "persons", "phrases")}
    return Language(code, **{**row, **lists})
