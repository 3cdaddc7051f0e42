"""What a conversation came to that a mistake would change: what was stated, collected, called and handed over."""

import re
from collections.abc import Iterator

from kit.evals.types import Transcript
from kit.text import content_words, digest, squash, words

__all__ = ["FIGURE", "NEGATION", "came_to", "figure", "stands_under", "stated"]

# A number with the sign in front of it and the word behind it: `$14.95`, `3`, `24 V`, `60 days`.
FIGURE = re.compile(r"(?P<sign>[$€£]?)(?P<number>\d+(?:,\d{3})*(?:\.\d+)?)(?P<unit>\s?(?:%|°\s?[CF]\b|[A-Za-z]+)?)")
_BEGINS = 8  # words by which a quote is known again
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


def stands_under(transcript: Transcript) -> dict[str, dict[str, str]]:
    """By article, the heading under which each quote of the judged reply stands; of a quote its first words."""
    found: dict[str, dict[str, str]] = {}
    for citation in transcript.reply.citations:
        if heading := transcript.headings.get(citation.passage_id):
            begins = " ".join(citation.quote.replace("*", "").split()[:_BEGINS])
            found.setdefault(citation.article_id, {})[begins] = heading
    return found


def came_to(transcript: Transcript) -> tuple[str, ...]:
    """What the replies stated, what was collected, the tools called, and what a person was handed, sorted."""
    return tuple(sorted(set(_came_to(transcript))))


def _came_to(transcript: Transcript) -> Iterator[str]:
    for reply in transcript.replies:
        yield from stated(reply.text)
        if reply.handoff is not None:
            yield f"hand-off to {reply.handoff.team}"
            yield f"hand-off of priority {reply.handoff.priority}"
            yield f"hand-off for {reply.handoff.reason}"
    # What customers gave is not copied into a baseline, which lies with the suites.
    yield from (f"{name} of {digest(str(value))[:8]}" for name, value in transcript.fields.items())
    yield from (f"call of {call.tool}" for call in transcript.tools)
