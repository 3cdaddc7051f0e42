"""Understands a customer who writes in another language, and replies in it, with a chat model.

The answer itself is made and checked in the company's language, like any other: the check of its sentences against
their passages knows that language alone. What is then translated is checked for being the same:

- figures, codes, addresses, masked values and paths through a menu stand in both, as often;
- as many lines and steps stand in both;
- it is in the customer's language;
- translated back by a call that sees nothing but the translation, it says what the answer says, and no less. That
  catches what no list of words could in every language: a lost condition, a "not" that fell away.

What does not pass is not sent; a person takes over, with the fixed words of the language.
"""

import logging
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from kit.assistant.grounding import Meaning, check_sentence
from kit.assistant.languages import Detector, language
from kit.assistant.modelled import Failed, asked
from kit.assistant.prompt import Prompt, filled
from kit.assistant.types import Turn
from kit.models import ChatModel
from kit.safety import Outgoing, Rules, Vault, mask
from kit.text import sentences, squash

__all__ = ["Translator"]

_LOG = logging.getLogger(__name__)
_HISTORY = 4
_FIGURES = re.compile(r"<[A-Z]+_\d+>|[\w.+%-]+@[\w.-]+\w|https?://\S+|\d+(?:[.,:/]\d+)*")
_CODES = re.compile(r"\b(?=[A-Z\d-]*[A-Z])(?=[A-Z\d-]*\d)[A-Z\d]+(?:-[A-Z\d]+)*\b")
_PATHS = re.compile(r"[\w-]+ > [\w-]+")
# Languages write fewer or more words for the same; beyond this it is something else.
_LONGER, _ROOM = 4, 200


@dataclass(frozen=True)
class Translator:
    """Translates what a customer says and what is replied.

    Attributes:
        model: the chat model.
        company: for whom it reads and writes.
        understand, translate: what it is told.
        detector: tells languages.
        rules: what is masked before it is sent.
        meaning: lets the check count words that are said in other words.
    """

    model: ChatModel
    company: str
    understand: Prompt
    translate: Prompt
    detector: Detector
    rules: Rules = field(default_factory=Rules)
    meaning: Meaning | None = None

    def understood(self, message: str, history: Sequence[Turn], spoken: str) -> str:
        """The message in the company's language, readable without what was said before; empty if it could not be read.

        Its figures, codes and addresses are those of the message, or of what was said before.
        """
        vault = Vault()
        before = [f"{turn.role}: {mask(turn.text, vault=vault, rules=self.rules).text}" for turn in history[-_HISTORY:]]
        last = mask(message, vault=vault, rules=self.rules).text
        text = "\n".join([*before, f"Last message:\n{last}"])
        try:
            said = self._asked(self.understand, text, spoken)
        except Failed as failure:
            _LOG.info("not understood: %s", failure)
            return ""
        new = _exact(said) - _exact(text)
        if not said or len(said) > _LONGER * len(last) + _ROOM or new or self._is_in(said, spoken):
            _LOG.info("not understood: the model's words are not the message")
            return ""
        return vault.restore(said)

    def translated(self, text: str, spoken: str) -> str:
        """The text in the customer's language; empty if no translation says the same."""
        vault = Vault()
        masked = mask(text, vault=vault, rules=self.rules).text
        try:
            said = self._asked(self.translate, masked, spoken)
            back = self._asked(self.translate, said, self.detector.own) if said else ""
        except Failed as failure:
            _LOG.info("not translated: %s", failure)
            return ""
        if difference := self._differs(masked, said, back, spoken):
            _LOG.info("not translated: %s", difference)
            return ""
        return vault.restore(said)

    def _asked(self, prompt: Prompt, text: str, spoken: str) -> str:
        names = {"language": language(spoken).name, "own": language(self.detector.own).name}
        return asked(self.model, filled(prompt, company=self.company, **names), text)

    def _differs(self, text: str, said: str, back: str, spoken: str) -> str:
        """What keeps a translation from being sent; empty if nothing does."""
        if not said or len(said) > _LONGER * len(text) + _ROOM:
            return "it is empty or too long"
        if Outgoing().clean(said) != said:
            return "it holds a link or markup"
        if _exact(text) != _exact(said):
            return "figures, codes or paths differ"
        if _shape(text) != _shape(said):
            return "lines or steps differ"
        if not self._is_in(said, spoken):
            return "it is in another language"
        for one, other, fault in ((back, text, "it says more"), (text, back, "it says less")):
            for sentence in sentences(one):
                if not check_sentence(sentence, other, meaning=self.meaning).supported:
                    return fault
        return ""

    def _is_in(self, text: str, spoken: str) -> bool:
        return self.detector.language(text) == spoken


def _exact(text: str) -> Counter[str]:
    """What has to stand in both, with how often; a decimal comma is a decimal point."""
    plain = squash(text)
    figures = [re.sub(r"[.,](?=\d)", ".", found) for found in _FIGURES.findall(plain)]
    return Counter([*figures, *_CODES.findall(plain), *_PATHS.findall(plain)])


def _shape(text: str) -> list[str]:
    """The marks of its steps and items, in order, with how many paragraphs there are."""
    marks = re.findall(r"(?m)^\s*(\d+[.)]|[-*•])\s", text)
    return [*marks, str(len(re.findall(r"\n\s*\n", text.strip())))]
