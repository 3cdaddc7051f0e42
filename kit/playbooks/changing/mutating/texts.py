"""Changes to what is said: figures that differ, values that are missing."""

import re
from collections.abc import Iterator

from kit.playbooks.changing.mutating.mutant import Data, Edit, put, taken_from
from kit.playbooks.language import placeholders
from kit.yamlfile import KeyPath

__all__ = ["FIGURE", "edits", "places", "text_edits"]

# A number by itself, as in `$200` or `30 days`. Digits within a code, such as the BL-104233 that shows what an order
# number looks like, are no figure that the policy rests on.
FIGURE = re.compile(r"(?<![\w{.-])\d+(?:[.,]\d+)*(?![\w}-]|\.\d)")
_SAID = {"say": ("text",), "do": ("confirm",), "end": ("text",), "hand_off": ("text",), "answer": ("question",)}


def edits(data: Data) -> Iterator[Edit]:
    """Every figure of every text changed, and every placeholder removed, one at a time."""
    for where, name in places(data):
        yield from text_edits(data, where, name)


def places(data: Data) -> Iterator[tuple[KeyPath, str]]:
    """Where customers are told something, with the name of the part that tells it."""
    for number, field in enumerate(data.get("collect", ())):
        yield ("collect", number, "ask"), f"the question for `{field['name']}`"
    for number, step in enumerate(data["steps"]):
        for key in _SAID.get(step["type"], ()):
            if step.get(key):
                yield ("steps", number, key), f"step `{step['id']}`"
    for number, rule in enumerate(data.get("hand_off", ())):
        if rule.get("text"):
            yield ("hand_off", number, "text"), f"the hand-off rule `{rule['if']}`"


def text_edits(data: Data, where: KeyPath, name: str) -> Iterator[Edit]:
    """The changes to one text: each figure where it stands, each placeholder wherever it stands."""
    text: str = taken_from(data, where)
    for found in FIGURE.finditer(text):
        other = _other(found.group())
        changed = text[: found.start()] + other + text[found.end() :]
        said = f"{name} says {other} instead of {found.group()}"
        test = f"Add `says: ['{_around(text, found)}']` to a test that gets there."
        yield Edit("figure", where, said, test, put(data, where, changed))
    for _, path in dict.fromkeys(placeholders(text)):
        changed = text.replace(f"{{{path}}}", "")
        if changed.strip():
            said = f"{name} no longer says the {{{path}}}"
            test = f"Add `says` with the value of {path} to a test that gets to {name}."
            yield Edit("placeholder", where, said, test, put(data, where, changed))


def _other(figure: str) -> str:
    """The figure with its last digit changed."""
    return figure[:-1] + str((int(figure[-1]) + 1) % 10)


def _around(text: str, found: re.Match[str]) -> str:
    """The figure with its currency, if it has one, and with the word that follows it."""
    start = found.start() - 1 if text[: found.start()][-1:] in ("$", "€", "£") else found.start()
    following = re.match(r"\s+[^\W\d_]+", text[found.end() :])
    return text[start : found.end() + (following.end() if following else 0)]
