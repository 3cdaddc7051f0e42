"""The buttons that an action presses, and what is said before."""

from collections.abc import Sequence

from tests.bench.procedures.clauses import Clause
from tests.bench.procedures.course import Block
from tests.bench.procedures.effects import effect_of
from tests.bench.procedures.facts import constant, wanted
from tests.bench.procedures.following import follow_clause
from tests.bench.procedures.manual import Button
from tests.bench.procedures.tools import changes
from tests.bench.procedures.wording import said, spoken

__all__ = ["act", "press"]


def act(block: Block) -> None:
    """Say and press, in the order of the lines; the action's own button is pressed once."""
    own, clauses = block.action.button, [*block.opening, *block.rules]
    unconditional = [clause for clause in clauses if not clause.condition or _is_the_same(block, clause)]
    mentions = [clause for clause in unconditional if own and own in _in(block, clause)]
    elsewhere = any(
        own in _in(block, clause) for clause in clauses if clause not in unconditional and _asks(block, clause)
    )
    pressed = own is None
    for clause in clauses:
        if clause in block.done:
            continue
        if clause in unconditional:
            for sentence in clause.then:
                if words := said(sentence):
                    block.flow.add("say", "say", text=words)
            for button in dict.fromkeys(_in(block, clause)):
                if button != own:
                    press(block, button, clause.then)
                elif clause is mentions[-1]:
                    _cases(block, own)
                    pressed = True
            if clause.condition:
                block.done.append(clause)
        elif _asks(block, clause):
            _if_so(block, clause)
        elif _is_before_another(block, clause, clauses):
            follow_clause(block, clause)
    if own and not pressed and not elsewhere:
        _cases(block, own)


def _in(block: Block, clause: Clause) -> list[Button]:
    return [button for sentence in clause.then for button in block.pressed_in(sentence)]


def _is_the_same(block: Block, clause: Clause) -> bool:
    """Whether a condition that only the customer can tell about is the one that the action began with, said again.

    It is where nothing but the action's own button is pressed under it: the customer is asked once.
    """
    own = block.action.button
    return block.doubt and set(_in(block, clause)) == {own} and len(_pressing(block)) == 1


def _pressing(block: Block) -> list[Clause]:
    return [clause for clause in block.rules if clause.condition and _in(block, clause)]


def _asks(block: Block, clause: Clause) -> bool:
    """Whether a button is pressed for some customers only, and only they can tell for which."""
    return bool(clause.condition and _in(block, clause)) and block.course.reader.read(clause.condition) is None


def _is_before_another(block: Block, clause: Clause, clauses: list[Clause]) -> bool:
    """Whether it is to be found out, before a button is pressed for some, that this customer is none of them."""
    later = clauses[clauses.index(clause) + 1 :]
    only_they_know = bool(clause.condition) and block.course.reader.read(clause.condition) is None
    return only_they_know and any(_asks(block, one) for one in later)


def _if_so(block: Block, clause: Clause) -> None:
    past = block.flow.new_label()
    block.flow.check(block.ask_whether(clause.condition), otherwise=past)
    for name in dict.fromkeys(name for sentence in clause.then for name in wanted(sentence)):
        if name not in block.facts:
            block.flow.ask(name)
            block.facts.append(name)
    for button in dict.fromkeys(_in(block, clause)):
        press(block, button, clause.then, facts=block.facts if button == block.action.button else ())
    for sentence in clause.then:
        if words := said(sentence):
            block.flow.add("say", "say", text=words)
    block.flow.label(past)
    block.done.append(clause)


def _cases(block: Block, own: Button) -> None:
    """Press the action's own button, with what only some customers are asked, by what they chose before."""
    done = block.flow.new_label()
    for clause in block.rules:
        more = [name for sentence in clause.then for name in wanted(sentence)]
        found = block.course.reader.read(clause.condition) if clause.condition and more else None
        if found is None or effect_of(clause.then) or clause in block.done or found.needs == ("membership_level",):
            continue
        past = block.flow.new_label()
        block.flow.check(found.expression, otherwise=past)
        for name in more:
            block.flow.ask(name)
        press(block, own, block.plain, facts=[*block.facts, *more])
        block.flow.goto(done)
        block.flow.label(past)
        block.done.append(clause)
    for name, source in block.sources.items():
        past = block.flow.new_label()
        block.flow.check(f"known({name})", then=past, id=f"has_{name}")
        press(block, source, [])
        others = [one for one in block.facts if one != name]
        press(block, own, block.plain, facts=others, found={name: f"{source.tool}.{name}"})
        block.flow.goto(done)
        block.flow.label(past)
    press(block, own, block.plain, facts=block.facts)
    block.flow.label(done)


def press(
    block: Block,
    button: Button,
    sentences: Sequence[str],
    *,
    facts: Sequence[str] = (),
    found: dict[str, str] | None = None,
) -> None:
    """A step that calls the button's tool, after a yes where it changes something."""
    args = {name: f"{{{name}}}" for name in dict.fromkeys(facts)}
    args |= {name: f"{{{source}}}" for name, source in (found or {}).items()}
    mine = [one for one in sentences if button in (block.pressed_in(one) or [button])]
    if value := next((value for one in mine if (value := constant(one))), ""):
        args["value"] = value
    doing = spoken(button.name.replace("-", " ")).lower()
    confirm = f"I can {doing} now{f' ({value})' if value else ''}. Shall I go ahead?" if changes(button) else ""
    save_as = "oracle" if button.name.endswith("oracle") else ""
    block.flow.add(
        button.tool,
        "do",
        tool=button.tool,
        args=args,
        save_as=save_as,
        confirm=confirm,
        else_="stopped" if confirm else "",
    )
