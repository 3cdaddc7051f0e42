"""The facts that a manual has its agents ask for, and how a playbook asks for each."""

import re
from collections.abc import Iterator
from typing import Any

__all__ = ["KINDS", "SLOTS", "alternatives", "constant", "counted", "format_of", "named", "options", "wanted"]

_PHONE = r"[(+]?\d[\d ()+-]{6,14}\d"
# What the manual calls a fact → its field. The first that fits counts, so the more special ones stand first.
KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "full_name": (r"full name|first and last name", {"ask": "What is your full name?", "pii": True}),
    "account_id": (r"account id", {"ask": "What is your account ID?", "pii": True}),
    "order_id": (r"order id", {"ask": "What is the order ID?"}),
    "username": (r"username", {"ask": "What is your username?", "pii": True}),
    "password": (r"^password", {"ask": "What is your password?", "pii": True}),
    "email": (r"e-?mail address", {"ask": "What is your e-mail address?", "type": "email", "pii": True}),
    "full_address": (
        r"full address|street number and street name|need their address|for their address|city, state",
        {"ask": "What is your full address, on one line?", "pii": True},
    ),
    "street_address": (r"street address", {"ask": "What is the street address?", "pii": True}),
    "zip_code": (r"zip code", {"ask": "What is your zip code?", "pii": True}),
    "phone": (r"(?:tele)?phone number", {"ask": "What is your phone number?", "pattern": _PHONE, "pii": True}),
    "pin_number": (r"pin number", {"ask": "What is your PIN?", "pii": True}),
    "security_answer": (r"security question", {"ask": "What is the answer to your security question?", "pii": True}),
    "credit_card_number": (r"credit card number", {"ask": "What is the number of the credit card?", "pii": True}),
    "card_expiry": (r"for the expiration date", {"ask": "When does the card expire?", "pii": True}),
    "membership_level": (r"(?:membership|member) level", {"ask": "What is your membership level?", "type": "choice"}),
    "shipping_option": (r"shipping status", {"ask": "What is the shipping status?", "type": "choice"}),
    "payment_method": (r"payment method", {"ask": "Which payment method is it?", "type": "choice"}),
    "purchase_date": (r"purchase date", {"ask": "When did you buy it?", "type": "date"}),
    "days_waited": (r"how long .* wait(?:ed|ing)", {"ask": "How many days have you waited?", "type": "number"}),
    "product": (r"brand and (?:the )?(?:item|type)", {"ask": "Which brand and item is it?"}),
    "amount": (
        r"dollar amount|(?<!this )\bamount\b|how much|price of the product",
        {"ask": "What is the amount, in dollars?", "type": "money"},
    ),
}
# Slots of the ontology that are a fact by another name.
SLOTS = {"customer_name": "full_name"}
_CUE = r"\b(?:ask(?:ing)?|get|gather(?:ing)?|find|find out|check(?:ing)?|need|provide|enter|confirm|put|fill)\b"
_ASIDE = re.compile(r"(?:,? ?\b(?:such as|for example|i\.?e\.?|e\.g\.).*|\([^)]*\))$", re.IGNORECASE)
_QUOTED = re.compile(r"(?<!\w)(?:'([^']+)'|\"([^\"]+)\")(?!\w)")


def named(text: str) -> list[str]:
    """The facts that a text names."""
    return [name for name, (form, _) in KINDS.items() if re.search(form, text, re.IGNORECASE)]


def wanted(sentence: str) -> list[str]:
    """The facts that a sentence has the agent ask for: named after a word such as "ask", or at the very beginning."""
    plain = _ASIDE.sub("", sentence)
    item = re.split(r" - |[.,:]", plain)[0]
    for name, (form, _) in KINDS.items():
        if re.match(form, item, re.IGNORECASE):
            return [name]
    if re.match(r"(?:tell|let|explain|assure|inform)\b", plain, re.IGNORECASE):
        return []
    cue = re.search(_CUE, plain, re.IGNORECASE)
    return named(plain[cue.start() :]) if cue else []


def constant(sentence: str) -> str:
    """The value that a sentence has the agent enter as it stands; empty if there is none."""
    found = re.search(
        r"\b(?:enter|type|put)(?: in)?(?: the value of)?(?: in)? ['\"]([^'\"]+)['\"]", sentence, re.IGNORECASE
    )
    return found[1] if found else ""


def options(sentence: str) -> list[str]:
    """The values between which a sentence lets the customer choose; empty if it does not."""
    if not re.search(r"\boptions?\b|\beither\b|\bone of\b|can be\b", sentence, re.IGNORECASE):
        return []
    found = ["".join(match) for match in _QUOTED.findall(sentence)]
    return [value.lower() for value in found] if len(found) > 1 else []


def counted(sentence: str) -> int:
    """How many of the facts that follow are enough; 0 if all of them are needed."""
    found = re.search(r"\b(\d+) out of (?:the )?\d+\b", sentence)
    return int(found[1]) if found else 0


def format_of(sentence: str) -> str:
    """The pattern of a format that is written with an X for each digit; empty if the sentence prescribes none."""
    found = re.search(r"format should be (\S*X[X() -]*X)", sentence, re.IGNORECASE)
    return re.escape(found[1]).replace("X", r"\d").replace("\\ ", " ").replace("\\-", "-") if found else ""


def alternatives(sentence: str) -> Iterator[list[str]]:
    """Facts of which one is enough: this one or that one."""
    for one, other in re.findall(r"((?:\w+ ){1,2}\w*) ?(?:<or>|\bor\b) ?((?:\w+ ){0,6}\w+)", sentence):
        first, second = named(one.strip()), named(other)
        if first and second:
            yield [first[-1], second[0]]
