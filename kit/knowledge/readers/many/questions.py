"""Makes articles of the rows of a question–answer table."""

from collections.abc import Collection, Iterator, Sequence

from kit.knowledge.readers.document import Document, LeftOut, Unreadable
from kit.knowledge.readers.many.columns import ANSWER, QUESTION, are_tickets, match
from kit.knowledge.readers.many.records import (
    Entry,
    Record,
    as_day,
    as_flag,
    as_labels,
    as_url,
    as_word,
    body,
    each,
    language_code,
    state_of,
)

__all__ = ["questions"]

_SHOWN = 12  # columns that a reason names


def questions(records: Sequence[Record], columns: Collection[str], *, hint: str = "") -> Iterator[Entry | LeftOut]:
    """The rows of a table as articles: the title is the question, the text the answer.

    Args:
        records: the rows.
        columns: the names of the columns.
        hint: what to do where an answer is missing.

    Raises:
        Unreadable: it cannot be told which columns hold questions and answers, or they are tickets.
    """
    names = list(columns)
    if marks := are_tickets(names):
        named = ", ".join(f"`{one}`" for one in marks[:4])
        raise Unreadable(
            f"It looks like an export of tickets, with {named}: give it to `kit tickets import`. If these are "
            "articles, remove those columns."
        )
    found = match(names, loosely=True)
    missing = [one for one in (QUESTION, ANSWER) if one not in found]
    if missing:
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        has = ", ".join(f"`{_short(one)}`" for one in names[:_SHOWN]) + more if names else "none"
        wanted = " and the one with the ".join(f"{one}s to `{one}`" for one in missing)
        none = " or ".join(f"`{one}`" for one in missing)
        raise Unreadable(f"It has no column {none}; it has {has}. Rename the one with the {wanted}.")

    def entry(record: Record) -> Entry:
        def value(field: str) -> object:
            return record.values.get(found[field]) if field in found else None

        title = as_word(value(QUESTION))
        text = body(value(ANSWER), title=title)
        if not title:
            raise Unreadable("It has no question.")
        if not text.strip():
            raise Unreadable(f"It has no answer. {hint}".rstrip())
        document = Document(
            text,
            title,
            url=as_url(value("url")),
            updated=as_day(value("updated")),
            language=language_code(value("language")),
            audience=as_word(value("audience")),
            product=as_word(value("product")),
            labels=as_labels(value("category"), value("labels")),
            created=as_day(value("created")),
            id=as_word(value("id")),
            place=record.place,
        )
        held = state_of(value("state"), value("visibility"))
        return Entry(document, held | {"drafts"} if as_flag(value("draft")) else held)

    return each(records, entry)


def _short(name: str) -> str:
    name = as_word(name)
    return name if len(name) <= 40 else f"{name[:40]}…"
