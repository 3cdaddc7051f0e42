"""A text as the statements that it makes: clauses of its sentences, items of its lists, cells of its tables."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import pairwise

from kit.assistant.grounding.bounds import Bound
from kit.assistant.grounding.facts import Fact, find_facts, plain
from kit.assistant.grounding.wording import Name, Word, all_negated, find_names, find_words
from kit.text import sentences

__all__ = ["Reading", "Statement", "clauses", "comparable", "read"]

# What is longer is no sentence, and is taken in pieces, so that no text takes long to read.
LONGEST = 2_000
_CLAUSE = re.compile(
    r"\s*;\s*|:\s+|\s+-\s+|,?\s+(?:(?:but|while|whereas|otherwise)\s+)|,\s+(?:and|or|so|then|else|after that)\s+"
    r"|,\s+(?=not\b|no\b)|,\s+(?=(?:and\s+)?(?:it|they|we|you|there|this|that|he|she)\b)"
)
_CONDITION = re.compile(
    r"^(?:if|when|whenever|once|after|before|because|unless|as long as|as soon as|until|while|since|without|with|for"
    r"|under|on|in|at)\b[^,;:]{6,},\s+(?!and\b|or\b)",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\s*\(([^()]*)\)")
_BETWEEN = re.compile(r",?\s+(?:and|or)\s+")
_COMMA = re.compile(r",\s+(?=[\w-]+\s+\w+)")
_JOINED = re.compile(r"\s*(?:-|to|or|and|,|/|x|and from|until|up to|,\s*(?:and|or))\s*")
_ROW = re.compile(r"^\s*\|(.*)\|\s*$")
_RULE = re.compile(r"^[\s|:-]+$")
_STEP = re.compile(r"^\s*(\d+)[.)]\s+")
_INLINE = re.compile(r"(?<=[.:;])\s+(?=\d{1,2}[.)]\s+[A-Z])")
_BULLET = re.compile(r"^\s*(?:[-*•]|>|#+)\s+(?=\S)")
_LABEL = re.compile(r"^\W*\*\*([^*]{2,60}?)[.:]?\*\*[.:]?\s")
_YES = re.compile(r"(?:yes|✓|✔|included|true|on)\b", re.IGNORECASE)
_NO = re.compile(r"(?:no|none|-|✗|✘|false|never|nothing|n/a|not (?:included|available))\b|^-$", re.IGNORECASE)


@dataclass(frozen=True)
class Statement:
    """One of them.

    `lent` are words that stand near it and that it leans on: the subject of the clause before, the lead-in of a list.
    `around` are the names of its surroundings, which it may speak of without naming them.
    """

    text: str
    words: tuple[Word, ...]
    facts: tuple[Fact, ...] = ()
    names: tuple[str, ...] = ()
    lent: tuple[Word, ...] = ()
    around: frozenset[str] = frozenset()
    step: int | None = None
    row: int | None = None
    offset: int = 0
    whole: str = ""
    ahead: frozenset[str] = frozenset()
    beside: tuple[Word, ...] = ()
    row_label: tuple[Word, ...] = ()
    label: tuple[Word, ...] = ()

    @cached_property
    def keys(self) -> frozenset[str]:
        return frozenset().union(*(word.keys for word in self.words))

    @cached_property
    def roots(self) -> frozenset[str]:
        return frozenset(word.root for word in self.words)

    @cached_property
    def lent_keys(self) -> frozenset[str]:
        return frozenset().union(*(word.keys for word in (*self.lent, *self.label))) - self.keys

    @cached_property
    def beside_keys(self) -> frozenset[str]:
        return frozenset().union(*(word.keys for word in self.beside))

    @cached_property
    def families(self) -> frozenset[str]:
        return frozenset(word.family for word in self.words) - {""}


@dataclass(frozen=True)
class Reading:
    """A passage, read."""

    text: str
    statements: tuple[Statement, ...]
    facts: tuple[Fact, ...]
    names: frozenset[str]
    keys: frozenset[str] = field(repr=False)

    @cached_property
    def lower(self) -> str:
        return self.text.lower()

    @cached_property
    def wholes(self) -> frozenset[str]:
        """Its sentences, as they are compared."""
        return frozenset(comparable(one.whole) for one in self.statements if one.row is None)

    @cached_property
    def families(self) -> frozenset[str]:
        return frozenset().union(*(statement.families for statement in self.statements))


def comparable(text: str) -> str:
    """The text without what two writings of one sentence may differ in."""
    return " ".join(text.split()).casefold().strip(" .!")


@lru_cache(maxsize=512)
def read(passage: str) -> Reading:
    """The statements of a passage."""
    text = plain(passage)
    inner = frozenset(name.text for name in find_names(text))
    found: list[Statement] = []
    around: frozenset[str] = frozenset()
    for block in re.split(r"\n\s*\n", passage):
        lines = [line for line in block.splitlines() if line.strip()]
        table = [match[1] for line in lines if (match := _ROW.match(line))]
        if len(table) >= 2:
            found += _table(table, inner, first=len(found))
            continue
        for sentence, step, label, lead in _sentences(block):
            before = tuple(all_words[-1]) if (all_words := [one.words for one in found if one.row is None]) else ()
            made = clauses(sentence, known=inner, step=step, label=label, lead=lead, around=around, before=before)
            found += made
            named = frozenset(name for statement in made for name in statement.names)
            around = named or around
    facts = tuple(fact for statement in found for fact in statement.facts)
    keys = frozenset().union(*(statement.keys for statement in found))
    return Reading(text, tuple(found), facts, inner, keys)


def _sentences(block: str) -> Iterator[tuple[str, int | None, tuple[Word, ...], tuple[Word, ...]]]:
    """Each sentence with the number of its step, the words of its label, and those of the line that leads to its list."""
    lead: tuple[Word, ...] = ()
    label: tuple[Word, ...] = ()
    step = None
    block = _INLINE.sub("\n", block)
    for piece in re.split(r"\n(?=\s*(?:[-*•>#]|\d+[.)])\s)", block):
        if match := _STEP.match(piece):
            step = int(match[1])
        elif _BULLET.match(piece):
            step = None
        body = _BULLET.sub("", _STEP.sub("", piece, count=1), count=1)
        if match := _LABEL.match(body):
            label = tuple(find_words(plain(match[1]))[0])
        parts = sentences(plain(body))
        for sentence in (part[start : start + LONGEST] for part in parts for start in range(0, len(part), LONGEST)):
            if inline := _STEP.match(sentence):
                step = int(inline[1])
            yield _STEP.sub("", sentence, count=1), step, label, lead
        if parts and parts[-1].rstrip().endswith(":"):
            lead = tuple(find_words(parts[-1])[0])


def clauses(
    sentence: str,
    *,
    known: frozenset[str] = frozenset(),
    step: int | None = None,
    label: tuple[Word, ...] = (),
    lead: tuple[Word, ...] = (),
    around: frozenset[str] = frozenset(),
    before: tuple[Word, ...] = (),
) -> list[Statement]:
    """The clauses of a plain sentence; one without a subject of its own leans on the clause before.

    Args:
        sentence: without line breaks.
        known: names that count at its start too.
        step: the number of the step that it belongs to.
        label: the words of the label that it stands under.
        lead: those of the line that leads to its list.
        around: the names of the sentence before.
        before: the words of the sentence before, for "guests' phones do not".
    """
    asides = [match[1] for match in _ASIDE.finditer(sentence)]
    main = _ASIDE.sub(" ", sentence)
    found: list[Statement] = []
    lent: tuple[Word, ...] = lead
    conditional = False
    denied = False  # "Never do this: …"
    for part in (main, *asides):
        if part is not main:
            lent = found[0].words if found else lead
        spans, facts, named = _parts(part, known)
        taken = [(fact.start, fact.end) for fact in facts]
        for start, end in spans:
            text = part[start:end]
            own = [fact for fact in facts if start <= fact.start < end]
            names = [Name(name.text, name.start - start, name.end - start) for name in named if start <= name.start < end]
            words, dangling = find_words(text, but=[(one - start, other - start) for one, other in taken], names=names)
            if denied:
                words, denied = all_negated(words), False
            if not own and all(word.is_weak for word in words) and _DENIED_LIST.search(text):
                denied = True
            if not words and not own:
                continue
            ahead = [word for word in words if not own or word.start + start < own[0].start]
            first = text.split(None, 1)[0].lower()
            leaning = part is not main or not ahead or dangling or first in _LEANING or conditional
            conditional = start == 0 and part is main and bool(_CONDITION.match(part))
            borrowed = (lent or (before if dangling or first in _LEANING else ())) if leaning else lead
            if not leaning and own and found:
                # "…, bicycles up to £800": what is said of the subject before holds for this one too.
                called = {word for name in found[-1].names for word in name.split()}
                borrowed = tuple(word for word in lent[1:] if word.text not in called)
            if dangling or (first == "not" and found):
                borrowed = tuple(replace(word, negated=True) for word in borrowed)
            found.append(
                Statement(
                    text,
                    tuple(words),
                    tuple(own),
                    tuple(name.text for name in names),
                    borrowed,
                    around,
                    step,
                    whole=sentence,
                    ahead=frozenset(name for one in found for name in one.names),
                    label=label,
                    offset=start,
                )
            )
            around = frozenset(name.text for name in names) or around
            lent = (*(ahead if own else words), *(lent if leaning else ()))
    beside = tuple(word for one in found for word in one.words)
    return [replace(one, beside=beside) for one in found]


_DENIED_LIST = re.compile(r"\b(?:never|not)\b[^:]*:\s*$", re.IGNORECASE)
_LEANING = frozenset("not no it they this that these those which who one both otherwise".split())


def _parts(part: str, known: frozenset[str]) -> tuple[list[tuple[int, int]], list[Fact], list[Name]]:
    """Where the clauses of a sentence stand, its facts, and its names.

    Two figures of a kind are in two clauses unless they are joined, as in a range.
    """
    named = find_names(part, known)
    facts = find_facts(part, but=[(name.start, name.end) for name in named if name.numbered])
    dates = [fact for fact in facts if fact.kind == "date"]
    named = [name for name in named if not any(date.start < name.end and name.start < date.end for date in dates)]
    cuts = {0, len(part)}
    cuts |= {match.end() for match in _CONDITION.finditer(part) if not _within(match.end() - 2, facts)}
    cuts |= {match.end() for match in _CLAUSE.finditer(part) if not _within(match.start(), facts)}
    for one, other in pairwise(facts):
        if one.kind == other.kind and one.end <= other.start and not _JOINED.fullmatch(part[one.end : other.start]):
            if match := _BETWEEN.search(part, one.end, other.start) or _COMMA.search(part, one.end, other.start):
                cuts.add(match.end())
    return [span for span in pairwise(sorted(cuts)) if part[slice(*span)].strip()], facts, named


def _within(place: int, facts: list[Fact]) -> bool:
    return any(fact.start < place < fact.end for fact in facts)


def _table(rows: list[str], known: frozenset[str], *, first: int) -> Iterator[Statement]:
    """A statement for each cell: it says what its row and its column name.

    Where the columns are of different kinds, each row is a record, and its cells lean on each other.
    """
    cells = [[plain(cell).strip() for cell in row.split("|")] for row in rows if not _RULE.match(row)]
    header, *body = cells
    simple = [len({_kind(cell) for cell in row[1:]}) == 1 and _kind(row[-1]) != "text" for row in body if len(row) > 2]
    is_matrix = bool(simple) and sum(simple) * 2 > len(simple)
    for number, row in enumerate(body):
        heads = [header[column] if column < len(header) else "" for column in range(len(row))]
        made = [_said(head, cell, known) for head, cell in zip(heads, row, strict=True)]
        for column in range(1, len(row)):
            others = [] if is_matrix else [word for place in range(1, len(row)) if place != column for word in made[place]]
            yield _cell(row[0], heads[column], row[column], others, known, first + number)
        if len(row) == 1:
            yield from clauses(row[0], known=known)


def _kind(cell: str) -> str:
    if _YES.match(cell) or _NO.match(cell) or not cell:
        return "sign"
    facts = find_facts(cell)
    return facts[0].kind if facts and len(cell) < 30 else "text"


def _said(head: str, cell: str, known: frozenset[str]) -> list[Word]:
    """The words of a column's head and of a cell under it; a no denies the head."""
    sign = cell.split(";")[0].split(",")[0].strip()
    rest = cell[len(sign) :]
    if _NO.match(sign) and len(sign.split()) <= 3:
        return [*all_negated(_words(head, known)), *_words(rest, known)]
    if _YES.match(sign) and len(sign.split()) <= 2 and sign.lower() not in ("on", "off"):
        return [*_words(head, known), *_words(rest, known)]
    return [*_words(head, known), *_words(cell, known)]


def _cell(label: str, head: str, cell: str, others: list[Word], known: frozenset[str], row: int) -> Statement:
    text = f"{label} | {head} | {cell}"
    words = _said(head, cell, known)
    own = _words(label, known)
    sign = re.split("[;,]", cell)[0]
    words = [*(all_negated(own) if _NO.match(sign) and len(sign.split()) <= 3 else own), *words]
    facts = find_facts(text, but=[(name.start, name.end) for name in find_names(text, known) if name.numbered])
    if re.match(r"\W*\d", cell) and all(fact.kind == "number" for fact in find_facts(cell)):
        # A bare figure has the unit that its column names: "Business days | 3-5".
        facts = [fact for fact in find_facts(f"{cell} {head}") if fact.end <= len(cell) + len(head) + 1]
    if bound := _bound(f"{head} {label}"):
        facts = [fact if fact.bound else replace(fact, bound=bound) for fact in facts]
    names = tuple(name.text for name in find_names(text, known))
    return Statement(text, tuple(words), tuple(facts), names, tuple(others), frozenset(), None, row, whole=text, row_label=tuple(own))


def _words(text: str, known: frozenset[str]) -> list[Word]:
    names = find_names(text, known)
    spans = [(fact.start, fact.end) for fact in find_facts(text)]
    return find_words(text, but=spans, names=names)[0]


def _bound(text: str) -> Bound:
    if re.search(r"\b(?:until|most|max|maximum|limit|up to)\b", text, re.IGNORECASE):
        return "most"
    return "least" if re.search(r"\b(?:minimum|min|least)\b", text, re.IGNORECASE) else ""
