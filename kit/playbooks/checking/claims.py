"""Checks of what brings messages to a playbook: its examples, triggers and neighbours."""

import re
from collections.abc import Mapping, Sequence
from itertools import combinations

from kit.playbooks.checking.edits import AddItem, AddKey, Edit, RemoveItem
from kit.playbooks.checking.finding import Finding, Findings, rule
from kit.playbooks.checking.near import misspelt
from kit.playbooks.checking.scope import Case, Scope
from kit.text import words

__all__ = ["check_claims", "check_neighbours"]

FEW = rule("few-examples", "warning", "A playbook has at least eight examples.")
TWICE = rule("duplicate-example", "warning", "No example is there twice.", fixes="removes the second")
CLAIMED = rule("claimed-example", "error", "No two playbooks have the same example.")
NEAR = rule("near-example", "warning", "No two playbooks have examples that say nearly the same.")
DENIED = rule("denied-example", "error", "No example is also under `not_for`.")
TRIGGERS = rule("overlapping-triggers", "warning", "No trigger holds the words of another playbook's trigger.")
TAKEN = rule("trigger-takes-example", "error", "No trigger takes a message that is another playbook's example.")
ONE_WAY = rule(
    "one-way-neighbour", "warning", "Playbooks under `disambiguate_with` name each other.", fixes="adds the name"
)
ITSELF = rule("own-neighbour", "warning", "No playbook is under its own `disambiguate_with`.")

LEAST = 8
# Cosine of the sentence vectors from which two sentences are taken to ask for the same.
ALIKE = 0.92


def check_claims(case: Case) -> Findings:
    """What is wrong with one playbook's own examples."""
    playbook = case.playbook
    if len(playbook.examples) < LEAST and not playbook.callable_only:
        said = f"There are only {len(playbook.examples)} examples."
        yield FEW.at(case.located, ("examples",), said, f"Write {LEAST} or more, as customers would.")
    seen: dict[str, str] = {}
    different = len({_plain(example) for example in playbook.examples})
    for number, example in enumerate(playbook.examples):
        key = _plain(example)
        if key in seen:
            # Fewer than three would be too few to be loaded.
            fix = RemoveItem(("examples", number)) if different >= 3 else None
            said = f"`{_short(example)}` is the same as `{_short(seen[key])}`."
            yield TWICE.at(case.located, ("examples", number), said, "Remove it.", fix=fix)
        seen.setdefault(key, example)
    for number, sentence in enumerate(playbook.not_for):
        if _plain(sentence) in seen:
            said = f"`{_short(sentence)}` is an example as well."
            yield DENIED.at(case.located, ("not_for", number), said, "Remove one of the two.")


def check_neighbours(scope: Scope) -> Findings:
    """What is wrong between playbooks."""
    cases = scope.routed
    owners: dict[str, list[tuple[Case, int]]] = {}
    for case in cases:
        for number, example in enumerate(case.playbook.examples):
            owners.setdefault(_plain(example), []).append((case, number))
    for found in owners.values():
        for case, number in found:
            others = [other.playbook.id for other, _ in found if other is not case]
            if others:
                said = f"`{_short(case.playbook.examples[number])}` is also an example of `{others[0]}`."
                yield CLAIMED.at(case.located, ("examples", number), said, "Leave it to one of them.")
    yield from _triggers(cases)
    for case in scope.cases:
        yield from _mutual(case)
    if scope.embed is not None:
        yield from _near(cases, scope)


def _triggers(cases: Sequence[Case]) -> Findings:
    triggers = [
        (case, text, pattern) for case in cases for text in case.playbook.triggers if (pattern := _trigger(text))
    ]
    for other in cases:
        for key, sentences in (("triggers", other.playbook.triggers), ("examples", other.playbook.examples)):
            for place, sentence in enumerate(sentences):
                said_words = f" {_plain(sentence)} "
                for case, trigger, pattern in triggers:
                    if case is other or not pattern.search(said_words):
                        continue
                    if key == "triggers":
                        id = case.playbook.id
                        said = f"The trigger `{sentence}` holds the words of `{trigger}`, which leads to `{id}`."
                        yield TRIGGERS.at(other.located, (key, place), said, "Make one of them more precise.")
                    else:
                        said = f"The trigger `{trigger}` of `{case.playbook.id}` takes `{_short(sentence)}` away."
                        remedy = "Make the trigger more precise, or the example another one."
                        yield TAKEN.at(other.located, (key, place), said, remedy)


def _trigger(trigger: str) -> re.Pattern[str] | None:
    """As the router looks for it: the words in their order, at most two others between one and the next."""
    if not words(trigger):
        return None  # named by `empty-trigger`
    return re.compile(" " + r" (?:\S+ ){0,2}".join(map(re.escape, words(trigger))) + " ")


def _mutual(case: Case) -> Findings:
    playbook = case.playbook
    if playbook.id in playbook.disambiguate_with:
        place = ("disambiguate_with", playbook.disambiguate_with.index(playbook.id))
        yield ITSELF.at(case.located, place, "This playbook is told from itself.", "Remove it.")
    for other in case.scope.cases:
        if playbook.id in other.playbook.disambiguate_with and other.playbook.id not in playbook.disambiguate_with:
            meant = (misspelt(name, [other.playbook.id]) for name in playbook.disambiguate_with)
            if other is case or any(meant):
                continue  # named by `no-such-playbook`
            present = "disambiguate_with" in (case.located.data or {})
            fix: Edit = (
                AddItem(("disambiguate_with",), other.playbook.id)
                if present
                else AddKey(("disambiguate_with",), (other.playbook.id,))
            )
            said = f"`{other.playbook.id}` names this playbook under `disambiguate_with`, and is not named by it."
            yield ONE_WAY.at(case.located, ("disambiguate_with",), said, "Add it here as well.", fix=fix)


def _near(cases: Sequence[Case], scope: Scope) -> Findings:
    import numpy as np

    assert scope.embed is not None
    texts: Mapping[str, list[str]] = {case.playbook.id: list(case.playbook.examples) for case in cases}
    flat = [text for some in texts.values() for text in some]
    if not flat:
        return
    if (embedded := scope.embed(flat)) is None:
        return
    vectors = np.asarray(embedded)
    ends = np.cumsum([len(some) for some in texts.values()])
    rows = {id: vectors[end - len(some) : end] for (id, some), end in zip(texts.items(), ends, strict=True)}
    for one, other in combinations(cases, 2):
        close = rows[one.playbook.id] @ rows[other.playbook.id].T
        for first, second in np.argwhere(close >= ALIKE).tolist():
            mine, theirs = one.playbook.examples[first], other.playbook.examples[second]
            if _plain(mine) == _plain(theirs):
                continue  # named by `claimed-example`
            yield _nearly(one, first, theirs, other)
            yield _nearly(other, second, mine, one)


def _nearly(case: Case, number: int, sentence: str, other: Case) -> Finding:
    mine = case.playbook.examples[number]
    said = f"`{_short(mine)}` says nearly what `{_short(sentence)}` says, an example of `{other.playbook.id}`."
    return NEAR.at(case.located, ("examples", number), said, "Say what tells them apart, or leave one out.")


def _plain(text: str) -> str:
    return " ".join(words(text))


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "…"
