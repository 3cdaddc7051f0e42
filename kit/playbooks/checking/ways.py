"""Checks of the ways through a playbook: steps that no way leads to, ways without end, branches that are none."""

from kit.playbooks.checking.finding import Findings, rule
from kit.playbooks.checking.guards import needed
from kit.playbooks.checking.scope import Case
from kit.playbooks.language import Answer, Ask, Call, Check, Do, Step

__all__ = ["check_ways"]

UNREACHABLE = rule("unreachable-step", "warning", "Some way leads to every step.")
ENDLESS = rule("endless-loop", "error", "A way leads out of every loop, and can be taken.")
NO_END = rule("no-end", "warning", "The steps end with an `end` or a `hand_off`, so that the last words are written.")
NO_EFFECT = rule("check-without-effect", "warning", "The branches of a `check` lead to different steps.")


def check_ways(case: Case) -> Findings:
    """What is wrong with the ways through the steps."""
    flow, steps = case.flow, case.playbook.steps
    for number, step in enumerate(steps):
        place = ("steps", number)
        # Of several steps that are cut off together the first is enough.
        if number not in flow.reachable and not _follows_unreachable(case, number):
            yield UNREACHABLE.at(
                case.located,
                (*place, "id"),
                f"No way leads to the step `{step.id}`.",
                "Name it in a `then`, `else` or `goto`, or remove it.",
            )
        if isinstance(step, Check) and len({edge.to for edge in flow.edges[number]}) == 1:
            said = f"Whether `{step.if_}` holds or not, the same step follows."
            yield NO_EFFECT.at(case.located, (*place, "if"), said, "Give `then` and `else` different steps.")
    # A loop that nothing leads to is no danger, and was named already.
    for loop in flow.loops:
        if min(loop) in flow.reachable:
            yield from _loop(case, loop)
    if len(steps) in flow.reachable and steps:
        last = max(n for n in flow.reachable if n < len(steps) and any(e.to == len(steps) for e in flow.edges[n]))
        said = f"After the step `{steps[last].id}` the play ends without a word."
        yield NO_END.at(case.located, ("steps", last, "id"), said, "Add a step of type `end` with a text.")


def _follows_unreachable(case: Case, number: int) -> bool:
    """Whether an earlier step that no way leads to would lead to this one."""
    flow = case.flow
    return any(
        edge.to == number for before in range(number) if before not in flow.reachable for edge in flow.edges[before]
    )


def _loop(case: Case, loop: frozenset[int]) -> Findings:
    flow, steps = case.flow, case.playbook.steps
    first = min(loop)
    place = ("steps", first, "id")
    names = ", ".join(f"`{steps[number].id}`" for number in sorted(loop)[:4]) + (", …" if len(loop) > 4 else "")
    if not any(flow.ends(number) for number in flow.reached_from(loop)):
        said = f"The steps {names} go round without end."
        yield ENDLESS.at(case.located, place, said, "Lead one of them to an `end` or a `hand_off`.")
        return
    if any(_may_differ(steps[number]) for number in loop):
        return
    exits = [number for number in loop if flow.ends(number) or any(edge.to not in loop for edge in flow.edges[number])]
    if all(_settled(case, number) for number in exits):
        step = steps[min(exits)]
        said = f"Once the steps {names} are gone round, `{getattr(step, 'if_', step.id)}` never comes out differently."
        remedy = "A field that is known is not asked for again: use `valid` and `on_reject`, or lead the way out."
        yield ENDLESS.at(case.located, ("steps", min(exits), "id"), said, remedy)


def _may_differ(step: Step) -> bool:
    """Whether a step can come out differently the second time; a field is asked for once, unless it says `again`."""
    return isinstance(step, Do | Call | Answer) or (isinstance(step, Ask) and step.again)


def _settled(case: Case, number: int) -> bool:
    """Whether a check comes out the same each time: all that it looks at is known before it, and stays."""
    step = case.playbook.steps[number]
    known = case.flow.known.get(number, frozenset())
    return isinstance(step, Check) and "known(" not in step.if_ and needed(step.if_) <= known
