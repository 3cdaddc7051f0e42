"""Follows a playbook to the letter: collects, checks, branches, calls tools, says, hands off.

The engine is a function from a play and a message to the next play and what to say. It keeps no state of its own, so
a conversation can go on in another process, and on the edition of the playbook that it began with.
"""

from collections.abc import Sequence
from typing import NoReturn

from kit.playbooks.engine import phrases
from kit.playbooks.engine.advance import Advance, Part, Setting
from kit.playbooks.engine.following import call, collect_first, follow, go_to
from kit.playbooks.engine.hearing import Heard, hear
from kit.playbooks.engine.play import Handoff, Play
from kit.playbooks.engine.run import Run, Stop
from kit.playbooks.language import Ask, Do, Playbook

__all__ = ["advance", "go_on", "hand_over", "repeated"]

# More steps than any playbook has: reaching it means that the steps go round in circles.
MAX_STEPS = 200
CONFIRM_ATTEMPTS = 2


def advance(play: Play, message: str, setting: Setting, *, earlier: Sequence[str] = ()) -> Advance:
    """Take the customer's message into the play and go on until something is needed from the customer."""
    playbook = setting.library.find(play.playbook, play.edition)
    heard = Heard() if playbook is None else hear(playbook, play, message, setting, earlier=earlier, with_reader=True)
    return go_on(play, heard, setting)


def go_on(play: Play, heard: Heard, setting: Setting) -> Advance:
    """Take what was heard into the play and go on until something is needed from the customer."""
    playbook = setting.library.find(play.playbook, play.edition)
    if playbook is None or _is_out_of_place(playbook, play):
        handoff = Handoff(reason="tool_failure", summary=f"The playbook {play.playbook} has changed in between.")
        return Advance(None, (), "handed_off", handoff, ())
    run = Run(playbook, play, setting)
    try:
        _take_in(run, heard)
        collect_first(run)
        for _ in range(MAX_STEPS):
            follow(run)
        # What goes round in circles was said over and over.
        run.parts.clear()
        run.hand_off("tool_failure", why="the steps go round in circles")
    except Stop as stop:
        return _result(run, stop)
    raise AssertionError("hand_off always stops")


def hand_over(play: Play, setting: Setting, handoff: Handoff) -> Handoff:
    """A hand-off that the playbook did not ask for, with what the play knows."""
    playbook = setting.library.find(play.playbook, play.edition)
    if playbook is None:
        return handoff
    run = Run(playbook, play, setting)
    team = playbook.team if handoff.team == Handoff.model_fields["team"].default else handoff.team
    return handoff.model_copy(update={"team": team, "fields": run.collected, "summary": run.summary(handoff.summary)})


def repeated(play: Play, setting: Setting) -> str:
    """The question that the play waits to have answered, as it was asked; empty if it waits for nothing."""
    playbook = setting.library.find(play.playbook, play.edition)
    if playbook is None or _is_out_of_place(playbook, play):
        return ""
    run = Run(playbook, play, setting)
    return run.fill(_question(run))


def _question(run: Run) -> str:
    """What the play waits to have answered, as it is written."""
    kind, _, name = (run.play.waiting or "").partition(":")
    if kind == "field":
        return run.fields[name].ask
    step = run.playbook.steps[run.at] if kind == "confirm" else None
    return step.confirm if isinstance(step, Do) else ""


def _is_out_of_place(playbook: Playbook, play: Play) -> bool:
    """Whether the play's place means nothing in the playbook: it was kept by another version of the kit, say."""
    if play.step > len(playbook.steps):
        return True
    kind, _, name = (play.waiting or "").partition(":")
    if kind == "field":
        return name not in {item.name for item in playbook.collect}
    step = playbook.steps[play.step] if kind == "confirm" and play.step < len(playbook.steps) else None
    return kind == "confirm" and not (isinstance(step, Do) and step.id == name)


def _take_in(run: Run, heard: Heard) -> None:
    waiting = run.play.waiting
    run.values |= heard.values
    if heard.corrections:
        _take_back(run, heard)
        return
    if waiting is None:
        return
    kind, _, name = waiting.partition(":")
    if not heard.answered:
        _ask_again(run, waiting, learned=bool(heard.values))
    if kind == "field":
        step = run.playbook.steps[run.at] if run.at < len(run.playbook.steps) else None
        if isinstance(step, Ask) and step.again and step.field == name:
            run.at += 1
        return
    step = run.playbook.steps[run.at]
    assert isinstance(step, Do), "only a do step waits for a confirmation"
    run.take(step.id)
    run.branch(step.id, "yes" if heard.agreed else "no")
    if heard.agreed:
        call(run, step)
    elif step.else_:
        go_to(run, step.else_)
    else:
        run.parts.append(Part("fixed", phrases.NOTHING_CHANGED))
        raise Stop("answered")


def _ask_again(run: Run, waiting: str, *, learned: bool) -> NoReturn:
    kind, _, name = waiting.partition(":")
    item = run.fields[name] if kind == "field" else None
    question = _question(run)
    if learned:
        run.ask(question, waiting)
    if item is not None:
        run.reject(name)
    run.attempts[waiting] = run.attempts.get(waiting, 0) + 1
    most = item.max_attempts if item else CONFIRM_ATTEMPTS
    if run.attempts[waiting] >= most or sum(run.attempts.values()) >= run.playbook.max_clarifications:
        run.hand_off("pending_clarification", why=f"no usable answer to {name}")
    run.ask((item.on_reject if item else "") or question, waiting)


def _take_back(run: Run, heard: Heard) -> None:
    """Begin anew with what is known now: whatever rested on the old value is looked up and decided again."""
    changes = ", ".join(f"{name} {value}" for name, value in heard.corrections.items())
    if run.changed:
        # What was done cannot be taken back by asking again.
        run.values |= heard.corrections
        run.hand_off("unsupported_request", why=f"corrected after {run.changed[-1]} was done: {changes}")
    collected = {name: value for name, value in run.values.items() if name in run.fields}  # also what is not known
    run.values = {**collected, **heard.corrections}
    run.at = 0


def _result(run: Run, stop: Stop) -> Advance:
    return Advance(
        play=run.left(stop.waiting) if stop.waiting else None,
        parts=tuple(run.parts),
        outcome=stop.outcome,
        handoff=stop.handoff,
        path=tuple(run.path),
        values={name: value for name, value in run.values.items() if value is not None},
        calls=tuple(run.calls),
        announced=stop.announced,
        taken=tuple(run.taken),
    )
