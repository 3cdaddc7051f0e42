"""Small, exact operations on text that every room needs."""

import difflib
import hashlib
import re
import unicodedata
from collections.abc import Iterable

__all__ = [
    "ABBREVIATIONS",
    "EMAIL",
    "content_words",
    "digest",
    "nearest",
    "sentences",
    "slug",
    "squash",
    "stem",
    "words",
]

_WORD = re.compile(r"[^\W_]+(?:['’.\-][^\W_]+)*")
# An e-mail address. The look-behind keeps the search linear: no start within a run of such signs is tried twice.
EMAIL = r"(?<![\w.+%-])[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"

_JOINT = re.compile(r"['.\-]")

# Words that end with a full stop without ending the sentence.
ABBREVIATIONS = frozenset(
    "e.g i.e etc vs no nos mr mrs ms dr st inc ltd co approx min max fig tel ext dept a.m p.m".split()
)

# Function words, dropped where only the words that carry the subject count.
STOPWORDS = frozenset(
    """a about above after again all already also always am an and any anyone anything are as ask at away be because
    been before being below between both but by can cannot come could did didn't do does doesn't doing don't done down
    during each either else even ever every few for from further get gets getting give go goes going got had has have
    haven't having he hello help her here hey hi him his how however i i'd i'll i'm i've if in into is isn't it it's its
    itself just keep know let like made make many may maybe me might mine more most much must my myself need never no
    nor not now of off ok okay on once one only or other our ours out over own per please put quite rather really right
    s said same say see seem she should since so some something still such sure t take tell than thank thanks that
    that's the their them then there these they thing things this those though through to too trying twice u under
    until up us use used using very via want wanted was way we well went were what what's when where whether which while
    who whom whose why will with within without won't work works would yes yet you your yours""".split()
)


def words(text: str) -> list[str]:
    """Lower-case words and numbers, in order; `BL-104233`, `4.8.2` and `don't` stay whole."""
    return [match.group().replace("’", "'").lower() for match in _WORD.finditer(text)]


def stem(word: str) -> str:
    """A crude stem, so that `charges`, `charged` and `charging` match.

    A simplification of the plural and participle steps of Porter (1980); never shorter than three letters.
    """
    for suffix in ("ingly", "ings", "edly", "ies", "ing", "ed", "es", "s", "e", "y"):
        if word.endswith(suffix) and len(word) - len(suffix) >= 3 and not word.endswith("ss"):
            word = word.removesuffix(suffix)
            break
    doubled = len(word) > 3 and word[-1] == word[-2] and word[-1].isalpha() and word[-1] not in "aeiouls"
    return word[:-1] if doubled else word


def content_words(text: str) -> list[str]:
    """The stems of the words that carry the subject, in order; a compound is followed by its parts."""
    found: list[str] = []
    for word in words(text):
        if word not in STOPWORDS:
            found.append(stem(word))
            parts = _JOINT.split(word)
            if len(parts) > 1:
                found += [stem(part) for part in parts if len(part) > 1]
    return found


def sentences(text: str) -> list[str]:
    """The sentences of running text, trimmed; a line break followed by a blank line or a list mark also ends one."""
    found: list[str] = []
    for block in re.split(r"\n\s*\n|\n(?=\s*(?:[-*•|>]|\d+[.)])\s)", text):
        line, start = squash(block), 0
        for match in re.finditer(r"[.!?][\"')\]”]*\s+(?=[\"'(\[“]?[A-Z0-9])", line):
            before = line[start : match.start()].rsplit(" ", 1)[-1].lower().lstrip("(")
            # "1. Open the app" is one sentence, and so is "3.5 in." before a number.
            if before in ABBREVIATIONS or (before.isdigit() and match.start() - start == len(before)):
                continue
            found.append(line[start : match.end()].strip())
            start = match.end()
        if rest := line[start:].strip():
            found.append(rest)
    return found


def squash(text: str) -> str:
    """The text with each run of white space as one space."""
    return " ".join(text.split())


def slug(text: str) -> str:
    """`Change or cancel` → `change-or-cancel`; what is left of a text in an address or a file name."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower())) or "x"


def digest(*parts: str | bytes) -> str:
    """A SHA-256 over the parts in order, in hexadecimal; parts cannot run into each other."""
    sha = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        sha.update(len(data).to_bytes(8, "big") + data)
    return sha.hexdigest()


def nearest(name: str, options: Iterable[str]) -> str | None:
    """The option most like `name`, if any is like it at all: for "did you mean"."""
    found = difflib.get_close_matches(name, list(options), n=1, cutoff=0.55)
    return found[0] if found else None
