"""What the linter works out about ways and conditions, held against simply trying them."""

import random
from datetime import date
from typing import Any

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.playbooks import Playbook
from kit.playbooks.checking.facts import Fact, certain, consistent
from kit.playbooks.checking.flow import Flow
from kit.playbooks.checking.guards import learned, needed
from kit.playbooks.language import UnknownName, evaluate, parsed
from kit.playbooks.language.conditions import ConditionError

LAX = settings(deadline=None, derandomize=True, database=None, max_examples=300)
NAMES = ("a", "b", "c")

ATOMS = st.one_of(
    st.sampled_from(NAMES),
    st.builds("known({})".format, st.sampled_from(NAMES)),
    st.builds(
        "{} {} {}".format,
        st.sampled_from(NAMES),
        st.sampled_from(["==", "!=", "<", "<=", ">", ">="]),
        st.integers(-2, 2),
    ),
    st.builds("{} {} {}".format, st.integers(-2, 2), st.sampled_from(["<", "=="]), st.sampled_from(NAMES)),
    st.builds("{} < {} <= {}".format, st.integers(-2, 0), st.sampled_from(NAMES), st.integers(0, 2)),
    st.sampled_from(["true", "no", "1 < 2"]),
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds("not ({})".format, inner),
        st.builds("({}) {} ({})".format, inner, st.sampled_from(["and", "or"]), inner),
    ),
    max_leaves=6,
)
VALUES = st.dictionaries(st.sampled_from(NAMES), st.integers(-3, 3))


# Conditions


@LAX
@given(CONDITIONS, VALUES)
def test_what_is_needed_is_enough(condition: str, values: dict[str, int]) -> None:
    """Where all names are known that a condition is said to need, it can be evaluated, and tells what it is said to."""
    try:
        met = bool(evaluate(condition, values))
    except UnknownName:
        assert not needed(condition) <= values.keys()
        return
    assert learned(condition, met) <= values.keys()


@LAX
@given(CONDITIONS, st.fixed_dictionaries({name: st.integers(-3, 3) for name in NAMES}))
def test_facts_hold_where_the_condition_does(condition: str, values: dict[str, int]) -> None:
    met = bool(evaluate(condition, values))
    facts = certain(parsed(condition), met)
    for fact in facts:
        truth = {"true": "{}", "false": "not {}"}.get(fact.sign, f"{{}} {fact.sign} {fact.value!r}").format(fact.path)
        assert evaluate(truth, values), (condition, fact)
        assert not evaluate(f"not ({truth})", values)
    # What holds of real values goes together.
    assert consistent(facts, lambda path: None)
    assert consistent(facts, lambda path: tuple(range(-3, 4)))


@LAX
@given(
    st.lists(
        st.builds(Fact, st.just("a"), st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), st.integers(-2, 2)),
        max_size=4,
    )
)
def test_facts_are_refused_only_where_no_number_fits(facts: list[Fact]) -> None:
    numbers = [number / 4 for number in range(-16, 17)]
    fits = any(all(evaluate(f"a {fact.sign} {fact.value!r}", {"a": number}) for fact in facts) for number in numbers)
    assert consistent(facts, lambda path: None) or not fits
    # With no `!=` among them, and in a domain that is known, it is exact.
    assert consistent(facts, lambda path: tuple(numbers)) == fits
    if all(fact.sign != "!=" for fact in facts):
        assert consistent(facts, lambda path: None) == fits


def test_dates_have_an_order() -> None:
    early, late = Fact("d", "<", "2026-01-01"), Fact("d", ">", "2026-06-01")
    assert not consistent({early, late}, lambda path: None)
    assert consistent({early, Fact("d", ">", "2025-06-01")}, lambda path: None)
    assert evaluate("d < '2026-01-01'", {"d": date(2025, 1, 1)})


# Ways


def playbook(seed: int) -> Playbook:
    """A playbook of random steps."""
    chance = random.Random(seed)
    count = chance.randint(1, 9)
    ids = [f"s{number}" for number in range(count)]

    def target() -> str:
        return chance.choice(ids)

    def step(number: int) -> dict[str, Any]:
        kind = chance.choice(["say", "ask", "check", "do", "goto", "end", "hand_off", "answer", "check", "ask"])
        more: dict[str, Any] = {
            "say": {"text": "Word."},
            "ask": {"field": chance.choice(["a", "b", "c"])},
            "check": {"if": chance.choice(["known(a)", "customer.x", "not known(b)", "known(a) and known(c)"])},
            "do": {"tool": "t", "save_as": chance.choice(["r", "q"])},
            "goto": {"to": target()},
            "hand_off": {"reason": "safety"},
            "answer": {"question": "why"},
        }.get(kind, {})
        for key in {"check": ["then", "else"], "do": ["on_fail"]}.get(kind, []):
            if chance.random() < 0.6:
                more[key] = target()
        return {"id": ids[number], "type": kind, **more}

    return Playbook.model_validate(
        {
            "id": "x",
            "title": "X",
            "owner": "x",
            "when_to_use": "x",
            "examples": ["x", "y", "z"],
            "collect": [{"name": name, "ask": "?"} for name in "abcd"],
            "steps": [step(number) for number in range(count)],
        }
    )


def walk(flow: Flow, chance: random.Random) -> list[tuple[int, frozenset[str]]]:
    """A way through the steps, with what is known at each; a check is decided as it would be in a play."""
    known = set(flow.first) | {"today", "customer"}
    number, way = 0, []
    for _ in range(30):
        way.append((number, frozenset(known)))
        if number >= len(flow.steps) or not flow.edges[number]:
            break
        condition = getattr(flow.steps[number], "if_", "")
        edge = chance.choice(flow.edges[number])
        if "known" in condition:
            edge = flow.edges[number][0 if evaluate(condition, dict.fromkeys(known, 1)) else 1]
        known |= {edge.gives} if edge.gives else set()
        number = edge.to
    return way


@pytest.mark.parametrize("seed", range(150))
def test_what_is_said_to_be_known_is_known_on_every_way(seed: int) -> None:
    flow, chance = Flow(playbook(seed)), random.Random(seed)
    for _ in range(40):
        for number, known in walk(flow, chance):
            assert number in flow.reachable
            assert flow.known[number] <= known <= flow.possibly_known[number]


@pytest.mark.parametrize("seed", range(150))
def test_steps_and_loops_are_those_of_the_graph(seed: int) -> None:
    flow = Flow(playbook(seed))
    graph = networkx.DiGraph()
    graph.add_nodes_from(range(len(flow.steps)))
    graph.add_edges_from((number, edge.to) for number, edges in enumerate(flow.edges) for edge in edges)
    assert flow.reachable == {0} | networkx.descendants(graph, 0)
    after = {one: set[int]().union(*({to} | networkx.descendants(graph, to) for to in graph[one])) for one in graph}
    cycles = {frozenset(other for other in after[one] if one in after[other]) for one in graph if one in after[one]}
    assert {loop - {len(flow.steps)} for loop in flow.loops} == {cycle - {len(flow.steps)} for cycle in cycles}


def test_what_may_not_be_used_is_needed_by_nothing() -> None:
    with pytest.raises(ConditionError):
        parsed("x[0]")
    assert needed("x[0]") == learned("x[0]", True) == frozenset()
