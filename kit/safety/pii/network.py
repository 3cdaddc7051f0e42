"""E-mail addresses and IP addresses."""

import ipaddress
import re
from collections.abc import Iterator

from kit.safety.pii.spans import Span, matches
from kit.text import EMAIL

__all__ = ["find_emails", "find_ips"]

_EMAIL = re.compile(EMAIL)
# "maria (at) mail (dot) example", as people write it where robots read.
_SPELLED = re.compile(
    r"(?<![\w.+%-])[\w.+%-]+ ?[(\[{<] ?(?:at|@) ?[)\]}>] ?[\w-]+(?: ?(?:\.|[(\[{<] ?(?:dot|\.) ?[)\]}>]) ?[\w-]+)+",
    re.IGNORECASE,
)
_IP = re.compile(
    r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?!\w|\.\d)"
    r"|(?<![\w.:])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){1,6}"
    r"(?::[0-9A-Fa-f]{1,4}|::|:\d{1,3}(?:\.\d{1,3}){3})(?!\w|\.\d|:[0-9A-Fa-f:])"
)
_VERSION = re.compile(
    r"(?:\b(?:version|firmware|release|build|update|rev|v|section|chapter|clause|step|rfc)\b[ .:]{0,2}|§ ?)$",
    re.IGNORECASE,
)


def find_emails(text: str) -> Iterator[Span]:
    """Addresses, also those spelled out with (at) and (dot)."""
    yield from matches("EMAIL", _EMAIL, text)
    if "at" in text.lower() or "@" in text:
        yield from matches("EMAIL", _SPELLED, text)


def find_ips(text: str) -> Iterator[Span]:
    """IPv4 and IPv6 addresses; four numbers that the text calls a version are none."""
    for match in _IP.finditer(text):
        if _is_ip(match.group()) and not _VERSION.search(text, max(0, match.start() - 12), match.start()):
            yield Span("IP", match.start(), match.end())


def _is_ip(value: str) -> bool:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    # A lone `::` is punctuation.
    return any(char.isdigit() for char in value)
