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
from kit.safety import Rules, Span, Vault, mask

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
        """The hashes under which a value may be found; none where it is of no kind that is masked.

        Raises:
            KitError: it is of a kind that is masked, and the key is lost or damaged.
        """
        # A company's numbers are often typed in lower case, which its patterns do not match.
        variants = (value.strip(), value.strip().upper())
        spans = [(span.type, text[span.start : span.end]) for text in variants for span in _spans(text, rules)]
        if not spans:
            return set()
        key = self._key()
        if key is None:
            remedy = "Nothing was masked yet, or the key was lost; erase by conversation instead."
            raise KitError("There is no key.", path=self._path, remedy=remedy)
        return {_hash(key, type, found) for type, found in spans}

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


def _spans(text: str, rules: Rules | None) -> tuple[Span, ...]:
    return tuple(mask(text, rules=rules or Rules()).spans)


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
