"""What a customer understands of a reply. Only its words and its sources count: nobody sees the assistant's mind."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from kit.assistant import Reply
from kit.text import content_words, sentences, words

__all__ = ["Asked", "best_option", "key_for", "understood"]

_OPTION = re.compile(r"^\s*(\d{1,2})[.)]\s+(.+)$", re.MULTILINE)
_CHOICE = re.compile(r"\b(which (one|of)|one of these|do you mean|is it about)\b", re.IGNORECASE)
_CONFIRM = re.compile(
    r"\b(shall i|should i|may i|do you want me to|would you like me to|is that (right|correct|ok)|go ahead|proceed)\b",
    re.IGNORECASE,
)
_CLOSING = re.compile(r"\banything else\b", re.IGNORECASE)
# Of a key's words so many must stand in the question: "order number" is not asked for by "your number of sensors".
_LEAST = 0.6
_LAST = 4


@dataclass(frozen=True)
class Asked:
    """What a reply wants to know.

    Attributes:
        text: the question.
        around: the question with what was said just before it: "Look at the status light. Is it amber?"
        options: those that it lists.
        confirm: whether it asks for consent.
    """

    text: str
    around: str = ""
    options: tuple[str, ...] = ()
    confirm: bool = False


def understood(reply: Reply) -> Asked | None:
    """The question that a reply ends in; None where it ends in none."""
    lines = sentences(reply.text)
    # A question further up is the article's own, such as a heading.
    last = [line for line in lines[-_LAST:] if not _CLOSING.search(line)]
    questions = [line for line in last if line.rstrip().endswith("?") or _asks(line)]
    options = tuple(match[1] for match in _OPTION.findall(reply.text)) if _CHOICE.search(reply.text) else ()
    if not questions and not options:
        return None
    text = " ".join(questions)
    return Asked(text, " ".join(last), options, confirm=bool(_CONFIRM.search(text)))


def _asks(line: str) -> bool:
    """Whether a line asks without a question mark, as in: Please choose one of these."""
    first = line.lstrip()
    return first.lower().startswith("please") and bool(
        re.search(r"\b(choose|answer|tell|give|enter|type|say which|reply)\b", first, re.IGNORECASE)
    )


def key_for(asked: Asked, keys: Iterable[str]) -> str | None:
    """Which of the script's keys is asked for: the one most of whose words stand in the question, or just before it."""
    return _best(asked.text, tuple(keys)) or (None if asked.confirm else _best(asked.around, tuple(keys)))


def _best(text: str, keys: tuple[str, ...]) -> str | None:
    heard = {*content_words(text), *words(text)}
    shares = {key: len(heard & set(stems)) / len(set(stems)) for key in keys if (stems := _stems(key))}
    # Between two keys that fit equally well the longer one says more.
    best = max(shares, key=lambda key: (shares[key], len(key)), default=None)
    return best if best is not None and shares[best] >= _LEAST else None


def best_option(options: Iterable[str], wanted: str) -> int | None:
    """The place of the option that shares most words with what is wanted; None where none shares any."""
    goal = set(_stems(wanted))
    shared = [len(goal & set(_stems(option))) for option in options]
    most = max(shared, default=0)
    return shared.index(most) if most else None


def _stems(text: str) -> list[str]:
    # "Why?" has no word of a subject, and is a question all the same.
    return content_words(text) or words(text)
