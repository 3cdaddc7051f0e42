"""Reads a procedure that somebody wrote for people: what each line of it asks for."""

import re
from dataclasses import dataclass
from typing import Literal

from kit.safety import strip_hidden

__all__ = ["Kind", "Line", "read_procedure", "read_sentence"]

Kind = Literal["title", "when", "example", "ask", "if", "say", "hand_off", "do", "end", "other"]

_BULLET = re.compile(r"^\s*(?:[-*•‣–]|\(?\d{1,3}[.)]|\(?[a-z][.)]|step\s+\d{1,3}\s*[:.)-])\s+", re.IGNORECASE)
_CUSTOMER = r"(?:the\s+)?(?:customers?|clients?|users?|callers?|them|him\sor\sher|they)"
_BEFORE = r"^(?:(?:first|then|next|also|always|please|otherwise|finally)[,\s]+)*"


def _pattern(text: str) -> re.Pattern[str]:
    """A pattern written over several lines; `CUSTOMER` and `BEFORE` stand for words that many of them share."""
    return re.compile(text.replace("CUSTOMER", _CUSTOMER).replace("BEFORE", _BEFORE), re.IGNORECASE | re.VERBOSE)


_WHEN = _pattern(r"^(?:when\sto\suse|use\s(?:this|it)\s(?:when|if|for)|(?:this\s)?applies\s(?:to|when|if))\b[:\s]*")
_EXAMPLES = _pattern(r"^(?:examples?|sample\s(?:messages|requests)|customers?\s(?:say|write|ask))\b[^:]*:\s*")
_ASK = _pattern(
    r"""BEFORE (?:ask|request|collect|obtain|gather|find\sout|get)\b (?:\s+CUSTOMER)?
        (?:\s+(?:for|to\s(?:give|provide|tell|confirm|send)))? \s+(?P<what>.+)"""
)
_IF = _pattern(
    r"""^(?:if|when|in\scase|where|unless)\s+ (?P<condition>.+?)
        (?:,\s*(?:then\s+)?|\s+then\s+|:\s*) (?P<rest>.+)"""
)
_SAY = _pattern(
    r"""BEFORE (?:tell|inform|advise|remind|explain(?:\sto)?|let|reply|say|apologi[sz]e)\b
        (?:\s+(?:to\s+)?CUSTOMER)? (?:\s+know)? (?:\s+that)? \s*[:,]?\s*(?P<what>.+)"""
)
_HAND_OFF = _pattern(
    r"""\b(?:escalate|transfer|forward|refer|assign|route|hand\s(?:(?:it|them|this|the\scase)\s)?(?:off|over)
            |pass\s(?:it|them|this|the\scase|the\scustomer))\b
        .*?\bto\s+(?:the\s+|a\s+|your\s+)? (?P<team>[A-Za-z][\w\s&/-]{1,40}?) (?:\s+team|\s+department)?
        (?=[.,;:]|\s+(?:and|with|for|who|if)\b|$)"""
)
_DO = _pattern(
    r"""BEFORE (?:look\s(?:up|at)|check|verify|validate|open|search|pull\sup|refund|cancel|update|change|create|issue
        |process|send|reset|apply|record|log|mark|book|order|set|add|remove|enter|select|click)\b"""
)
_END = _pattern(r"BEFORE (?:end|close|finish|complete)\b .* \b(?:chat|conversation|ticket|case|call)\b")
_QUOTE = re.compile(r"[“\"«](?P<words>[^”\"»]{3,})[”\"»]")


@dataclass(frozen=True)
class Line:
    """A sentence of the procedure.

    Attributes:
        number: the line of the text, from 1.
        text: the sentence as it stands there.
        kind: what it asks for; `other` if that could not be told.
        what: the part that says what: the facts to ask for, the words to say, the team.
        condition: what has to be true, for a sentence with `if`.
        then: what to do then, for a sentence with `if`.
    """

    number: int
    text: str
    kind: Kind
    what: str = ""
    condition: str = ""
    then: "Line | None" = None


def read_procedure(text: str) -> list[Line]:
    """The sentences of a procedure, in order, each with what it asks for."""
    lines: list[Line] = []
    examples = False
    for number, raw in enumerate(strip_hidden(text).split("\n"), start=1):
        bare = raw.strip()
        if not bare:
            continue
        if bare.startswith("#") or (not lines and not _BULLET.match(raw) and _is_title(bare)):
            lines.append(Line(number, bare, "title" if not lines else "other", bare.lstrip("# ").rstrip(":. ")))
            examples = bool(_EXAMPLES.match(bare.lstrip("# ") + ":"))
            continue
        bulleted = bool(_BULLET.match(raw))
        bare = _BULLET.sub("", bare).strip()
        if match := _EXAMPLES.match(bare):
            inline = _examples(bare[match.end() :])
            lines += [Line(number, one, "example", one) for one in inline]
            examples = not inline  # else they stand in the list below
            continue
        if examples and bulleted:
            lines += [Line(number, one, "example", one) for one in _examples(bare)]
            continue
        examples = False
        lines += [_line(number, sentence) for sentence in _sentences(bare)]
    return lines


def _is_title(text: str) -> bool:
    return len(text.split()) <= 8 and not text.endswith((".", "!", "?")) and _line(1, text).kind == "other"


def _examples(text: str) -> list[str]:
    return [match["words"] for match in _QUOTE.finditer(text)] or ([text.strip(' "“”')] if text.strip() else [])


def _sentences(text: str) -> list[str]:
    # Only before a capital letter, and not within quotation marks: "Say “Hello. How are you?”" is one sentence.
    parts, start, within = [], 0, False
    for index, char in enumerate(text):
        quote = char in '“”"'
        within ^= quote
        ends = char in ".!" or (quote and text[index - 1 : index] in (".", "!", "?"))
        if ends and not within and re.match(r"\s+[A-Z“\"]", text[index + 1 :]):
            parts.append(text[start : index + 1].strip())
            start = index + 1
    return [part for part in [*parts, text[start:].strip()] if part]


def read_sentence(text: str) -> Line:
    """A sentence by itself."""
    return _line(1, text[:1].upper() + text[1:])


def _line(number: int, text: str) -> Line:
    if match := _WHEN.match(text):
        return Line(number, text, "when", text[match.end() :].strip())
    if match := _IF.match(text):
        condition, then = match["condition"], _line(number, match["rest"])
        negated = text.lower().startswith("unless")
        return Line(number, text, "if", condition=f"not: {condition}" if negated else condition, then=then)
    if match := _HAND_OFF.search(text):
        return Line(number, text, "hand_off", match["team"].strip())
    if _END.match(text):
        return Line(number, text, "end")
    if match := _ASK.match(text):
        return Line(number, text, "ask", match["what"].strip(" ."))
    if match := _SAY.match(text):
        quote = _QUOTE.search(text)
        return Line(number, text, "say", quote["words"] if quote else match["what"].strip())
    if _DO.match(text):
        return Line(number, text, "do", text.strip(" ."))
    return Line(number, text, "other")
