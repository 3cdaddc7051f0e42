"""The fixed sentences that the assistant may send without a source: everything else is cited or from a playbook."""

from typing import Final

from kit.playbooks import numbered

__all__ = [
    "ASK",
    "CALM",
    "CONVERSATION",
    "DECLINE",
    "FURTHER",
    "NOTHING_MORE",
    "NOT_SOLVED",
    "NO_ANSWER_NOW",
    "OFFER",
    "SMALL_TALK",
    "WELCOME",
    "WITH_A_PERSON",
    "again",
    "hand_off",
]

CONVERSATION: Final = {
    "greeting": "Hello. What can I help you with?",
    "thanks": "You're welcome. Is there anything else I can help with?",
    "goodbye": "Thank you for getting in touch. Goodbye.",
}

SMALL_TALK: Final = {
    "greeting": CONVERSATION["greeting"],
    "thanks": CONVERSATION["thanks"],
    "bye": CONVERSATION["goodbye"],
    "nothing": "All right. Just write again if something comes up.",
    "glad": "I'm glad that it works. Is there anything else I can help with?",
    "compliment": "Thank you, that is kind of you. Is there anything else I can help with?",
    "noted": "All right. If it doesn't work out, tell me what happens.",
    "remark": "I'm here. What can I help you with?",
    "how": "All is well here, thank you. What can I help you with?",
    "who": "I am {name}: an AI, not a person. Ask me anything about {company}, or say so if you would rather talk to a "
    "person.",
    "able": "I answer questions about {company} and its products, and I can take care of some requests step by step. "
    "What is it about? A sentence is enough.",
}
# Before the answer to a message that also said thanks.
WELCOME: Final = "You're welcome."

# Opens the reply to an angry message.
CALM: Final = "I'm sorry for the trouble, and I understand that you are upset. Let me do what I can."
# Closes it where the customer is angry again.
OFFER: Final = "If you would rather talk to a person, just say so and I will pass you on."

# Before what is given in place of an answer that did not do.
FURTHER: Final = "I'm sorry that this did not help. This may be what you need instead:"

DECLINE: Final = {
    "off_topic": "I can only help with questions about {company} and its products. What can I help you with there?",
    "model": "I can't do that. I can help with questions about {company} and its products.",
}

ASK: Final = {
    "empty": "I did not get a question. What can I help you with?",
    "upset": "Please tell me in a sentence what happened. I will do what I can, or pass you to a person.",
    "vague": "I'm sorry that it isn't working. What are you trying to do, and what happens instead?",
}

# For a playbook that ends without a word.
NOTHING_MORE: Final = "That is all for this. Is there anything else I can help with?"

# For a question in the middle of a playbook.
NO_ANSWER_NOW: Final = "I have no reliable answer to that question. A colleague can help: just ask for a person."

WITH_A_PERSON: Final = "A colleague has this conversation now and will reply here."

_PASSING: Final = "I am passing you to a colleague"
# What follows when the last answer did not do either.
NOT_SOLVED: Final = f"I'm sorry that this is still not solved. {_PASSING}"

_HAND_OFF: Final = {
    "customer_request": "Of course. I am passing you to a colleague",
    "missing_knowledge": "I found no reliable answer to that in our help centre, so I am passing you to a colleague",
    "pending_clarification": "I want to get this right, so I am passing you to a colleague",
    "tool_failure": "I could not look that up just now, so I am passing you to a colleague",
    "sensitive": "This needs a person, not me. I am passing you to a colleague at once",
}


def hand_off(reason: str, team: str, *, opening: str = "") -> str:
    """What the customer reads when a person takes over; with an opening of its own, or that of the reason."""
    opening = opening or _HAND_OFF.get(reason, _PASSING)
    return f"{opening} in the {team} team. They can see this conversation, so you need not repeat anything."


def again(title: str, others: list[str]) -> str:
    """What is said to a question that was answered already, from the article of this title, with what is near it."""
    answered = (
        f"My answer to that is the one above, from “{title}”." if title else "My answer to that is the one above."
    )
    if not others:
        return (
            f"{answered} What is missing, or different in your case? If you would rather talk to a person, just say so."
        )
    return (
        f"{answered} If you are after something else: is it about one of these? If not, tell me what is different in "
        f"your case, or ask for a person.\n\n{numbered(others)}"
    )
