"""Writes one action of a procedure as steps: who it is for, what it asks, what it presses, what follows."""

import re

from tests.bench.procedures.clauses import Clause, clauses
from tests.bench.procedures.collecting import collect
from tests.bench.procedures.course import Block, Course
from tests.bench.procedures.effects import effect_of
from tests.bench.procedures.facts import constant, counted, format_of, options, wanted
from tests.bench.procedures.following import follow
from tests.bench.procedures.guarding import guard
from tests.bench.procedures.pressing import act
from tests.bench.procedures.wording import said

__all__ = ["write_action"]

_READ = (said, constant, options, wanted, counted, format_of)
# Words that only name the action, or its button once more.
_PRESSED = re.compile(r"\btoggle switch\b|\basking the oracle\b", re.IGNORECASE)
_HEADING = re.compile(r"^(?:option \d.*|optional step|communication|[^.]*:|(?:\w+ ?){1,3})$", re.IGNORECASE)


def write_action(course: Course, number: int, *, guarded: bool = True) -> None:
    """Add the steps of an action to its playbook.

    Args:
        course: the procedure.
        number: the place of the action in it.
        guarded: whether it may be left out for some; not where it is one of several to choose from.
    """
    action = course.procedure.actions[number]
    opening = clauses(action.text) if action.text else []
    rules = [clause for line in action.lines for clause in clauses(line)]
    block = Block(course, number, opening, rules)
    if guarded:
        guard(block)
    collect(block)
    act(block)
    follow(block)
    for clause in (*opening, *rules):
        _account(block, clause, is_text=clause in opening)


def _account(block: Block, clause: Clause, *, is_text: bool) -> None:
    """Count what was placed, and note for a person what was not."""
    if clause.condition and clause not in block.done and not is_text:
        block.course.notes.append(f"If {clause.condition}: {' '.join(clause.then)}".rstrip(": "))
        return
    for sentence in clause.then:
        used = sentence in block.course.used or any(read(sentence) for read in _READ)
        if (
            clause.condition
            or used
            or block.pressed_in(sentence)
            or effect_of((sentence,))
            or _PRESSED.search(sentence)
        ):
            block.course.placed += 1
        elif not _HEADING.match(sentence):
            block.course.notes.append(sentence)
