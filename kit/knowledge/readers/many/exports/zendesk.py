"""Articles of a Zendesk help centre, as its API gives them: pages of `articles`, or the articles by themselves."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from kit.knowledge.readers.document import Document, LeftOut
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
)
from kit.settings import Include

__all__ = ["entries", "fits"]

_MARKS = frozenset(
    """html_url section_id source_locale locale draft user_segment_id user_segment_ids label_names promoted
    comments_disabled outdated outdated_locales permission_group_id vote_sum edited_at""".split()
)


def fits(keys: Collection[str]) -> bool:
    """Whether an object with these keys is an article."""
    return "body" in keys and ("title" in keys or "name" in keys) and len(_MARKS.intersection(keys)) >= 2


def entries(
    records: Sequence[Record], named: Mapping[str, Mapping[str, Mapping[str, Any]]]
) -> Iterator[Entry | LeftOut]:
    """The articles; a translation has its own id, `ID/locale`, beside that of the article in its source locale.

    Args:
        records: the articles' objects.
        named: the `sections` and `categories` that the file holds beside them.
    """

    def entry(record: Record) -> Entry:
        get = record.get
        title = as_word(get("title", "name"))
        number, locale, source = (as_word(get(name)) for name in ("id", "locale", "source_locale"))
        section = named.get("sections", {}).get(as_word(get("section_id")), {})
        category = named.get("categories", {}).get(as_word(section.get("category_id")), {})
        document = Document(
            body(get("body"), title=title),
            title,
            url=as_url(get("html_url")),
            updated=as_day(get("edited_at", "updated_at")),
            language=language_code(locale),
            product=as_word(category.get("name")),
            labels=as_labels(get("label_names"), section.get("name")),
            created=as_day(get("created_at")),
            id=f"{number}/{locale}" if number and source and locale != source else number,
            place=record.place,
        )
        held: dict[Include, bool] = {
            "drafts": as_flag(get("draft")),
            "internal": bool(get("user_segment_id", "user_segment_ids")),
            "archived": as_flag(get("outdated")),
        }
        return Entry(document, frozenset(name for name, holds in held.items() if holds))

    return each(records, entry)
