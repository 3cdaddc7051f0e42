"""The cells of a Markdown table, each a statement."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kit.assistant.grounding.bounds import Bound
from kit.assistant.grounding.clauses import clauses
from kit.assistant.grounding.facts import find_facts
from kit.assistant.grounding.names import find_names
from kit.assistant.grounding.plain import plain
from kit.assistant.grounding.statement import Statement
from kit.assistant.grounding.wording import Word, all_negated, find_words

__all__ = ["said_rows", "table_statements"]

_RULE = re.compile(r"^[\s|:-]+$")
_YES = re.compile(r"(?:yes|✓|✔|included|true|on)\b", re.IGNORECASE)
_NO = re.compile(r"(?:no|none|-|✗|✘|false|never|nothing|n/a|not (?:included|available))\b|^-$", re.IGNORECASE)


def table_statements(rows: Sequence[str], known: frozenset[str], *, first: int) -> Iterator[Statement]:
    """A statement for each cell: it says what its row and its column name.

    Where the columns are of different kinds, each row is a record, and its cells lean on each other.
    """
    cells = [[plain(cell).strip() for cell in row.split("|")] for row in rows if not _RULE.match(row)]
    header, *body = cells
    # "Dial 1" heads a column: a name, though it begins the cell.
    heads_of = [*header, *(row[0] for row in body)]
    known = known | {match[1].lower() for cell in heads_of if (match := _NUMBERED.match(cell))}
    simple = [len({_kind(cell) for cell in row[1:]}) == 1 and _kind(row[-1]) != "text" for row in body if len(row) > 2]
    is_matrix = bool(simple) and sum(simple) * 2 > len(simple)
    for number, row in enumerate(body):
        heads = [header[column] if column < len(header) else "" for column in range(len(row))]
        made = [_words(cell, known) for cell in row]
        for column in range(1, len(row)):
            places = () if is_matrix else (place for place in range(1, len(row)) if place != column)
            others = [word for place in places for word in made[place]]
            for said in _SENTENCE_END.split(row[column]):
                yield _cell(row[0], heads[column], said, others, known, first + number)
        if len(row) == 1:
            yield from clauses(row[0], known=known)


def said_rows(rows: Sequence[str]) -> Iterator[str]:
    """Each row as the extractive composer says it: "Plus: Monthly: $4.99, Yearly: $49"."""
    header, *body = [[plain(cell).strip() for cell in row.split("|")] for row in rows if not _RULE.match(row)] or [[]]
    for row in body:
        named = [(name, cell) for name, cell in zip(header[1:], row[1:], strict=False) if cell]
        facts = ", ".join(f"{name}: {cell}" if name else cell for name, cell in named)
        yield f"{row[0]}: {facts}" if facts else row[0]
        # A cell of several sentences is taken apart where sentences are.
        yield from (said for cell in row[1:] for said in _SENTENCE_END.split(cell)[1:])


def _kind(cell: str) -> str:
    if _YES.match(cell) or _NO.match(cell) or not cell:
        return "sign"
    facts = find_facts(cell)
    return facts[0].kind if facts and len(cell) < 30 else "text"


def _denies(sign: str) -> bool:
    """Whether the cell only says no; "no credit" is read as any text is."""
    match = _NO.match(sign)
    return match is not None and (not re.search(r"\w", sign[match.end() :]) or " " in match[0])


def _said(head: str, cell: str, known: frozenset[str]) -> list[Word]:
    """The words of a column's head and of a cell under it; a no denies the head."""
    sign = cell.split(";", maxsplit=1)[0].split(",", maxsplit=1)[0].strip()
    rest = cell[len(sign) :]
    if _denies(sign):
        return [*all_negated(_words(head, known)), *_words(rest, known)]
    if _YES.match(sign) and len(sign.split()) <= 2 and sign.lower() not in ("on", "off"):
        return [*_words(head, known), *_words(rest, known)]
    return [*_words(head, known), *_words(cell, known)]


def _cell(label: str, head: str, cell: str, others: list[Word], known: frozenset[str], row: int) -> Statement:
    text = f"{label} | {head} | {cell}"
    words = _said(head, cell, known)
    own = _words(label, known)
    is_no = _denies(re.split("[;,]", cell)[0])
    # "Does the Dial work? | No" denies that it works, not what the row names.
    words = [*(all_negated(own) if is_no and not head.endswith("?") else own), *words]
    is_sign = (is_no or bool(_YES.match(cell))) and len(cell.split()) <= 2
    negations = find_words(label).negations + (1 if is_no else find_words(cell).negations)
    facts = find_facts(text, but=[(name.start, name.end) for name in find_names(text, known) if name.numbered])
    if re.match(r"\W*\d", cell) and _UNIT.search(head) and all(fact.kind == "number" for fact in find_facts(cell)):
        # A bare figure has the unit that its column names: "Business days | 3-5".
        facts = [fact for fact in find_facts(f"{cell} {head}") if fact.end <= len(cell) + len(head) + 1]
    if bound := _bound(f"{head} {label}"):
        facts = [fact if fact.bound else replace(fact, bound=bound) for fact in facts]
    if rate := _PER.search(f"{label} {head}"):
        facts = [fact if fact.rate else replace(fact, rate=rate[1].lower()) for fact in facts]
    names = tuple(name.text for name in find_names(text, known))
    return Statement(
        text,
        tuple(words),
        tuple(facts),
        names,
        lent=tuple(others),
        row=row,
        negations=negations,
        is_sign=is_sign,
        whole=text,
        row_label=tuple(own),
    )


_SENTENCE_END = re.compile(r"(?<=\w\w\.)\s+(?=[A-Z])")
_NUMBERED = re.compile(r"([A-Z][\w-]+ \d{1,2})\b(?!\s?[%°.,:–-])")
_PER = re.compile(r"\b(?:per|an?|each)\s(second|minute|hour|day|week|month|year)\b", re.IGNORECASE)
_UNIT = re.compile(r"\b(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|[A-Z]B|kg|km|%)\b", re.IGNORECASE)


def _words(text: str, known: frozenset[str]) -> list[Word]:
    names = find_names(text, known)
    spans = [(fact.start, fact.end) for fact in find_facts(text)]
    return find_words(text, but=spans, names=names)[0]


def _bound(text: str) -> Bound:
    if re.search(r"\b(?:until|most|max|maximum|limit|up to)\b", text, re.IGNORECASE):
        return "most"
    return "least" if re.search(r"\b(?:minimum|min|least)\b", text, re.IGNORECASE) else ""
