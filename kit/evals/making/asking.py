"""Turns the heading of an article into what a customer would ask; in English only.

Rules and no model, so that the same heading gives the same question everywhere. A heading that no rule fits gives none:
a question that nobody would ask is worse than none.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kit.evals.making.shapes import SHAPES
from kit.evals.making.verbs import begins_with_verb, imperative
from kit.evals.making.wording import turned
from kit.text import content_words

__all__ = ["Asker", "is_broad"]

_SAYS_NOTHING = frozenset(
    """steps|next|contact|questions|limits|notes|note|overview|introduction|summary|details|settings|example|
    examples|afterwards|more help|related|links|list|table|contents|faq|tips|updates|good to know|
    before you start|check these first|see also|common questions|faqs|frequently asked questions|
    questions we hear often|an example|the list|the settings|what to do|getting in touch|your choices|
    do this now|what counts|need more|still not sure|what you need|have this ready|maybe faster|get help|
    learn more|at a glance|other ways in|do you need to|in short""".replace("\n    ", "").split("|")
)
_POINTS = re.compile(r"\b(?:it|its|it's|they|them|these|those|this|that|mine|yours|here|ones?)\b", re.IGNORECASE)
_ASKING = re.compile(
    r"(?:how|what|when|where|which|who|why|is|are|was|do|does|did|can|could|should|will|has|have|must|may)\b",
    re.IGNORECASE,
)
_TROUBLE = re.compile(
    r"(?:The|My|A|An|No|Nothing|All)\b.*?(?:n't|\b(?:not|never|is|are|has|says?|shows?|fails?)\b).*|No\b.*",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r".*[:,;?]|.*n't|.*\b(?:you|it|I|we|they|which|what|how|is|are|has|still|lasts|drops|changed|comes|reaches|"
    r"told|gone|shows|says|should|first)\b|(?:If|When|With|Without|On|In|At|Up|Over|Within|After|Before|While|Then|About|First|"
    r"Also|Other|Put|Check|See|Rule|Not|From)\b|\w+ing\b",
    re.IGNORECASE,
)
_ABOUT = ("what should I know about {}?", "can you tell me about {}?", "what is there to know about {}?")
_CODE = re.compile(r"([A-Z]{1,3}\d{1,4}):")


def is_broad(question: str) -> bool:
    """Whether it only asks what there is to know, so that whatever mentions the matter is some answer."""
    return any(wording.partition("{}")[0].casefold() in question.casefold() for wording in _ABOUT)


@dataclass(frozen=True)
class Asker:
    """Asks what headings answer.

    Attributes:
        names: words that texts write with a capital within sentences.
        choice: picks one of several wordings.
    """

    names: frozenset[str]
    choice: Callable[[tuple[str, ...]], str]

    @classmethod
    def of(cls, texts: Iterable[str], choice: Callable[[tuple[str, ...]], str]) -> "Asker":
        """One that knows from the texts which words are names."""
        capital: Counter[str] = Counter()
        for text in texts:
            # Titles of other articles and the words on buttons have capitals of their own.
            for word in re.findall(r"(?<=[a-z,] )[A-Za-z][a-z]+", re.sub(r"\[[^\]]*\]|\*\*[^*]*\*\*", "", text)):
                capital[word.lower()] += -1 if word.islower() else 1
        return cls(frozenset(word for word, count in capital.items() if count > 0), choice)

    def ask(self, title: str, heading: str) -> str | None:
        """What a customer asks whom this part of an article helps; None if no rule fits.

        Args:
            title: of the article.
            heading: of the part; the title itself for the article as a whole.
        """
        text = re.sub(r"^\d+[.)]\s+", "", heading.replace("’", "'").strip())
        if text.rstrip("?").lower() in _SAYS_NOTHING or not re.search(r"[A-Za-z]{2}", text):
            return None
        question, whole = self._question(text), heading == title
        if question is None:
            named = self._named(text, title)
            return named if whole or named is None else self._within(title, named)
        needs = bool(_POINTS.search(question)) or len(content_words(question)) < (1 if imperative(text) else 2)
        if not needs or _CODE.match(text):
            return question
        return None if whole else self._within(title, question)

    def _question(self, text: str) -> str | None:
        if code := _CODE.match(text):
            return f"What does {code[1]} mean?"
        if text.startswith(('"', "“")):
            return f"What does it mean when I read {text}?" if text.endswith(('"', "”")) else None
        if text.endswith("?") and _ASKING.match(text):
            return turned(text)
        text = text.rstrip("?").strip()
        for pattern, made in SHAPES:
            if match := re.fullmatch(pattern, text, re.IGNORECASE):
                return made(match, self._lowered)
        if (plain := imperative(text)) is not None:
            return f"How do I {turned(plain)}?"
        return f"{turned(text)}. What can I do?" if _TROUBLE.fullmatch(text) else None

    def _named(self, text: str, title: str) -> str | None:
        """A question about what a heading only names."""
        if _NO_NAME.match(text) or begins_with_verb(text) or not 2 <= len(text.split()) <= 6 or _ASKING.match(text):
            return None
        said = self.choice(_ABOUT).format(turned(self._lowered(text)))
        return said[0].upper() + said[1:]

    def _within(self, title: str, question: str) -> str | None:
        """The question with what it is about, which a heading leaves to the title above it."""
        own = question.startswith(("I ", "I'")) or question.split(maxsplit=1)[0].lower() in self.names
        rest = question if own and not _ASKING.match(question) else question[0].lower() + question[1:]
        if (plain := imperative(title)) is not None:
            verb = f" {plain.split(maxsplit=1)[0]} "
            return None if verb in f" {question} " or " if " in question else f"If I {turned(plain)}, {rest}"
        if re.match(r"(?:When|If)\b", title):
            return f"{turned(title)}, {rest}"
        title = re.sub(r"^About (?=[A-Z])", "", title)
        if _ASKING.match(title) or begins_with_verb(title) or len(title.split()) > 6:
            return None
        return f"About {turned(self._lowered(title))}: {rest}"

    def _lowered(self, text: str) -> str:
        first = re.split(r"[\s\-]", text, maxsplit=1)[0]
        name = first.lower() in self.names or not (first[1:].islower() or len(first) == 1)
        return text if name else text[0].lower() + text[1:]
