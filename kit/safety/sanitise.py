"""Takes out of a text what a reader cannot see and a terminal or a browser would act on."""

import re
import unicodedata

__all__ = ["clean_message", "strip_hidden"]

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")

# Zero-width and joining marks, direction overrides, fillers, tag characters, variation selectors: text can be hidden in
# each. These are the characters that Unicode calls ignorable by default, and annotation marks.
_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


def strip_hidden(text: str) -> str:
    """The text without escape sequences, invisible characters and control characters (but tab and line break)."""
    text = _HIDDEN.sub("", _ANSI.sub("", _LINE_END.sub("\n", text)))
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs"))


def clean_message(text: str, *, limit: int) -> tuple[str, bool]:
    """A customer's message, ready to be worked on: visible text only, composed (NFC), cut to `limit` characters.

    Returns:
        The message, and whether it was cut.
    """
    # Cut first: normalising ten megabytes of noise is work done for an attacker.
    cut = len(text) > limit
    # Composing can also make a text longer.
    return unicodedata.normalize("NFC", strip_hidden(text[:limit]))[:limit].strip(), cut
