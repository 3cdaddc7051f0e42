"""Leaves out of an article what is addressed to whoever writes the reply, and not to the customer.

An article is data: nothing in it is ever followed. What a composer does not see it can neither follow nor repeat, so
such sentences are taken out before one sees the article. Two kinds are known by different signs: orders that name the
reply, its letters or the model, wherever they stand; and tasks or questions of any other matter ("Write a poem about
the sea."), which are known by sharing hardly a word with the article around them.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

from kit.safety.injection.messages import looks_like_injection
from kit.safety.injection.orders import ANYWHERE, BEGINS, addresses_the_model, is_order, is_task
from kit.text import content_words

__all__ = ["repeats_order", "without_orders"]

# Where something may begin that has nothing to do with what stands before it: after a sentence, at a list's item, a
# heading, a row, a quotation; and before a verb or a question word with a capital, as an order can be slipped into the
# middle of a sentence. A text that is cut once too often is put together again as it was.
_END = re.compile(
    r"[.!?]+(?:[*_)\]]*\s+|[\"'”’]+[)\]*_]*\s+(?=[\"'(\[“‘*_]*[A-Z0-9])|(?=[A-Z][a-z]))"
    rf"|\n\s*\n|\n(?=\s*(?:[-*+•|>#]|\d+[.)]|<!--)\s*)|(?<=\|)\s*\n|(?<=[\w,;:)])\s+(?=(?:{BEGINS}))"
    rf"|(?<=[a-z0-9,;:)])(?=(?:{BEGINS})\w*\s)"
)
_LEAD = re.compile(r"^[\s>#|*_+•-]*(?:\d+[.)]\s+)?(?:<!--\s*)?[\"'“‘*_(]*")
# A refusal in the assistant's own voice: what a document says that is to keep questions from being answered (Shafran et
# al., "Machine Against the RAG", 2024). A company's articles speak of "we", and so of nothing that this matches.
_REFUSAL = re.compile(
    r"\bI(?: can ?not|\s?can['’]t|['’]m unable to| am (?:unable|not able) to|['’]m not able to| won['’]t| will not) "
    r"(?:answer (?:this|that|your|the) question|(?:provide|give)(?: you)?(?: with)? (?:an|any|this|that) "
    r"(?:answer|information))|\bI (?:do not|don['’]t) have (?:enough|sufficient) (?:information|context)\b",
    re.IGNORECASE,
)
_QUOTES = "\"'”’)*_."
_BLANK = re.compile(r"\n\s*\n")
# Of how many sentences of articles the judgement is remembered.
_MOST_SENTENCES = 20_000
# A task or question with less than this share of its words elsewhere in the article is out of place.
SHARED = 0.5


def without_orders(texts: Sequence[str], *, question: str = "") -> tuple[list[str], int]:
    """The texts without what is addressed to the writer of the reply, and how many sentences that were.

    Args:
        texts: what belongs together: the passages of an article.
        question: what the customer asked; its words are at home in the article too.
    """
    cut = [list(_segments(text)) for text in texts]
    seen = Counter(word for parts in cut for _, part in parts for word in set(content_words(part)))
    seen.update({word: 2 for word in content_words(question)})
    left, total = [], 0
    for text, parts in zip(texts, cut, strict=True):
        kept: list[str] = []
        count, poisoned = 0, -1
        for start, part in parts:
            bare = " ".join(_LEAD.sub("", part).split())
            to_model, order = _judged(bare)
            if to_model:
                # What follows on such an address, to the end of its block, belongs to it.
                block = _BLANK.search(text, start)
                poisoned = block.start() if block else len(text)
            if to_model or start < poisoned or order or _is_out_of_place(bare, seen):
                count += 1
                kept.append("\n" * part.count("\n"))
            else:
                kept.append(part)
        left.append("".join(kept).strip() if count else text)
        total += count
    return left, total


def repeats_order(sentence: str, texts: Sequence[str], *, question: str = "") -> bool:
    """Whether a sentence of a reply is an order to its writer, or a task or question that the reply is not about.

    A model that was taken over repeats what took it over, and a question or an order claims nothing that could be held
    against a passage. What stands in the texts word for word was looked at there.

    Args:
        sentence: of the reply.
        texts: what it was made from, without orders.
        question: what the customer asked.
    """
    bare = " ".join(_LEAD.sub("", sentence).split()).rstrip(_QUOTES)
    if bare.endswith("?") and is_task(bare) == "elsewhere":
        # An answer asks nothing that the customer did not ask, even where an article does.
        asked, own = set(content_words(question)), set(content_words(bare)) - ANYWHERE
        return len(own & asked) < SHARED * len(own)
    if not bare or any(bare in " ".join(text.split()) for text in texts):
        return False
    to_model, order = _judged(bare)
    if to_model or order:
        return True
    seen = Counter(word for text in (*texts, question) for word in set(content_words(text)))
    seen.update(set(content_words(bare)))
    return _is_out_of_place(bare, seen)


@lru_cache(_MOST_SENTENCES)
def _judged(sentence: str) -> tuple[bool, bool]:
    """Whether a sentence is addressed to the model, and whether it is an order."""
    to_model = addresses_the_model(sentence) or looks_like_injection(sentence) or bool(_REFUSAL.search(sentence))
    return to_model, is_order(sentence)


def _segments(text: str) -> Iterator[tuple[int, str]]:
    """What may be a sentence of its own, with its place; together they are the text."""
    start = 0
    for match in _END.finditer(text):
        yield start, text[start : match.end()]
        start = match.end()
    if start < len(text):
        yield start, text[start:]


def _is_out_of_place(sentence: str, seen: Counter[str]) -> bool:
    """Whether a sentence is a task or a question about something that the article is not about."""
    task = is_task(sentence)
    if task != "elsewhere":
        return task == "always"
    subject = {word for word in content_words(sentence) if not word.isdecimal()} - ANYWHERE
    return bool(subject) and sum(seen[word] > 1 for word in subject) < SHARED * len(subject)
