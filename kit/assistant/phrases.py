"""The fixed sentences that the assistant may send without a source: everything else is cited or from a playbook."""

from typing import Final

__all__ = ["ASK", "CONVERSATION", "DECLINE", "NOTHING_MORE", "NO_ANSWER_NOW", "WITH_A_PERSON", "hand_off"]

CONVERSATION: Final = {
    "greeting": "Hello. What can I help you with?",
    "thanks": "You're welcome. Is there anything else I can help with?",
    "goodbye": "Thank you for getting in touch. Goodbye.",
}

DECLINE: Final = {
    "off_topic": "I can only help with questions about {company} and its products. What can I help you with there?",
    "model": "I can't do that. I can help with questions about {company} and its products.",
}

ASK: Final = {
    "empty": "I did not get a question. What can I help you with?",
    "vague": "I'm sorry that it isn't working. What are you trying to do, and what happens instead?",
}

# For a playbook that ends without a word.
NOTHING_MORE: Final = "That is all for this. Is there anything else I can help with?"

# For a question in the middle of a playbook.
NO_ANSWER_NOW: Final = "I have no reliable answer to that question. A colleague can help: just ask for a person."

WITH_A_PERSON: Final = "A colleague has this conversation now and will reply here."

_HAND_OFF: Final = {
    "customer_request": "Of course. I am passing you to a colleague",
    "missing_knowledge": "I found no reliable answer to that in our help centre, so I am passing you to a colleague",
    "pending_clarification": "I want to get this right, so I am passing you to a colleague",
    "tool_failure": "I could not look that up just now, so I am passing you to a colleague",
    "sensitive": "This needs a person, not me. I am passing you to a colleague at once",
}


def hand_off(reason: str, team: str) -> str:
    """What the customer reads when a person takes over."""
    opening = _HAND_OFF.get(reason, "I am passing you to a colleague")
    return f"{opening} in the {team} team. They can see this conversation, so you need not repeat anything."
