"""Which value stands behind which token, for one conversation."""

import re
from dataclasses import dataclass, field
from threading import Lock

from kit.safety.pii.plain import plain

__all__ = ["Vault"]

_TOKEN = re.compile(r"<[A-Z][A-Z0-9_]*_\d+>")
# In these every sign counts; in the others only letters and digits do.
_EXACT = ("EMAIL", "IP")


@dataclass
class Vault:
    """Remembers, for one conversation and in memory only, which value stands behind which token."""

    tokens: dict[tuple[str, str], str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict, repr=False, compare=False)
    _lock: Lock = field(default_factory=Lock, repr=False, compare=False)

    def token(self, type: str, value: str) -> str:
        """The token for a value of this type; the same value, however spaced, gets the same token."""
        read = plain(value).text
        key = (type, (read if type in _EXACT else re.sub(r"[\s().,/-]", "", read)).lower())
        with self._lock:
            if key not in self.tokens:
                self._counts[type] = number = self._counts.get(type, 0) + 1
                self.tokens[key] = f"<{type}_{number}>"
                self.values[self.tokens[key]] = value
            return self.tokens[key]

    def restore(self, text: str) -> str:
        """The text with the values back in place of their tokens: only for the customer whose values they are."""
        # In one go: a value that looks like a token is not taken for one.
        return _TOKEN.sub(lambda match: self.values.get(match.group(), match.group()), text)
