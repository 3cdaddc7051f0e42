"""Which of a field's choices the customer names."""

import re

from kit.playbooks.language import Collect
from kit.playbooks.reading.found import MOST, Found
from kit.text import content_words, words

__all__ = ["find_choices", "like_choice"]

# What a customer says it is not, up to the end of the clause.
_REFUSED = re.compile(
    r"\b(?:not|no|never|without|instead of|rather than|(?:do|does|did|is|was|wo|ca)nt|\w+n['’]t)\b[^,.;:!?\n]*?"
    r"(?=[,.;:!?\n]|\b(?:but|just|only|because|i|it|we|they|please)\b|$)",
    re.IGNORECASE,
)
# Words of a choice that name nothing here.
_IDIOM = re.compile(r"\bmakes?\s+(?:\w+\s+)?sense\b", re.IGNORECASE)
_PLACE = re.compile(
    r"(?:(?:i['’]?ll|i['’]?d|i would|let['’]?s) )?(?:go (?:with|for) |take |like |want |prefer |choose |pick )?"
    r"(?:the )?(?:(?P<word>first|second|third|fourth|last|former|latter)(?: one| option| choice)?"
    r"|(?:option|number|choice|no)\.? (?P<number>[1-9]|one|two|three|four))(?: (?:please|thanks|thank you|pls))*"
)
_PLACES = {"first": 0, "former": 0, "one": 0, "second": 1, "two": 1, "third": 2, "three": 2, "fourth": 3, "four": 3}
# In a longer message a word that is nearly a choice is more likely another word.
_FEW = 40


def find_choices(field: Collect, message: str) -> list[Found]:
    """The choices that are named in full, or by a synonym in full; those that the clause refuses are marked."""
    text = _IDIOM.sub(lambda found: " " * len(found.group()), message)
    refused = [found.span() for found in _REFUSED.finditer(text)]
    founds: list[Found] = []
    for name, choice in _names(field):
        for found in _pattern(name).finditer(text):
            # "Not what I ordered" may itself be another word for a choice.
            no = any(start < found.start() < end for start, end in refused)
            founds.append(Found(found.start(), found.end(), choice, plain=True, refused=no))
            if len(founds) > MOST * 4:
                return founds
    # "By itself at home" names "by itself" too; the longer one is meant.
    return [one for one in founds if not any(_within(one, other) for other in founds)]


def like_choice(field: Collect, message: str) -> str | None:
    """The only choice that is given by its place, or has a word or a misspelt word in common with the message."""
    if place := _by_place(field, message):
        return place
    left = _REFUSED.sub(" , ", _IDIOM.sub(" , ", message))
    said = set(content_words(left))
    # Of a synonym of several words one says little: "I ordered it" is not "not what I ordered".
    names = [(name, choice) for name, choice in _names(field) if name == choice or len(words(name)) == 1]
    alike = {choice for name, choice in names if _shares_word(content_words(name), said)}
    if not alike and len(spelt := words(left)) <= _FEW:
        alike = {choice for name, choice in names if _misspelt(words(name), spelt)}
    return alike.pop() if len(alike) == 1 else None


def _names(field: Collect) -> list[tuple[str, str]]:
    """Each choice and each of its synonyms, with the choice."""
    own = [(choice, choice) for choice in field.choices]
    return own + [(name, choice) for choice, names in field.synonyms.items() for name in names]


def _pattern(name: str) -> re.Pattern[str]:
    """The words of a name in order, whatever stands between them: `next day` is in "next-day".

    What is denied may be so in each way of writing it: `does not work` is in "doesn't work" and in "doesnt work".
    """
    body = ""
    for word in words(name):
        denied = re.fullmatch(r"(\w*)(?:n't|(?<!\w)not)", word)
        if start := denied[1] if denied else word:
            body += (r"[\W_]+" if body else "") + re.escape(start).replace("'", "['’]?")
        if denied:
            body += r"(?:[\W_]+not|n['’]?t)" if body else "not"
    return re.compile(rf"(?<![\w-]){body}(?:['’]?s)?(?![\w]|-\w)" if body else r"(?!)", re.IGNORECASE)


def _within(one: Found, other: Found) -> bool:
    longer = other.end - other.start > one.end - one.start
    return longer and other.start <= one.start and one.end <= other.end


def _by_place(field: Collect, message: str) -> str | None:
    """Of "the first one" and "option 2", by the order in which the question names them."""
    found = _PLACE.fullmatch(" ".join(words(message)))
    if not found:
        return None
    asked = field.ask.lower()
    order = sorted(field.choices, key=lambda choice: asked.find(choice.lower()))
    if any(choice.lower() not in asked for choice in field.choices):
        order = list(field.choices)
    word = found["word"] or found["number"]
    if word in ("former", "latter") and len(order) != 2:
        return None
    place = len(order) - 1 if word in ("last", "latter") else int(word) - 1 if word.isdigit() else _PLACES[word]
    return order[place] if place < len(order) else None


def _shares_word(wanted: list[str], said: set[str]) -> bool:
    # Five letters in common: "replace it" is the replacement, "changed mind" is "changed my mind".
    alike = (one[:5] == other[:5] and min(len(one), len(other)) >= 4 for one in wanted for other in said)
    return any(alike) or not said.isdisjoint(wanted)


def _misspelt(wanted: list[str], said: list[str]) -> bool:
    """Whether each long word of the name stands among the words with a letter or two wrong, or two exchanged."""
    from rapidfuzz.distance import OSA

    long = [word for word in wanted if len(word) >= 5]
    return bool(long) and all(
        any(OSA.distance(word, other) <= (2 if len(word) >= 8 else 1) for other in said if other[0] == word[0])
        for word in long
    )
