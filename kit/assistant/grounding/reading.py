"""Reads a passage: the clauses of its sentences, the items of its lists, the cells of its tables, its headings."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kit.assistant.grounding.asking import Asked, asked
from kit.assistant.grounding.clauses import clauses
from kit.assistant.grounding.facts import find_facts
from kit.assistant.grounding.listing import Listing, denied, leading, listing
from kit.assistant.grounding.names import find_names
from kit.assistant.grounding.plain import plain
from kit.assistant.grounding.statement import Reading, Statement, comparable
from kit.assistant.grounding.tables import said_rows, table_statements
from kit.assistant.grounding.wording import Word, find_words
from kit.text import sentences, squash

__all__ = ["LONGEST", "read"]

# What is longer is no sentence, and is taken in pieces, so that no text takes long to read.
LONGEST = 2_000
_ROW = re.compile(r"^\s*\|(.*)\|\s*$")
_STEP = re.compile(r"^\s*(\d+)[.)]\s+")
_INLINE = re.compile(r"(?<=[.:;])\s+(?=\d{1,2}[.)]\s+[A-Z])")
_HEADING = re.compile(r"^\s*#+\s+(?=\S)")
_ITEM = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+(?=\S)")
_BULLET = re.compile(r"^\s*(?:[-*•]|>|#+)\s+(?=\S)")
_LABEL = re.compile(r"^\W*\*\*([^*]{2,60}?)[.:]?\*\*[.:]?\s")


@dataclass(frozen=True)
class _Piece:
    """A sentence of a block: with its step's number, its label's words, and whether it begins an item of a list."""

    text: str
    step: int | None
    label: tuple[Word, ...]
    lead: tuple[Word, ...]
    is_item: bool


@lru_cache(maxsize=512)
def read(passage: str, headings: tuple[str, ...] = ()) -> Reading:
    """The statements of a passage, and what the headings above it say."""
    above = plain("\n".join(headings))
    text = f"{above}\n{plain(passage)}" if above else plain(passage)
    inner = frozenset(name.text for name in find_names(text))
    title = tuple(find_words(plain(headings[0]))[0]) if headings else ()
    topic = [word for heading in headings for word in find_words(plain(heading))[0]]
    under = listing(plain(headings[-1]), title) if headings else None
    led: Listing | None = None
    found: list[Statement] = []
    rows: set[str] = set()
    around: frozenset[str] = frozenset()
    for block in re.split(r"\n\s*\n", passage):
        lines = [line for line in block.splitlines() if line.strip()]
        if lines and _HEADING.match(lines[0]):
            heading = plain(_HEADING.sub("", lines[0]))
            topic += find_words(heading)[0]
            under, led = listing(heading, title), None
            lines = lines[1:]
        table = [match[1] for line in lines if (match := _ROW.match(line))]
        if len(table) >= 2:
            found += table_statements(table, inner, first=len(found))
            rows |= {comparable(squash(row)) for row in said_rows(table)}
            continue
        if lines and not _ITEM.match(lines[0]):
            led = None
        question: Asked | None = None
        for piece in _pieces("\n".join(lines)):
            if piece.text.endswith("?"):
                question = asked(piece.text, inner)
                continue
            before = _leant_on(found)
            rest, lead = piece.text, piece.lead
            if question:
                answered, rest = question.answered(piece.text)
                found += answered
                lead = (*lead, *question.words) if question.is_open else lead
            made = clauses(
                rest, known=inner, step=piece.step, label=piece.label, lead=lead, around=around, before=before
            )
            over = led if led and piece.is_item else under
            found += denied(made, over, piece.is_item) if over else made
            named = frozenset(name for statement in made for name in statement.names)
            around = named or around
        led = leading(lines, found) or led
    facts = tuple(fact for statement in found for fact in statement.facts)
    inner |= {name for one in found if one.row is not None for name in one.names if name[-1].isdigit()}
    keys = frozenset().union(*(statement.keys for statement in found))
    return Reading(text, tuple(found), (*facts, *find_facts(above)), inner, keys, tuple(topic), frozenset(rows))


def _leant_on(found: Sequence[Statement]) -> tuple[Word, ...]:
    """What "they do not" leans on: the last clause, and what the sentence that it is of begins with."""
    last = next((one for one in reversed(found) if one.row is None), None)
    if last is None:
        return ()
    subject = next(one for one in found if one.whole == last.whole).words[:3]
    return (*last.words, *(word for word in subject if word not in last.words))


def _pieces(block: str) -> Iterator[_Piece]:
    """The sentences of a block."""
    lead: tuple[Word, ...] = ()
    label: tuple[Word, ...] = ()
    step = None
    block = _INLINE.sub("\n", block)
    for piece in re.split(r"\n(?=\s*(?:[-*•>#]|\d+[.)])\s)", block):
        if match := _STEP.match(piece):
            step = int(match[1])
        elif _BULLET.match(piece):
            step = None
        is_item = bool(_ITEM.match(piece))
        body = _BULLET.sub("", _STEP.sub("", piece, count=1), count=1)
        if (match := _LABEL.match(body)) and not match[1].endswith("?"):
            label = tuple(find_words(plain(match[1]))[0])
        parts = sentences(plain(body))
        for sentence in (part[start : start + LONGEST] for part in parts for start in range(0, len(part), LONGEST)):
            if inline := _STEP.match(sentence):
                step = int(inline[1])
            yield _Piece(_STEP.sub("", sentence, count=1), step, label, lead, is_item)
            is_item = False
        if parts and parts[-1].rstrip().endswith(":"):
            lead = tuple(find_words(parts[-1])[0])
