"""Lets a chat model put a simulated customer's words differently; what is said stays with the script."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from kit.assistant import Conversation
from kit.evals.script import Script
from kit.text import digest, words

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

__all__ = ["ModelVoice"]

_PROMPT = Path(__file__).with_name("voice.md").read_text(encoding="utf-8")
_LONGEST = 600
_HISTORY = 4
# Codes, numbers, addresses: what a reply depends on.
_EXACT = re.compile(r"\S*[\d@]\S*")
# Models that play a customer fall back into helping.
_HELPING = re.compile(
    r"\b(how (can|may) i (help|assist)|as an ai|i can help you|let me help|is there anything)\b", re.I
)


class ModelVoice:
    """Phrases messages with a chat model. What drops or adds a number, or helps, is refused: the script's words stand.

    `refused` counts those, of `asked`.
    """

    def __init__(self, model: "BaseChatModel") -> None:
        self._model = model
        self.asked = self.refused = 0

    @property
    def hash(self) -> str:
        """Changes with the prompt."""
        return digest(_PROMPT)[:12]

    def phrase(self, meaning: str, conversation: Conversation, script: Script) -> str:
        """The message in other words; the meaning itself where the model fails or strays."""
        from langchain_core.messages import HumanMessage, SystemMessage

        self.asked += 1
        system = _PROMPT.replace("{goal}", script.goal).replace("{persona}", script.persona.replace("_", " "))
        said = "\n".join(f"{turn.role}: {turn.text}" for turn in conversation.turns[-_HISTORY:])
        try:
            answer = self._model.invoke([SystemMessage(system), HumanMessage(f"So far:\n{said}\n\nSay: {meaning}")])
        except Exception:  # Providers raise whatever they like; the customer speaks on in the script's words.
            self.refused += 1
            return meaning
        text = answer.text.strip().strip('"')
        if self._strays(text, meaning):
            self.refused += 1
            return meaning
        return text

    @staticmethod
    def _strays(text: str, meaning: str) -> bool:
        exact = {one.strip(".,;:!?()\"'").lower() for one in _EXACT.findall(meaning)}
        given = {one.strip(".,;:!?()\"'").lower() for one in _EXACT.findall(text)}
        # "Yes" must not become "no", nor the other way round.
        flipped = ("no" in words(meaning)) != ("no" in words(text)) and len(words(meaning)) <= 4
        return not text or len(text) > _LONGEST or exact != given or flipped or bool(_HELPING.search(text))
