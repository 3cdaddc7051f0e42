"""How a message is meant in its conversation: courtesy, anger, another try, the same question again, a yes to a person.

The router says what a message is by itself; this says what it is after all that was said before.
"""

import re
from dataclasses import dataclass, replace

from kit.assistant import phrases
from kit.assistant.further import last_topic, same_question
from kit.assistant.smalltalk import SmallTalk, courtesy
from kit.assistant.state import Again
from kit.assistant.tone import is_angry, without_anger
from kit.assistant.types import Conversation, Topic
from kit.knowledge import HybridRetriever, standalone
from kit.playbooks import Route, asks, read_yes_no
from kit.text import content_words, words

__all__ = ["Heard", "anger", "asked_before", "hear"]

_SHORT_YES = 5
# "Are you kidding me, I already tried that": the same, among other words. In a long message it is part of a story.
_FAILED = re.compile(
    r"\b(?:already (?:tried|did|done|checked) (?:all )?(?:that|this|it|those|these)"
    r"|tried (?:all )?(?:that|this|it) already"
    r"|(?:that|this|it) (?:did|does|has)(?:n['’]?t| not) (?:work|worked|help|helped|solve|fix)"
    r"|still (?:not working|no luck|does(?:n['’]?t| not) work))\b",
    re.IGNORECASE,
)
_SHORT = 15
# How far back anger is remembered, in the customer's messages.
_MEMORY = 3
# What the router may take a message for whose courtesy is all that it knows of it.
_COURTEOUS = ("greeting", "thanks", "goodbye", "not_solved")


@dataclass(frozen=True)
class Heard:
    """What a message is in its conversation.

    Attributes:
        about: the message without its courtesy; the message itself if it is nothing else.
        question: what to search for.
        talk: its courtesy, the kind to reply to first; replied to by itself only where nothing else is said.
        alone: whether it is nothing but courtesy.
        again: why another answer to the topic is wanted, if it is.
        topic: what was answered before.
        details: what it says of what happened instead; empty if nothing, or if there is no topic.
        vents: whether it is anger and nothing else.
        wants_person: whether it agrees to being passed to a person.
    """

    about: str
    question: str
    talk: tuple[SmallTalk, ...] = ()
    alone: bool = False
    again: Again | None = None
    topic: Topic | None = None
    details: str = ""
    vents: bool = False
    wants_person: bool = False


def hear(conversation: Conversation, message: str, route: Route, retriever: HybridRetriever) -> Heard:
    """Read a message after what was said before, and after what the router makes of it."""
    if conversation.plays.current is not None or conversation.plays.choosing or conversation.handed_off:
        # Within a playbook a "no" or "that did not work" is an answer to it.
        return Heard(message, _question(conversation, message))
    if conversation.person_offered and read_yes_no(message) is True and len(words(message)) <= _SHORT_YES:
        return Heard(message, message, wants_person=True)
    said = courtesy(message)
    alone = bool(said.kinds) and not said.rest
    about = said.rest or message
    heard = Heard(about, _question(conversation, about), said.kinds, alone)
    topic = next((one for one in reversed(conversation.topics) if _is_same(heard, one)), None)
    if topic and not alone and route.kind != "playbook":
        return replace(heard, question=topic.question, again="repeated", topic=topic)
    if conversation.asked_back:
        # What was asked back is still open; "no" and "ok" may answer it.
        return replace(heard, alone=alone and not {"nothing", "noted"} & {*said.kinds[:1]})
    about = without_anger(about)
    within = not alone and len(words(message)) <= _SHORT and bool(_FAILED.search(message))
    vents = not alone and is_angry(message) and not asks(about) and len(content_words(about)) < 2
    if "failed" in said.kinds or (route.kind == "not_solved" and not alone) or within or vents:
        return replace(_failed(heard, conversation, retriever), vents=vents)
    return heard


def _is_same(heard: Heard, topic: Topic) -> bool:
    """Whether the same was asked about the same; "how long is it?" alone says little."""
    return same_question(topic.asked, heard.about) and same_question(topic.question, heard.question)


def _failed(heard: Heard, conversation: Conversation, retriever: HybridRetriever) -> Heard:
    """A message that says that the last answer did not help."""
    if not heard.alone and asks(without_anger(heard.about)):
        return heard  # "That didn't work. How do I reset it?" is a question of its own.
    topic = last_topic(conversation, retriever)
    if topic is None:
        return heard
    # What the router alone takes for "it did not help" may be said in words that describe nothing.
    details = heard.about if "failed" in heard.talk and not heard.alone else ""
    question = f"{topic.question}\n{details}".strip()
    return replace(heard, question=question, again="failed", topic=topic, details=details, alone=False)


def anger(conversation: Conversation, message: str) -> tuple[str, bool]:
    """What to say first to an angry message, and whether to offer a person at the end; nothing to a calm one.

    No opening is said twice in a row.
    """
    if not is_angry(message):
        return "", False
    customer = [turn.read for turn in conversation.turns if turn.role == "customer"][-_MEMORY:]
    assistant = [turn.read for turn in conversation.turns if turn.role == "assistant"][-1:]
    opening = "" if any(phrases.CALM in text for text in assistant) else phrases.CALM
    return opening, any(map(is_angry, customer)) and not any(phrases.OFFER in text for text in assistant)


def asked_before(conversation: Conversation) -> list[str]:
    """What the customer wrote before."""
    return [turn.read for turn in conversation.turns if turn.role == "customer"]


def _question(conversation: Conversation, message: str) -> str:
    """What to search for: the message, with the question that it belongs to where it makes no sense alone."""
    if conversation.asked_back:
        return f"{conversation.asked_back}\n{message}"
    # "Thanks" and "that did not work" say nothing of what the next message leans on.
    before = [rest for text in asked_before(conversation) if (rest := courtesy(text).rest)]
    return standalone(message, before)
