"""Takes the sentences of a manual apart: what holds when, and what is to be done then."""

import re
from dataclasses import dataclass

__all__ = ["LEVELS", "Clause", "clauses", "sentences"]

# The levels of membership: most rules are about them, and they begin a sentence without "if".
LEVELS = ("gold", "silver", "bronze", "guest")
_LEVEL = rf"(?:{'|'.join(LEVELS)})"
_LEVELS = rf"(?:{_LEVEL}(?:,? (?:and|or) |, )?)+"
_LEAD = r"(?:(?:alternatively|however|then|also|finally|otherwise),? )?"
_IN_BRACKETS = re.compile(r"^\((?:only )?if ([^)]*)\) ?(.*)$", re.IGNORECASE)
_CONDITIONAL = re.compile(rf"^(?:\(option \w\) )?{_LEAD}(?:only )?if (.*)$", re.IGNORECASE)
# A sentence that begins with levels of membership, or with all the others.
_OF_LEVELS = re.compile(rf"^((?:for )?all other|{_LEVELS}) ?(?:members?|customers?)?\b ?:? ?(.*)$", re.IGNORECASE)
_PEOPLE = re.compile(rf"\b{_LEVEL}\b|^they are (?:just )?an? \w+ (?:user|member|customer)$", re.IGNORECASE)
_SPECIAL = re.compile(rf"(?:only works for|^enter the) ({_LEVELS}) ?(?:members?|level)", re.IGNORECASE)
_PERHAPS = re.compile(r"^(?:however, )?perhaps (.*?)\. in this case, (.*)$", re.IGNORECASE)
_FORGOTTEN = re.compile(r"\b(?:customer|they) may not remember their ([\w ]+?)\. in this case, (.*)$", re.IGNORECASE)
_EXAMPLE = re.compile(r"^(?:i\.?e\.|e\.g\.|for example)", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?])(?<!i\.e\.)(?<!ie\.)(?<!e\.g\.) +(?=[A-Z\[(])")


@dataclass(frozen=True)
class Clause:
    """What is to be done under a condition; without one always.

    Attributes:
        condition: the words of the condition, without "if".
        then: the sentences that say what is to be done.
        nested: conditions within the condition.
    """

    condition: str
    then: tuple[str, ...]
    nested: tuple["Clause", ...] = ()


def sentences(text: str) -> list[str]:
    """The sentences of a text."""
    return [part.strip() for part in _SENTENCE.split(text) if part.strip()]


def clauses(line: str) -> list[Clause]:
    """The clauses of a line; what follows a `>` belongs to what stands before it."""
    head, *tails = [part.strip() for part in line.split(" > ")]
    tails = [tail for tail in tails if not _EXAMPLE.match(tail)]
    if found := _PERHAPS.match(head):
        return [Clause(found[1], tuple(sentences(found[2])))]
    if found := _FORGOTTEN.search(head):
        return [
            *clauses(head[: found.start()].rstrip(" -,")),
            Clause(f"they do not have their {found[1]}", tuple(sentences(found[2]))),
        ]
    opening, *others = sentences(head) or [""]
    condition, rest = _split(opening)
    if not condition:
        # A later sentence may be the conditional one.
        at = next((place for place, one in enumerate(others) if _CONDITIONAL.match(one)), len(others))
        first = Clause("", (opening, *others[:at], *(() if at < len(others) else tails)))
        following = " ".join(others[at:])
        return [first, *(clauses(" > ".join([following, *tails])) if following else [])]
    then = [*([rest] if rest else []), *others]
    nested = []
    for clause in [clause for tail in tails for clause in clauses(tail)]:
        # Whom it is about may be said twice, before the `>` and behind it.
        if not clause.condition or (_is_of_people(condition) and _is_of_people(clause.condition)):
            then += clause.then
            nested += clause.nested
        else:
            nested.append(clause)
    return [Clause(condition, tuple(then), tuple(nested))]


def _is_of_people(condition: str) -> bool:
    return bool(_PEOPLE.search(condition))


def _split(sentence: str) -> tuple[str, str]:
    """The condition and the consequence; no condition where the sentence has none."""
    if found := _IN_BRACKETS.match(sentence):
        return found[1], found[2]
    if found := _CONDITIONAL.match(sentence):
        return _consequence(found[1])
    if found := _SPECIAL.search(sentence):
        return f"{found[1].strip()} members", "they qualify"
    if (found := _OF_LEVELS.match(sentence)) and not sentence.lower().startswith("guest customer"):
        return f"{found[1].strip(' ,')} members", found[2]
    return "", sentence


def _consequence(text: str) -> tuple[str, str]:
    """Where the condition ends: at "then", at a colon, or at the first comma that joins two clauses."""
    # Commas and "then" within brackets or quotation marks end nothing.
    hidden = re.sub(r"\([^)]*\)|'[^']*'(?!\w)", lambda match: "_" * len(match[0]), text)
    for mark in (r" ?,? then\b:? ?", r" ?: ?(?=\S)", r", (?!and\b|or\b|(?:silver|bronze|guest|gold)\b|_)", r" ?: ?$"):
        if found := re.search(mark, hidden, re.IGNORECASE):
            return text[: found.start()].strip(), text[found.end() :].strip()
    return text.strip(" ."), ""
