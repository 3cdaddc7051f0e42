"""Whether two runs can be compared at all, and what differs between them."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from kit.errors import NotComparable
from kit.evals.comparing.side import Key, RunSide, Try, entry_of
from kit.evals.suites import Suite

__all__ = ["Across", "Changed", "Paired", "check_planned", "pair_up"]

Across = Literal["data"]
MOST_ERRORS = 0.05  # of the cases; more could hide what changed
# What the scores rest on, whatever the assistant does.
_MEASURED_BY = {
    "embedder": "the embedder or its precision",
    "judge": "the judge",
}
_SHOWN = 3


class Changed(BaseModel):
    """A fact that differs between the two runs: what a difference in scores may come from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Paired:
    """The cases that both runs have.

    Attributes:
        before, after: the runs.
        keys: the cases that could be run in both, by suite and id, in the order of `after`.
        left_out: cases that are the same in both and could not be run in one.
        not_common: cases that only one of them has, or that changed in between.
        changed: what differs between the runs.
    """

    before: RunSide
    after: RunSide
    keys: tuple[Key, ...]
    left_out: int
    not_common: int
    changed: tuple[Changed, ...]


def pair_up(before: RunSide, after: RunSide, *, common: bool = False, across: Collection[Across] = ()) -> Paired:
    """Pair two runs on the case.

    Args:
        before: the run that is compared with.
        after: the run that is looked at.
        common: whether to pair the cases that are the same in both, where others are not.
        across: what may differ because it is what is compared: `data`, the articles.

    Raises:
        NotComparable: a run broke off, cases, precision, judge or articles differ, or too much could not be run; says
            all that stands in the way.
    """
    reasons, remedies = list(_incomplete(before, after)), []
    for fact, name in _MEASURED_BY.items():
        was, now = before.facts.get(fact), after.facts.get(fact)
        if was != now:
            reasons.append(f"{name} differs ({was or 'none'}, {now or 'none'})")
    if before.facts.get("corpus") != after.facts.get("corpus") and "data" not in across:
        reasons.append("the articles differ")
        remedies.append("if they are what you compare, add `--across data`")
    shared = [key for key in after.entries if key in before.entries]
    same = [key for key in shared if before.entries[key].digest == after.entries[key].digest]
    not_common = len(before.entries.keys() | after.entries.keys()) - len(same)
    if not_common and not common:
        reasons.append(_other_cases(before, after))
        remedies.append("to pair what is common, add `--common`")
    if not same:
        reasons.append("no case is in both")
    for side in (before, after):
        lost = [key for key in same if not side.entries[key].ran]
        if len(lost) > MOST_ERRORS * len(same):
            reasons.append(f"{len(lost)} of {len(same)} cases could not be run in {side.name}")
    if reasons:
        problem = f"{before.name} and {after.name} cannot be compared: {'; '.join(reasons)}."
        raise NotComparable(problem, remedy=_sentence(remedies) or None)
    keys = tuple(key for key in same if before.entries[key].ran and after.entries[key].ran)
    return Paired(before, after, keys, len(same) - len(keys), not_common, tuple(_changed(before, after)))


def check_planned(
    baseline: RunSide,
    suites: Sequence[Suite],
    facts: Mapping[str, Any],
    *,
    common: bool = False,
    across: Collection[Across] = (),
) -> None:
    """Refuse a run, before it is made, that could not be compared with the baseline.

    Raises:
        NotComparable: says why.
    """
    ran = (Try(right=True),)
    entries = [entry_of(suite.name, case, ran) for suite in suites for case in suite.cases if not case.generated]
    planned = RunSide(
        name="this run",
        started=baseline.started,
        day=baseline.day,
        complete=True,
        facts=json.loads(json.dumps(dict(facts))),
        suites=tuple(suite.name for suite in suites),
        entries={entry.key: entry for entry in entries},
    )
    pair_up(baseline.only(planned.suites), planned, common=common, across=across)


def _incomplete(*sides: RunSide) -> Iterator[str]:
    yield from (f"{side.name} broke off" for side in sides if not side.complete)


def _other_cases(before: RunSide, after: RunSide) -> str:
    gone = [key[1] for key in before.entries if key not in after.entries]
    come = [key[1] for key in after.entries if key not in before.entries]
    both = [key for key in after.entries if key in before.entries]
    other = [key[1] for key in both if before.entries[key].digest != after.entries[key].digest]
    parts = []
    for ids, what in (
        (gone, f"only in {before.name}"),
        (come, f"only in {after.name}"),
        (other, "changed in between"),
    ):
        if ids:
            more = f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
            parts.append(f"{what}: {', '.join(ids[:_SHOWN])}{more}")
    return f"the cases differ ({'; '.join(parts)})"


def _sentence(parts: list[str]) -> str:
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _changed(before: RunSide, after: RunSide) -> Iterator[Changed]:
    yield from _changes(before.facts, after.facts)
    if before.day != after.day:
        yield Changed(what="the day that it is taken to be", before=str(before.day), after=str(after.day))


def _changes(before: Mapping[str, Any], after: Mapping[str, Any], within: str = "") -> Iterator[Changed]:
    """What differs, setting by setting; digests are told as changed, not shown."""
    for key in dict.fromkeys([*before, *after]):
        was, now, name = before.get(key), after.get(key), f"{within}{key}"
        if was == now:
            continue
        if isinstance(was, Mapping) and isinstance(now, Mapping):
            yield from _changes(was, now, f"{name}.")
        else:
            yield Changed(what=name, before=_shown(was), after=_shown(now))


def _shown(value: Any) -> str:
    if value is None:
        return "none"
    text = str(value)
    return text[:12] if len(text) == 64 and text.isalnum() else text
