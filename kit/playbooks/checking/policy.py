"""Checks of a playbook as a policy: who answers for it, when it holds, what it promises and to whom it hands over."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from kit.playbooks.checking.finding import Finding, Findings, rule
from kit.playbooks.checking.scope import Case, Scope
from kit.playbooks.language import Answer
from kit.text import squash
from kit.yamlfile import KeyPath

__all__ = ["check_policy", "check_teams"]

EXPIRED = rule("expired", "error", "An active playbook has not expired.")
SOON = rule("expires-soon", "warning", "An active playbook holds for another thirty days.")
ORDER = rule("expires-before-it-begins", "error", "`expires` is not before `effective_from`.")
TODO = rule("todo-left", "error", "No `TODO` is left in an active playbook (in a draft: a warning).")
NO_ARTICLE = rule("no-such-article", "error", "Every article under `knowledge` exists.")
NO_KNOWLEDGE = rule("no-knowledge", "warning", "A playbook with an `answer` step names the articles it relies on.")
NOT_SAID = rule("must-say-not-written", "warning", "What must be said stands in a text of the playbook.")
SAYS = rule("says-never-say", "error", "No text of a playbook holds what it must never say.")
FLUID = rule("fluid-high-risk", "warning", "A playbook of high risk sends only the written words.")
TEAM = rule("odd-team", "warning", "A team goes by the same name everywhere.")

SOON_DAYS = 30
_TODO = re.compile(r"\bTODO\b")


def check_policy(case: Case) -> Findings:
    """What is wrong with one playbook's policy."""
    playbook, today = case.playbook, case.scope.today
    if playbook.expires and playbook.effective_from and playbook.expires < playbook.effective_from:
        said = f"It expires on {playbook.expires}, before it begins on {playbook.effective_from}."
        yield ORDER.at(case.located, ("expires",), said, "Correct one of the two dates.")
    if playbook.expires and case.active:
        if playbook.expires < today:
            said = f"It is active and expired on {playbook.expires}."
            yield EXPIRED.at(case.located, ("expires",), said, "Give it a later date, or `status: retired`.")
        elif playbook.expires < today + timedelta(days=SOON_DAYS):
            said = f"It expires on {playbook.expires}, in {(playbook.expires - today).days} days."
            yield SOON.at(case.located, ("expires",), said, "Review it, and give it a later date.")
    yield from _todos(case)
    yield from _articles(case)
    yield from _words(case)
    if playbook.composition == "fluid" and playbook.risk == "high":
        said = "The risk is high, so the words are sent as written, and `fluid` has no effect."
        yield FLUID.at(case.located, ("composition",), said, "Make it `composition: strict`, or the risk lower.")


def check_teams(scope: Scope) -> Findings:
    """Teams that go by nearly, but not quite, the name that others use."""
    named = [(case, place, team) for case in scope.cases for place, team in _teams(case)]
    counts = Counter(team for _, _, team in named)
    for case, place, team in named:
        key = squash(team).lower()
        others = [other for other in counts if other != team and _alike(key, squash(other).lower())]
        # Of two names the one that is used less often is the odd one.
        better = max(others, key=lambda other: (counts[other], other), default=None)
        if better is not None and (counts[better], better) > (counts[team], team):
            said = f"Elsewhere the team `{team}` is called `{better}`."
            yield TEAM.at(case.located, place, said, "Use one name, so that it reaches the same people.")


def _alike(one: str, other: str) -> bool:
    from rapidfuzz.distance import OSA

    most = 2 if len(one) >= 6 else 1
    return OSA.distance(one, other, score_cutoff=most) <= most and min(len(one), len(other)) > 2


def _teams(case: Case) -> Iterator[tuple[KeyPath, str]]:
    if "team" in case.playbook.model_fields_set:
        yield ("team",), case.playbook.team
    for key in ("steps", "hand_off"):
        for number, part in enumerate(getattr(case.playbook, key)):
            if team := getattr(part, "team", ""):
                yield (key, number, "team"), team


def _todos(case: Case) -> Findings:
    level = "error" if case.active else "warning"
    for place, text in _strings(case.located.data, ()):
        if _TODO.search(text):
            said = "A `TODO` is left here."
            yield TODO.at(case.located, place, said, "Do what it says, and remove it.", level=level)  # type: ignore[arg-type]
    body = case.playbook.guidance.split("\n")
    if not any(_TODO.search(line) for line in body):
        return
    # The body is kept without its place in the file; it ends where the file ends.
    lines = case.path.read_text(encoding="utf-8-sig").rstrip().split("\n")
    first = len(lines) - len(body) + 1
    for number, line in enumerate(body):
        if _TODO.search(line):
            found = TODO.at(case.located, (), "A `TODO` is left here.", "Do what it says, and remove it.", level=level)  # type: ignore[arg-type]
            yield Finding(**{**vars(found), "line": first + number})


def _strings(data: Any, place: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(data, str):
        yield place, data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _strings(value, (*place, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _strings(value, (*place, number))


def _articles(case: Case) -> Findings:
    playbook = case.playbook
    if case.scope.missing is not None and playbook.knowledge:
        missing = case.scope.missing(playbook.knowledge)
        for number, article in enumerate(playbook.knowledge):
            if article in missing:
                guess = missing[article]
                remedy = f"Did you mean `{guess}`?" if guess else "Write the article, or remove it here."
                yield NO_ARTICLE.at(case.located, ("knowledge", number), f"There is no article `{article}`.", remedy)
    for number, step in enumerate(playbook.steps):
        if isinstance(step, Answer) and not playbook.knowledge:
            said = f"The step `{step.id}` answers from articles, and none is named."
            yield NO_KNOWLEDGE.at(case.located, ("steps", number, "id"), said, "Name them under `knowledge`.")
            return


def _words(case: Case) -> Findings:
    texts = [(place, squash(text).lower()) for place, text in case.written()]
    texts += [
        (("steps", n, "text"), squash(getattr(step, "text", "")).lower()) for n, step in enumerate(case.playbook.steps)
    ]
    for number, phrase in enumerate(case.playbook.must_say):
        if not any(squash(phrase).lower() in text for _, text in texts):
            said = f"`{phrase}` stands in no text, so it is only added at the end."
            yield NOT_SAID.at(case.located, ("must_say", number), said, "Write it where it belongs.")
    said_at = [*texts, *((("must_say", n), squash(one).lower()) for n, one in enumerate(case.playbook.must_say))]
    for phrase in case.playbook.never_say:
        told: set[KeyPath] = set()
        for place, text in said_at:
            if squash(phrase).lower() in text and place not in told:
                told.add(place)
                remedy = "Write it differently, or remove it from `never_say`."
                yield SAYS.at(case.located, place, f"This says `{phrase}`, which is never to be said.", remedy)
