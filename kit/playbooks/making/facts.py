"""The facts that a sentence of a procedure asks for, as fields."""

import re
from dataclasses import dataclass

from kit.playbooks.language import FieldType
from kit.playbooks.making.yamltext import slug

__all__ = ["Fact", "facts"]

_SPLIT = re.compile(r"\s*(?:,|;|\band\b|\bas well as\b|\bplus\b)\s*", re.IGNORECASE)
_LEADING = re.compile(r"^(?:for|their|the|his or her|a|an|your|customer's|full)\s+", re.IGNORECASE)
_WHETHER = re.compile(r"^(?:whether|if)\s+(?P<what>.+)", re.IGNORECASE)
_OPTIONS = re.compile(r"\((?P<options>[^()]*(?:,|\bor\b|/)[^()]*)\)")
_TYPES: tuple[tuple[str, FieldType], ...] = (
    (r"e-?mail", "email"),
    (r"phone|telephone|mobile|cell", "phone"),
    (r"\bdate\b|\bday\b|when ", "date"),
    (r"amount|price|cost|total|\bfee\b", "money"),
    (r"how many|quantity|number of", "number"),
)


@dataclass(frozen=True)
class Fact:
    """A field to collect."""

    name: str
    what: str
    type: FieldType
    choices: tuple[str, ...] = ()


def facts(text: str, taken: set[str]) -> list[Fact]:
    """What a sentence asks for, each fact by itself; names differ from those that are taken."""
    text = text.strip(" .?:")
    if match := _WHETHER.match(text):
        return [Fact(slug(match["what"], taken=taken), match["what"], "yes_no")]
    if match := _OPTIONS.search(text):
        what = text[: match.start()].strip(" :")
        options = [part.strip() for part in re.split(r",|/|\bor\b", match["options"]) if part.strip()]
        if len(options) > 1:
            what = _bare(what)
            return [Fact(slug(what, taken=taken), what, "choice", tuple(dict.fromkeys(options)))]
    parts = [bare for part in _SPLIT.split(re.sub(r"\([^()]*\)", "", text)) if (bare := _bare(part))]
    return [Fact(slug(part, taken=taken), part, _type(part)) for part in parts]


def _bare(part: str) -> str:
    before = ""
    while before != part:
        before, part = part, _LEADING.sub("", part.strip())
    return part


def _type(part: str) -> FieldType:
    return next((kind for pattern, kind in _TYPES if re.search(pattern, part, re.IGNORECASE)), "text")
