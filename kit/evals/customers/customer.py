"""A simulated customer: hears a reply, feels something about it, and says the next thing or leaves."""

import random
import re
from dataclasses import dataclass, field
from typing import Final

from kit.assistant import Reply
from kit.evals.customers.misspelling import misspelt
from kit.evals.customers.reading import Asked, best_option, key_for, understood
from kit.evals.customers.speaking import Saying, phrase, wrapped
from kit.evals.metrics.right import contains
from kit.evals.script import Ending, Script
from kit.evals.types import OUTCOMES, Case

__all__ = ["Customer"]

# How a reply moves the mood, from -1 to 1. Like the personas: set by judgement and published, not fitted.
_EFFECT: Final = {
    "helped": 0.4,
    "person": 0.1,
    "asked": -0.05,
    "asked again": -0.2,
    "odd question": -0.15,
    "useless": -0.3,
    "same again": -0.45,
}
_FED_UP: Final = -0.95
_UPSET: Final = -0.6
# A reply that asks what it is all about, and so for nothing that the script answers.
_OPEN: Final = re.compile(
    r"help you|trying to do|what happens|more about|tell me more|other words|rephrase|do you need|what is it", re.I
)


@dataclass
class Customer:
    """Plays one visit of a script. `chance` decides all that is left open, so equal seeds act alike.

    Attributes:
        judged: the number of replies heard before they began to leave: the last of these is the one that counts.
        fooled: whether they left content although the reply was wrong.
        gaps: what they were asked and the script has no answer for: the script's fault, not the assistant's.
    """

    case: Case
    script: Script
    chance: random.Random
    mood: float = 0.0
    patience: int = 3
    ending: Ending | None = None
    said_so: bool = False
    fooled: bool = False
    judged: int = 0
    gaps: list[str] = field(default_factory=list)
    _heard: list[str] = field(default_factory=list)
    _ways: int = 0
    _useless: int = 0
    _asked: int = 0
    _questions: list[str] = field(default_factory=list)
    _changed: bool = False
    _wants_person: bool = False

    def opens(self, *, again: bool = False) -> str:
        """The first message; `again` on a later visit."""
        text = wrapped(self.script.opens[0], self.script.persona, self.chance)
        return self._say(f"{self._phrase('back')} {self.script.opens[0]}" if again else text)

    def hears(self, reply: Reply) -> str | None:
        """What they say to the reply; None when they leave without a word, or have left."""
        if self.ending is not None:
            return None
        self.judged += 1
        repeated = reply.text.strip() in self._heard
        self._heard.append(reply.text.strip())
        if reply.outcome == "handed_off":
            self._feel("person")
            self.ending = "with_person"
            return None
        change = self.script.changes_mind
        if change and not self._changed and self.judged >= change.after:
            self._changed = True
            return self._say(change.says)
        asked = understood(reply)
        if self._solved(reply, asked):
            self._feel("helped")
            return self._goes_on()
        if asked:
            return self._answers(asked)
        return self._unhelped("same again" if repeated else "useless", tried=reply.outcome == "answered")

    def _solved(self, reply: Reply, asked: Asked | None) -> bool:
        if asked and reply.outcome == "clarified":
            return False
        if self._asked:  # the script says nothing on what a right answer to a further question is
            return reply.outcome in ("answered", "declined")
        wanted = self.script.satisfied_by or self.case.must_contain
        if wanted:
            right = all(contains(reply.text, text) for text in wanted)
        elif self.case.articles:
            right = any(citation.article_id in self.case.articles for citation in reply.citations)
        else:
            right = reply.outcome == OUTCOMES[self.case.expect]
        if not right and not self.script.notices and reply.outcome == "answered" and asked is None:
            self.fooled = True
            return True
        return right

    def _goes_on(self) -> str | None:
        """The next question of the script, or goodbye."""
        if self._asked < len(self.script.asks):
            self._asked += 1
            return self._say(self.script.asks[self._asked - 1])
        self.ending = "content"
        if self.chance.random() < self.script.traits.silent:
            return None
        self.said_so = True
        return self._say(self._phrase("thanks"))

    def _answers(self, asked: Asked) -> str | None:
        again = asked.text in self._questions
        self._questions.append(asked.text)
        self._feel("asked again" if again else "asked")
        if again and self._questions.count(asked.text) > self.patience:
            return self._leaves()
        if asked.options:
            place = best_option(asked.options, f"{self.script.goal} {' '.join(self.script.opens)}")
            return self._say(asked.options[place] if place is not None else self._phrase("none_of_these"))
        known = key_for(asked, (*self.script.knows, *self.script.does_not_know))
        if known in self.script.knows:
            return self._say(self.script.knows[known])
        if asked.confirm:
            return self._say(self._phrase("yes" if self.script.agrees else "no"))
        if known is None and _OPEN.search(asked.text):
            return self._rephrases()
        if known is None:
            self._feel("odd question")
            self.gaps.append(asked.text)
        return self._say(self._phrase("unknown"))

    def _unhelped(self, effect: str, *, tried: bool) -> str | None:
        self._useless += 1
        self._feel(effect)
        if self._useless >= self.patience or self.mood <= _FED_UP:
            return self._leaves()
        if self._ways + 1 < len(self.script.opens):
            return self._rephrases(self._phrase("again"))
        return self._say(self._phrase("unhelpful" if tried else "again"))

    def _rephrases(self, first: str = "") -> str:
        self._ways = min(self._ways + 1, len(self.script.opens) - 1)
        return self._say(f"{first} {self.script.opens[self._ways]}".strip())

    def _leaves(self) -> str | None:
        """Ask for a person once, or give up, with or without a word."""
        if not self._wants_person and self.chance.random() < self.script.traits.person:
            self._wants_person = True
            return self._say(self._phrase("person"))
        self.ending = "gave_up"
        return self._say(self._phrase("gives_up")) if self.chance.random() < 0.5 else None

    def _feel(self, effect: str) -> None:
        self.mood = max(-1.0, min(1.0, self.mood + _EFFECT[effect] * self.script.traits.swing))

    def _phrase(self, saying: Saying) -> str:
        return phrase(saying, self.script.persona, self.chance)

    def _say(self, text: str) -> str:
        """The text as they type it: what they know by heart is spelt right."""
        typed = misspelt(text, self.script.traits.typos, self.chance, keep=tuple(self.script.knows.values()))
        upset = self.mood <= _UPSET and self.script.persona not in ("polite", "non_native") and typed.endswith(".")
        return f"{typed[:-1]}!!" if upset else typed
