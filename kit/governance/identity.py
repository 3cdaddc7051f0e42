"""Finds again in which conversations a person's data stood, without keeping the data.

Each value that is masked leaves a keyed hash (HMAC-SHA-256, RFC 2104) in the record. Who holds the log alone cannot
tell which values these are; who holds the key too can try values one by one, so the key lies beside the log, for its
owner only, and can be kept elsewhere. Without it nothing is found by value any more.
"""

import hmac
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kit.errors import KitError
from kit.safety import Rules, Vault, mask

__all__ = ["Identity", "Unmasked", "masked"]

_BYTES = 32


class Unmasked:
    """The values that were masked, with their types: for hashing, never for keeping."""

    def __init__(self) -> None:
        self.values: set[tuple[str, str]] = set()


def masked(value: Any, vault: Vault, found: Unmasked | None = None, *, rules: Rules | None = None) -> Any:
    """The value with every text in it masked by the rules; what was masked is added to what was `found`."""
    if isinstance(value, str):
        result = mask(value, vault=vault, rules=rules or Rules())
        if found is not None:
            found.values.update((span.type, value[span.start : span.end]) for span in result.spans)
        return result.text
    if isinstance(value, dict):
        return {key: masked(item, vault, found, rules=rules) for key, item in value.items()}
    return [masked(item, vault, found, rules=rules) for item in value] if isinstance(value, list | tuple) else value


class Identity:
    """Hashes values with the key in a file; the key is made when the first value is hashed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: bytes | None = None

    def hashes(self, found: Unmasked) -> list[str]:
        """A hash for each value, sorted. The caller holds the lock of the folder.

        Raises:
            KitError: the key is damaged.
        """
        if not found.values:
            return []
        key = self._key() or self._made()
        return sorted({_hash(key, type, value) for type, value in found.values})

    def search(self, value: str, *, rules: Rules | None = None) -> set[str]:
        """The hashes under which a value may be found.

        Raises:
            KitError: it is of no kind that is masked, or there is no key.
        """
        spans = mask(value.strip(), rules=rules or Rules()).spans
        if not spans:
            raise KitError(
                "This is no e-mail address, phone number or other value that is masked, so it leaves no trace.",
                remedy="Erase by conversation instead: `kit audit list` names them.",
            )
        key = self._key()
        if key is None:
            remedy = "Nothing was masked yet, or the key was lost; erase by conversation instead."
            raise KitError("There is no key.", path=self._path, remedy=remedy)
        return {_hash(key, span.type, value.strip()[span.start : span.end]) for span in spans}

    def _key(self) -> bytes | None:
        if self._known is None:
            try:
                key = bytes.fromhex(self._path.read_text(encoding="ascii").strip())
            except FileNotFoundError:
                return None
            except ValueError:
                key = b""
            if len(key) != _BYTES:
                remedy = "Put the right one back, or delete the file: a new one is made, which finds nothing old."
                raise KitError("This is no key.", path=self._path, remedy=remedy)
            self._known = key
        return self._known

    def _made(self) -> bytes:
        key = secrets.token_bytes(_BYTES)
        partial = self._path.with_name(f"{self._path.name}.partial")
        partial.unlink(missing_ok=True)
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(key.hex())
            file.flush()
            os.fsync(file.fileno())
        partial.replace(self._path)
        self._known = key
        return key


def _hash(key: bytes, type: str, value: str) -> str:
    return hmac.digest(key, "\0".join((type, *_plain(type, value))).encode(), "sha256").hex()[:24]


def _plain(type: str, value: str) -> Iterator[str]:
    """The value without what people write differently each time."""
    if type == "PHONE":
        import phonenumbers

        try:
            number = phonenumbers.parse(value, "US")
            yield phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            return
        except phonenumbers.NumberParseException:
            pass
    yield value.lower() if type in ("EMAIL", "IP") else re.sub(r"[\s().-]", "", value).lower()
