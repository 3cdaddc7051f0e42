from datetime import date
from typing import Any

import pytest

from kit.playbooks import Playbook
from kit.playbooks.routing.availability import unavailable
from kit.playbooks.routing.deciding import decide
from kit.playbooks.routing.route import Kind

TODAY = date(2026, 11, 26)
KNOWLEDGE: Kind = ("knowledge", None)


def one(id: str, **changes: Any) -> Playbook:
    values = {"id": id, "title": id, "owner": "Bench", "when_to_use": id, "examples": ["a b", "c d", "e f"]}
    return Playbook.model_validate({**values, "steps": [{"id": "done", "type": "end", "text": "Done."}], **changes})


def shelf(*playbooks: Playbook) -> dict[str, Playbook]:
    return {playbook.id: playbook for playbook in playbooks}


def shares(knowledge: float = 0.1, **playbooks: float) -> dict[Kind, float]:
    return {KNOWLEDGE: knowledge, **{("playbook", id): share for id, share in playbooks.items()}}


def test_two_that_are_close_are_asked_between() -> None:
    route = decide(shares(a=0.45, b=0.4, c=0.05), shelf(one("a"), one("b"), one("c")), frozenset())
    assert (route.playbook, route.second, route.ambiguous) == ("a", "b", ("a", "b"))
    assert route.playbooks == (("a", 0.45), ("b", 0.4), ("c", 0.05))


def test_the_more_important_one_is_taken_without_asking() -> None:
    route = decide(shares(a=0.45, b=0.4), shelf(one("a"), one("b", priority=2)), frozenset())
    assert (route.playbook, route.probability, route.second, route.ambiguous) == ("b", 0.4, "a", ())


@pytest.mark.parametrize(("told", "ambiguous"), [((), ()), (("b",), ("a", "b"))])
def test_owners_can_have_it_asked_earlier(told: tuple[str, ...], ambiguous: tuple[str, ...]) -> None:
    route = decide(shares(a=0.7, b=0.2), shelf(one("a", disambiguate_with=told), one("b")), frozenset())
    assert (route.playbook, route.ambiguous) == ("a", ambiguous)


def test_what_is_not_available_leaves_its_part_to_what_is_likely_or_to_knowledge() -> None:
    both = shelf(one("a"), one("b"))
    assert decide(shares(a=0.6, b=0.3), both, frozenset("a")).playbook == "b"
    assert decide(shares(a=0.8, b=0.1), both, frozenset("a")).kind == "knowledge"


@pytest.mark.parametrize(
    ("changes", "customer", "missing"),
    [
        ({}, {}, False),
        ({"effective_from": date(2026, 11, 27)}, {}, True),
        ({"expires": date(2026, 11, 26)}, {}, False),
        ({"expires": date(2026, 11, 25)}, {}, True),
        ({"audience_if": "customer.plan == 'Plus'"}, {"plan": "Plus"}, False),
        ({"audience_if": "customer.plan == 'Plus'"}, {"plan": "Free"}, True),
        ({"audience_if": "customer.plan == 'Plus'"}, {}, True),
    ],
)
def test_a_playbook_is_for_some_customers_and_some_days(
    changes: dict[str, Any], customer: dict[str, Any], missing: bool
) -> None:
    assert unavailable([one("a", **changes)], customer, TODAY) == (frozenset("a") if missing else frozenset())
