"""Tells which columns of a table hold what, by their names."""

import re
from collections.abc import Collection, Iterable, Sequence

from kit.text import slug

__all__ = ["ANSWER", "QUESTION", "are_tickets", "key", "match"]

QUESTION, ANSWER = "question", "answer"
# The names of each field, in the order in which they count; German, French, Spanish, Portuguese, Italian and Dutch too.
_NAMES = {
    QUESTION: """question title query prompt subject headline heading faq problem
    frage titel titre titulo titolo pregunta pergunta domanda vraag""",
    ANSWER: """answer content body reply response text solution
    antwort reponse respuesta resposta risposta antwoord""",
    "id": "id articleid faqid questionid externalid key",
    "category": "category topic section folder kategorie categorie categoria",
    "product": "product produkt produit producto prodotto",
    "language": "language lang locale sprache langue idioma lingua",
    "audience": "audience",
    "url": "url link htmlurl sourceurl permalink",
    "updated": "updated updatedat lastupdated lastupdatedat modified modifiedat lastmodified lastmodifieddate date",
    "created": "created createdat createddate",
    "labels": "labels label tags tag keywords",
    "state": "status state publishstatus",
    "visibility": "visibility",
    "draft": "draft isdraft",
}
_FIELDS = {field: names.split() for field, names in _NAMES.items()}
# A column `answer date` holds no answer.
_OTHER = frozenset(
    "id ids no nr number date time at by author url link count votes type format lang language category score".split()
)
_TICKET = re.compile(
    r"priority|queue|requester.*|assignee.*|responder.*|ticket.*|csat.*|satisfaction.*|resolved.*|closed.*|reopen.*"
    r"|is_?escalated|escalated|channel|via|group_?id|case_?number|conversation_.*|messages|comments"
    r"|resolution.*|handle_?minutes|hs_ticket.*|hs_pipeline.*|is_?closed|supplied_?email|first_response.*|stats",
    re.IGNORECASE,
)


def key(column: str) -> str:
    """`Last Updated`, `last_updated` and `LastUpdated` are the same: `lastupdated`."""
    return slug(column).replace("-", "") if column.strip() else ""


def match(columns: Sequence[str], *, loosely: bool = False) -> dict[str, str]:
    """The column of each field that a table has.

    Args:
        columns: the columns' names.
        loosely: also take a column whose name contains the field's, such as `Answer (HTML)` or `FAQ question`.
    """
    keys: dict[str, str] = {}
    for column in columns:
        if name := key(column):
            keys.setdefault(name, column)
    found: dict[str, str] = {}
    for field, names in _FIELDS.items():
        exact = next((keys[name] for name in names if name in keys and keys[name] not in found.values()), None)
        if exact is not None:
            found[field] = exact
    for field in (QUESTION, ANSWER) if loosely else ():
        like = found.get(field) or _containing(_FIELDS[field], columns, set(found.values()))
        if like is not None:
            found[field] = like
    return found


def _containing(names: Sequence[str], columns: Iterable[str], taken: Collection[str]) -> str | None:
    parts = {
        column: {part.removesuffix("s") for part in slug(column).split("-")}
        for column in columns
        if column not in taken and len(column) <= 60 and not _OTHER & set(slug(column).split("-"))
    }
    return next((column for name in names for column, words in parts.items() if name in words), None)


def are_tickets(columns: Collection[str]) -> list[str]:
    """The columns that tickets have and articles do not, if there are at least two."""
    found = [column for column in columns if _TICKET.fullmatch(re.sub(r"[\s-]+", "_", column.strip()))]
    return found if len(found) >= 2 else []
