"""What is asked: the words, codes and vectors of a message, and its separate questions."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kit.models import Embedder
from kit.text import STOPWORDS, content_words, sentences, words

__all__ = ["Query", "codes_in", "questions", "read_query", "standalone"]

Vectors = NDArray[np.float32]

_ASKS = r"(?:how|what|when|where|which|who|why|can|could|do|does|is|are|will|would|should)\b"
_OPENS = re.compile(rf"\W*{_ASKS}", re.IGNORECASE)
_AND = re.compile(rf"[,;]?\s+(?:and|also|plus)\s+(?:also\s+)?(?={_ASKS})", re.IGNORECASE)
# What points back: "does it also work abroad", "and for the annual plan?", "why?".
_BACK = re.compile(
    r"^\W*(?:and|but|or|so|then|also|ok|okay|what about|how about|what if|why|which one)\b"
    # "Is there a discount?" points to nothing.
    r"|(?<!\bis )(?<!\bare )\bthere\b(?! (?:is|are)\b)"
    r"|\b(?:it|its|that|this|they|them|those|these|one|ones|same|instead|else|either|both)\b",
    re.IGNORECASE,
)
_SHORT = 4  # a message with more content words than this says by itself what it is about
_MOST = 4  # questions of one message that are searched for one by one
_DIFFERENT = 0.4  # two questions that share a greater part of their words ask the same thing twice


@dataclass(frozen=True, eq=False)
class Query:
    """A question as the rankers take it.

    Attributes:
        text: the question.
        stems: its content words, each once.
        codes: those of them that are identifiers: error codes, versions, part and order numbers.
        vector: of the whole; shape (dimension,), unit length.
        tokens: one for each token; shape (tokens, dimension), unit length.
    """

    text: str
    stems: tuple[str, ...]
    codes: tuple[str, ...]
    vector: Vectors
    tokens: Vectors


def read_query(text: str, embedder: Embedder) -> Query:
    """Take a question apart, with one pass of the embedder."""
    (encoded,) = embedder.encode_both([text], query=True)
    # Each word once: in a long message the words said often are seldom those that tell articles apart.
    stems = tuple(dict.fromkeys(content_words(text)))
    return Query(text, stems, codes_in(text), encoded.vector, encoded.tokens.vectors)


def codes_in(text: str) -> tuple[str, ...]:
    """The stems of a text's identifiers, each once: error codes, versions, part and order numbers."""
    return tuple(dict.fromkeys(stem for word in words(text) if _is_code(word) for stem in content_words(word)[:1]))


def _is_code(word: str) -> bool:
    """Whether a word names one thing exactly: `j2ca0024e`, `8.5.5`, `bl-104233`; a bare small number does not."""
    return any(letter.isdigit() for letter in word) and (len(word) >= 4 or not word.isdigit()) and len(word) > 1


def questions(message: str) -> list[str]:
    """The separate questions of a message; the message itself if it asks only one.

    A message has several when several of its sentences, or the parts around an "and", ask, and not about the same.
    Those after the first few are not looked at.
    """
    asked: list[str] = []
    for part in _parts(message):
        if _asks(part) and all(_differ(part, other) for other in asked):
            asked.append(part)
            if len(asked) == _MOST:
                break
    return asked if len(asked) > 1 else [message]


def _parts(message: str) -> Iterator[str]:
    for sentence in sentences(message):
        # Who writes all in small letters begins no sentence with a capital.
        for one in re.split(r"(?<=\?)\s+", sentence):
            yield from _AND.split(one)


def _asks(part: str) -> bool:
    return len(content_words(part)) > 1 and (part.rstrip(" \"')").endswith("?") or bool(_OPENS.match(part)))


def _differ(one: str, other: str) -> bool:
    first, second = set(content_words(one)), set(content_words(other))
    return len(first & second) < _DIFFERENT * min(len(first), len(second))


def standalone(message: str, history: Sequence[str]) -> str:
    """The message as it can be searched for by itself.

    A message that points back, or is too short to say what it is about, is searched together with the customer's
    message before it, which says so; a message that names its own subject is left as it is.

    Args:
        message: what the customer says now.
        history: what the customer said before, oldest first.
    """
    own = [word for word in words(message) if word not in STOPWORDS]
    if not history or len(own) > _SHORT or not (len(own) < 2 or _BACK.search(message)):
        return message
    before = history[-1]
    earlier = [one for one in history[:-1] if len(content_words(before)) < 3]
    return "\n".join((*earlier[-1:], before, message))
