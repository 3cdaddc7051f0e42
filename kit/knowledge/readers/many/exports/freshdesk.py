"""Solution articles of Freshdesk, by themselves or within their folders and categories."""

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

# Fields that hardly any other system has, one of which will do; and fields of which two will do.
_OWN = frozenset("description_text desc_un_html folder_id hierarchy thumbs_up thumbs_down art_type seo_data".split())
_MARKS = _OWN | frozenset("category_id agent_id folder hits user_id modified_at feedback_count".split())
_DRAFT, _PUBLISHED = "1", "2"
_EVERYBODY = "1"  # the visibility of a folder; others are customers who are signed in, agents, chosen companies


def fits(keys: Collection[str]) -> bool:
    """Whether an object with these keys is an article; tickets have a `subject` in place of the title."""
    described = "description" in keys or "description_text" in keys
    marked = bool(_OWN.intersection(keys)) or len(_MARKS.intersection(keys)) >= 2
    return described and marked and {"title", "status"}.issubset(keys)


def entries(
    records: Sequence[Record], named: Mapping[str, Mapping[str, Mapping[str, Any]]]
) -> Iterator[Entry | LeftOut]:
    """The articles; the folder is a label, the category the product.

    Args:
        records: the articles' objects.
        named: the `folders` and `categories` that the file holds beside them.
    """

    def entry(record: Record) -> Entry:
        get = record.get
        title = as_word(get("title"))
        folder, category = _folder(record, named)
        held: dict[Include, bool] = {
            "drafts": as_word(get("status")).lower() not in (_PUBLISHED, "published"),
            "archived": as_flag(get("outdated")),
            "internal": _is_closed(get("visibility", "folder_visibility")) or _is_closed(folder.get("visibility")),
        }
        document = Document(
            body(get("description", "description_text"), title=title),
            title,
            url=as_url(get("url", "html_url")),
            updated=as_day(get("modified_at", "updated_at")),
            language=language_code(get("language", "language_code", "lang")),
            product=as_word(category),
            labels=as_labels(get("tags"), folder.get("name")),
            created=as_day(get("created_at")),
            id=as_word(get("id")),
            place=record.place,
        )
        return Entry(document, frozenset(name for name, holds in held.items() if holds))

    return each(records, entry)


def _is_closed(visibility: Any) -> bool:
    return as_word(visibility).lower() not in ("", _EVERYBODY, "all", "all users", "everyone", "public")


def _folder(
    record: Record, named: Mapping[str, Mapping[str, Mapping[str, Any]]]
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The folder and the category of an article: within it, around it, or beside it by their ids."""
    found: dict[str, Mapping[str, Any]] = {}
    steps = record.get("hierarchy")
    for step in steps if isinstance(steps, list) else ():
        if isinstance(step, Mapping) and isinstance(step.get("data"), Mapping):
            found.setdefault(as_word(step.get("type")), step["data"])
    for kind, inner in (("folder", "articles"), ("category", "folders")):
        own = record.get(kind)
        around = next((one for one in record.around if inner in one and "name" in one), {})
        beside = {"folder": "folders", "category": "categories"}[kind]
        of = found.get("folder", {}) if kind == "category" else {}
        number = as_word(record.get(f"{kind}_id") or of.get(f"{kind}_id"))
        given = own if isinstance(own, Mapping) else {"name": own} if own else {}
        found[kind] = {**around, **named.get(beside, {}).get(number, {}), **found.get(kind, {}), **given}
    return found["folder"], found["category"]
