"""Checks of the questions that a playbook asks."""

import re

from kit.playbooks.checking.edits import AddKey
from kit.playbooks.checking.finding import Findings, rule
from kit.playbooks.checking.scope import Case
from kit.text import squash

__all__ = ["check_asking"]

CHOICES = rule("choices-not-named", "warning", "The question for a `choice` names the choices.")
YES_NO = rule("not-a-yes-no-question", "warning", "The question for a `yes_no` can be answered with yes or no.")
PII = rule(
    "pii-not-marked", "warning", "E-mail addresses and phone numbers are marked as personal.", fixes="adds `pii: true`"
)

_OPEN = re.compile(r"\W*(?:what|which|who|whose|when|where|why|how)\b", re.IGNORECASE)


def check_asking(case: Case) -> Findings:
    """What is wrong with the questions."""
    for number, field in enumerate(case.playbook.collect):
        place = ("collect", number, "ask")
        if field.type == "choice":
            asked = squash(field.ask).lower()
            names = {choice: (choice, *field.synonyms.get(choice, ())) for choice in field.choices}
            left = [choice for choice, said in names.items() if not any(squash(one).lower() in asked for one in said)]
            if left:
                said = f"The question for `{field.name}` does not name {', '.join(f'`{one}`' for one in left)}."
                yield CHOICES.at(case.located, place, said, "Name all choices, so that customers know them.")
        if field.type == "yes_no":
            questions = re.findall(r"[^.!?:]*\?", field.ask) or [field.ask]
            if _OPEN.match(questions[-1]):
                said = f"The question for `{field.name}` cannot be answered with yes or no."
                yield YES_NO.at(case.located, place, said, "Ask it so that it can, or take another type.")
        if field.type in ("email", "phone") and not field.pii and "pii" not in field.model_fields_set:
            said = f"The field `{field.name}` is personal, and not marked as such."
            fix = AddKey(("collect", number, "pii"), True)
            yield PII.at(case.located, ("collect", number, "name"), said, "Add `pii: true`.", fix=fix)
