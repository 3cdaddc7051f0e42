"""What to do when an answer did not do: it did not help, or the customer asks the same once more.

The next best article is given once, if it is one to be sure of, and said to be another try. After that, or where there
is none, a person is better than a third guess.
"""

from collections.abc import Sequence

from kit.assistant.deciding import Decision
from kit.assistant.smalltalk import courtesy
from kit.assistant.state import Again, TurnState
from kit.assistant.types import Citation, Conversation, Topic
from kit.knowledge import HybridRetriever, standalone
from kit.settings import Assistant as Thresholds
from kit.text import content_words

__all__ = ["MOST_TOPICS", "decide_further", "last_topic", "same_question", "topics_after"]

MOST_TOPICS = 6
_LONG = 5  # letters of a word in which one may be wrong


def last_topic(conversation: Conversation, retriever: HybridRetriever) -> Topic | None:
    """What the last answer was about; None if the last thing said was no answer from the knowledge base.

    Where only the history of a conversation is known, it is the customer's last question, and the answer is taken for
    one from the article that is found first.
    """
    if conversation.topics or not conversation.turns:
        return conversation.topics[-1] if conversation.on_topic else None
    if conversation.turns[-1].role != "assistant" or conversation.plays.begun:
        return None
    said = [turn.read for turn in conversation.turns if turn.role == "customer"]
    asked = [text for text in said if courtesy(text).rest]
    if not asked:
        return None
    question = standalone(asked[-1], asked[:-1])
    found = retriever.find(question, top=1)
    failed = sum("failed" in courtesy(text).kinds for text in said[said.index(asked[-1]) + 1 :])
    return Topic(question=question, articles=tuple(hit.passage.article_id for hit in found.hits), failed=failed)


def same_question(one: str, other: str) -> bool:
    """Whether two questions have the same words that carry a subject; in a long word one letter may be wrong."""
    first, second = set(content_words(one)), set(content_words(other))
    if len(first) < 2 or len(second) < 2:
        return first == second and one.strip().lower() == other.strip().lower()
    return all(_is_in(word, second) for word in first - second) and all(_is_in(word, first) for word in second - first)


def _is_in(word: str, others: set[str]) -> bool:
    from rapidfuzz.distance import OSA

    return len(word) >= _LONG and any(
        len(other) >= _LONG and word[0] == other[0] and OSA.distance(word, other, score_cutoff=1) <= 1
        for other in others
    )


def decide_further(
    again: Again, topic: Topic, *, found: bool, confidence: float, thresholds: Thresholds, may_ask: bool = False
) -> Decision:
    """Give the next article, or pass on; who asks the same again is asked what is missing.

    Args:
        again: why another answer is wanted.
        topic: what was answered, with how often that did not do.
        found: whether there is any other article.
        confidence: how probable it is that the best of them answers the question.
        thresholds: the operating point in force.
        may_ask: whether the customer said what happens instead, and was not asked back before.
    """
    if topic.failed + topic.repeated > 0:
        return Decision("hand_off", f"{again} after another try")
    if again == "repeated":
        return Decision("clarify", "asked again: the same is not said twice")
    if found and confidence >= thresholds.answer_threshold:
        return Decision("answer", f"failed: another, confidence {confidence:.2f} ≥ {thresholds.answer_threshold:.2f}")
    if found and may_ask and confidence >= thresholds.clarify_threshold:
        return Decision("clarify", f"failed: confidence {confidence:.2f} ≥ {thresholds.clarify_threshold:.2f}")
    return Decision("hand_off", f"{again}: no other article to be sure of")


def topics_after(state: TurnState, citations: Sequence[Citation]) -> tuple[Topic, ...]:
    """The topics after a turn that answered, or tried to."""
    topics = state["conversation"].topics
    cited = tuple(dict.fromkeys(one.article_id for one in citations))
    if (again := state.get("again")) and (topic := state.get("topic")):
        count = {again: getattr(topic, again) + 1, "articles": tuple(dict.fromkeys((*topic.articles, *cited)))}
        others = tuple(one for one in topics if one.question != topic.question)
        return (*others, topic.model_copy(update=count))[-MOST_TOPICS:]
    if state.get("outcome") == "answered" and cited and "decision" in state:
        return (*topics, Topic(question=state["question"], asked=state.get("about", ""), articles=cited))[-MOST_TOPICS:]
    return topics
