"""Who an action is for."""

import re

from tests.bench.procedures.clauses import Clause
from tests.bench.procedures.conditions import is_granted
from tests.bench.procedures.course import Block, brings
from tests.bench.procedures.effects import effect_of
from tests.bench.procedures.wording import is_it_so, spoken

__all__ = ["guard"]

# What a procedure is for holds for whoever is in it.
_GIVEN = re.compile(r"^they are trying to\b", re.IGNORECASE)
_CONTINUES = re.compile(r"finally\b|check that\b", re.IGNORECASE)
_LIMIT = re.compile(r"\(only for ([^)]*)\)", re.IGNORECASE)


def guard(block: Block) -> None:
    """Leave the action out for those it is not for; what remains of its opening holds for all others."""
    block.flow.label(block.course.where(block.number))
    if block.action.optional:
        wants = " ".join(sentence for sentence in block.plain if " want" in sentence) or "you want this too"
        name = block.ask_whether(f"wants {block.name}", question=is_it_so(wants.rpartition(", ")[2]))
        block.flow.check(name, otherwise=past(block))
        block.course.skippable |= brings(block.action)
    # Whom it is for is said at once; "If" later in the text is about what was asked before.
    block.opening = [*(_guarded(block, clause) for clause in block.opening[:1]), *block.opening[1:]]


def _guarded(block: Block, clause: Clause) -> Clause:
    flow, course, words = block.flow, block.course, clause.condition
    plain = Clause("", clause.then, clause.nested)
    for sentence in clause.then:
        if (found := _LIMIT.search(sentence)) and (limit := course.reader.read(found[1])):
            flow.check(limit.unless_unknown(course.skippable), otherwise="declined")
    if not words or _GIVEN.match(words):
        return plain
    effect = effect_of(clause.then)
    if effect and effect.kind in ("grant", "refuse"):
        return clause  # it tells customers apart by what the action itself has to find out first
    granted = is_granted(words)
    if granted is False:
        flow.goto(past(block))
        flow.label(f"refused {block.number}")
        if wish := words.partition(" and ")[2]:
            flow.check(block.ask_whether(wish, question=f"Shall I {spoken(wish).lower()}?"), otherwise="declined")
    elif granted is None and (found := course.reader.read(words)):
        flow.check(found.unless_unknown(course.skippable), otherwise=past(block))
    elif granted is None:
        block.doubt = True
        flow.check(block.ask_whether(words), otherwise=past(block))
    course.skippable |= brings(block.action)
    course.placed += 1
    return plain


def past(block: Block) -> str:
    """Where those go whom the action is not for.

    An action that begins with "Finally", or checks what was done, belongs to what stands before it, so it is not for
    them either.
    """
    actions = block.course.procedure.actions
    number = block.number + 1
    while number < len(actions) and _CONTINUES.match(actions[number].text):
        number += 1
    return block.course.where(number)
