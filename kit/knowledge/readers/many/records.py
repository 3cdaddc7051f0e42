"""What readers of files with many articles share: a record, its values as plain words, and what stays out."""

import html
import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from kit.knowledge.audience import INTERNAL, states_of
from kit.knowledge.readers.document import Document, Given, LeftOut, Unreadable, parsed_date
from kit.knowledge.readers.html.reader import html_to_markdown
from kit.settings import Include
from kit.text import squash

__all__ = [
    "Entry",
    "Record",
    "as_day",
    "as_flag",
    "as_labels",
    "as_url",
    "as_word",
    "body",
    "each",
    "given",
    "language_code",
    "state_of",
    "with_lead",
]

# How each class of articles that stay out is told, of one and of several.
_CLASSES: dict[Include, tuple[str, str]] = {
    "drafts": ("is a draft", "are drafts"),
    "archived": ("is archived or outdated", "are archived or outdated"),
    "internal": ("is not public", "are not public"),
}
_BLOCK = re.compile(r"</?(?:p|br|div|ul|ol|li|table|tr|td|th|h[1-6]|pre|blockquote|section|hr)\b[^<>]*>", re.IGNORECASE)
_INLINE = re.compile(r"</?(?:b|strong|i|em|u|a|span|img|code|font|sub|sup|small|s|mark)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_ENTITY = re.compile(
    r"&(?:amp|lt|gt|quot|apos|nbsp|hellip|[lr][sd]quo|[mn]dash|#\d{1,6}|#x[0-9a-f]{1,5});", re.IGNORECASE
)


@dataclass(frozen=True)
class Record:
    """One record of a file: the line or number where it stands, its values, and what it stands in, nearest first."""

    place: str
    values: Mapping[str, Any]
    around: tuple[Mapping[str, Any], ...] = ()

    @cached_property
    def _lower(self) -> dict[str, Any]:
        return {name.lower(): value for name, value in reversed(list(self.values.items()))}

    def get(self, *names: str) -> Any:
        """The first value that is not empty of those of `names`, in lower case; some exports write all in capitals."""
        return next((value for name in names if (value := self._lower.get(name)) not in (None, "", [], {})), None)


@dataclass(frozen=True)
class Entry:
    """A record as a document, and why it is not for everybody, if it is not."""

    document: Document
    held: frozenset[Include] = frozenset()


def given(entries: Iterable[Entry | LeftOut], include: Collection[Include], *, own_ids: bool) -> Given:
    """The documents of a file: the public ones, and those that are asked for, which get the audience `internal`.

    Args:
        entries: what the file's records became.
        include: the classes that are asked for.
        own_ids: whether the ids are a source system's.
    """
    documents: list[Document] = []
    left_out: list[LeftOut] = []
    counts: Counter[Include] = Counter()
    for entry in entries:
        if isinstance(entry, LeftOut):
            left_out.append(entry)
        elif cause := next((one for one in _CLASSES if one in entry.held and one not in include), None):
            counts[cause] += 1
        else:
            documents.append(replace(entry.document, audience=INTERNAL) if entry.held else entry.document)
    for cause, (one, several) in _CLASSES.items():
        if n := counts[cause]:
            said = f"1 article {one}; `[knowledge] include` adds it." if n == 1 else ""
            left_out.append(LeftOut(said or f"{n:,} articles {several}; `[knowledge] include` adds them."))
    return Given(tuple(documents), tuple(left_out), own_ids)


def each(
    records: Sequence[Record], make: Callable[[Record], Entry | Iterable[Entry | LeftOut]]
) -> Iterator[Entry | LeftOut]:
    """What `make` gives for each record; one that it stumbles over is left out and does not stop the others."""
    for record in records:
        try:
            made = make(record)
            found = [made] if isinstance(made, Entry) else list(made)
        except Unreadable as reason:
            yield LeftOut(str(reason), record.place)
        except Exception as error:  # whatever is odd about a record is a fact about it, and no reason to stop at it
            yield LeftOut(f"It is broken: {type(error).__name__}.", record.place)
        else:
            yield from (LeftOut(lack, record.place) if (lack := _lack(entry)) else entry for entry in found)


def _lack(entry: Entry | LeftOut) -> str:
    """What an article cannot do without."""
    if isinstance(entry, LeftOut):
        return ""
    return "It has no title." if not entry.document.title else "" if entry.document.text.strip() else "It has no text."


def state_of(*values: Any) -> frozenset[Include]:
    """What words such as `Draft`, `archived` or `Agents only` say about who may read an article."""
    return frozenset[Include]().union(*(states_of(as_word(value)) for value in values))


def as_word(value: Any) -> str:
    """A value on one line; of an object its name."""
    if isinstance(value, Mapping):
        value = next((value[key] for key in ("name", "title", "label", "value") if value.get(key)), "")
    if isinstance(value, list | tuple):
        return ", ".join(filter(None, map(as_word, value)))
    if value is None or isinstance(value, Mapping):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return squash(str(value))


def as_flag(value: Any) -> bool:
    """Whether a value says yes; tables hold it as a word."""
    return value is True or as_word(value).lower() in ("true", "yes", "1", "y", "x")


def as_day(value: Any) -> date | None:
    """The day of a date, a text that names one, or seconds or milliseconds since 1970."""
    text = as_word(value)
    if re.fullmatch(r"\d{9,10}(?:\.\d+)?|\d{12,13}", text):
        seconds = float(text)
        return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC).date()
    return parsed_date(text) if any(map(str.isdigit, text)) else None


def as_url(value: Any) -> str:
    """An address of the web; other addresses could make a browser do what no article should."""
    address = as_word(value)
    return address if address.lower().startswith(("https://", "http://")) and " " not in address else ""


def as_labels(*values: Any) -> tuple[str, ...]:
    """Labels, from lists, lists of objects, lists written as JSON, or text with commas, semicolons or bars."""
    found: list[str] = []
    for value in values:
        found += map(as_word, _listed(value))
    return tuple(dict.fromkeys(filter(None, found)))


def _listed(value: Any) -> Sequence[Any]:
    if isinstance(value, Mapping):
        return next((one for one in value.values() if isinstance(one, list)), [value])
    if isinstance(value, list | tuple):
        return value
    return _taken_apart(value) if isinstance(value, str) else [value]


def _taken_apart(text: str) -> list[Any]:
    if text.lstrip().startswith("["):
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, list):
            return value
    return re.split(r"[,;|\n]", text.strip().strip("[]"))


def language_code(value: Any) -> str:
    """`en_US` → `en-US`: the form that the web uses."""
    return as_word(value).replace("_", "-")


def body(value: Any, *, title: str = "") -> str:
    """A text as Markdown, whether it is HTML or plain text; its line breaks survive.

    Raises:
        Unreadable: HTML that cannot be parsed.
    """
    if isinstance(value, list | tuple):
        return "\n\n".join(filter(None, (body(one, title=title) for one in value)))
    if not isinstance(value, str):
        return as_word(value)
    text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    if _BLOCK.search(text):
        return html_to_markdown(text, title=title)
    if _INLINE.search(text):
        return html_to_markdown(text.replace("\n", "<br>\n"), title=title)
    return html.unescape(text).replace("\xa0", " ") if _ENTITY.search(text) else text


def with_lead(lead: str, text: str) -> str:
    """An article's text below its summary, unless the text says that itself."""
    return text if not lead or squash(lead) in squash(text) else f"{lead}\n\n{text}".strip()
