"""Articles of an Intercom help centre, each with its translations."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from kit.knowledge.readers.document import Document, LeftOut
from kit.knowledge.readers.many.records import (
    Entry,
    Record,
    as_day,
    as_labels,
    as_url,
    as_word,
    body,
    each,
    language_code,
    state_of,
    with_lead,
)

__all__ = ["entries", "fits"]

_MARKS = frozenset(
    """workspace_id author_id translated_content default_locale parent_id parent_ids parent_type type url
    description tags statistics""".split()
)


def fits(keys: Collection[str]) -> bool:
    """Whether an object with these keys is an article."""
    return {"title", "body", "state"}.issubset(keys) and len(_MARKS.intersection(keys)) >= 2


def entries(
    records: Sequence[Record], named: Mapping[str, Mapping[str, Mapping[str, Any]]]
) -> Iterator[Entry | LeftOut]:
    """The articles; a translation has its own id, `ID/locale`, beside that of the article in its default locale.

    Args:
        records: the articles' objects.
        named: lists beside them; collections are not part of an export of articles.
    """

    def article(record: Record) -> Iterator[Entry | LeftOut]:
        get = record.get
        number, main = as_word(get("id")), language_code(get("default_locale"))
        yield _entry(record, record, number, main)
        translated = get("translated_content")
        for locale, content in translated.items() if isinstance(translated, Mapping) else ():
            if isinstance(content, Mapping) and language_code(locale) != main:
                text = Record(record.place, content)
                if text.get("title") and text.get("body"):  # a translation that nobody has begun is empty
                    yield _entry(text, record, f"{number}/{locale}" if number else "", language_code(locale))

    return each(records, article)


def _entry(text: Record, article: Record, number: str, language: str) -> Entry:
    """One language of an article."""
    title = as_word(text.get("title"))
    document = Document(
        with_lead(as_word(text.get("description")), body(text.get("body"), title=title)),
        title,
        url=as_url(text.get("url")),
        updated=as_day(text.get("updated_at")),
        language=language,
        labels=as_labels(article.get("tags")),
        created=as_day(text.get("created_at")),
        id=number,
        place=article.place,
    )
    return Entry(document, state_of(text.get("state") or article.get("state")))
