"""Plays the tests of a playbook with the assistant, and holds them against what they expect."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from kit.playbooks.language import Playbook, Trial, TrialTurn, fields_in_reach, in_reach
from kit.playbooks.tools import MockTools, Tool
from kit.playbooks.trying.customers import Customer, ScriptedCustomer
from kit.playbooks.trying.expecting import departures
from kit.playbooks.trying.host import Host, Said
from kit.playbooks.trying.played import PlayedCustomer
from kit.playbooks.trying.results import Departure, Exchange, TrialResult

__all__ = ["TODAY", "play_trial", "play_trials"]

# The day on which a test plays that does not say.
TODAY = date(2026, 6, 15)


def play_trials(
    host: Host,
    playbook: Playbook,
    tools: Mapping[str, Tool],
    *,
    only: Collection[str] | None = None,
    stop_at_first: bool = False,
) -> list[TrialResult]:
    """Play the tests of a playbook, which may differ from the one with its id that the host has.

    Args:
        host: the assistant.
        playbook: the one under test.
        tools: those of the workspace; mocks stand in for them, and none of them is called.
        only: the ids of the tests to play; by default all.
        stop_at_first: whether to stop at the first thing that is not as expected: that test and those after it are
            not played to the end.

    Returns:
        A result for each test that was played, in the order of the playbook.

    Raises:
        KitError: a test mocks a tool that there is not.
    """
    results = []
    for trial in playbook.tests:
        if only is None or trial.id in only:
            results.append(play_trial(host, playbook, trial, tools, stop_at_first=stop_at_first))
            if stop_at_first and not results[-1].passed:
                break
    return results


def play_trial(
    host: Host, playbook: Playbook, trial: Trial, tools: Mapping[str, Tool], *, stop_at_first: bool = False
) -> TrialResult:
    """Play one test of a playbook; see `play_trials`."""
    talk = host.open(
        playbook=playbook,
        tools=MockTools(tools, trial.tools),
        today=trial.today or TODAY,
        customer=trial.customer,
        # The router knows neither drafts nor what is only ever called.
        begin=playbook.callable_only or playbook.status != "active",
    )
    exchanges: list[Exchange] = []
    found: list[Departure] = []
    customer = _customer(host, playbook, trial)
    while (message := customer.next(exchanges)) is not None:
        said = talk.say(message)
        exchanges.append(Exchange(message, said))
        found += customer.after(len(exchanges) - 1, said)
        if found and stop_at_first:
            return _result(playbook, trial, exchanges, found)
    if exchanges:
        found += customer.at_the_end(exchanges)
        found += _at_the_end(playbook, trial, [one.said for one in exchanges])
    if found and customer.note:
        found[0] = replace(found[0], hint=f"{found[0].hint} {customer.note}".strip())
    return _result(playbook, trial, exchanges, found)


def _customer(host: Host, playbook: Playbook, trial: Trial) -> Customer:
    if trial.persona is None:
        return ScriptedCustomer(trial.turns)
    # The playbooks that it calls ask too.
    fields = fields_in_reach(in_reach(playbook, trial, {other.id: other for other in host.playbooks}))
    return PlayedCustomer(trial.persona, playbook, fields, ends_open=trial.expect.outcome == "clarified")


def _at_the_end(playbook: Playbook, trial: Trial, replies: Sequence[Said]) -> Iterator[Departure]:
    yield from departures(trial.expect, replies, turn=len(replies) - 1, place=("expect",))
    named = [trial.expect.playbook, *(turn.expect.playbook for turn in trial.turns if isinstance(turn, TrialTurn))]
    if not any(named) and not any(said.playbook == playbook.id for said in replies):
        # Without this, a test that says only what must not happen would pass where nothing happens.
        found = f"it never leads, the first message was taken for: {replies[0].route}"
        hint = "If customers say it like this, add it to `examples`; if it is right so, expect `playbook: none`."
        yield Departure(0, ("expect",), f"the playbook `{playbook.id}`", found, hint)


def _result(playbook: Playbook, trial: Trial, exchanges: Sequence[Exchange], found: Sequence[Departure]) -> TrialResult:
    taken = tuple(one for exchange in exchanges for one in exchange.said.taken)
    steps = (one.name for one in taken if one.playbook == playbook.id and one.part == "steps" and not one.way)
    ordered = sorted(found, key=lambda departure: len(exchanges) if departure.turn is None else departure.turn)
    return TrialResult(trial.id, not found, tuple(ordered), tuple(exchanges), tuple(steps), taken, trial.about)
