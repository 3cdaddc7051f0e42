"""Articles of Salesforce Knowledge (`Knowledge__kav`), as CSV or as the JSON of a query."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from kit.knowledge.readers.document import Document, LeftOut, parsed_date
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
    with_lead,
)

__all__ = ["entries", "fits"]

_MARKS = frozenset("knowledgearticleid articlenumber urlname publishstatus versionnumber islatestversion".split())
# Words in the names of custom fields: of those that are the article's text, and of those that no customer may read.
_BODY = re.compile(
    r"answer|body|content|detail|description|resolution|solution|step|instruction|question|cause|symptom|problem"
    r"|environment|procedure|note|text|article|issue|workaround|overview|faq"
)
_CLOSED = re.compile(r"internal|private|agent|confidential|staff")
_MARKUP = re.compile(r"<(?:p|br|div|ul|ol|li|b|strong|span|table|h[1-6])\b", re.IGNORECASE)
_LONG = 60  # letters; longer ones with several words are text whatever the field is called


def fits(keys: Collection[str]) -> bool:
    """Whether an object with these keys is a version of an article."""
    return "title" in keys and len(_MARKS.intersection(keys)) >= 2


def entries(
    records: Sequence[Record], named: Mapping[str, Mapping[str, Mapping[str, Any]]]
) -> Iterator[Entry | LeftOut]:
    """The articles, one version of each in each language: the newest that is published, else the newest.

    Args:
        records: the versions' objects.
        named: lists beside them; there are none in these exports.
    """
    newest: dict[tuple[str, str], Record] = {}
    for record in records:
        which = (_number(record) or record.place, _language(record))
        if which not in newest or _age(record) > _age(newest[which]):
            newest[which] = record
    if others := len(records) - len(newest):
        said = "1 other version of an article stays" if others == 1 else f"{others:,} other versions of articles stay"
        yield LeftOut(f"{said} out; the newest published one counts.")
    languages = Counter(language for _, language in newest)
    most = max(languages, key=lambda one: (languages[one], one), default="")
    yield from each(list(newest.values()), lambda record: _entry(record, most))


def _number(record: Record) -> str:
    return as_word(record.get("knowledgearticleid", "articlenumber", "urlname", "id"))


def _language(record: Record) -> str:
    return language_code(record.get("language"))


def _age(record: Record) -> tuple[bool, float]:
    number = as_word(record.get("versionnumber"))
    version = float(number) if re.fullmatch(r"\d{1,9}(?:\.\d{1,9})?", number) else 0.0
    return not _held(record), version


def _held(record: Record) -> frozenset[Any]:
    visible = record.get("isvisibleinpkb")
    held = state_of(record.get("publishstatus"))
    return held | {"internal"} if visible is not None and not as_flag(visible) else held


def _entry(record: Record, most: str) -> Entry:
    get = record.get
    title, language, number = as_word(get("title")), _language(record), _number(record)
    master = get("ismasterlanguage")
    main = language == most if master is None else as_flag(master)
    text, others = _text(record, title)
    document = Document(
        with_lead(body(get("summary")), text),
        title,
        url=as_url(get("url", "articleurl")),
        updated=as_day(get("lastpublisheddate", "lastmodifieddate")),
        language=language,
        product=as_word(others.pop("product", "")),
        labels=as_labels(*others.values()),
        created=as_day(get("firstpublisheddate", "createddate")),
        id=number if main or not language else f"{number}/{language}",
        place=record.place,
    )
    return Entry(document, _held(record))


def _text(record: Record, title: str) -> tuple[str, dict[str, Any]]:
    """The custom fields that are the article's text, each below its label, and those that say what it is about."""
    parts: list[tuple[str, str]] = []
    others: dict[str, Any] = {}
    for field, value in record.values.items():
        name = field.lower().removesuffix("__c")
        if name == field.lower() or _CLOSED.search(name) or not isinstance(value, str) or not value.strip():
            continue
        if _is_text(name, value):
            parts.append((_label(field), body(value, title=title)))
        elif re.search(r"product|categor|topic|tag|label", name):
            others["product" if "product" in name else name] = value
    if len(parts) == 1:
        return parts[0][1], others
    return "\n\n".join(f"## {label}\n\n{text}" for label, text in parts if text), others


def _is_text(name: str, value: str) -> bool:
    if as_word(value).lower() in ("true", "false") or re.fullmatch(r"[\d.,:+-]+", value) or parsed_date(value):
        return False
    return bool(_MARKUP.search(value) or _BODY.search(name) or (len(value) > _LONG and " " in value))


def _label(field: str) -> str:
    """`Root_Cause__c` → `Root cause`: the label that Salesforce makes the field's name from."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|_+", " ", re.sub(r"__c$", "", field, flags=re.IGNORECASE)).split()
    return " ".join(words).capitalize()
