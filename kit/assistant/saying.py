"""Sends the pieces of a reply as they are made, and keeps what was said."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from kit.assistant.compose import Piece
from kit.assistant.types import Citation
from kit.safety import Outgoing

__all__ = ["Said", "gap", "say"]


@dataclass(frozen=True)
class Said:
    """What the turn sends, as far as it is made, and what may stand in it.

    What comes after the first `silent_from` characters is not sent yet; None: all of it is.
    """

    text: str = ""
    citations: tuple[Citation, ...] = ()
    outgoing: Outgoing = field(default_factory=Outgoing)
    silent_from: int | None = None


def say(said: Said, pieces: Iterable[Piece]) -> Said:
    """Send pieces to whoever streams this turn, and add them to what was said.

    Whoever made them, nothing leaves that acts: no HTML, no picture, no link but those that are allowed.
    """
    write = _writer()
    for piece in pieces:
        text = said.outgoing.clean(piece.text, own={citation.url for citation in piece.citations if citation.url})
        if said.silent_from is None:
            write(text)
        said = replace(said, text=said.text + text, citations=(*said.citations, *piece.citations))
    return said


def _writer() -> Callable[[str], object]:
    if "langgraph" not in sys.modules:
        return len  # outside of a graph nobody streams
    from langgraph.config import get_stream_writer

    try:
        return get_stream_writer()
    except RuntimeError:
        return len


def gap(said: Said) -> str:
    """What parts the next paragraph from what was said."""
    return "" if said.text == "" or said.text.endswith("\n\n") else "\n\n"
