"""What a sentence has that stands nowhere in its passage: an address, a figure, a date, a name."""

import re

from kit.assistant.grounding.facts import Fact
from kit.assistant.grounding.lexicon import root
from kit.assistant.grounding.statement import Reading, Statement

__all__ = ["find_address", "find_missing"]

# Links, pictures, tags and e-mail addresses: what can lead a customer, or what they wrote, somewhere else.
_ADDRESS = re.compile(
    r"\]\([^)]*\)?|<[a-z/!][^>]*>?|(?:https?:|www\.)[^\s)\]>]+|(?<![\w.+%-])[\w.+%-]+@[\w.-]+"
    r"|(?<![\w.@/-])(?:[a-z0-9-]{2,}\.)+(?:com|org|net|io|app|dev|co|eu|us|uk|info|example)\b(?:/[^\s)\]>]*)?",
    re.IGNORECASE,
)
# What follows a word at the start of a sentence that names someone or something.
_VERBS = frozenset(
    "costs includes takes keeps comes works has adds supports gives offers allows requires gets covers lets".split()
)
_LY = {
    "day": "dail",
    "week": "weekl",
    "month": "monthl",
    "quarter": "quarterl",
    "year": "yearl|annual",
    "hour": "hourl",
}
_RATE = re.compile(r"\b(?:each|every|per|once an?|times an?)\s(hour|day|week|month|quarter|year)\b", re.IGNORECASE)
_PATH = re.compile(r"([\w-]+) > (?=([\w-]+))")
_COLOUR = re.compile(r"\b(?:red|green|blue|amber|white|yellow|orange|black|gr[ae]y|purple|pink|brown)\b")
# "The G wire": a letter that names something.
_LETTER = re.compile(r"(?<=[a-z,] )[B-HJ-Z](?=[ ,.])")
_ANSWER = re.compile(r"(?<=[a-z] )(?:Yes|No)\b")
_FIRST = re.compile(r"^([A-Z][\w-]+)\s+([a-z]+)\b")
_UNITS = {"money": "amount", "time": "time", "clock": "time", "date": "date", "code": "code"}


def find_address(sentence: str, passage: str) -> str:
    """What is wrong in plain words with a link, picture, tag or address of the sentence; empty if nothing is."""
    for address in _ADDRESS.findall(sentence):
        if address.rstrip(".,;:").lower() not in passage.lower():
            return f"the address {address.rstrip('.,')} does not stand in the passage"
    return ""


def find_missing(sentence: str, clauses: list[Statement], reading: Reading) -> str:
    """What is wrong in plain words; empty if nothing is.

    Args:
        sentence: as written.
        clauses: the same, read.
        reading: the passage, read.
    """
    for clause in clauses:
        for fact in clause.facts:
            if fault := _figure(fact, reading):
                # "DVDs for one week, books for four": the unit is said once.
                kinds = {other.kind for one in clauses for other in one.facts} - {"number"}
                if fact.kind == "number" and any(
                    _digits(one) == _digits(fact) and one.kind in kinds for one in reading.facts
                ):
                    continue
                return fault
        for name in clause.names:
            if not _has_name(name, reading):
                return f"the name {_as_written(name, sentence)} does not stand in the passage"
    for colour in _COLOUR.findall(" ".join(clause.text for clause in clauses).lower()):
        if colour not in (there := _COLOUR.findall(reading.lower)) and there:
            return f"the passage says {there[0]}, not {colour}"
    for letter in _LETTER.findall(sentence):
        if not re.search(rf"(?<!\w){letter}(?!\w)", reading.text):
            return f"the name {letter} does not stand in the passage"
    for answer in _ANSWER.findall(sentence):
        if not re.search(rf"\b{answer}\b", reading.text):
            return f"the passage does not say {answer}"
    for path in _PATH.finditer(sentence.replace("*", "")):
        if not re.search(rf"\b{re.escape(path[1])} > {re.escape(path[2])}\b", reading.text, re.IGNORECASE):
            return f"the path {path[1]} > {path[2]} does not stand in the passage"
    for rate in _RATE.finditer(" ".join(clause.text for clause in clauses)):
        unit = rate[1].lower()
        if _RATE.search(reading.text) and not re.search(
            rf"\b(?:an?|per|each|every|/)\s?{unit}|{_LY[unit]}", reading.lower
        ):
            return f"the passage does not say “{rate[0].lower()}”"
    if (first := _FIRST.match(sentence)) and first[2] in _VERBS and not first[1].endswith("ing"):
        word = first[1].lower()
        if word not in _NO_NAMES and not _has_name(word, reading) and word[:5] not in reading.families:
            return f"the name {first[1]} does not stand in the passage"
    return ""


_NO_NAMES = frozenset(
    """this that it there here everyone everybody someone nobody nothing neither either each both one what who which
    you we they he she i all some any most many none more less support delivery shipping payment everything""".split()
)


def _figure(fact: Fact, reading: Reading) -> str:
    if any(fact.stands(other) for other in reading.facts):
        return ""
    if fact.kind == "number" and fact.value == 1:
        return ""  # "one of them"
    if fact.unit == "th" and not any(other.unit == "th" for other in reading.facts):
        return ""  # "a second person"
    if fact.value == "always":
        days = {(other.value, other.unit) for other in reading.facts}
        return (
            ""
            if (86400.0, "s") in days
            or re.search(r"\balways|day or night|24|\bany (?:hour|time)\b|\bwhenever\b", reading.lower)
            else _said(fact)
        )
    if fact.kind == "code" and str(fact.value) in re.sub(r"[^\w.]", "", reading.lower) and len(str(fact.value)) > 3:
        return ""
    if fact.kind in ("time", "number", "money") and fact.value in (1.0, 60.0, 3600.0, 86400.0, 604800.0, 12.0):
        # "A month", "hourly": one of them, without a figure.
        unit = re.sub(r"^\W*\d+\s*-?", "", fact.said).strip().rstrip("s").lower()
        if unit and re.search(
            rf"\b(?:an?|per|each|every|one)\s+{re.escape(unit)}\b|\b{re.escape(unit)}ly\b", reading.lower
        ):
            return ""
    same = [other for other in reading.facts if other.said and _digits(other) == _digits(fact) and other.kind != "date"]
    if same and fact.kind != "date":
        return f"the passage says {same[0].said.strip()}, not {fact.said.strip()}"
    return _said(fact)


def _said(fact: Fact) -> str:
    what = "date" if fact.kind == "date" else "figure"
    return f"the {what} {fact.said.strip()} does not stand in the passage"


def _digits(fact: Fact) -> str:
    return re.sub(r"[^\d.]", "", fact.said).strip(".")


def _has_name(name: str, reading: Reading) -> bool:
    if name in reading.names or re.search(rf"(?<!\w){re.escape(name)}(?:'?s)?(?!\w)", reading.lower):
        return True
    if " " not in name and len(name) > 5 and any(other[:5] == name[:5] for other in reading.names):
        return True  # Canada, Canadian
    if name.removesuffix("s") in reading.names:
        return True
    return all(word in _SIGNS or root(word.strip(".")) in reading.keys for word in re.split(r"[\s-]+", name))


# Parts of names that need not stand there.
_SIGNS = frozenset(("&", "the", "of", "us", "faq", "ok", "dr", "mr", "ms", "mrs", "pin"))


def _as_written(name: str, sentence: str) -> str:
    found = re.search(re.escape(name).replace(r"\ ", r"\s+"), sentence, re.IGNORECASE)
    return found.group() if found else name
