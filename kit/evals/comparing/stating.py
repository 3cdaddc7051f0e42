"""What a conversation came to that a mistake would change: what was stated, collected, called and handed over."""

import re
from collections.abc import Iterator

from kit.evals.types import Transcript
from kit.text import content_words, digest, squash, words

__all__ = ["FIGURE", "NEGATION", "Quoted", "affirmed", "came_to", "figure", "quoted", "stated"]

# A number with the sign in front of it and the word behind it: `$14.95`, `3`, `24 V`, `60 days`.
FIGURE = re.compile(r"(?P<sign>[$€£]?)(?P<number>\d+(?:,\d{3})*(?:\.\d+)?)(?P<unit>\s?(?:%|°\s?[CF]\b|[A-Za-z]+)?)")
_AFFIRMED = {"ca": "can", "wo": "will"}
Quoted = tuple[str, ...]
"""The heading above a quote, empty where there is none; then its figures and negations."""
NEGATION = re.compile(
    r"\b(?:(?P<modal>ca|do|does|did|is|are|was|wo|should|must|need|could|would|has|have)n['’]t|"
    r"(?P<cannot>cannot)|(?P<not>not)|(?P<never>never))\b",
    re.IGNORECASE,
)


def figure(match: re.Match[str]) -> str:
    """A match of `FIGURE` as it is told apart from others: `$14.95`, `24 v`, `60 days`; `3 and` is `3`."""
    unit = match["unit"].strip().lower()
    counted = unit and not match["sign"] and (not unit.isalpha() or content_words(unit))
    return f"{match['sign']}{match['number']} {unit}" if counted else f"{match['sign']}{match['number']}"


def stated(answer: str) -> tuple[str, ...]:
    """The figures of an answer, with their units, and its negations with the word that they deny, each once, sorted."""
    text = squash(answer.replace("*", ""))
    found = {figure(match) for match in FIGURE.finditer(text)}
    denied = set()
    for match in NEGATION.finditer(text):
        after = words(text[match.end() : match.end() + 40])
        denied.add(f"not {after[0]}" if after else "not")
    return tuple(sorted(found | denied))


def came_to(transcript: Transcript) -> tuple[str, ...]:
    """What the replies stated beside their quotes, what was collected, called and handed over, sorted."""
    return tuple(sorted(set(_came_to(transcript))))


def quoted(transcript: Transcript) -> dict[str, dict[str, Quoted]]:
    """By article and sentence, what each quote of the replies states and where it stands.

    A sentence is known again by its words without figures and negations, so that it can be seen that the same sentence
    states something else.
    """
    found: dict[str, dict[str, Quoted]] = {}
    for citation in (citation for reply in transcript.replies for citation in reply.citations):
        _, *path = transcript.headings.get(citation.passage_id) or ("",)
        heading = path[-1] if path else ""
        found.setdefault(citation.article_id, {})[_frame(citation.quote)] = (heading, *stated(citation.quote))
    return found


def _frame(quote: str) -> str:
    """A sentence without its figures and negations, as words in small letters."""
    text = NEGATION.sub(lambda match: affirmed(match) or " ", squash(quote.replace("*", ""))).casefold()
    return " ".join(re.findall(r"[\w#]+", FIGURE.sub(lambda match: f"#{match['unit']}", text)))


def affirmed(match: re.Match[str]) -> str:
    """What is left of a match of `NEGATION` once it denies nothing: `can` of `can't`, nothing of `never`."""
    modal = "can" if match["cannot"] else (match["modal"] or "").lower()
    return _AFFIRMED.get(modal, modal)


def _came_to(transcript: Transcript) -> Iterator[str]:
    for reply in transcript.replies:
        said = squash(reply.text.replace("*", ""))
        for citation in reply.citations:
            said = said.replace(squash(citation.quote.replace("*", "")), " ")
        yield from stated(said)
        if reply.handoff is not None:
            yield f"hand-off to {reply.handoff.team}"
            yield f"hand-off of priority {reply.handoff.priority}"
            yield f"hand-off for {reply.handoff.reason}"
    # What customers gave is not copied into a baseline, which lies with the suites.
    yield from (f"{name} of {digest(str(value))[:8]}" for name, value in transcript.fields.items())
    yield from (f"call of {call.tool}" for call in transcript.tools)
