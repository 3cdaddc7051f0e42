"""Checks of names: what leads nowhere, what is used before it is known, what is never used."""

from kit.playbooks.checking.edits import Edit, SetValue
from kit.playbooks.checking.finding import RULES, Findings, rule
from kit.playbooks.checking.flow import uses
from kit.playbooks.checking.guards import learned, needed
from kit.playbooks.checking.near import misspelt
from kit.playbooks.checking.scope import Case
from kit.playbooks.checking.types import result_keys
from kit.playbooks.language import Ask, ConditionError, Do, HandOff, broken, paths_in, placeholders, result_name
from kit.text import nearest
from kit.yamlfile import KeyPath

__all__ = ["check_names"]

# What keeps a playbook from being loaded: found by `kit.playbooks.language.broken`.
for _name, _about, _fixes in (
    ("no-such-step", "Every step that is named exists.", "a misspelt name"),
    ("no-such-field", "Every field that is named is collected.", "a misspelt name"),
    ("no-such-name", "Every name in a condition or text is a field, a result, `today` or `customer`.", ""),
    ("no-such-tool", "Every tool that is named stands in `tools.yaml`.", "a misspelt name"),
    ("no-such-playbook", "Every playbook that is named exists.", "a misspelt name"),
    ("no-such-choice", "Synonyms belong to a choice that there is.", ""),
    ("no-such-argument", "A `call` gives the fields that the other playbook has.", ""),
    ("duplicate-step", "No two steps have the same id.", ""),
    ("duplicate-field", "No two fields have the same name.", ""),
    (
        "reserved-name",
        "No field or result is called by a word that conditions know: `today`, `customer`, `yes`, ….",
        "",
    ),
    ("replaces-field", "No result goes by the name of a field.", ""),
    ("no-choices", "A field of type `choice` has choices.", ""),
    ("idle-default", "Only a field that may stay unknown has a default.", ""),
    ("empty-trigger", "Every trigger has a word in it.", ""),
    ("bad-pattern", "A pattern is a regular expression that never takes long.", ""),
    ("bad-condition", "A condition is made of names, constants, comparisons, and/or/not and the few functions.", ""),
    ("change-without-confirm", "The customer agrees before anything is changed.", ""),
    ("calls-itself", "No playbook calls itself, also not through others.", ""),
    ("too-many-steps", "A playbook has at most 200 steps.", ""),
):
    rule(_name, "error", _about, fixes=_fixes)

USED_EARLY = rule("used-before-known", "error", "Whatever a step uses is known on every way that leads to it.")
NO_KEY = rule("no-such-key", "error", "Every `result.key` is one that the tool or playbook gives.")
UNUSED_FIELD = rule("unused-field", "warning", "Every field that is asked for is of some use.")
UNUSED_RESULT = rule("unused-result", "warning", "Every look-up is of some use.")


def check_names(case: Case) -> Findings:
    """What is wrong with the names in a playbook."""
    scope = case.scope
    for flaw in broken(case.playbook, case.located, scope.tools, scope.playbooks, unread=scope.unread):
        guess = misspelt(flaw.name, flaw.known) if flaw.name and RULES[flaw.rule].fixes else None
        fix: Edit | None = SetValue(flaw.place, guess) if guess else None
        yield RULES[flaw.rule].at(case.located, flaw.place, flaw.problem, flaw.remedy or "Mend it.", fix=fix)
    yield from _early(case)
    yield from _keys(case)
    yield from _unused(case)


def _early(case: Case) -> Findings:
    flow, playbook = case.flow, case.playbook
    names = case.fields.keys() | case.makers.keys()
    asked: set[str] = {"today", "customer", *flow.uncertain}
    for number, field in enumerate(playbook.collect):
        # These are asked for one after another, before the first step.
        for name in sorted({name for name, _ in placeholders(f"{field.ask} {field.on_reject}")} & names - asked):
            if field.name in flow.first:
                said = f"The question for `{field.name}` is asked before `{name}` is known."
                yield USED_EARLY.at(case.located, ("collect", number, "ask"), said, _make_known(case, name))
        asked |= {field.name} & flow.first
    for number in sorted(flow.known.keys() & set(range(len(playbook.steps)))):
        step, known = playbook.steps[number], flow.known[number]
        told: set[str] = set()
        for use in uses(step, playbook):
            if use.name in known or use.name in told or use.name not in names:
                continue
            told.add(use.name)
            never = use.name not in flow.possibly_known[number]
            when = "before it is known" if never else "also where it is not known: not every way leads over"
            made = "" if never else f" {_maker(case, use.name)}"
            place: KeyPath = ("steps", number, use.key, use.within) if use.within else ("steps", number, use.key)
            said = f"The step `{step.id}` uses `{use.name}` {when}{made}."
            yield USED_EARLY.at(case.located, place, said, _make_known(case, use.name))
    for number, rule_ in enumerate(playbook.hand_off):
        sure = needed(rule_.if_) | learned(rule_.if_, True) | flow.first | {"today", "customer"}
        for name in sorted({name for name, _ in placeholders(rule_.text)} & names - sure):
            said = f"This rule may hold before `{name}` is known, which its text uses."
            yield USED_EARLY.at(case.located, ("hand_off", number, "text"), said, f"Add `and known({name})` to `if`.")


def _maker(case: Case, name: str) -> str:
    """The steps that make a name known, as `a` or `b`."""
    made = [
        step.id
        for number, step in enumerate(case.playbook.steps)
        if any(e.gives == name for e in case.flow.edges[number])
    ]
    return " or ".join(f"`{id}`" for id in made[:3])


def _make_known(case: Case, name: str) -> str:
    if name in case.makers:
        return f"Put {_maker(case, name) or 'the step that gets it'} before it, or ask `known({name})` first."
    return f"Ask for `{name}` before it, or ask `known({name})` first."


def _keys(case: Case) -> Findings:
    paths = [(place, path) for place, text in (*case.written(), *case.arguments()) for _, path in placeholders(text)]
    for place, condition in case.conditions():
        try:
            paths += [(place, path) for path in sorted(paths_in(condition))]
        except ConditionError:
            continue  # named by `bad-condition`
    told: set[str] = set()
    for place, path in paths:
        name, _, rest = path.partition(".")
        key = rest.partition(".")[0]
        if not key or f"{name}.{key}" in told:
            continue
        if name in case.fields:
            told.add(f"{name}.{key}")
            said = f"`{name}` is a field, and has no `{key}`."
            yield NO_KEY.at(case.located, place, said, f"Write `{name}`.")
        if name not in case.makers:
            continue
        keys = result_keys(case, name)
        if keys is None or key in keys:
            continue
        told.add(f"{name}.{key}")
        guess = nearest(key, keys)
        remedy = f"Did you mean `{name}.{guess}`?" if guess else f"There are: {', '.join(sorted(keys))}."
        yield NO_KEY.at(case.located, place, f"`{name}` has no `{key}`.", remedy)


def _unused(case: Case) -> Findings:
    playbook, flow = case.playbook, case.flow
    called = playbook.callable_only or playbook.id in case.scope.called
    for number, field in enumerate(playbook.collect):
        if field.name in case.mentioned or called:
            continue
        asks = [n for n, step in enumerate(playbook.steps) if isinstance(step, Ask) and step.field == field.name]
        # A person who takes over is given all that is known.
        after = flow.reached_from(asks or [0])
        if not any(isinstance(playbook.steps[n], HandOff) for n in after if n < len(playbook.steps)):
            said = f"The field `{field.name}` is asked for and never used."
            yield UNUSED_FIELD.at(case.located, ("collect", number, "name"), said, "Use it, or do not ask for it.")
    for number, step in enumerate(playbook.steps):
        if not isinstance(step, Do) or result_name(step) in case.mentioned:
            continue
        if (tool := case.scope.tools.get(step.tool)) and not tool.changes:
            said = f"What the step `{step.id}` looks up is never used."
            yield UNUSED_RESULT.at(case.located, ("steps", number, "id"), said, "Use it, or remove the step.")
