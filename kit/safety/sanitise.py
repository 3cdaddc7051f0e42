"""Takes out of a text what a reader cannot see and a terminal or a browser would act on."""

import re
import unicodedata

__all__ = ["clean_message", "strip_hidden"]

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")

# Zero-width and joining marks, direction overrides, tag characters, variation selectors: text can be hidden in each.
_HIDDEN = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e007f\U000e0100-\U000e01ef]"
)


def strip_hidden(text: str) -> str:
    """The text without escape sequences, invisible characters and control characters (but tab and line break)."""
    text = _HIDDEN.sub("", _ANSI.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs"))


def clean_message(text: str, *, limit: int) -> tuple[str, bool]:
    """A customer's message, ready to be worked on: visible text only, composed (NFC), cut to `limit` characters.

    Returns:
        The message, and whether it was cut.
    """
    # Cut first: normalising ten megabytes of noise is work done for an attacker.
    cut = len(text) > limit
    return unicodedata.normalize("NFC", strip_hidden(text[:limit])).strip(), cut
