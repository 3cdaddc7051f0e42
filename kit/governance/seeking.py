"""Finds what a person may ask to have erased: by the hash of what was masked, and in clear text what was not."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kit.errors import KitError
from kit.governance.identity import Identity, Unmasked, masked
from kit.safety import Rules, Vault
from kit.text import squash

__all__ = ["Sought"]

_LEAST = 3


class Sought:
    """A value that is looked for.

    Args:
        value: an e-mail address, a number, a name, an address.
        identity: makes the hashes.
        rules: what the workspace masks.

    Raises:
        KitError: it is too short to search for, or of a kind that is masked, and the key is lost.
    """

    def __init__(self, value: str, identity: Identity, *, rules: Rules) -> None:
        plain = squash(value).casefold()
        if len(re.findall(r"\w", plain)) < _LEAST:
            raise KitError(
                f"“{value}” is too short to search for.", remedy="Give more of it, or erase by conversation."
            )
        self._identity, self._rules = identity, rules
        self._hashes = identity.search(value, rules=rules)
        self._text = re.compile(rf"(?<!\w){re.escape(plain)}(?!\w)")

    @property
    def is_masked(self) -> bool:
        """Whether the value, or a part of it, is of a kind that is masked."""
        return bool(self._hashes)

    def stands_in(self, row: Mapping[str, Any]) -> bool:
        """Whether it stands, or stood before it was masked, in a row of the log or a hand-off."""
        if self._hashes & set(row.get("values", ())):
            return True
        texts = [squash(text) for text in _texts(row)]
        if any(self._text.search(text.casefold()) for text in texts):
            return True
        # In clear text it may be written otherwise: "+1 (212) 555-0142".
        inside = Unmasked()
        if self._hashes and "values" not in row:
            masked(texts, Vault(), inside, rules=self._rules)
        return bool(self._hashes & set(self._identity.hashes(inside)))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
