"""Questions of an article and their answers: "Is there a last date? No." states that there is none."""

import re
from dataclasses import dataclass, replace

from kit.assistant.grounding.clauses import clauses
from kit.assistant.grounding.statement import Statement
from kit.assistant.grounding.wording import Word

__all__ = ["Asked", "asked"]

_ANSWER = re.compile(
    r"^\W*(?P<no>no|never|not (?:yet|really|at all))\b[.,:;!]*\s*|^\W*(?P<yes>yes|sure)\b[.,:;!]*\s*", re.I
)
_ASKS = re.compile(r"^\W*(?:is|are|was|do|does|did|can|could|will|would|may|must|should|has|have)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Asked:
    """A question: what it would state, and its words."""

    made: tuple[Statement, ...]
    words: tuple[Word, ...]
    is_open: bool

    def answered(self, sentence: str) -> tuple[list[Statement], str]:
        """What the question states once it is answered with this sentence, and what else the sentence says."""
        match = None if self.is_open else _ANSWER.match(sentence)
        if not match:
            return [], sentence
        if match["yes"]:
            return list(self.made), sentence[match.end() :]
        turned = [
            replace(
                one,
                words=tuple(replace(word, negated=not word.negated, head=True) for word in one.words),
                negations=one.negations + 1,
            )
            for one in self.made
        ]
        return turned, sentence[match.end() :]


def asked(question: str, known: frozenset[str]) -> Asked:
    """Read a plain question; it is open if it cannot be answered by yes or no."""
    made = tuple(clauses(question.rstrip("? "), known=known))
    return Asked(made, tuple(word for one in made for word in one.words), not _ASKS.match(question))
