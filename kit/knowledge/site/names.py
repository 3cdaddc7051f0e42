"""From the address of a page to the name of its file: safe on every system, the same each time, never taken twice."""

import re
import unicodedata
from urllib.parse import unquote

from kit.knowledge.site.addresses import Address
from kit.safety import strip_hidden
from kit.text import digest

__all__ = ["Names", "folder_name"]

_PART = 80  # bytes of one name
_WHOLE = 180  # bytes of the path; some systems end at 255 with all that stands before it
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


class Names:
    """Gives out names within the folder of one site."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def give(self, address: Address, suffix: str) -> str:
        """The path of the file for a page, with slashes; `suffix` begins with a dot."""
        parts = [unquote(part, errors="replace") for part in address.path.split("/")]
        last = re.sub(r"\.(x?html?|pdf)$", "", parts.pop(), flags=re.IGNORECASE) or "index"
        if address.query:
            last += "-" + unquote(address.query, errors="replace")
        # A folder never ends like a file, so that none can be in the other's place.
        folders = [re.sub(r"\.(html|pdf)$", r"-\1", _safe(part), flags=re.IGNORECASE) for part in parts if part]
        name = "/".join([*folders, _safe(last)])
        mark = digest(str(address))[:10]
        if len(name.encode()) > _WHOLE:
            name = f"{_safe(last)}-{mark}"
        # Not only the file's name is taken but also the article's id, which has no suffix; some file systems do not
        # tell capitals from small letters.
        if unicodedata.normalize("NFC", name).casefold() in self._taken:
            name = f"{name}-{mark}"
        self._taken.add(unicodedata.normalize("NFC", name).casefold())
        return name + suffix


def folder_name(start: Address) -> str:
    """The name of the folder for a site: its host, and its port if it is none of the usual."""
    return re.sub(r"[^a-z0-9._-]", "-", start.authority).strip("-.") or "site"


def _safe(text: str) -> str:
    text = unicodedata.normalize("NFC", strip_hidden(text))
    kept = "".join(char if char in "._-" or unicodedata.category(char)[0] in "LMN" else "-" for char in text)
    kept = re.sub(r"-{2,}", "-", kept).strip("-").lstrip(".").rstrip(". ")
    if not kept:
        return "x-" + digest(text)[:6]
    if len(kept.encode()) > _PART:
        kept = kept.encode()[: _PART - 11].decode(errors="ignore").rstrip(".-") + "-" + digest(text)[:10]
    return f"{kept}-" if _RESERVED.match(kept) else kept
