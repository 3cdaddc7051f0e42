"""What a chat model may do within a playbook: word what is said, and help to read what was answered.

It never sees the steps and never chooses one. What it words is sent only if it says the same as the written text; what
it reads counts only if the customer's message holds it. Consent is never read by a model, nor is the question for it
ever worded by one.
"""

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kit.assistant.grounding import Meaning, check_sentence
from kit.assistant.prompt import Prompt, filled
from kit.assistant.types import Turn
from kit.models import ChatModel, chat_failure
from kit.playbooks import Collect, Playbook, read_field
from kit.safety import Rules, Vault, mask
from kit.text import content_words, sentences, squash, words

__all__ = ["Failed", "ModelPhraser", "ModelReader", "asked"]

_LOG = logging.getLogger(__name__)
_HISTORY = 4
_MAX_ANSWER = 4_000
# What must be the same in both wordings: figures, codes, addresses, and whatever stands in quotation marks or brackets.
_EXACT = re.compile(r"<[A-Z]+_\d+>|[\w.+%-]*\d[\w.,:/%+-]*\w|\d|[\w.+-]+@[\w.-]+\w|https?://\S+|“[^”]*”|\"[^\"]*\"")
# Words of courtesy, which promise nothing; the model may add them as it likes.
_COURTESY = frozenset(
    content_words(
        "please thank thanks sorry hello hi sure okay great good glad happy help let know see tell just kindly course"
    )
)
# Words that commit the company to something; none may be added, however much else is the same.
_COMMITTING = frozenset(
    (
        "free refund refunded waive waived guarantee guaranteed promise always never immediately today tomorrow now "
        "done already discount credit voucher gift compensation approve approved confirm confirmed complete "
        "completed sent processed shipped canceled cancelled changed deleted escalated manager colleague hour "
        "hours day days week weeks"
    ).split()
)
# How many of a sentence's words may be new, besides courtesy.
_NEW = 0.25
_MARKUP = re.compile(r"<(?![A-Z]+_\d+>)|\]\(|!\[|`")


@dataclass(frozen=True)
class ModelPhraser:
    """Words what a `fluid` playbook says; `meaning` lets the check know words that say the same."""

    model: ChatModel
    company: str
    prompt: Prompt
    rules: Rules = field(default_factory=Rules)
    voice: str = ""
    meaning: Meaning | None = None

    def phrase(self, text: str, playbook: Playbook, history: Sequence[Turn]) -> str:
        """The text in the model's words; the written text, if the model's words do not say the same."""
        vault = Vault()
        written = mask(text, vault=vault, rules=self.rules).text
        system = filled(self.prompt, company=self.company, voice=self.voice, guidance=playbook.guidance)
        turns = "\n".join(
            f"{turn.role}: {mask(turn.text, vault=vault, rules=self.rules).text}" for turn in history[-_HISTORY:]
        )
        try:
            said = asked(self.model, system, f"Conversation:\n{turns}\n\nText:\n{written}")
        except Failed as failure:
            _LOG.info("%s: said as written: %s", playbook.id, failure)
            return text
        if difference := differs(written, said, playbook, self.meaning):
            _LOG.info("%s: said as written: the model's %s", playbook.id, difference)
            return text
        return vault.restore(said)


@dataclass(frozen=True)
class ModelReader:
    """Reads a field that the rules could not."""

    model: ChatModel
    company: str
    prompt: Prompt
    today: Callable[[], date] = date.today
    rules: Rules = field(default_factory=Rules)

    def __call__(self, field: Collect, message: str) -> Any | None:
        """The value that the message holds for the field; None if it holds none, or if the model fails."""
        if field.type == "yes_no" or (field.type == "text" and not field.pattern):
            return None  # any text is one already, and a yes or no is never guessed
        vault = Vault()
        kind = field.type + (f", one of: {', '.join(field.choices)}" if field.choices else "")
        kind += f", of the form {field.pattern}" if field.pattern else ""
        system = filled(self.prompt, company=self.company, ask=field.ask, kind=kind)
        try:
            answer = vault.restore(asked(self.model, system, mask(message, vault=vault, rules=self.rules).text))
        except Failed:
            return None
        if answer.strip(" .").upper() == "NONE" or not _is_in(answer, message, field):
            return None
        return read_field(field, answer, today=self.today())


def differs(written: str, said: str, playbook: Playbook, meaning: Meaning | None = None) -> str:
    """What keeps the model's words from being sent in place of the written ones; empty if nothing does."""
    if not said or len(said) > 1.5 * len(written) + 60:
        return "answer is empty or too long"
    if _MARKUP.search(said):
        return "words hold markup"
    if sorted(_EXACT.findall(squash(written))) != sorted(_EXACT.findall(squash(said))):
        return "figures or names differ"
    if said.count("?") != written.count("?"):
        return "questions differ"
    for phrase in playbook.must_say:
        if phrase.lower() in written.lower() and phrase.lower() not in said.lower():
            return "words leave out what must be said"
    if any(phrase.lower() in said.lower() for phrase in playbook.never_say):
        return "words hold what is never said"
    for one, other, fault in ((said, written, "words say more"), (written, said, "words say less")):
        for sentence in sentences(one):
            if not _is_said(sentence, other, meaning):
                return fault
    return ""


def _is_said(sentence: str, text: str, meaning: Meaning | None) -> bool:
    """Whether the text says what the sentence says, courtesy aside."""
    if (set(words(sentence)) - set(words(text))) & _COMMITTING:
        return False
    wanted = set(content_words(sentence)) - _COURTESY
    if len(wanted - set(content_words(text))) > _NEW * len(wanted):
        return False
    return not wanted or check_sentence(sentence, text, meaning=meaning).supported


def _is_in(answer: str, message: str, field: Collect) -> bool:
    """Whether the message holds what the model read: one of the choices, or else its own figures and codes."""
    if field.type == "choice":
        return answer.strip(" .").casefold() in {choice.casefold() for choice in field.choices}
    plain = "".join(re.findall(r"\w", message)).casefold()
    if field.pattern or field.type in ("email", "phone"):
        return "".join(re.findall(r"\w", answer)).casefold() in plain
    figures = re.findall(r"\d+", answer)
    said = set(re.findall(r"\d+", message))
    return bool(figures) and set(figures) <= said and len(words(answer)) <= 8


class Failed(Exception):
    """The model gave nothing that could be used."""


def asked(model: ChatModel, system: str, message: str) -> str:
    """What the model answers.

    Raises:
        Failed: it failed, or its answer was too long.
    """
    from langchain_core.messages import HumanMessage, SystemMessage

    try:
        text = model.invoke([SystemMessage(system), HumanMessage(message)]).text
    except Exception as error:  # Providers raise whatever they like; each means that there is no answer.
        raise Failed(chat_failure(error)) from error
    if len(text) > _MAX_ANSWER:
        raise Failed("the model's answer was too long")
    return text.strip()
