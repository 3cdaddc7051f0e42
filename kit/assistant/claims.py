"""Reads a chat model's answer as it streams: sentence by sentence, each with the passages that it names.

The model is asked for JSON lines, one object for a sentence or a step: `{"text": "…", "passages": ["id"]}`. That needs
nothing of a provider but text, and each line can be checked and said while the next is on its way; an answer as one
JSON object, which providers' own structured output gives, could be checked only when it is whole. Models that are too
small to keep to it write prose: there each sentence is followed by the ids of its passages in square brackets. Both are
understood, and JSON in other shapes, such as an array or one object around all.
"""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from kit.text import ABBREVIATIONS

__all__ = ["Claim", "ClaimReader", "is_step"]

_BRACKETS = r"\[[^\[\]\n]{1,200}\]"
# A sentence is complete once something follows its marks; until then more of it may come. A colon ends none but at the
# end of a line: "Never do this: …" must not be taken apart.
_COMPLETE = re.compile(
    rf"(?P<all>[.!?][\"'”’)*_]*(?P<marks>(?:\s*{_BRACKETS}){{0,9}})|(?::|{_BRACKETS})(?:[ \t]*{_BRACKETS}){{0,9}}"
    r"(?=[ \t]*\n))\s+(?=[^\s\[])"
)
_STEP = re.compile(r"\s*\d+[.)]\s+")
_ITEM = re.compile(r"\s*(?:[-*•]|\d+[.)])\s+")
_JSON = re.compile(r"(?:^|\n)\s*(?:```\w*\s*)?\[?\s*(?=\{\s*\")")
# Prose until it turns out to be JSON, or for good once so much of it has come.
_UNDECIDED = 200
_DECODER = json.JSONDecoder()


@dataclass(frozen=True)
class Claim:
    """A sentence or step of the answer, with the white space before it, and the ids of the passages that it names.

    `several`: it may be more than one sentence, each of which has to be supported.
    """

    text: str
    passages: tuple[str, ...] = ()
    several: bool = False


def is_step(text: str) -> bool:
    """Whether it is a step of a procedure."""
    return bool(_STEP.match(text))


class ClaimReader:
    """Takes an answer in pieces and gives its claims as they are complete.

    Args:
        ids: those of the passages, in the order of the prompt; a number stands for the passage at that place.
    """

    def __init__(self, ids: Collection[str]) -> None:
        self._ids = {id.lower(): id for id in ids} | {str(place): id for place, id in enumerate(ids, start=1)}
        self._buffer = ""
        self._json = False
        self._last = ""

    def feed(self, text: str) -> Iterator[Claim]:
        """The claims that these further words complete."""
        self._buffer += text
        if not self._json and (begins := _JSON.search(self._buffer)):
            self._json, self._buffer = True, self._buffer[begins.end() :]
        if self._json:
            yield from self._objects()
            return
        if self._may_be_json():
            return
        while (end := _end_of_sentence(self._buffer)) is not None:
            yield self._marked(self._buffer[:end])
            self._buffer = self._buffer[end:]

    def end(self) -> Iterator[Claim]:
        """What is left when the answer has ended."""
        if self._json:
            yield from self._objects()
            if (rest := self._buffer.strip(" \t\n`],}")) and '"text"' in rest:
                yield Claim(rest)
            return
        yield from self.feed("\n")
        if self._buffer.strip():
            yield self._marked(self._buffer)
        self._buffer = ""

    def _may_be_json(self) -> bool:
        start = self._buffer.lstrip()
        return not self._last and len(start) < _UNDECIDED and start[:1] in ("{", "`", "[") and "\n" not in start

    # Prose

    def _marked(self, raw: str) -> Claim:
        """A sentence with its marks taken off."""
        named: list[str] = []

        def take(mark: re.Match[str]) -> str:
            parts = [self._id(part) for part in re.split(r"[,;]\s*", mark[0].strip()[1:-1])]
            if not all(parts):
                return "" if _looks_like_mark(mark[0]) else mark[0]
            named.extend(part for part in parts if part)
            return ""

        text = re.sub(rf"\s*{_BRACKETS}(?!\()", take, raw)
        self._last = text
        gap = raw[: len(raw) - len(raw.lstrip())]
        return Claim(gap + text.strip(), tuple(dict.fromkeys(named)))

    def _id(self, name: str) -> str:
        return self._ids.get(str(name).strip(" []").lower(), "")

    # JSON

    def _objects(self) -> Iterator[Claim]:
        while (start := self._buffer.find("{")) >= 0:
            before = self._buffer[:start]
            try:
                found, end = _DECODER.raw_decode(self._buffer, start)
            except ValueError:
                line, newline, rest = self._buffer[start:].partition("\n")
                if not newline or not line.rstrip(" ,").endswith("}"):
                    return  # more of it may come
                # A line that is no JSON is a claim that nothing supports.
                self._buffer = rest
                yield Claim(re.sub(r'^\W*text"\s*:\s*"', "", line))
                continue
            self._buffer = self._buffer[end:]
            for one in _entries(found):
                yield self._claim(one, before)
                before = ""

    def _claim(self, entry: dict[str, Any], before: str) -> Claim:
        text = str(entry.get("text", "")).strip()
        named = entry.get("passages") or entry.get("passage") or []
        named = named if isinstance(named, list) else [named]
        ids = tuple(dict.fromkeys(id for one in named if (id := self._id(str(one)))))
        gap = "" if not self._last else self._gap(text, before)
        self._last = text or self._last
        return Claim(gap + text, ids, several=True)

    def _gap(self, text: str, before: str) -> str:
        """What parts this claim from the one before it."""
        listed, was_listed = bool(_ITEM.match(text)), bool(_ITEM.match(self._last))
        if before.count("\n") > 1 or listed != was_listed:
            return "\n\n"
        return "\n" if listed else " "


def _entries(found: Any) -> Iterator[dict[str, Any]]:
    """The objects that have a text, wherever they are."""
    if isinstance(found, dict):
        if "text" in found:
            yield found
            return
        found = list(found.values())
    if isinstance(found, list):
        for one in found:
            yield from _entries(one)


def _looks_like_mark(mark: str) -> bool:
    """Whether brackets hold what names a passage that there is not: a number, or an id."""
    return bool(re.fullmatch(r"\s*\[\s*(?:-?\d+(?:\s*[,;]\s*-?\d+)*|\S+#\d+)\s*\]", mark))


def _end_of_sentence(buffer: str) -> int | None:
    """Where the first complete sentence ends, marks included; None while it may go on."""
    for match in _COMPLETE.finditer(buffer):
        before = buffer[: match.start()]
        # "1. Hold the ring", "9 a.m. to 5 p.m.": only a mark or a new sentence after it makes such a full stop an end.
        numbers = before.rpartition("\n")[2].strip().isdigit()
        word = (before.split() or [""])[-1].lower().lstrip("(")
        goes_on = word in ABBREVIATIONS or buffer[match.end()].islower()
        if not numbers and not (goes_on and match["marks"] == ""):
            return match.end("all")
    return None
