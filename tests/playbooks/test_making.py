"""New playbooks, from nothing and from what a company wrote for its people."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.playbooks import TableTool, Tool
from kit.playbooks.language import Check, Do, HandOff, Playbook, Say, broken, parse_playbook
from kit.playbooks.making import Draft, draft_playbook, read_procedure, template

TOOLS: dict[str, Tool] = {
    "order_lookup": TableTool(description="Finds an order by its number."),
    "account_unlock": TableTool(description="Unlocks the account of a customer.", changes=True),
}

PROCEDURE = """\
Lost password

When to use: the customer cannot sign in because they forgot the password.
Customers say: "I forgot my password", "cant log in", "reset my pasword pls"

1. Greet the customer warmly.
2. Ask the customer for their full name, email address and order number.
3. Ask for the reason (forgotten, stolen or other).
4. If the reason is stolen, escalate to the Security team.
5. Look up the order by its number.
6. If the account is locked, tell the customer "We open it within a day." Otherwise, tell them "A link is on its way."
7. Ask for the amount paid.
8. If the amount paid is more than $200, transfer the chat to a manager.
9. Unlock the customer's account.
10. Then close the ticket.
"""


def loaded(text: str, id: str = "example") -> Playbook:
    source = parse_playbook(text, Path(f"{id}.md"))
    assert list(broken(source.playbook, source.located, TOOLS)) == []
    return source.playbook


def draft(procedure: str) -> tuple[Playbook, Draft]:
    made = draft_playbook("example", procedure, TOOLS)
    return loaded(made.text), made


def test_the_template_is_a_draft_that_loads() -> None:
    playbook = loaded(template("late-delivery", title="It's late: “why”"), "late-delivery")
    assert (playbook.status, playbook.title) == ("draft", "It's late: “why”")
    assert "TODO" in playbook.owner and "TODO" in playbook.guidance


def test_a_procedure_becomes_a_playbook() -> None:
    playbook, made = draft(PROCEDURE)
    assert (playbook.title, playbook.status) == ("Lost password", "draft")
    assert playbook.when_to_use.startswith("the customer cannot sign in")
    assert playbook.examples == ("I forgot my password", "cant log in", "reset my pasword pls")
    assert [(item.name, item.type) for item in playbook.collect] == [
        ("name", "text"),
        ("email_address", "email"),
        ("order_number", "text"),
        ("reason", "choice"),
        ("account_locked", "yes_no"),
        ("amount_paid", "money"),
    ]
    assert playbook.collect[3].choices == ("forgotten", "stolen", "other")
    steps = {step.id: step for step in playbook.steps}
    stolen = steps["reason_stolen"]
    assert isinstance(stolen, Check) and (stolen.if_, stolen.else_) == ('reason == "stolen"', "look_up_order")
    security = steps["security"]
    assert isinstance(security, HandOff) and security.team == "Security"
    [over] = [step for step in playbook.steps if isinstance(step, Check) and step.if_ == "amount_paid > 200"]
    assert over.else_ and isinstance(steps[over.else_], Do)
    assert [step.text for step in playbook.steps if isinstance(step, Say)] == [
        "We open it within a day.",
        "A link is on its way.",
    ]
    assert [step.tool for step in playbook.steps if isinstance(step, Do)] == ["order_lookup", "account_unlock"]
    assert [line.number for line in made.unplaced] == [6]
    assert "- TODO line 6: Greet the customer warmly." in playbook.guidance


def test_otherwise_is_the_other_branch() -> None:
    playbook, _ = draft('Ask whether it is wet.\nIf it is wet, say "Dry it."\nOtherwise, say "Wet it."\nSay "Bye now."')
    check, dry, jump, wet, bye, *_ = playbook.steps[1:]
    assert isinstance(check, Check) and check.else_ == wet.id
    assert (dry.type, jump.type, wet.type) == ("say", "goto", "say")
    assert jump.to == bye.id  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("sentence", "kind", "what"),
    [
        ("Ask for the order number", "ask", "order number"),
        ("- Please collect their phone", "ask", "their phone"),
        ("3) Tell the customer that it takes 5 days.", "say", "it takes 5 days."),
        ("Escalate the case to the Billing team.", "hand_off", "Billing"),
        ("Hand over to your supervisor, with a note", "hand_off", "supervisor"),
        ("Finally, end the chat.", "end", ""),
        ("Refund the order", "do", "Refund the order"),
        ("Smile.", "other", ""),
    ],
)
def test_what_a_sentence_asks_for(sentence: str, kind: str, what: str) -> None:
    [line] = read_procedure(f"Title\n\n{sentence}")[1:]
    assert line.kind == kind
    if what:
        assert line.what.removeprefix("the ") == what


def test_nothing_of_the_procedure_is_lost() -> None:
    playbook, made = draft(PROCEDURE)
    for sentence in PROCEDURE.splitlines()[5:]:
        words = sentence.partition(". ")[2].replace(" Otherwise, ", "\n").split("\n")
        assert all(part in made.text for part in words), words
    assert playbook.guidance


LINES = st.lists(
    st.one_of(
        st.text(max_size=60),
        st.sampled_from(PROCEDURE.splitlines()),
        st.sampled_from(
            ["Otherwise, end the chat.", "If it's 'odd': yes, then if x, ask for y", "# {x: [", "if a, b", "---"]
        ),
    ),
    max_size=12,
)


@given(lines=LINES)
def test_whatever_is_pasted_gives_a_draft_that_loads(lines: list[str]) -> None:
    playbook, _ = draft("\n".join(lines))
    assert playbook.status == "draft" and playbook.steps
