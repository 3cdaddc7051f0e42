"""Checks of the steps that call tools."""

from kit.playbooks.checking.finding import Findings, rule
from kit.playbooks.checking.scope import Case
from kit.playbooks.language import Check, ConditionError, Do, names_in, placeholders, result_name
from kit.text import nearest, words

__all__ = ["check_tooling"]

NO_ARGUMENT = rule("unknown-argument", "error", "A tool is given only what it takes.")
MISSING = rule("missing-argument", "error", "A tool is given all that it needs.")
VAGUE = rule("vague-confirm", "warning", "A `confirm` names what will be done, in four words or with a `{name}`.")
UNCHECKED = rule("unchecked-change", "warning", "After a change a `check` looks at whether it was made.")


def check_tooling(case: Case) -> Findings:
    """What is wrong with the calls of tools."""
    for number, step in enumerate(case.playbook.steps):
        if not isinstance(step, Do) or (tool := case.scope.tools.get(step.tool)) is None:
            continue
        yield from _arguments(case, number, step)
        if step.confirm and not placeholders(step.confirm) and len(words(step.confirm)) < 4:
            said = f"`{step.confirm}` does not tell the customer what they agree to."
            yield VAGUE.at(case.located, ("steps", number, "confirm"), said, "Name what will be done, and to what.")
        if tool.changes and not _looked_at(case, number, step):
            said = f"Nothing looks at whether the step `{step.id}` did what it should."
            remedy = f"Add a `check` of `{result_name(step)}` behind it."
            yield UNCHECKED.at(case.located, ("steps", number, "id"), said, remedy)


def _arguments(case: Case, number: int, step: Do) -> Findings:
    tool = case.scope.tools[step.tool]
    parameters = getattr(tool, "parameters", None)
    if parameters is None:
        # A table finds its record by one argument; what else the system takes is not known.
        key = getattr(tool, "key", "")
        needed = {key} if key else set()
    else:
        needed = {name for name, required in parameters.items() if required}
        for name in step.args:
            if name not in parameters:
                guess = nearest(name, parameters)
                remedy = f"Did you mean `{guess}`?" if guess else f"It takes: {', '.join(parameters) or 'nothing'}."
                said = f"The tool `{step.tool}` takes no `{name}`."
                yield NO_ARGUMENT.at(case.located, ("steps", number, "args", name), said, remedy)
    for name in sorted(needed - step.args.keys()):
        said = f"The tool `{step.tool}` needs `{name}`."
        yield MISSING.at(case.located, ("steps", number, "tool"), said, f"Add it to `args` of the step `{step.id}`.")


def _looked_at(case: Case, number: int, step: Do) -> bool:
    """Whether a condition after the step looks at its result, as far as there is anything in it to look at."""
    name = result_name(step)
    returns = getattr(case.scope.tools[step.tool], "returns", None)
    if returns is not None and "yes_no" not in returns.values():
        return True
    after = case.flow.reached_from(edge.to for edge in case.flow.edges[number] if edge.gives)
    conditions = [
        one.if_ for n in after if n < len(case.playbook.steps) and isinstance(one := case.playbook.steps[n], Check)
    ]
    for condition in (*conditions, *(rule_.if_ for rule_ in case.playbook.hand_off)):
        try:
            if name in names_in(condition):
                return True
        except ConditionError:
            continue  # named by `bad-condition`
    return False
