"""What follows from what an action found out."""

import re
from collections.abc import Set

from tests.bench.procedures.clauses import LEVELS, Clause
from tests.bench.procedures.conditions import Condition, is_granted
from tests.bench.procedures.course import Block
from tests.bench.procedures.effects import Effect, effect_of
from tests.bench.procedures.facts import named
from tests.bench.procedures.wording import said

__all__ = ["follow", "follow_clause"]

_WHETHER = re.compile(r"^(?:check|ask)(?: the customer)? (?:that|if|whether) (.+)$", re.IGNORECASE)
_ANSWERED = re.compile(r"^they (?:say (?P<say>yes|no)|do(?P<not> not|n't)?)$", re.IGNORECASE)
_WITHIN = re.compile(r"^ask for the purchase date,.* within the last (\d+) (day|month)s?", re.IGNORECASE)
_ASK_IF = re.compile(r"^ask if (?:they )?(.*?)(?:,|$)", re.IGNORECASE)
_IF_ONLY = re.compile(r"\bif they are only (\d+) (\w+) (\w+)$", re.IGNORECASE)
_IF_LESS = re.compile(r"\bif the (.+?) is less than \$?(\d+)$", re.IGNORECASE)


def follow(block: Block) -> None:
    """Go on as the clauses of the action say."""
    clauses = [clause for clause in (*block.opening, *block.rules) if clause not in block.done]
    rules = [clause for clause in clauses if clause.condition]
    _question(block, clauses, rules)
    refused = [clause for clause in rules if is_granted(clause.condition) is False]
    covered: set[str] = set()
    grants = False
    for clause in rules:
        if clause not in refused:
            covered |= _levels(clause, covered)
            effect = effect_of(clause.then)
            grants |= bool(effect and effect.kind == "grant" and _levels(clause, set()))
            follow_clause(block, clause, covered)
    if grants and len(covered) < len(LEVELS):
        # What is for some levels is not for the others.
        block.flow.goto(block.course.refused(block.number))
    for clause in clauses:
        effect = effect_of(clause.then) if not clause.condition else None
        if effect and effect.kind == "end":
            block.flow.goto("end")
    for clause in refused:
        block.flow.goto(block.following)
        block.flow.label(f"refused {block.number}")
        _body(block, clause, set())


def _question(block: Block, clauses: list[Clause], rules: list[Clause]) -> None:
    """Ask "Check that …" where a clause is about the answer."""
    if any(_ANSWERED.match(clause.condition) for clause in rules):
        for sentence in [sentence for clause in clauses if not clause.condition for sentence in clause.then]:
            if found := _WHETHER.match(sentence):
                block.course.used.add(sentence)
                block.ask_whether(re.sub(r"\(.*", "", found[1]).strip(" ."))


def _levels(clause: Clause, covered: Set[str]) -> set[str]:
    if "all other" in clause.condition.lower():
        return set(LEVELS) - covered
    return {level for level in LEVELS if re.search(rf"\b{level}\b", clause.condition, re.IGNORECASE)}


def _condition(block: Block, clause: Clause, covered: Set[str]) -> Condition | None:
    if "all other" in clause.condition.lower():
        return Condition("true")
    if found := _ANSWERED.match(clause.condition):
        if not block.answer:
            return None
        agrees = found["say"] == "yes" if found["say"] else not found["not"]
        return Condition(block.answer if agrees else f"not {block.answer}", (block.answer,))
    return block.course.reader.read(clause.condition)


def follow_clause(block: Block, clause: Clause, covered: Set[str] = frozenset()) -> None:
    """Do what a clause says if its condition holds."""
    if is_granted(clause.condition):
        _body(block, clause, covered)
        return
    found, past = _condition(block, clause, covered), block.flow.new_label()
    if found is None and not any(effect_of(one.then) for one in (clause, *clause.nested)):
        return  # advice for some customers, with no consequence: left to a person
    expression = found.unless_unknown(block.skippable) if found else block.ask_whether(clause.condition)
    if expression != "true":
        block.flow.check(expression, otherwise=past)
    _body(block, clause, covered)
    block.flow.label(past)


def _body(block: Block, clause: Clause, covered: Set[str]) -> None:
    block.done.append(clause)
    for sentence in clause.then:
        if words := said(sentence):
            block.flow.add("say", "say", text=words)
    for nested in clause.nested:
        follow_clause(block, nested, covered)
    if not _on_terms(block, clause) and (effect := effect_of(clause.then)):
        _go(block, effect, apologizes="apolog" in " ".join(clause.then).lower())


def _on_terms(block: Block, clause: Clause) -> bool:
    """What some get only under further terms: bought lately, or with a receipt; at most a day late."""
    text, flow = " ".join(clause.then).rstrip("."), block.flow
    granted, refused = block.following, block.course.refused(block.number)
    if "<or>" in text:
        for way in text.split("<or>"):
            if found := _WITHIN.match(way.strip()):
                days = round(int(found[1]) * (365 / 12 if found[2].lower() == "month" else 1))
                flow.ask("purchase_date")
                flow.check(f"days_since(purchase_date) <= {days}", then=granted)
            elif found := _ASK_IF.match(way.strip()):
                words = f"it is {found[1]}" if found[1].startswith("in ") else f"they {found[1]}"
                flow.check(block.ask_whether(words), then=granted)
    elif found := _IF_ONLY.search(text):
        name = f"{found[2]}s_{found[3]}"
        flow.ask(name, type="number", ask=f"How many {found[2]}s {found[3]} are you?")
        flow.check(f"{name} <= {found[1]}", then=granted)
    elif found := _IF_LESS.search(text):
        name = next(iter(named(found[1])), "number")
        flow.ask(name)
        flow.check(f"{name} < {found[2]}", then=granted)
    else:
        return False
    flow.goto(refused)
    return True


def _go(block: Block, effect: Effect, *, apologizes: bool) -> None:
    course, number = block.course, block.number
    match effect.kind:
        case "end":
            block.flow.goto("declined" if apologizes else "end")
        case "skip_to":
            place = course.later(effect.words, number)
            if place is not None:
                course.skip(number, place)
                block.flow.goto(course.where(place))
        case "skip_next":
            course.skip(number, number + 2)
            block.flow.goto(course.where(number + 2))
        case "next" | "grant":
            block.flow.goto(block.following)
        case "refuse":
            block.flow.goto(course.refused(number))
        case "wish":
            block.flow.check(block.ask_whether(effect.words), otherwise="declined")
            block.flow.goto(block.following)
