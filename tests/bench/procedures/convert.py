"""Writes the procedures of a manual as playbooks."""

import re
from pathlib import Path
from typing import Any

import yaml

from tests.bench.procedures.acting import write_action
from tests.bench.procedures.course import Course
from tests.bench.procedures.flow import Flow
from tests.bench.procedures.manual import Manual, Procedure
from tests.bench.procedures.tools import table
from tests.bench.procedures.wording import as_customer

__all__ = ["convert", "write_playbooks"]

# The order of the actions is left to whoever follows the procedure.
_ANY_ORDER = re.compile(r"\bany order\b|\bshuffle\b", re.IGNORECASE)


def write_playbooks(manual: Manual, folder: Path) -> dict[str, Course]:
    """Write all playbooks and their tools into a folder; what was written, by id."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tools.yaml").write_text(_yaml(table(manual.buttons)), encoding="utf-8")
    courses = {}
    for procedure in manual.procedures:
        head, body, course = convert(procedure, manual)
        (folder / f"{procedure.id}.md").write_text(f"---\n{_yaml(head)}---\n\n{body}", encoding="utf-8")
        courses[procedure.id] = course
    return courses


def convert(procedure: Procedure, manual: Manual) -> tuple[dict[str, Any], str, Course]:
    """The head and the body of a procedure's playbook, and how it came about."""
    flow = Flow(dict(manual.values))
    course = Course(manual, procedure, flow)
    if any(_ANY_ORDER.search(text) for text in procedure.about):
        _in_any_order(course)
    else:
        for number in range(len(procedure.actions)):
            write_action(course, number)
    flow.label("end")
    flow.add("done", "end", text="Is there anything else that I can help you with?")
    flow.label("declined")
    flow.add("declined", "end", text="I am sorry, but I cannot do more for you here.", outcome="declined")
    flow.label("stopped")
    flow.add("stopped", "end", text="All right, I have left that as it is.")
    steps = flow.finished()
    asked = {step.get("field") for step in steps}
    about = procedure.about[0] if procedure.about else procedure.title
    head = {
        "id": procedure.id,
        "title": procedure.title,
        "owner": "The manual's keepers",
        "when_to_use": about,
        "examples": _examples(procedure, manual),
        "collect": [spec for name, spec in flow.fields.items() if name in asked],
        "steps": steps,
    }
    notes = "".join(f"- {note}\n" for note in dict.fromkeys(course.notes))
    left = f"\n## Left to a person\n\n{notes}" if notes else ""
    text = "\n\n".join(procedure.about)
    return {key: value for key, value in head.items() if value}, f"# {procedure.title}\n\n{text}\n{left}", course


def _in_any_order(course: Course) -> None:
    """Try one thing after the other, each once, until something helps."""
    flow, actions = course.flow, course.procedure.actions
    names = [action.button.name.replace("-", " ") for action in actions if action.button]
    tools = [action.button.tool for action in actions if action.button]
    once = [f"(next_try != {name!r} or not known({tool}))" for name, tool in zip(names, tools, strict=True)]
    ask = f"What shall we try next: {', '.join(names[:-1])} or {names[-1]}?"
    flow.label("round")
    flow.ask("next_try", again=True, type="choice", choices=names, ask=ask, valid=" and ".join(once))
    for number, name in enumerate(names):
        past = flow.new_label()
        flow.check(f"next_try == {name!r}", otherwise=past, id=f"try_{name}")
        write_action(course, number, guarded=False)
        flow.goto("tried")
        flow.label(past)
    flow.label("tried")
    flow.ask("solved", again=True, type="yes_no", ask="Does it work now?", on_reject="Please answer yes or no.")
    flow.check("solved", then="end", id="is_solved")
    flow.check(" and ".join(f"known({tool})" for tool in tools), then="declined", otherwise="round", id="all_tried")


def _examples(procedure: Procedure, manual: Manual) -> list[str]:
    openings = [about.partition(". ")[0] for one in manual.procedures for about in one.about[:1]]
    own = procedure.about[0].partition(". ")[0] if procedure.about else ""
    # What two procedures say alike tells neither from the other.
    wants = [text for text in [as_customer(own)] if text and openings.count(own) == 1]
    title = procedure.title.lower()
    return [*wants, f"{procedure.title}, please", f"I need help with this: {title}", f"My request is about {title}"]


def _yaml(value: Any) -> str:
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=1000)
