"""How a conversation ended, in the words of Intercom's states, as far as its transcript tells."""

import re
from typing import Literal

from kit.evals import csat
from kit.evals.metrics.once import once
from kit.evals.types import Transcript
from kit.text import words

__all__ = ["Ending", "ending_of", "is_greeting", "spoke_on"]

Ending = Literal["confirmed_resolution", "assumed_resolution", "routed_to_team", "abandoned"]
_GREETING = frozenset("hi hello hey hiya howdy good morning afternoon evening day there dear team all bot you".split())
_WELL = re.compile(r"\b(?:how are you|how('?s| is) it going|what'?s up)\b", re.IGNORECASE)


@once
def ending_of(transcript: Transcript) -> Ending:
    """The state that the conversation was left in.

    `confirmed_resolution`: after an answer the customer thanks, or says that it worked, and complains of nothing.
    `assumed_resolution`: they fell silent after an answer. `routed_to_team`: a person was called in.
    `abandoned`: they left while they were asked something, after a refusal, or with a complaint.
    """
    if not transcript.contained:
        return "routed_to_team"
    last, answered = transcript.customer[-1], transcript.reply.outcome == "answered"
    complains = csat.complains(last)
    if any(reply.outcome == "answered" for reply in transcript.replies[:-1]):
        if not complains and (csat.thanks(last) or csat.closes(last)):
            return "confirmed_resolution"
        if complains and transcript.reply is not transcript.replies[-1]:
            return "abandoned"
    return "assumed_resolution" if answered else "abandoned"


@once
def spoke_on(transcript: Transcript) -> bool:
    """Whether the customer wrote again after the first answer, other than to thank or to take leave."""
    first = next((place for place, reply in enumerate(transcript.replies) if reply.outcome == "answered"), None)
    later = () if first is None else transcript.customer[first + 1 :]
    return any(csat.complains(text) or not (csat.thanks(text) or csat.closes(text)) for text in later)


@once
def is_greeting(transcript: Transcript) -> bool:
    """Whether the customer did no more than greet: that is no conversation."""
    return all(set(words(_WELL.sub("", text))) <= _GREETING for text in transcript.customer)
