"""Cuts a passage into what can be said on its own: sentences, whole procedures, items of lists, rows of tables."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kit.assistant.composing.blocks import blocks, label
from kit.assistant.composing.marks import plain, sends_elsewhere
from kit.assistant.composing.parts import Kind, parts
from kit.knowledge import Passage

__all__ = ["Unit", "procedure", "units"]

# An answer of one word, which says nothing by itself.
_BARE = re.compile(r"(?:yes|no|never|always)[.!]", re.IGNORECASE)


@dataclass(frozen=True)
class Unit:
    """A part of a passage. `text` is what is said, `quote` the same as it stands in the passage.

    Attributes:
        block: number of the block within the passage that it comes from; units of one block belong together.
        heading: the nearest heading above it within the passage.
        place: its number within the passage.
    """

    kind: Kind
    text: str
    quote: str
    passage: Passage
    block: int
    heading: str = ""
    place: int = 0

    @property
    def leads(self) -> bool:
        """Whether it is nothing without what follows: "Do this:"."""
        return self.text.endswith(":")

    @property
    def aside(self) -> bool:
        """Whether it only leads elsewhere: "See the guide for details."."""
        return self.kind in ("sentence", "note", "item") and sends_elsewhere(self.text)


def units(passage: Passage) -> list[Unit]:
    """The passage's units, in order."""
    found: list[Unit] = []
    heading = passage.headings[-1] if passage.headings else ""
    for number, block in enumerate(blocks(passage.text)):
        if (name := label(block)) is not None:
            heading = plain(name)
            continue
        for kind, text, quote in parts(block):
            if any(char.isalnum() for char in text):
                found.append(Unit(kind, text, quote, passage, number, heading, len(found)))
    return _answered(found)


def _answered(found: Sequence[Unit]) -> list[Unit]:
    """The units, with an answer such as "No." joined to the sentence that follows it."""
    whole: list[Unit] = []
    for unit in found:
        before = whole[-1] if whole else None
        together = before is not None and before.kind == unit.kind and before.block == unit.block
        if before and together and _BARE.fullmatch(before.text):
            place = before.quote + unit.passage.text.partition(before.quote)[2].partition(unit.quote)[0] + unit.quote
            whole[-1] = replace(before, text=f"{before.text} {unit.text}", quote=place)
        else:
            whole.append(unit)
    return [replace(unit, place=place) for place, unit in enumerate(whole)]


def procedure(found: Sequence[Unit], index: int) -> range:
    """The places of the procedure that the steps at `index` belong to.

    A long procedure is cut over several passages; where the steps before or after count on, they are part of it, with
    what stands between.
    """
    steps = [place for place, unit in enumerate(found) if unit.kind == "steps"]
    first = last = steps.index(index)
    while first > 0 and _goes_on(found[steps[first - 1]], found[steps[first]]):
        first -= 1
    while last + 1 < len(steps) and _goes_on(found[steps[last]], found[steps[last + 1]]):
        last += 1
    return range(steps[first], steps[last] + 1)


def _goes_on(one: Unit, other: Unit) -> bool:
    same_article = one.passage.article_id == other.passage.article_id
    return same_article and _numbers(other)[0] == _numbers(one)[-1] + 1


def _numbers(steps: Unit) -> list[int]:
    """The numbers of the items themselves, without those of lists within them."""
    text = steps.quote if "\n" in steps.quote else steps.text  # of a table's cell the text has the lines
    margin = text[: len(text) - len(text.lstrip())]
    return [int(number) for number in re.findall(rf"(?m)^{margin}(\d+)[.)]\s", text)]
