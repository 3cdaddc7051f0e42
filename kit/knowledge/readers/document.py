"""What every reader gives back, and what they share: decoding, dates."""

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

__all__ = ["MAX_CHARACTERS", "Document", "Unreadable", "anchored", "decoded", "parsed_date"]

# The longest text that is taken for one article: several books. Parsing needs about 100 times as many bytes.
MAX_CHARACTERS = 2_000_000

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Tab, line feed, form feed, carriage return and escape occur in text; the other control characters hardly do.
_CONTROLS = bytes(code for code in range(32) if code not in (9, 10, 12, 13, 27))
_DATE_FORMATS = ("%Y-%m-%d", "%d %B %Y", "%B %d, %Y", "%d %b %Y", "%b %d, %Y", "%Y/%m/%d")


class Unreadable(Exception):
    """A document that cannot become an article; the message says why, in plain words."""


@dataclass(frozen=True)
class Document:
    """What a file says: Markdown, and the facts about it that the file itself states.

    `anchors` are pairs of a heading, as it stands in the text, and the fragment that leads to it, in order of the text.
    Where a heading's words occur several times, each time has its pair, with an empty fragment if it has none.
    """

    text: str
    title: str = ""
    url: str = ""
    updated: date | None = None
    language: str = ""
    audience: str = ""
    product: str = ""
    labels: tuple[str, ...] = ()
    created: date | None = None
    anchors: tuple[tuple[str, str], ...] = ()


def decoded(data: bytes, *, declared: str = "", limit: int = MAX_CHARACTERS) -> str:
    """The text of a file: UTF-8, UTF-16 or UTF-32 by its mark, what it declares, UTF-8, else Windows-1252.

    Args:
        data: the file's bytes.
        declared: an encoding that the file itself names.
        limit: the most characters that are taken.

    Raises:
        Unreadable: not text, or too much of it.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            text = _decoded_as(data, name)
            if text is None:
                raise Unreadable(f"It begins as {name.upper()} text, but is damaged.")
            break
    else:
        controls = len(data) - len(data.translate(None, _CONTROLS))
        if controls * 50 > len(data):
            raise Unreadable("It is not text, or is UTF-16 without a byte-order mark. Save it as UTF-8.")
        tried = (_decoded_as(data, name) for name in (declared, "utf-8") if name)
        text = next((one for one in tried if one is not None), None)
        # Windows-1252 leaves five bytes without a meaning; losing one character is better than losing the article.
        text = data.decode("cp1252", errors="replace") if text is None else text
    if len(text) > limit:
        raise Unreadable(f"It has {len(text):,} characters, which is too long for one article. Split it.")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _decoded_as(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def anchored(headings: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The anchors of a document, from all its headings in order, each with its fragment or an empty one."""
    pairs = list(headings)
    led_to = {heading for heading, fragment in pairs if fragment}
    return tuple((heading, fragment) for heading, fragment in pairs if heading in led_to)


def parsed_date(text: str) -> date | None:
    """The day that a text names: ISO 8601 with or without a time, or with the month in English; else None."""
    found = re.match(r"\s*(\d{4}-\d{2}-\d{2})(?!\d)", text)
    text = found.group(1) if found else text.strip()
    for one in _DATE_FORMATS:
        try:
            return datetime.strptime(text, one).date()
        except ValueError:
            continue
    return None
