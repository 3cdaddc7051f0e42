"""The clauses of a sentence, each a statement."""

import re
from dataclasses import replace
from itertools import pairwise

from kit.assistant.grounding.facts import Fact, find_facts
from kit.assistant.grounding.names import Name, find_names
from kit.assistant.grounding.statement import Statement
from kit.assistant.grounding.wording import Word, all_negated, find_words

__all__ = ["clauses"]

_CLAUSE = re.compile(
    r"\s*;\s*|:\s+|\s+-\s+|,?\s+(?:(?:but|while|whereas|otherwise)\s+)|,\s+(?:so|then|else|after that)\s+"
    r"|,\s+(?:and|or)\s+(?![^,;.:]{3,60},\s+(?:is|are|was|were|can|may|must|will|has|have|do|does)\b)"
    r"|,?\s+(?=unless\b)|,\s+(?=(?:as long as|provided|if|although|because)\b)"
    r"|\s+and\s+(?=(?:is|are|was|were|can|may|must|will|has|have|do|does)\b)"
    r"|\s+and\s+(?=(?:costs|takes|includes|keeps|comes|works|adds|gives|needs|allows|gets|lasts|ends|starts|stays)\b)"
    r"|,\s+(?=not\b|no\b)|,\s+(?=(?:and\s+)?(?:it|they|we|you|there|this|that|he|she)\b)"
)
_CONDITION = re.compile(
    r"^(?:if|when|whenever|once|after|before|because|unless|as long as|as soon as|until|while|since|without|with|for"
    r"|under|on|in|at)\b[^,;:]{6,},\s+(?!and\b|or\b)",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\s*\(([^()]*)\)")
_BETWEEN = re.compile(r",?\s+(?:and|or)\s+")
_COMMA = re.compile(r",\s+(?=[\w-]+\s+[\w$€£])")
_JOINED = re.compile(r"\s*(?:-|to|or|and|,|/|x|and from|until|up to|,\s*(?:and|or))\s*")
_DENIED_LIST = re.compile(
    r"\b(?:never|not)\b[^:]{0,25}\b(?:this|these|following|do|any of them)\s*:\s*$", re.IGNORECASE
)
_ELLIPSIS = re.compile(r"\b(?:do|does|are|is|can|will|has|have)\b\W*$", re.IGNORECASE)
_OR_FOR = re.compile(r"\b(?:or|nor)\s+$", re.IGNORECASE)
_PLACING = frozenset("for to with in on at from by of".split())
_PRONOUNS = frozenset("it they this these".split())
_LEANING = frozenset(
    """is are was were can may must will has have do does by at in on for with to from over via not no it they this that
    these those which who one both otherwise""".split()
)


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
            names = [
                Name(name.text, name.start - start, name.end - start) for name in named if start <= name.start < end
            ]
            words, dangling, negations = find_words(
                text, but=[(one - start, other - start) for one, other in taken], names=names
            )
            if found and found[-1].negations % 2 and _OR_FOR.search(part, 0, start) and first_word(text) in _PLACING:
                negations += 1  # "… for this, or for that": both are denied
            if denied:
                words, denied, negations = all_negated(words), False, negations + 1
            if not own and all(word.is_weak for word in words) and _DENIED_LIST.search(text):
                denied = True
            if not words and not own:
                continue
            ahead = [word for word in words if not own or word.start + start < own[0].start]
            first = first_word(text)
            leaning = part is not main or not ahead or dangling or first in _LEANING or conditional
            conditional = start == 0 and part is main and bool(_CONDITION.match(part))
            borrowed = (lent or (before if dangling or first in _LEANING else ())) if leaning else lead
            if first in _PRONOUNS and found:
                borrowed = (*borrowed, *(word for word in found[0].words[:3] if word not in borrowed))
            if not leaning and own and found:
                # "…, bicycles up to £800": what is said of the subject before holds for this one too.
                called = {word for name in found[-1].names for word in name.split()}
                borrowed = tuple(word for word in lent[1:] if word.text not in called)
            if _ELLIPSIS.search(text) and not dangling:
                # "They do not go with it. Sensors do": what was denied of the others is said of these.
                borrowed = (*borrowed, *(replace(word, negated=False, head=False) for word in lent or before))
            if dangling or (first in ("not", "no") and found):
                borrowed = tuple(replace(word, negated=True, head=True) for word in borrowed)
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
                    negations=negations,
                    offset=start,
                )
            )
            around = frozenset(name.text for name in names) or around
            lent = (*(ahead if own else words), *(lent if leaning else ()))
    beside = tuple(word for one in found for word in one.words)
    return [replace(one, beside=beside) for one in found]


def first_word(text: str) -> str:
    return text.split(None, 1)[0].lower()


def _parts(part: str, known: frozenset[str]) -> tuple[list[tuple[int, int]], list[Fact], list[Name]]:
    """Where the clauses of a sentence stand, its facts, and its names.

    Two figures of a kind are in two clauses unless they are joined, as in a range.
    """
    named = find_names(part, known)
    facts = find_facts(part, but=[(name.start, name.end) for name in named if name.numbered])
    cuts = {0, len(part)}
    cuts |= {match.end() for match in _CONDITION.finditer(part) if not _within(match.end() - 2, facts)}
    cuts |= {match.end() for match in _CLAUSE.finditer(part) if not _within(match.start(), facts)}
    for one, other in pairwise(facts):
        if one.kind != other.kind or one.end > other.start or _JOINED.fullmatch(part[one.end : other.start]):
            continue
        if match := _BETWEEN.search(part, one.end, other.start) or _COMMA.search(part, one.end, other.start):
            cuts.add(match.end())
    hidden = list(part)
    for fact in facts:
        hidden[fact.start : fact.end] = "x" * (fact.end - fact.start)
    # "2.4 GHz Wi-Fi": the unit is no part of the name.
    named = [name for name in named if name.numbered] + [
        name for name in find_names("".join(hidden), known) if not name.numbered
    ]
    return [span for span in pairwise(sorted(cuts)) if part[slice(*span)].strip()], facts, named


def _within(place: int, facts: list[Fact]) -> bool:
    return any(fact.start < place < fact.end for fact in facts)
