"""Reads the conditions of a manual as conditions of the playbook language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.bench.procedures.clauses import LEVELS
from tests.bench.procedures.facts import named

__all__ = ["Condition", "Reader", "is_granted", "unknown_fact"]

_ORACLE = re.compile(r"oracle (?:says|returns) (yes|no)", re.IGNORECASE)
_BRACKETS = re.compile(r"\(([^)]*)\)")
# Who is right, in the words of manuals; what that means is said once, in brackets behind them.
_RIGHT = re.compile(r"company (?:mistake|error)|legitimate error|customer is (?:right|correct)", re.IGNORECASE)
_GRANTED = re.compile(
    r"^(?:the customer|they) (?P<not>cannot|do not|does not)? ?(?:can |gets? )?(?:return|an? \w+)", re.IGNORECASE
)
_LACKS = re.compile(
    r"^(?:the customer|they) (?:does not|do not|don't|doesn't) (?:know|have)(?: (?:the|their) (.*))?", re.IGNORECASE
)


@dataclass(frozen=True)
class Condition:
    """A condition of the playbook language, and the names that it needs."""

    expression: str
    needs: tuple[str, ...] = ()

    def unless_unknown(self, skippable: set[str]) -> str:
        """The expression, met where it is about what this customer was never asked."""
        unknown = [f"not known({name})" for name in self.needs if name in skippable]
        return " or ".join([*unknown, f"({self.expression})"]) if unknown else self.expression


def is_granted(words: str) -> bool | None:
    """Whether the condition is that the customer gets what they want, or that they do not; None if it is neither."""
    found = _GRANTED.match(words)
    return None if found is None else not found["not"]


def unknown_fact(words: str, last: str) -> str:
    """The fact that the customer does not know or have; the `last` one asked for where it is not named."""
    found = _LACKS.match(words)
    if found is None:
        return ""
    return (named(found[1]) or [""])[0] if found[1] else last


@dataclass
class Reader:
    """Reads conditions with what the procedure has said so far.

    Attributes:
        choices: the fields with a choice, and their values.
        number: the field that counts days.
        right: what it means that the customer is right.
    """

    choices: dict[str, tuple[str, ...]] = field(default_factory=dict)
    number: str = ""
    right: Condition | None = None

    def read(self, words: str) -> Condition | None:
        """The condition; None where only a person can say whether it holds."""
        within = _BRACKETS.search(words)
        found = self._plain(within[1]) if within else None
        found = found or self._plain(words)
        if found and within and _RIGHT.search(words):
            self.right = found
        return found

    def _plain(self, words: str) -> Condition | None:
        if asked := _ORACLE.search(words):
            return Condition("oracle.answer" if asked[1].lower() == "yes" else "not oracle.answer", ("oracle",))
        parts = [part for part in (self._verdict(words), self._days(words), self._levels(words)) if part]
        if len(parts) > 1:
            # Manuals join them by "or" only: whoever has one of two reasons gets it.
            known = [f"known({part.needs[0]}) and {part.expression}" for part in parts]
            return Condition(" or ".join(f"({one})" for one in known))
        return parts[0] if parts else self._shipped(words) or self._choice(words)

    def _verdict(self, words: str) -> Condition | None:
        return self.right if _RIGHT.search(words) else None

    def _days(self, words: str) -> Condition | None:
        forms: Mapping[str, str] = {
            r"more than (\d+) days?": ">",
            r"less than (\d+) days?": "<",
            r"(\d+) days? or less": "<=",
            r"(\d+) days? or (?:more|longer)": ">=",
        }
        plain = re.sub(r"\ba week\b", "7 days", words)
        for form, sign in forms.items():
            if self.number and (found := re.search(form, plain, re.IGNORECASE)):
                return Condition(f"{self.number} {sign} {found[1]}", (self.number,))
        return None

    def _levels(self, words: str) -> Condition | None:
        named_levels = [level for level in LEVELS if re.search(rf"\b{level}\b", words, re.IGNORECASE)]
        return one_of("membership_level", named_levels) if named_levels else None

    def _shipped(self, words: str) -> Condition | None:
        """A status by its name; what has not left yet has been received only."""
        statuses = self.choices.get("shipping_option", ())
        if not statuses:
            return None
        received = one_of("shipping_option", [status for status in statuses if "received" in status])
        if re.search(r"not (?:yet )?(?:been )?(?:yet )?shipped", words, re.IGNORECASE):
            return received
        if re.search(r"already shipped", words, re.IGNORECASE):
            return Condition(f"not ({received.expression})", received.needs)
        said = [status for status in statuses if re.search(rf"(?<!for )\b{status}\b", words, re.IGNORECASE)]
        return one_of("shipping_option", said) if said else None

    def _choice(self, words: str) -> Condition | None:
        """The values of an earlier choice that are named."""
        for name, values in self.choices.items():
            said = [value for value in values if re.search(rf"\b{re.escape(value)}\b", words, re.IGNORECASE)]
            if said and name not in ("membership_level", "shipping_option"):
                return one_of(name, said)
        return None


def one_of(name: str, values: list[str]) -> Condition:
    """The condition that a choice is one of the values."""
    said = f"{name} == {values[0]!r}" if len(values) == 1 else f"{name} in {list(values)!r}"
    return Condition(said, (name,))
