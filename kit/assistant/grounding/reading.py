"""Reads a passage: the clauses of its sentences, the items of its lists, the cells of its tables."""

import re
from collections.abc import Iterator
from functools import lru_cache

from kit.assistant.grounding.clauses import clauses
from kit.assistant.grounding.facts import find_facts
from kit.assistant.grounding.names import find_names
from kit.assistant.grounding.plain import plain
from kit.assistant.grounding.statement import Reading, Statement
from kit.assistant.grounding.tables import table_statements
from kit.assistant.grounding.wording import Word, find_words
from kit.text import sentences

__all__ = ["LONGEST", "read"]

# What is longer is no sentence, and is taken in pieces, so that no text takes long to read.
LONGEST = 2_000
_ROW = re.compile(r"^\s*\|(.*)\|\s*$")
_STEP = re.compile(r"^\s*(\d+)[.)]\s+")
_INLINE = re.compile(r"(?<=[.:;])\s+(?=\d{1,2}[.)]\s+[A-Z])")
_BULLET = re.compile(r"^\s*(?:[-*•]|>|#+)\s+(?=\S)")
_LABEL = re.compile(r"^\W*\*\*([^*]{2,60}?)[.:]?\*\*[.:]?\s")


@lru_cache(maxsize=512)
def read(passage: str, headings: tuple[str, ...] = ()) -> Reading:
    """The statements of a passage, and what the headings above it say."""
    above = plain("\n".join(headings))
    text = f"{above}\n{plain(passage)}" if above else plain(passage)
    inner = frozenset(name.text for name in find_names(text))
    found: list[Statement] = []
    around: frozenset[str] = frozenset()
    for block in re.split(r"\n\s*\n", passage):
        lines = [line for line in block.splitlines() if line.strip()]
        table = [match[1] for line in lines if (match := _ROW.match(line))]
        if len(table) >= 2:
            found += table_statements(table, inner, first=len(found))
            continue
        for sentence, step, label, lead in _sentences(block):
            before = tuple(all_words[-1]) if (all_words := [one.words for one in found if one.row is None]) else ()
            made = clauses(sentence, known=inner, step=step, label=label, lead=lead, around=around, before=before)
            found += made
            named = frozenset(name for statement in made for name in statement.names)
            around = named or around
    facts = tuple(fact for statement in found for fact in statement.facts)
    inner |= {name for one in found if one.row is not None for name in one.names if name[-1].isdigit()}
    keys = frozenset().union(*(statement.keys for statement in found))
    topic = tuple(find_words(above)[0])
    return Reading(text, tuple(found), (*facts, *find_facts(above)), inner, keys, topic)


def _sentences(block: str) -> Iterator[tuple[str, int | None, tuple[Word, ...], tuple[Word, ...]]]:
    """Each sentence with its step's number, its label's words, and those of the line that leads to its list."""
    lead: tuple[Word, ...] = ()
    label: tuple[Word, ...] = ()
    step = None
    block = _INLINE.sub("\n", block)
    for piece in re.split(r"\n(?=\s*(?:[-*•>#]|\d+[.)])\s)", block):
        if match := _STEP.match(piece):
            step = int(match[1])
        elif _BULLET.match(piece):
            step = None
        body = _BULLET.sub("", _STEP.sub("", piece, count=1), count=1)
        if match := _LABEL.match(body):
            label = tuple(find_words(plain(match[1]))[0])
        parts = sentences(plain(body))
        for sentence in (part[start : start + LONGEST] for part in parts for start in range(0, len(part), LONGEST)):
            if inline := _STEP.match(sentence):
                step = int(inline[1])
            yield _STEP.sub("", sentence, count=1), step, label, lead
        if parts and parts[-1].rstrip().endswith(":"):
            lead = tuple(find_words(parts[-1])[0])
