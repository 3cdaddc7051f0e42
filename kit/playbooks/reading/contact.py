"""E-mail addresses and phone numbers; both may stand as the tokens that masking leaves, such as `<EMAIL_1>`."""

import re
from itertools import islice

from kit.playbooks.reading.found import MOST, Found, matches
from kit.text import EMAIL

__all__ = ["find_emails", "find_phones"]

_EMAIL = re.compile(rf"{EMAIL}|<EMAIL_\d+>")
_PHONE_TOKEN = re.compile(r"<PHONE_\d+>")


def find_emails(message: str) -> list[Found]:
    """The addresses, the domain in lower case; None for one that breaks the rules of RFC 5321. No DNS is asked."""
    founds = []
    for match in matches(_EMAIL, message):
        founds.append(Found(match.start(), match.end(), _email(match.group()), plain=True))
    return founds


def _email(text: str) -> str | None:
    if text.startswith("<"):
        return text
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(text, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        return None


def find_phones(message: str, country: str) -> list[Found]:
    """The phone numbers as E.164: those that are assigned, and those that have the length and the form of one.

    Only an assigned number, or one that begins with `+`, has a form that leaves no doubt.
    """
    founds = [Found(match.start(), match.end(), match.group(), plain=True) for match in matches(_PHONE_TOKEN, message)]
    if sum(char.isdigit() for char in message) < 7:
        return founds
    import phonenumbers
    from phonenumbers import Leniency, PhoneNumberFormat, ValidationResult

    found = phonenumbers.PhoneNumberMatcher(message, country, Leniency.POSSIBLE, max_tries=200)
    for match in islice(found, MOST + 1):
        number = match.number
        # A number without its area code reaches nobody from elsewhere.
        if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
            continue
        plain = phonenumbers.is_valid_number(number) or match.raw_string.startswith("+")
        value = phonenumbers.format_number(number, PhoneNumberFormat.E164)
        founds.append(Found(match.start, match.end, value, plain=plain))
    return founds
