"""Changes to what is asked of customers, what is taken from them, and what they have to be told."""

import re
from collections.abc import Iterator

from kit.playbooks.changing.mutating.mutant import Data, Edit, put, remove
from kit.playbooks.language import Collect
from kit.yamlfile import KeyPath

__all__ = ["edits"]

_MOST_ATTEMPTS = 5
_EXACTLY = re.compile(r"\{\d+\}")


def edits(data: Data) -> Iterator[Edit]:
    """Every field easier to fill in than it should be, and every duty to say something removed."""
    for number, field in enumerate(data.get("collect", ())):
        where: KeyPath = ("collect", number)
        name = f"`{field['name']}`"
        if field.get("pattern"):
            yield from _looser(data, (*where, "pattern"), field["pattern"], name)
        if field.get("valid"):
            test = f"Add a test that gives {name} a value for which `{field['valid']}` does not hold."
            said = f"{name} is taken whether `{field['valid']}` or not"
            yield Edit("valid", (*where, "valid"), said, test, remove(data, (*where, "valid")))
        yield from _fewer_choices(data, where, field)
        attempts = field.get("max_attempts", Collect.model_fields["max_attempts"].default)
        other = attempts + 1 if attempts < _MOST_ATTEMPTS else attempts - 1
        said = f"{name} is asked for up to {other} times instead of {attempts}"
        test = f"Add a test that gives {attempts} answers for {name} that cannot be taken, and is then handed off."
        yield Edit("attempts", (*where, "max_attempts"), said, test, put(data, (*where, "max_attempts"), other))
    for number, phrase in enumerate(data.get("must_say", ())):
        test = f"Add `says: ['{phrase}']` to a test that ends well."
        said = f"“{phrase}” need not be said any more"
        yield Edit("must_say", ("must_say", number), said, test, remove(data, ("must_say", number)))
    if "max_clarifications" in data:
        # What is not written down is the kit's own choice and not one of this playbook.
        most = data["max_clarifications"]
        for other in (most - 1, most + 1):
            said = f"{other} answers may fail instead of {most}"
            test = f"Add a test in which {most} answers cannot be taken."
            yield Edit("attempts", ("max_clarifications",), said, test, put(data, ("max_clarifications",), other))


def _looser(data: Data, where: KeyPath, pattern: str, name: str) -> Iterator[Edit]:
    if exact := _EXACTLY.search(pattern):
        loose = f"{pattern[: exact.start()]}{{1,}}{pattern[exact.end() :]}"
        said = f"{name} may match `{loose}` instead of `{pattern}`"
        test = f"Add a test that gives {name} a value with a sign too few, and one with a sign too many."
        yield Edit("pattern", where, said, test, put(data, where, loose))
    test = f"Add a test that gives {name} a value which does not match `{pattern}`."
    yield Edit("pattern", where, f"{name} need not match `{pattern}`", test, remove(data, where))


def _fewer_choices(data: Data, where: KeyPath, field: Data) -> Iterator[Edit]:
    choices = field.get("choices", ())
    for place, choice in enumerate(choices if len(choices) > 1 else ()):
        fewer = {**field, "choices": [one for one in choices if one != choice]}
        if "synonyms" in field:
            fewer["synonyms"] = {one: said for one, said in field["synonyms"].items() if one != choice}
        said = f"“{choice}” is no longer a choice for `{field['name']}`"
        test = f"Add a test that answers “{choice}” for `{field['name']}`."
        yield Edit("choice", (*where, "choices", place), said, test, put(data, where, fewer))
