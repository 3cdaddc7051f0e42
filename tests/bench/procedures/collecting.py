"""What an action asks for before its button is pressed."""

import re

from tests.bench.procedures.clauses import Clause
from tests.bench.procedures.conditions import unknown_fact
from tests.bench.procedures.course import Block
from tests.bench.procedures.facts import KINDS, alternatives, constant, counted, format_of, named, options, wanted
from tests.bench.procedures.wording import question

__all__ = ["collect"]

_LIST_FOLLOWS = re.compile(r"\bvalid options are$", re.IGNORECASE)
_LIST_OF_ANSWERS = re.compile(r"\blist of (\d+) options", re.IGNORECASE)
_USUAL = re.compile(r"\b(?:default|standard) \w+ is \$?(\d+)", re.IGNORECASE)
# Facts that the values of a choice are about, and that are no questions of their own beside it.
_CHOSEN = ("full_address", "account_id", "payment_method", "shipping_option", "amount")


def collect(block: Block) -> None:
    """Ask for all that the action's button is given."""
    if block.action.button is None:
        return
    plain = block.plain
    if enough := next((count for one in plain if (count := counted(one))), 0):
        _so_many(block, [name for one in plain if not counted(one) for name in wanted(one)], enough)
        return
    const = any(constant(one) for one in plain)
    listed = [] if block.slot else _options(block)
    if listed:
        _choose(block, listed)
    for pair in [pair for one in plain for pair in alternatives(one)][:1]:
        _one_of(block, pair)
    if block.slot in KINDS and not const:
        _need(block, block.slot)
    for name in [name for one in plain for name in wanted(one)]:
        beside = (listed and name in _CHOSEN) or (name == "amount" and (const or block.slot))
        if name not in block.facts and not beside:
            _need(block, name, pattern=format_of(" ".join(plain)) if name == "phone" else "")
    for clause in block.rules:
        _missing(block, clause)
    if block.action.button.slots and plain and not (block.facts or const or _some_ask(block)):
        _anything(block)


def _some_ask(block: Block) -> bool:
    """Whether only some customers are asked for something, by what they chose before."""
    return any(wanted(one) or constant(one) for clause in block.rules if clause.condition for one in clause.then)


def _need(block: Block, name: str, *, pattern: str = "") -> None:
    block.flow.ask(name, **({"pattern": pattern} if pattern else {}))
    block.facts.append(name)
    block.remember(name)


def _options(block: Block) -> list[str]:
    """The values of a choice: within a sentence, or as the lines that follow it."""
    if any(_LIST_FOLLOWS.search(one.rstrip(" :-")) for one in block.plain):
        return [line.partition(" - ")[0].lower() for line in block.action.lines if " - " in line]
    return next((found for one in block.plain if (found := options(one))), [])


def _choose(block: Block, values: list[str]) -> None:
    name = f"{block.name}_choice"
    about = next((one for one in block.plain if not options(one)), "what it is")
    block.course.used.add(about)
    ask = f"{question(about).rstrip('.:? -')}: {', '.join(values[:-1])} or {values[-1]}."
    block.flow.ask(name, type="choice", choices=values, ask=ask)
    block.facts.append(name)
    block.remember(name)


def _anything(block: Block) -> None:
    """Something that the manual describes in words of its own, or one of a list of frequent questions."""
    name, listed = f"{block.name}_value", _LIST_OF_ANSWERS.search(block.action.text)
    block.course.used.add(block.plain[0])
    for text in block.course.procedure.about if listed else ():
        answers = [part.strip(" ?.") for part in re.split(r"\?,|, ", text)]
        if listed and len(answers) == int(listed[1]):
            ask = f"Which of these is your question? {'; '.join(answers)}."
            block.flow.ask(name, type="choice", choices=answers, ask=ask)
            break
    else:
        pattern = format_of(" ".join(block.plain))
        block.flow.ask(name, ask=f"{question(block.plain[0])}.", **({"pattern": pattern} if pattern else {}))
    block.facts.append(name)


def _one_of(block: Block, names: list[str]) -> None:
    """One of these facts: another is asked for only if the customer does not know those before it."""
    done = block.flow.new_label()
    for name in names:
        block.flow.ask(name, optional=True)
        block.flow.check(f"known({name})", then=done, id=f"has_{name}")
        block.facts.append(name)
    block.flow.add("nothing_known", "hand_off", reason="pending_clarification")
    block.flow.label(done)


def _so_many(block: Block, names: list[str], enough: int) -> None:
    """So many of these facts: one after the other until there are enough."""
    done = block.flow.new_label()
    for place, name in enumerate(names):
        block.flow.ask(name, optional=True)
        block.facts.append(name)
        if place + 1 >= enough:
            so_far = " + ".join(f"known({one})" for one in names[: place + 1])
            block.flow.check(f"{so_far} >= {enough}", then=done, id="enough")
    block.flow.add("not_verified", "hand_off", reason="policy_restriction")
    block.flow.label(done)


def _missing(block: Block, clause: Clause) -> None:
    """What to do about a fact that the customer does not know."""
    name = unknown_fact(clause.condition, block.facts[-1] if block.facts else "")
    if name not in block.flow.fields:
        return
    text = " ".join(clause.then)
    others = [other for one in clause.then for other in named(one) if other != name]
    playbook, button = block.course.manual.titled(text), next(iter(block.pressed_in(text)), None)
    usual = _USUAL.search(text)
    if not (usual or others or playbook or button):
        return
    block.done.append(clause)
    block.flow.field(name, optional=True, **({"default": int(usual[1])} if usual else {}))
    if usual:
        return
    if button and not playbook and not others:
        block.sources[name] = button
        return
    done = block.flow.new_label()
    block.flow.check(f"known({name})", then=done, id=f"has_{name}")
    if playbook:
        block.flow.add(f"call_{playbook.title}", "call", playbook=playbook.id, save_as=f"{name}_found")
    else:
        _one_of(block, others)
    block.flow.label(done)
