"""Customers for a procedure: every way through its playbook that some customer takes, found by search.

At each question the customer gives each kind of answer that a condition of the playbook tells apart; each tool answers
yes and no where a condition asks for it. What the customer does not know branches too, one thing a conversation at
most: with two the ways become many and say nothing new.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import product

from kit.playbooks import Collect, Mock, MockTools, Play, Playbook, Plays, Route, Setting, Shelf, Tool, take_turn
from kit.playbooks.engine import advance, begin
from kit.playbooks.language import Check, Do, paths_in, result_name

__all__ = ["TODAY", "Customer", "Way", "replayed", "ways"]

TODAY = date(2026, 6, 15)
UNKNOWN = "I don't know"
OPENING = "hello"
# More than any procedure has; reaching it is said.
MOST = 5000
FACTS: Mapping[str, str] = {
    "full_name": "Mira Okafor",
    "account_id": "AC77Q2",
    "order_id": "5530018",
    "username": "mokafor9",
    "email": "mira@example.com",
    "full_address": "12 Pier Lane, Salt Bay, ME 04001",
    "street_address": "12 Pier Lane",
    "zip_code": "04001",
    "phone": "(415) 555-0134",
    "card_expiry": "09/29",
    "product": "Harrow boots",
}


@dataclass(frozen=True)
class Way:
    """One conversation: what was answered to what, what the tools were asked to do, and how it ended.

    Attributes:
        answers: what the customer wrote, in order.
        mocks: what tools answered this customer, where it is not what they always answer.
        called: the tools that were called, in order.
        steps: the steps that were taken.
        outcome: how it ended.
    """

    answers: tuple[str, ...]
    called: tuple[str, ...]
    steps: tuple[str, ...]
    outcome: str
    mocks: Mapping[str, Mock] = field(default_factory=dict)


@dataclass(frozen=True)
class Customer:
    """What is known of a customer: facts by the name of their field. Whatever is not is tried each way.

    Attributes:
        facts: what is answered where a field has this name; other texts get an answer that says nothing.
        settled: whether a choice or a date among the facts is this customer's only answer.
        today: the day of the conversation.
    """

    facts: Mapping[str, str] = field(default_factory=lambda: FACTS)
    settled: bool = False
    today: date = TODAY


def ways(
    playbook: Playbook, shelf: Shelf, tools: Mapping[str, Tool], customer: Customer | None = None
) -> Iterator[Way]:
    """All ways through a playbook, at most `MOST`; two with the same steps count once."""
    seen: set[tuple[str, ...]] = set()
    customer = customer or Customer()
    for mocks in _mocks(playbook, tools):
        setting = Setting(shelf, MockTools(tools, mocks), customer.today)
        found = _from(begin(playbook), (OPENING,), (), setting, customer)
        for way in (replace(one, mocks=mocks) for one in found):
            if way.steps not in seen:
                seen.add(way.steps)
                yield way
            if len(seen) >= MOST:
                return


def _mocks(playbook: Playbook, tools: Mapping[str, Tool]) -> Iterator[dict[str, Mock]]:
    """What the tools answer, once for each combination of yes and no that a condition asks them for."""
    asked = {path for step in playbook.steps if isinstance(step, Check) for path in paths_in(step.if_)}
    results = {result_name(step): step.tool for step in playbook.steps if isinstance(step, Do)}
    tests = [
        (results[name], key) for name, _, key in (path.partition(".") for path in sorted(asked)) if name in results
    ]
    answers = [(tool, key) for tool, key in tests if (tools[tool].returns or {}).get(key) == "yes_no"]
    for said in product((True, False), repeat=len(answers)):
        mocks: dict[str, dict[str, bool]] = {}
        for (tool, key), answer in zip(answers, said, strict=True):
            mocks.setdefault(tool, {})[key] = answer
        yield {tool: Mock(returns=returned, merge=True) for tool, returned in mocks.items()}


def _from(
    play: Play, messages: tuple[str, ...], called: tuple[str, ...], setting: Setting, customer: Customer
) -> Iterator[Way]:
    """The ways on from a play that is about to hear the last of the messages."""
    move = advance(play, messages[-1], setting)
    called = (*called, *(call.tool for call in move.calls))
    if move.play is None:
        steps = (*play.path, *move.path)
        yield Way(messages, called, steps, move.outcome)
        return
    if move.play.waiting == play.waiting and sum(move.play.attempts.values()) > sum(play.attempts.values()):
        return  # the playbook does not take this answer, as with a choice that was made before
    following = setting.library.find(move.play.playbook, move.play.edition)
    assert following is not None
    for answer in _answers(following, move.play, customer, may_not_know=UNKNOWN not in messages):
        yield from _from(move.play, (*messages, answer), called, setting, customer)


def _answers(playbook: Playbook, play: Play, customer: Customer, *, may_not_know: bool) -> list[str]:
    kind, _, name = (play.waiting or "").partition(":")
    if kind == "confirm":
        return ["yes", "no"]
    item = next(one for one in playbook.collect if one.name == name)
    if customer.settled and name in customer.facts:
        return [customer.facts[name]]
    return [*_known(item, playbook, customer), *([UNKNOWN] if item.optional and may_not_know else [])]


def _known(item: Collect, playbook: Playbook, customer: Customer) -> list[str]:
    """One answer of each kind that a condition tells apart."""
    conditions = [step.if_ for step in playbook.steps if isinstance(step, Check)]
    told_apart = any(item.name in paths_in(condition) for condition in conditions)
    match item.type:
        case "yes_no":
            return ["yes", "no"]
        case "choice":
            return list(item.choices if told_apart or item.valid else item.choices[:1])
        case "number" | "money":
            limits = {int(limit) for one in conditions for limit in re.findall(rf"\b{item.name} [<>=]+ (\d+)", one)}
            near = sorted({number for limit in limits for number in (limit - 1, limit, limit + 1)})
            return [str(number) for number in near] or ["40"]
        case "date":
            limits = {
                int(limit) for one in conditions for limit in re.findall(rf"days_since\({item.name}\) <= (\d+)", one)
            }
            near = sorted({days for limit in limits for days in (limit - 1, limit + 1)}) or [3]
            return [str(customer.today - timedelta(days=days)) for days in near]
        case _:
            known = [customer.facts.get(item.name, "blue"), *FACTS.values()]
            return [next(fact for fact in known if not item.pattern or re.fullmatch(item.pattern, fact))]


def replayed(way: Way, playbook: Playbook, shelf: Shelf, tools: Mapping[str, Tool]) -> tuple[str, ...]:
    """The tools that are called when the same customer has the conversation from its first message on.

    What a whole conversation adds to a play is there too: questions, other wishes, calling it off.
    """
    plays, called, mocked = Plays(), [], MockTools(tools, way.mocks)
    route = Route("playbook", playbook.id, 1.0)
    for number, message in enumerate(way.answers):
        setting = Setting(shelf, mocked, TODAY)
        turned = take_turn(plays, message, route, setting, key="replay", said=way.answers[:number])
        plays = turned.plays
        called += [call.tool for call in turned.advance.calls]
    return tuple(called)
