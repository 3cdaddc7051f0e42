"""Takes a play from step to step."""

from collections.abc import Mapping
from typing import Any

from kit.playbooks.engine.advance import Made, Part
from kit.playbooks.engine.play import Caller
from kit.playbooks.engine.run import Run, Stop
from kit.playbooks.language import (
    Answer,
    Ask,
    Call,
    Check,
    ConditionError,
    Do,
    End,
    Goto,
    HandOff,
    Say,
    UnknownName,
    evaluate,
    result_name,
)
from kit.playbooks.tools import ToolFailure, call_tool

__all__ = ["call", "collect_first", "follow", "go_to", "need"]

# More than any company nests; a circle of calls is refused when playbooks are loaded.
MAX_CALLS = 8


def follow(run: Run) -> None:
    """Take one step."""
    _check_hand_off(run)
    if run.at >= len(run.playbook.steps):
        _end(run, "answered")
        return
    step = run.playbook.steps[run.at]
    run.take(step.id)
    match step:
        case Say(text=text):
            # After a correction the play begins anew; what was said and still holds is not said again.
            words = f"{run.playbook.id}/{step.id}:{run.fill(text)}"
            if words not in run.said:
                run.said.append(words)
                run.say(text)
            run.at += 1
        case Ask(field=name, again=True):
            # The answer of the last round is no answer now; the message that answers goes on behind this step.
            run.values.pop(name, None)
            run.attempts.pop(f"field:{name}", None)
            need(run, name)
        case Ask(field=name):
            need(run, name)
            run.at += 1
        case Check(if_=condition, then=then, else_=otherwise):
            met = run.holds(condition)
            run.branch(step.id, "then" if met else "else")
            go_to(run, then if met else otherwise)
        case Do(confirm=confirm) if confirm:
            run.ask(confirm, f"confirm:{step.id}")
        case Do():
            call(run, step)
        case Answer(question=question):
            run.parts.append(Part("answer", run.fill(question)))
            run.at += 1
        case Call():
            _enter(run, step)
        case Goto(to=to):
            go_to(run, to)
        case HandOff():
            run.hand_off(
                step.reason,
                team=step.team,
                priority=step.priority,
                text=step.text,
                summary_fields=step.summary_fields,
            )
        case End(text=text, outcome=outcome):
            run.say(text)
            _end(run, outcome)


def collect_first(run: Run) -> None:
    """Ask for the fields that no step asks for; they are needed before the first step."""
    later = {step.field for step in run.playbook.steps if isinstance(step, Ask)}
    for item in run.playbook.collect:
        if item.name not in later:
            need(run, item.name)


def need(run: Run, name: str) -> None:
    """Ask for a field unless it is known, or is known not to be known."""
    if name not in run.values:
        run.ask(run.fields[name].ask, f"field:{name}")


def go_to(run: Run, step: str | None) -> None:
    """Go on at a step; without one at the next."""
    places = {one.id: number for number, one in enumerate(run.playbook.steps)}
    run.at = run.at + 1 if step is None else places[step]


def call(run: Run, step: Do) -> None:
    """Call the step's tool."""
    args = _arguments(run, step.args)
    tool = run.setting.tools.get(step.tool)
    if tool is None:
        run.hand_off("tool_failure", why=f"there is no tool {step.tool}")
    key = f"{run.play.key}/{run.playbook.id}/{step.id}/{run.path.count(step.id) + run.play.path.count(step.id)}"
    try:
        result = call_tool(tool, args, key=key)
    except ToolFailure as failure:
        unknown = tool.changes and failure.unknown
        run.calls.append(Made(step.tool, args, tool.changes, "may or may not be done" if unknown else failure.kind))
        # Nobody knows whether it happened, so it is not for the play to try something else.
        if step.on_fail and not unknown:
            run.branch(step.id, "on_fail")
            go_to(run, step.on_fail)
            return
        run.hand_off("tool_failure", priority="high" if unknown else "normal", why=str(failure))
    run.calls.append(Made(step.tool, args, tool.changes))
    if tool.changes:
        run.changed.append(step.id)
    run.values[result_name(step) or step.tool] = result
    run.at += 1


def _check_hand_off(run: Run) -> None:
    for number, rule in enumerate(run.playbook.hand_off):
        try:
            applies = evaluate(rule.if_, run.known)
        except UnknownName:
            continue  # not collected or looked up yet
        except ConditionError as error:
            # Whether a limit is passed cannot be told, so it is not for the play to go on.
            run.hand_off("tool_failure", why=str(error))
        if applies:
            run.meet(number)
            run.hand_off(
                rule.reason,
                team=rule.team,
                priority=rule.priority,
                text=rule.text,
                why=f"because {rule.if_}",
                summary_fields=rule.summary_fields,
            )


def _enter(run: Run, step: Call) -> None:
    """Begin the playbook that the step calls; this one waits."""
    called = run.setting.library.find(step.playbook)
    if called is None or len(run.callers) >= MAX_CALLS:
        run.hand_off("tool_failure", why=f"the playbook {step.playbook} cannot be called")
    given = _arguments(run, step.args)
    run.callers.append(
        Caller(playbook=run.playbook.id, edition=run.playbook.edition, step=run.at, values=dict(run.values))
    )
    run.playbook, run.at, run.values = called, 0, given
    collect_first(run)


def _end(run: Run, outcome: Any) -> None:
    """End the play, or go back to the playbook that called it."""
    if outcome == "answered":
        for number, phrase in enumerate(run.playbook.must_say):
            if f"must_say:{number}" not in run.said:
                run.say(phrase)
    if not run.callers:
        raise Stop(outcome)
    caller = run.callers.pop()
    playbook = run.setting.library.find(caller.playbook, caller.edition)
    if playbook is None:
        run.hand_off("tool_failure", why=f"there is no playbook {caller.playbook} to go back to")
    collected: Mapping[str, Any] = {**run.collected, "outcome": outcome}
    run.playbook, run.at, run.values = playbook, caller.step, dict(caller.values)
    run.values[result_name(playbook.steps[caller.step]) or ""] = dict(collected)
    run.at += 1


def _arguments(run: Run, args: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a call, without the optional ones that are not known."""
    given = {name: run.argument(value) for name, value in args.items()}
    return {name: value for name, value in given.items() if value is not None}
